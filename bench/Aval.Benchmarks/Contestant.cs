namespace Aval.Benchmarks;

/// <summary>Who runs against whom.</summary>
internal enum Contestant
{
    /// <summary><c>aval build</c>: decide, write, account, lineage, everything flushed to the disk.</summary>
    Build,

    /// <summary><see cref="Baselines.AntiJoin"/>.</summary>
    AntiJoin,

    /// <summary><see cref="Baselines.LawfulAntiJoin"/>.</summary>
    LawfulAntiJoin,

    /// <summary><see cref="Baselines.SameRelease"/>.</summary>
    SameRelease,

    /// <summary><see cref="Baselines.Copy"/>.</summary>
    Copy,
}

/// <summary>How they are called in tables.</summary>
internal static class Contestants
{
    public static string Title(this Contestant contestant) => contestant switch
    {
        Contestant.Build => "aval build",
        Contestant.AntiJoin => "(a) bare anti-join",
        Contestant.LawfulAntiJoin => "(a+) with links, age, notices, consents",
        Contestant.SameRelease => "(b) same release by hand",
        Contestant.Copy => "(c) plain copy of the admitted rows",
    };
}
