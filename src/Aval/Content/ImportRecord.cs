using System.Text.Json;
using System.Text.Json.Serialization;
using Aval.Content.Exports;
using Aval.Content.Tables;

namespace Aval.Content;

/// <summary>A file that an import read: as it was named, its SHA-256 (64 hexadecimal digits), its bytes.</summary>
internal sealed record SourceFile(string Path, string Sha256, long Bytes);

/// <summary>A file that an import wrote: its path below content/ with forward slashes, its SHA-256 (64 hexadecimal
/// digits), its bytes.</summary>
internal sealed record StoredFile(string Path, string Sha256, long Bytes)
{
    /// <summary>The buckets of which it holds rows, ascending; null = it holds no rows of content.</summary>
    public IReadOnlyList<int>? Buckets { get; init; }

    /// <summary>Out of how many buckets these are; null = it holds no rows of content.</summary>
    public int? OutOf { get; init; }
}

/// <summary>A line that an import could not take.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, or the row of a Parquet file, from 1.</param>
/// <param name="Column">The column at fault.</param>
/// <param name="Reason">What was expected.</param>
/// <param name="Found">What was found, cut to 80 characters.</param>
internal sealed record Reject(string File, long Line, string Column, string Reason, string Found)
{
    /// <summary>In a sentence that a terminal can show.</summary>
    public string Describe() =>
        $"{File}, line {Line}: "
        + (Column.Length == 0
            ? $"expected {Reason}{(Found.Length == 0 ? "" : $", found \"{Shown.Of(Found)}\"")}"
            : $"column \"{Shown.Of(Column)}\" should hold {Reason}, but "
                + $"{(Found.Length == 0 ? "is empty" : $"holds \"{Shown.Of(Found)}\"")}") + ".";
}

/// <summary>Something in an export that is never imported: what it is, where it stands, how often.</summary>
internal sealed record LeftOut(string What, string File, long Count);

/// <summary>
/// How many rows an import read, and what became of them: <c>Read = New + Newer + Older + Unchanged + Duplicates +
/// Rejected + Erased</c>.
/// </summary>
/// <param name="Read">Rows in the files.</param>
/// <param name="New">First versions of something.</param>
/// <param name="Newer">Versions that take the place of an earlier one.</param>
/// <param name="Older">Versions observed before one that is there already: kept, an earlier as-of sees them.</param>
/// <param name="Unchanged">What is there already says the same.</param>
/// <param name="Duplicates">The very row stands in these files more than once.</param>
/// <param name="Deleted">Gone from a snapshot: deleted at source. Not among the rows read.</param>
/// <param name="Rejected">Lines that could not be taken.</param>
/// <param name="Held">Items or accounts that rejected lines name by a readable id: out until a later observation reads
/// well.</param>
internal sealed record ImportCounts(
    long Read, long New, long Newer, long Older, long Unchanged, long Duplicates, long Deleted, long Rejected,
    long Held = 0)
{
    /// <summary>Rows of items that were erased before: dropped at the door, and nothing of them was kept.</summary>
    public long Erased { get; init; }
}

