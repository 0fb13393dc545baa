using System.Buffers;
using System.IO.Compression;
using System.Text;
using Aval.People;
using Aval.Storage;

namespace Aval.Recall.Erasing;

/// <summary>A file in which something was found that should be nowhere.</summary>
/// <param name="Path">The file, below the workspace.</param>
/// <param name="What">account | handle | item | text.</param>
/// <param name="Count">How often.</param>
internal sealed record ScanHit(string Path, string What, long Count)
{
    /// <summary>Whether it is in a case: whoever keeps one weighs whether it is needed for a legal claim (GDPR
    /// Art. 17(3)(e)), and no erasure reaches it.</summary>
    public bool IsInCase { get; init; }
}

/// <summary>What a scan found.</summary>
/// <param name="Files">How many files were read to their end.</param>
/// <param name="Hits">Where something was found; by path.</param>
internal sealed record ScanOutcome(int Files, IReadOnlyList<ScanHit> Hits)
{
    /// <summary>Those that an erasure has to take.</summary>
    public IReadOnlyList<ScanHit> Left => [.. Hits.Where(hit => !hit.IsInCase)];

    /// <summary>Those that it leaves to whoever keeps a case.</summary>
    public IReadOnlyList<ScanHit> InCases => [.. Hits.Where(hit => hit.IsInCase)];
}

/// <summary>
/// Looks for needles in every file of a workspace: Parquet decoded, all columns; gzip and Zstandard expanded;
/// everything else as its bytes lie, so that of SQLite the free pages and the write-ahead log are read too. Keys and
/// what is being destroyed are not looked at. Accounts and items are found where nothing that could belong to their id
/// stands beside them; texts in Parquet as whole values, elsewhere wherever they stand.
/// </summary>
internal sealed class ErasureScan
{
    private const int Block = 1 << 20;

    private readonly SearchValues<string> _inRows;
    private readonly SearchValues<string> _inBytes;
    private readonly Dictionary<string, string> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _bytes = new(StringComparer.Ordinal);
    private readonly string[] _handles;
    private readonly int[] _rowLengths;
    private readonly int[] _byteLengths;

    private ErasureScan(Engine engine, Needles needles)
    {
        foreach (var (what, names) in new[] { ("account", needles.Accounts), ("item", needles.Items) })
        {
            foreach (var (name, quoted) in Quoted(engine, names))
            {
                _rows[quoted[1..^1]] = what;
                _bytes[Raw(name)] = what;
                _bytes[Raw(quoted[1..^1])] = what;
            }
        }

        foreach (var (text, quoted) in Quoted(engine, needles.Texts.Where(Needles.IsLong)))
        {
            _rows[quoted] = "text";
            _bytes[Raw(text)] = "text";
            _bytes[Raw(quoted[1..^1])] = "text";
        }

        _handles = [.. needles.Handles];
        foreach (var handle in _handles)
            _bytes[Raw(handle[handle.IndexOf('@', StringComparison.Ordinal)..])] = "handle";
        Mentions.Provide(engine);
        _inRows = SearchValues.Create([.. _rows.Keys], StringComparison.Ordinal);
        _inBytes = SearchValues.Create([.. _bytes.Keys], StringComparison.Ordinal);
        _rowLengths = [.. _rows.Keys.Select(key => key.Length).Distinct().Order()];
        _byteLengths = [.. _bytes.Keys.Select(key => key.Length).Distinct().Order()];
    }

    /// <summary>Looks everywhere.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="needles">What for.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    public static ScanOutcome Of(Workspace workspace, Needles needles, EngineLimits limits)
    {
        if (needles.IsEmpty)
            return new ScanOutcome(0, []);
        using var engine = Engine.Open(workspace.Temporary, limits);
        var scan = new ErasureScan(engine, needles);
        var (files, hits) = (0, new List<ScanHit>());
        foreach (var path in Directory.EnumerateFiles(workspace.Root, "*", SearchOption.AllDirectories)
            // An empty one is a lock or a pin: whoever holds it lets nobody read it.
            .Where(path => !IsOwn(workspace, path) && new FileInfo(path).Length > 0)
            .Order(StringComparer.Ordinal).ToArray())
        {
            var found = scan.In(engine, workspace, path);
            files++;
            hits.AddRange(found.GroupBy(what => what).OrderBy(what => what.Key, StringComparer.Ordinal)
                .Select(what => new ScanHit(Path.GetRelativePath(workspace.Root, path), what.Key, what.Count())
                {
                    IsInCase = path.StartsWith(
                        workspace.Cases + Path.DirectorySeparatorChar, StringComparison.Ordinal),
                }));
        }

        return new ScanOutcome(files, hits);
    }

    private static bool IsOwn(Workspace workspace, string path) =>
        Path.GetRelativePath(workspace.Root, path).Split(Path.DirectorySeparatorChar) is [var top, ..]
        && (top == Path.GetFileName(workspace.Keys) || top == Path.GetFileName(workspace.Erasing));

