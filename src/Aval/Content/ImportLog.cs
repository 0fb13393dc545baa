using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// content/imports.jsonl (docs/formats/imports.md). Each line carries a commitment to its record, HMAC-SHA256 under a
/// random opening, and a link, HMAC-SHA256 under the workspace's key over the link before it and that commitment. The
/// last link is kept apart, in content/imports.head: a log that is gone, cut short or another workspace's is refused
/// before anything is read by it. A record may name a person, so a line can be forgotten: its record and its opening
/// go, its commitment stays, and the chain holds.
/// </summary>
internal static class ImportLog
{
    private const string HeadFormat = "aval-imports/1";

    internal static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>All imports, in order.</summary>
    /// <exception cref="AvalException">Bad input: the log is gone, cut short, or not the one that was
    /// written.</exception>
    public static IReadOnlyList<ImportRecord> Read(Workspace workspace) => ReadAll(workspace).Records;

    /// <summary>The log with its place in the chain.</summary>
    internal static ReadLog ReadAll(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var key = workspace.ReadKey().ImportLog;
        // The head first: the log only grows, so what the head covers is in the lines that are read after it.
        var head = ReadHead(workspace, key);
        var (path, link, count) = (PathOf(workspace), Beginning, 0);
        var records = new List<ImportRecord>();
        var folds = new List<ContentFold>();
        var erasures = new List<ContentErasure>();
        foreach (var line in Durable.ReadLines(path))
        {
            var (told, commitment, stated) = Parse(path, line, ++count);
            link = Link(key, link, commitment);
            if (link != stated)
                throw AvalException.BadInput($"{path}, line {count}: this line does not continue the one before it: "
                    + $"one was changed, taken away or put in. {Restore}");
            if (told is ImportRecord record)
                records.Add(record);
            if (told is ContentFold fold)
                folds.Add(fold);
            if (told is ContentErasure erasure)
            {
                erasures.AddRange(erasure.Earlier);
                erasures.Add(erasure with { Earlier = [] });
                erasure.Restate(records, folds);
            }

            if (count == head.Count && link != head.Link)
                throw AvalException.BadInput($"{path}, line {count}: this is not the line that {HeadOf(workspace)} "
                    + $"knows. {Restore}");
        }

        // A line beyond the head is an import whose last step was not made, or is being made: the link says that it is
        // ours.
        if (count >= head.Count)
            return new ReadLog(records, folds, count, link) { Erasures = erasures };
        var found = File.Exists(path) ? $"{count} are there: the file was cut short" : "the file is gone";
        throw AvalException.BadInput($"{path}: {head.Count} imports were recorded, and {found}. {Restore}");
    }

    /// <summary>Begins a log without a line.</summary>
    internal static void Begin(Workspace workspace) =>
        WriteHead(workspace, workspace.ReadKey().ImportLog, 0, Beginning);

    /// <summary>Begins again after content/ was lost as a whole.</summary>
    /// <exception cref="AvalException">Refused: something of it is there.</exception>
    public static void StartOver(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        FileModes.MakePrivateFolder(workspace.Content);
        using var held = workspace.LockContent(TimeSpan.FromSeconds(10));
        var there = Directory.EnumerateFiles(workspace.Content, "*", SearchOption.AllDirectories)
            .FirstOrDefault(file =>
                Path.GetRelativePath(workspace.Content, file) is not (".lock" or ".checked" or "imports.head"));
        if (there is not null)
            throw AvalException.Refused($"{there}: content is there, and starting over is for a workspace whose "
                + "content was lost. Nothing was changed. Restore content/ from your backup, or move what is left "
                + "of it away first.");
        Begin(workspace);
    }

    /// <summary>Makes durable what the log says now: a process that was killed may have written a line and not flushed
    /// it. Needs the content's lock.</summary>
    internal static void Flush(Workspace workspace)
    {
        if (!File.Exists(PathOf(workspace)))
            return;
        Durable.FlushFile(PathOf(workspace));
        Durable.FlushDirectory(workspace.Content);
    }

