namespace Aval.Benchmarks;

/// <summary>Who runs against whom.</summary>
internal enum Contestant
{
    /// <summary><c>aval build</c> of content laid out; a corpus's first: authors' outputs are made.</summary>
    LaidOutFirst,

    /// <summary><c>aval build</c> of content laid out, authors' outputs there, nothing else of a build.</summary>
    LaidOut,

    /// <summary>The same with the policy as it is shipped: every rule that reads text is on.</summary>
    LaidOutWithText,

    /// <summary><c>aval build</c> of content left in place; a corpus's first.</summary>
    InPlaceFirst,

    /// <summary><c>aval build</c> of content left in place, authors' outputs there.</summary>
    InPlace,

    /// <summary><see cref="Baselines.AntiJoin"/>.</summary>
    AntiJoin,

    /// <summary><see cref="Baselines.LawfulAntiJoin"/>.</summary>
    LawfulAntiJoin,

    /// <summary><see cref="Baselines.SameRelease"/> or <see cref="Baselines.SameReleaseByBucket"/>.</summary>
    SameRelease,

    /// <summary><see cref="Baselines.Copy"/>.</summary>
    Copy,

    /// <summary><c>aval import table</c> of the items, which lays them out.</summary>
    Import,

    /// <summary><see cref="Baselines.PartitionedCopy"/>.</summary>
    PartitionedCopy,
}

/// <summary>How the files lie that a baseline reads.</summary>
internal enum Layout
{
    /// <summary>As a platform hands them out.</summary>
    Generated,

    /// <summary>Partitioned by the hash of the account, as Hive does; written by the bench, not timed.</summary>
    Partitioned,
}

/// <summary>A contestant and the files that it reads.</summary>
/// <param name="Contestant">Who.</param>
/// <param name="Layout">How the files lie; builds and imports have their own way.</param>
internal sealed record Entry(Contestant Contestant, Layout Layout = Layout.Generated)
{
    /// <summary>All of them, in the order in which they run: a corpus's first build makes what the next one
    /// finds.</summary>
    public static IReadOnlyList<Entry> All { get; } = [.. Enum.GetValues<Contestant>().SelectMany(contestant =>
        contestant.IsBaseline()
            ? [new Entry(contestant), new Entry(contestant, Layout.Partitioned)]
            : (Entry[])[new Entry(contestant)])];
}

/// <summary>What they are, and how they are called in tables.</summary>
internal static class Contestants
{
    public static bool IsBuild(this Contestant contestant) => contestant <= Contestant.InPlace;

    public static bool IsBaseline(this Contestant contestant) =>
        contestant is >= Contestant.AntiJoin and <= Contestant.Copy;

    public static string Title(this Contestant contestant) => contestant switch
    {
        Contestant.LaidOutFirst => "aval build, laid out, a corpus's first",
        Contestant.LaidOut => "aval build, laid out",
        Contestant.LaidOutWithText => "aval build, laid out, with text rules",
        Contestant.InPlaceFirst => "aval build, in place, a corpus's first",
        Contestant.InPlace => "aval build, in place",
        Contestant.AntiJoin => "(a) bare anti-join",
        Contestant.LawfulAntiJoin => "(a+) with links, age, notices, consents",
        Contestant.SameRelease => "(b) same release by hand",
        Contestant.Copy => "(c) plain copy of the admitted rows",
        Contestant.Import => "aval import table, laying out",
        Contestant.PartitionedCopy => "COPY … PARTITION_BY (bucket)",
    };

    public static string Title(this Layout layout) => layout switch
    {
        Layout.Generated => "as generated",
        Layout.Partitioned => "partitioned",
    };
}