    private List<string> In(Engine engine, Workspace workspace, string path)
    {
        var start = new byte[4];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (read == 4 && start.AsSpan().SequenceEqual("PAR1"u8))
            return InRows(engine, workspace, path);
        // A choice names what it is about, and stays when its scope is one item or one service.
        var isStore = Path.GetFullPath(path).StartsWith(workspace.Choices, StringComparison.Ordinal);
        return start switch
        {
            [0x1f, 0x8b, ..] when read == 4 => InBytes(new GZipStream(file, CompressionMode.Decompress), isStore),
            [0x28, 0xb5, 0x2f, 0xfd] => InBytes(new ZstdSharp.DecompressionStream(file), isStore),
            _ => InBytes(file, isStore),
        };
    }

    private List<string> InRows(Engine engine, Workspace workspace, string path)
    {
        var columns = ParquetFiles.Columns(engine, path).Select(column => column.Name).ToHashSet();
        var folder = Path.GetRelativePath(workspace.Root, path);
        var isKeys = columns.Contains("key") && folder.Contains("-items", StringComparison.Ordinal);
        var item = columns.Contains("item_id") && columns.Contains("service")
            ? "to_json('item:' || service || ':' || item_id)::VARCHAR"
            : isKeys ? "to_json('item:' || key)::VARCHAR" : "''";
        if (columns.Contains("in_reply_to") && columns.Contains("service"))
            item += " || coalesce(to_json('reply:' || service || ':' || in_reply_to)::VARCHAR, '')";
        var found = new List<string>();
        foreach (var row in engine.Stream(
            $"SELECT to_json(file)::VARCHAR || coalesce({item}, '') FROM {ParquetFiles.Rows(path)} AS file",
            row => row.GetString(0)))
            Find(row, _inRows, _rows, _rowLengths, found, row.Length);
        if (_handles.Length > 0)
            found.AddRange(Enumerable.Repeat("handle", (int)Handles(engine, path, columns)));
        return found;
    }

    // Written in whatever way points at one, or somebody's own.
    private long Handles(Engine engine, string path, HashSet<string> columns)
    {
        var any = $"(SELECT unnest({Engine.Literal(_handles)}))";
        string[] found =
        [
            .. columns.Contains("text") && columns.Contains("service")
                ? ["SELECT 1 FROM (" + Mentions.Sql("1", ParquetFiles.Rows(path)) + $") WHERE key IN {any}"]
                : (string[])[],
            .. columns.Contains("handle") && columns.Contains("account")
                ? [$"""
                    SELECT 1 FROM (
                        SELECT CASE WHEN starts_with(account, 'outside:') THEN handle
                            ELSE split_part(account, ':', 1) || ':' || handle END AS named
                        FROM {ParquetFiles.Rows(path)} WHERE handle <> '')
                    WHERE split_part(named, ':', 1) || '@' || fold_handle(
                        split_part(named, ':', 1), substr(named, position(':' IN named) + 1)) IN {any}
                    """]
                : (string[])[],
        ];
        return found.Sum(sql => engine.Scalar<long>($"SELECT count(*) FROM ({sql})"));
    }

    // What lies across two blocks is seen in the second, which begins with the end of the first.
    private List<string> InBytes(Stream stream, bool isStore)
    {
        using var closing = stream;
        var found = new List<string>();
        var overlap = _byteLengths.DefaultIfEmpty().Max() + 1;
        var buffer = new byte[Block + (2 * overlap)];
        var kept = 0;
        while (true)
        {
            var read = stream.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false);
            var (filled, isLast) = (kept + read, kept + read < buffer.Length);
            var text = Encoding.Latin1.GetString(buffer, 0, filled);
            // What begins in the last bytes is found when the next block is there.
            Find(text, _inBytes, _bytes, _byteLengths, found, isLast ? filled : filled - overlap);
            if (isLast)
                break;
            // One byte more, so that what stands before a needle is there to be asked.
            kept = overlap + 1;
            buffer.AsSpan(filled - kept, kept).CopyTo(buffer);
        }

        if (isStore)
            found.RemoveAll(what => what == "item");
        return found;
    }

    private static void Find(
        string text, SearchValues<string> any, Dictionary<string, string> needles, int[] lengths, List<string> found,
        int until)
    {
        var lookup = needles.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var at = 0; at < until; at++)
        {
            var next = text.AsSpan(at).IndexOfAny(any);
            if (next < 0 || at + next >= until)
                return;
            at += next;
            foreach (var length in lengths)
            {
                if (at + length > text.Length
                    || !lookup.TryGetValue(text.AsSpan(at, length), out var what)
                    || (what is not "text" && !StandsFree(text, at, length, what is "handle")))
                    continue;
                found.Add(what);
                break;
            }
        }
    }

    private static bool StandsFree(string text, int at, int length, bool isHandle)
    {
        static bool IsOfId(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or >= '\u0080';
        var end = at + length;
        return (at == 0 || !IsOfId(text[at - 1])) && (end == text.Length || !IsOfId(text[end]))
            && !(isHandle && end + 1 < text.Length && text[end] == '.' && IsOfId(text[end + 1]));
    }

    private static string Raw(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    // As the engine writes texts into JSON.
    private static IEnumerable<(string Text, string Quoted)> Quoted(Engine engine, IEnumerable<string> texts) =>
        texts.Chunk(1 << 12).SelectMany(some => engine.Query(
            $"SELECT text, to_json(text)::VARCHAR FROM (SELECT unnest({Engine.Literal(some)}) AS text)",
            row => (row.GetString(0), row.GetString(1))));
}