/// <summary>
/// One import, as a line of content/imports.jsonl. Writing that line is what makes an import be: files that no line
/// names do not exist for any reader.
/// </summary>
/// <param name="ImportId">Its name, from which its files are named.</param>
/// <param name="As">items, accounts or notices.</param>
/// <param name="Format">table, facebook, instagram or person.</param>
/// <param name="Source">Whose content; snapshots compare within one source.</param>
/// <param name="Snapshot">What the source had before and lacks here was deleted.</param>
/// <param name="Audience">The audience stated on the command line for what did not say; null = none.</param>
/// <param name="ObservedAt">The observation stated on the command line; null = none.</param>
/// <param name="Mapping">The mapping's columns and expressions; null = canonical columns.</param>
/// <param name="ImportedAt">When it ran.</param>
/// <param name="Files">What it read.</param>
/// <param name="InPlace">The files were left where they lie.</param>
/// <param name="Stored">Rows that it wrote below <c>content/AS/</c>.</param>
/// <param name="Contested">Some key has several versions since: <c>content/contested/ID.parquet</c> lists them.</param>
/// <param name="Skipped">Rows of files left in place that were not taken: <c>content/skipped/ID.parquet</c>.</param>
/// <param name="FirstObserved">The earliest observation in it; null = none.</param>
/// <param name="LastObserved">The latest.</param>
/// <param name="ObservationSum">The sum of keyed hashes of its new observations, modulo 2¹²⁸, 32 hexadecimal digits
/// (<see cref="ObservationSum"/>).</param>
/// <param name="Counts">What became of its rows.</param>
/// <param name="LeftOut">What was never going to be imported.</param>
internal sealed record ImportRecord(
    string ImportId, string As, string Format, string Source, bool Snapshot, string? Audience, string? ObservedAt,
    IReadOnlyDictionary<string, string>? Mapping, string ImportedAt, IReadOnlyList<SourceFile> Files, bool InPlace,
    long Stored, bool Contested, bool Skipped, string? FirstObserved, string? LastObserved, string ObservationSum,
    ImportCounts Counts, IReadOnlyList<LeftOut> LeftOut)
{
    /// <summary>Every file that the import wrote below content/: what is read later is held against it.</summary>
    public IReadOnlyList<StoredFile> Wrote { get; init; } = [];

    /// <summary>The instant of which the snapshot is; null = this is no snapshot.</summary>
    public string? SnapshotAt { get; init; }

    /// <summary>
    /// Something in it was observed when it was imported, because neither the files nor the command line say when.
    /// </summary>
    public bool ObservedNow { get; init; }

    /// <summary>
    /// The import whose very files these are: what that one observed when it was imported was seen again at
    /// <c>imported_at</c>. Nothing but this line is written for it.
    /// </summary>
    public string? Repeats { get; init; }

    /// <summary>The latest instant at which something in it was written or published; null = none says when.</summary>
    public string? LastWritten { get; init; }

    /// <summary>Rejected rows of accounts say what protects, a link, a handle, a name, a year of birth:
    /// <c>content/links/ID.parquet</c>.</summary>
    public bool Links { get; init; }

    /// <summary>What the names of its files' folders say; null = nothing.</summary>
    public TablePartitions? Partitions { get; init; }

    /// <summary>The forms of ids under which it was brought in; null = before there were any.</summary>
    public string? Services { get; init; }

    /// <summary>Of an export, whose it is, as stated, else as its profile says; null = nobody knows.</summary>
    public string? Account { get; init; }

    /// <summary>The program that read it: another one may read more in the same files. (What was left in place is read
    /// by whoever builds.)</summary>
    public string? Reader { get; init; }

    /// <summary>Every id in the rows that it took was spelled as its form wants it: files left in place are read as
    /// they stand.</summary>
    public bool InForm { get; init; }

    /// <summary>The kind of content it brought.</summary>
    [JsonIgnore]
    public ContentKind Kind => ContentKinds.TryParse(As, out var kind)
        ? kind
        : throw new InvalidOperationException($"\"{As}\" is no kind of content.");

    /// <summary>Stands for the name of a file, and for what was found in it, of somebody of whom everything was
    /// erased.</summary>
    public const string Erased = "(erased)";

    /// <summary>What the source of an export is called whose account was erased, before its token.</summary>
    public const string ErasedSource = "erased:";

    /// <summary>Its line named somebody of whom everything was erased, and this does not.</summary>
    [JsonIgnore]
    public bool IsUnnamed => Source.StartsWith(ErasedSource, StringComparison.Ordinal);

    /// <summary>What may name the account whose export it was.</summary>
    [JsonIgnore]
    public IEnumerable<string> Names => Account is null ? [Source] : [Source, Account];

    /// <summary>The same without the account whose export it was, or what its files are called, those that were only
    /// counted included.</summary>
    /// <param name="key">Of tokens: imports of one account stay imports of one source.</param>
    public ImportRecord Unnamed(byte[] key) => this with
    {
        Source = ErasedSource + ErasedTokens.OfAccount(key, Source),
        Account = Account is null ? null : ErasedSource + ErasedTokens.OfAccount(key, Account),
        Files = [.. Files.Select(file => file with { Path = Erased })],
        LeftOut = Unnamed(LeftOut),
    };

    /// <summary>
    /// What was left out of an export, by kind: the archive's name may hold its owner's handle, and a label that nobody
    /// knows may be anybody's name.
    /// </summary>
    public static IReadOnlyList<LeftOut> Unnamed(IEnumerable<LeftOut> leftOut) =>
    [
        .. leftOut
            .GroupBy(
                left => left.What.StartsWith(ExportReading.UnderUnknown, StringComparison.Ordinal)
                    ? ExportReading.UnderUnknownLabels
                    : left.What,
                StringComparer.Ordinal)
            .Select(kind => new LeftOut(kind.Key, Erased, kind.Sum(left => left.Count))),
    ];

    /// <summary>Whether another import would bring exactly this again.</summary>
    public bool IsTheSameAs(ImportRecord other)
    {
        ArgumentNullException.ThrowIfNull(other);
        static string Identity(ImportRecord record) => JsonSerializer.Serialize(
            new object?[]
            {
                record.As,
                record.Format,
                record.Source,
                record.Snapshot,
                record.Audience,
                record.ObservedAt,
                record.Mapping,
                record.InPlace,
                record.Files.Select(file => file.Sha256),
                record.Partitions,
                // Before it was recorded whose an unstated export is, its source alone said so.
                record.Account == record.Source ? null : record.Account,
                record.InPlace ? null : record.Reader,
            },
            ImportLog.Options);
        return Identity(this) == Identity(other);
    }
}