    /// <summary>Makes an import be. Needs the content's lock.</summary>
    internal static void Append(Workspace workspace, ReadLog earlier, ImportRecord record) =>
        Append(workspace, earlier, JsonSerializer.Serialize(record, Options));

    /// <summary>Makes a fold be. Needs the content's lock.</summary>
    internal static void Append(Workspace workspace, ReadLog earlier, ContentFold fold) =>
        Append(workspace, earlier, JsonSerializer.Serialize(fold, Options));

    /// <summary>Makes an erasure be. Needs the content's lock.</summary>
    internal static void Append(Workspace workspace, ReadLog earlier, ContentErasure erasure) =>
        Append(workspace, earlier, JsonSerializer.Serialize(erasure, Options));

    /// <summary>
    /// Forgets the lines that name somebody of whom everything was erased, and that an erasure has restated: each goes,
    /// its commitment stays, and the chain holds. Does nothing where there are none. Needs the content's lock.
    /// </summary>
    /// <param name="workspace">Whose log.</param>
    /// <param name="condemned">Where the log as it was goes, to be destroyed.</param>
    internal static void ForgetNamed(Workspace workspace, string condemned)
    {
        var log = ReadAll(workspace);
        var unnamed = log.Records.Where(record => record.IsUnnamed).Select(record => record.ImportId)
            .ToHashSet(StringComparer.Ordinal);
        if (unnamed.Count == 0)
            return;
        bool Names(object? told) => told switch
        {
            ImportRecord record => !record.IsUnnamed && unnamed.Contains(record.ImportId),
            ContentErasure erasure => erasure.Records.Any(Names),
            _ => false,
        };
        var path = PathOf(workspace);
        var lines = Durable.ReadLines(path);
        var after = lines.Select((line, at) => Parse(path, line, at + 1) is var (told, commitment, link) && Names(told)
            ? $$"""{"chain":"{{link}}","commitment":"{{Convert.ToHexStringLower(commitment)}}"}"""
            : line).ToArray();
        if (lines.SequenceEqual(after, StringComparer.Ordinal))
            return;
        Durable.LinkOrCopy(path, condemned);
        Durable.Replace(
            path, Encoding.UTF8.GetBytes(string.Concat(after.Select(line => line + "\n"))), Durable.Private);
    }

    private static void Append(Workspace workspace, ReadLog earlier, string json)
    {
        var key = workspace.ReadKey().ImportLog;
        RequireSame(workspace, key, earlier);
        // A head that a kill left behind is brought up first: at most one line is ever beyond it.
        WriteHead(workspace, key, earlier.Count, earlier.Link);
        var opening = RandomNumberGenerator.GetBytes(32);
        var link = Link(key, earlier.Link, HMACSHA256.HashData(opening, Encoding.UTF8.GetBytes(json)));
        Durable.AppendLine(PathOf(workspace),
            $$"""{"chain":"{{link}}","opening":"{{Convert.ToHexStringLower(opening)}}","record":{{json}}}""");
        WriteHead(workspace, key, earlier.Count + 1, link);
    }

    // The lock says that nobody else writes here, and on some shared file systems it says so to everybody: two lines
    // that continue the same one would be a log that no reader believes any more.
    private static void RequireSame(Workspace workspace, byte[] key, ReadLog earlier)
    {
        var head = ReadHead(workspace, key);
        var path = PathOf(workspace);
        var lines = Durable.ReadLines(path);
        var isHead = head.Count == earlier.Count ? head.Link == earlier.Link : head.Count == earlier.Count - 1;
        var isLast = lines.Count == earlier.Count
            && (lines is not [.., var last] || Parse(path, last, lines.Count).Link == earlier.Link);
        if (!isHead || !isLast)
            throw AvalException.Busy($"{path}: this command had read {earlier.Count} lines, and found {lines.Count} "
                + "when it was about to write its own: another one wrote meanwhile, though this one holds "
                + "content/.lock, so locks do not reach everybody on this file system. Nothing was written into the "
                + "log. Run the command again, and no two of them at once.");
    }

    private const string Restore = "Nothing was done. Restore content/ as a whole from your backup.";

    private static string Beginning { get; } = new('0', 64);

