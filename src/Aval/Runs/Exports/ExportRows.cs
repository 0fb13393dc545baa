using System.Globalization;
using System.Text;
using Aval.Content;
using Aval.Corpus;
using Aval.People;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>
/// Which rows an export has, in which part and in which order. Nothing here holds a text in memory: the engine reads
/// shards and sorts on disk.
/// </summary>
internal sealed class ExportRows
{
    private readonly Engine _engine;
    private readonly ExportRequest _request;
    private readonly string _rows;

    /// <summary>SQL of <c>row_key</c>: what is restricted, and what names whoever restricted it (<see
    /// cref="LateMentions"/>).</summary>
    public const string LeftOut =
        "SELECT row_key FROM late_rows WHERE restricted UNION SELECT row_key FROM late_mentions";

    private ExportRows(Engine engine, ExportRequest request, string rows) =>
        (_engine, _request, _rows) = (engine, request, rows);

    /// <summary>Lays down which row is in which part.</summary>
    /// <param name="late">What the release does not honour: rows of restricted authors, and of whoever names them,
    /// stay out.</param>
    /// <param name="workspace">Whose release it is.</param>
    /// <param name="release">The release.</param>
    /// <param name="request">What is wanted.</param>
    public static ExportRows Of(
        LateChoices late, Workspace workspace, VerifiedRelease release, ExportRequest request)
    {
        var engine = late.Engine;
        ContentFunctions.Provide(engine);
        var shards = request.Slices is { } slices
            ? Sliced(Slices.Files(slices, release.Manifest, release.Folder))
            : ParquetFiles.Rows(release.Manifest.Files.Where(file => file.Rows is not null)
                .Select(file => Path.Combine(release.Folder, file.Path)));
        var spoken = request.Languages.Count == 0
            ? "true"
            : $"list_contains({Engine.Literal(request.Languages)}, language)";
        var split = Engine.Literal(request.Splits[0].Name);
        var parts = "";
        if (request.Slices is not null)
        {
            split = "slice";
        }
        else if (request.Splits.Count > 1)
        {
            engine.Execute(Parts(engine, Lineage.Of(workspace, release.Manifest), request));
            (split, parts) = ("split", "JOIN export_parts USING (row_key)");
        }

        return new ExportRows(engine, request, $"""
            (SELECT row_key, text, language, kind, service, year, media, {split} AS split
             FROM {shards} ANTI JOIN ({LeftOut}) USING (row_key) {parts}
             WHERE {spoken})
            """);
    }

    private static string Sliced(ILookup<int, string> files) => "("
        + string.Join(" UNION ALL ", files.Select(slice =>
            $"SELECT *, {Engine.Literal(Slices.NameOf(slice.Key))} AS slice FROM {ParquetFiles.Rows(slice)}")) + ")";

    /// <summary>How many rows and tokens each part has, by language.</summary>
    public IReadOnlyList<(string Split, string Language, long Rows, long Tokens)> Count()
    {
        Tokens.Provide(_engine);
        return _engine.Query(
            "SELECT split, language, count(*), coalesce(sum(count_tokens(text)), 0)::BIGINT "
                + $"FROM {_rows} GROUP BY ALL ORDER BY ALL",
            row => (row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3)));
    }

    /// <summary>Writes one part.</summary>
    public void Write(Split split, string path)
    {
        // Several threads write what lies in order in the order in which they come.
        _engine.Execute("SET preserve_insertion_order = true");
        var ordered = $"FROM {_rows} WHERE split = {Engine.Literal(split.Name)} ORDER BY {Order}";
        switch (_request.Format)
        {
            case ExportFormat.Parquet:
                _engine.Execute($"COPY (SELECT * EXCLUDE (split) {ordered}) TO {Engine.Literal(path)} (FORMAT parquet, "
                    + $"COMPRESSION {ShardFormat.Compression}, ROW_GROUP_SIZE {Number(ShardFormat.RowGroupSize)})");
                break;
            case ExportFormat.Jsonl:
                _engine.Execute($"COPY (SELECT * EXCLUDE (split) {ordered}) TO {Engine.Literal(path)} "
                    + "(FORMAT json, ARRAY false)");
                break;
            case ExportFormat.Text:
                WriteText($"SELECT text {ordered}", path);
                break;
        }

        Durable.FlushFile(path);
    }

    // Whoever knows the seed and the keys of two rows knows their order, and nothing else decides it.
    private string Order => _request.Seed is { } seed
        ? $"md5_number_lower({Engine.Literal(seed + "\n")} || row_key::VARCHAR), row_key"
        : "language, row_key";

    // An item is a line: its own line breaks become spaces. What has no text has no line.
    private void WriteText(string query, string path)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), bufferSize: 1 << 16);
        file.NewLine = "\n";
        foreach (var text in _engine.Stream(query, row => row.IsDBNull(0) ? "" : row.GetString(0)))
        {
            if (text.Length > 0)
                file.WriteLine(text.ReplaceLineEndings(" "));
        }
    }

    // A person's accounts, as far as anything ever observed links them, are in one part: nobody straddles. Under the
    // workspace's key, so that nobody who knows an account's name can tell its part.
    private static string Parts(Engine engine, string lineage, ExportRequest request)
    {
        Links.Gather(engine, $"SELECT DISTINCT account FROM {lineage}", "export_links");
        Links.Connect(engine, "export_links", "export_persons");
        var cases = new StringBuilder();
        var from = 0L;
        foreach (var split in request.Splits)
        {
            from += split.Share;
            cases.Append(CultureInfo.InvariantCulture, $"WHEN place < {from} THEN {Engine.Literal(split.Name)} ");
        }

        return $"""
            CREATE OR REPLACE TEMP TABLE export_parts AS
            SELECT row_key, CASE {cases} END AS split
            FROM (SELECT row_key, md5_number_lower(fingerprint({Engine.Literal($"split\n{request.Seed}\n")}
                      || coalesce(label, account))::VARCHAR) % {Number(Split.Whole)} AS place
                  FROM {lineage} LEFT JOIN export_persons ON node = account)
            """;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