    private static string PathOf(Workspace workspace) => Path.Combine(workspace.Content, "imports.jsonl");

    private static string HeadOf(Workspace workspace) => Path.Combine(workspace.Content, "imports.head");

    private static string Link(byte[] key, string before, byte[] commitment) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, (byte[])[.. Convert.FromHexString(before), .. commitment]));

    private static (object? Told, byte[] Commitment, string Link) Parse(
        string path, string line, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var link = root.GetProperty("chain").GetString();
            if (link is not { Length: 64 })
                throw new FormatException("\"chain\" should hold 64 hexadecimal digits.");
            if (!root.TryGetProperty("record", out var record))
                return (null, Convert.FromHexString(root.GetProperty("commitment").GetString()!), link);
            var opening = Convert.FromHexString(root.GetProperty("opening").GetString()!);
            object? told = record.TryGetProperty("fold_id", out _) ? record.Deserialize<ContentFold>(Options)
                : record.TryGetProperty("erasure_id", out _) ? record.Deserialize<ContentErasure>(Options)
                : record.Deserialize<ImportRecord>(Options) ?? throw new JsonException("null");
            return (
                told,
                HMACSHA256.HashData(opening, Encoding.UTF8.GetBytes(record.GetRawText())),
                link);
        }
        catch (Exception broken) when (MalformedJson.Threw(broken))
        {
            throw AvalException.BadInput($"{path}, line {number}: not an import's "
                + $"record: {broken.Message} {Restore}", broken);
        }
    }

    private static (long Count, string Link) ReadHead(Workspace workspace, byte[] key)
    {
        var path = HeadOf(workspace);
        if (!File.Exists(path))
            throw AvalException.BadInput($"{path}: the head of the log of imports is missing, so nobody can tell "
                + $"which imports there were. {Restore} If content/ is lost, begin again with aval import "
                + "start-over, and import everything again.");
        var lines = File.ReadAllText(path).Split('\n');
        if (lines is [HeadFormat, var text, { Length: 64 } link, { Length: 64 } mac, ""]
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && mac == Mac(key, count, link))
            return (count, link);
        throw AvalException.BadInput($"{path}: this is not the head that this workspace wrote: it was changed, or it "
            + $"is another workspace's, or keys/workspace.key is. {Restore}");
    }

    private static void WriteHead(Workspace workspace, byte[] key, long count, string link) =>
        Durable.Replace(HeadOf(workspace), Encoding.ASCII.GetBytes($"{HeadText(count, link)}{Mac(key, count, link)}\n"),
            Durable.Private);

    private static string HeadText(long count, string link) =>
        string.Create(CultureInfo.InvariantCulture, $"{HeadFormat}\n{count}\n{link}\n");

    private static string Mac(byte[] key, long count, string link) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(HeadText(count, link))));
}

/// <summary>The log of imports as it was read.</summary>
/// <param name="Records">The imports whose lines have not been forgotten, in order.</param>
/// <param name="Folds">What was written together again, in order.</param>
/// <param name="Count">How many lines there are.</param>
/// <param name="Link">The last one's link.</param>
internal sealed record ReadLog(
    IReadOnlyList<ImportRecord> Records, IReadOnlyList<ContentFold> Folds, int Count, string Link)
{
    /// <summary>The names of all that wrote files.</summary>
    public IEnumerable<string> Writers =>
        Records.Select(record => record.ImportId).Concat(Folds.Select(fold => fold.FoldId))
            .Concat(Erasures.Select(erasure => erasure.ErasureId));

    /// <summary>What was erased, in order; the records and folds are as the last of them left their files.</summary>
    public IReadOnlyList<ContentErasure> Erasures { get; init; } = [];

    /// <summary>Imports whose rows are read where they were left, in order.</summary>
    public IEnumerable<ImportRecord> LeftInPlace => Records
        .Where(record => record is { InPlace: true, Repeats: null })
        .ExceptBy(Folds.SelectMany(fold => fold.LaidOut), record => record.ImportId);

    /// <summary>The name of the next import or fold.</summary>
    public string NextId(ContentKind kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{Count + 1:D6}-{kind.ToText()}");
}
