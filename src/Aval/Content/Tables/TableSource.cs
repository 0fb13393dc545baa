using System.Security.Cryptography;
using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Content.Tables;

/// <summary>
/// The rows of the files of one import as a relation <c>source</c>, with <c>aval_file</c> (its place in the list of
/// files), <c>aval_line</c> (line or row, from 1) and <c>aval_fault</c> (what is wrong with the line as a whole, null =
/// nothing) beside the files' own columns; and the lines that are no rows, as <c>broken</c>
/// (<c>aval_file, aval_line, column, reason, found</c>).
/// </summary>
/// <param name="Columns">The files' columns and their types; of text that has canonical columns itself, up to a hundred
/// others.</param>
internal sealed record TableSource(IReadOnlyDictionary<string, string> Columns)
{
    /// <summary>The most columns that a mapping can choose from in a text file.</summary>
    public const int MaxColumns = 4096;

    private const int OthersNamed = 100;
    private const string Fault = "STRUCT(\"column\" VARCHAR, reason VARCHAR, found VARCHAR)";

    /// <summary>SHA-256 and size of a file as it lies.</summary>
    public static SourceFile Describe(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
            return new SourceFile(path, Convert.ToHexStringLower(SHA256.HashData(stream)), stream.Length);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw AvalException.BadInput(
                $"{path}: the file cannot be read: {failed.Message} Nothing was imported.", failed);
        }
    }

    /// <summary>Whether a file is Parquet by its ending; CSV and JSON Lines, also compressed, are text.</summary>
    /// <exception cref="AvalException">Bad input: neither.</exception>
    public static bool IsParquet(string path)
    {
        return FileEnding.Of(path) switch
        {
            (".parquet", "") => true,
            (".csv" or ".jsonl" or ".ndjson", _) => false,
            _ => throw AvalException.BadInput($"{path}: expected a name ending in .parquet, .csv or .jsonl (the latter "
                + "two also with .gz or .zst). Nothing was imported."),
        };
    }

    /// <summary>Parquet files as <c>source</c>; nothing is read yet but their footers.</summary>
    /// <exception cref="AvalException">Bad input: not Parquet, torn, or of different shapes.</exception>
    public static TableSource OfParquet(Engine engine, IReadOnlyList<string> files) => Guarded(engine, files, () =>
    {
        engine.Execute(
            $"CREATE OR REPLACE TEMP VIEW source AS SELECT *, NULL::{Fault} AS aval_fault FROM ({ParquetRows(files)})");
        engine.Execute("""
            CREATE OR REPLACE TEMP VIEW broken AS
            SELECT NULL::INTEGER AS aval_file, NULL::BIGINT AS aval_line, '' AS "column", '' AS reason, '' AS found
            WHERE false
            """);
        return Described(engine);
    });

    /// <summary>The same source with the columns that the names of its folders state.</summary>
    public TableSource With(Engine engine, TablePartitions partitions)
    {
        engine.Execute($"""
            DROP VIEW IF EXISTS unpartitioned;
            ALTER VIEW source RENAME TO unpartitioned;
            CREATE OR REPLACE TEMP VIEW source AS {partitions.Onto("unpartitioned")}
            """);
        return new TableSource(
            Columns.Concat(partitions.Columns.Select(column => KeyValuePair.Create(column.Name, column.Type)))
                .ToDictionary(column => column.Key, column => column.Value, StringComparer.Ordinal));
    }

    private static TableSource Described(Engine engine) => new(engine
        .Query("SELECT column_name, column_type FROM (DESCRIBE source)", row => (Name: row.GetString(0),
            Type: row.GetString(1)))
        .Where(column => column.Name is not ("aval_file" or "aval_line" or "aval_fault"))
        .ToDictionary(column => column.Name, column => column.Type, StringComparer.Ordinal));

    /// <summary>
    /// The rows of Parquet files with their place: the same relation when they are imported and whenever they are read
    /// in place.
    /// </summary>
    public static string ParquetRows(IReadOnlyList<string> files) => $"""
        SELECT * EXCLUDE (aval_name, file_row_number), list_position({Engine.Literal(files)}, aval_name)
            - 1 AS aval_file, file_row_number + 1 AS aval_line
        FROM {ParquetFiles.PlacedRows(files)}
        """;

    /// <summary>
    /// Text files as <c>source</c>: their rows are read, checked for their shape, and held by the engine, which spills.
    /// </summary>
    /// <exception cref="AvalException">Bad input: torn, not UTF-8 as a whole, without a header, a bomb.</exception>
    /// <param name="engine">Where it is made.</param>
    /// <param name="files">The files.</param>
    /// <param name="kind">What they hold.</param>
    /// <param name="mapping">Whose expressions read the columns; null = canonical columns are there by name, and no
    /// other is read.</param>
    /// <param name="watch">Told how much of it is done, 0–1.</param>
    public static TableSource OfText(
        Engine engine, IReadOnlyList<string> files, ContentKind kind, Mapping? mapping, Action<double> watch)
    {
        var plain = mapping is null ? CanonicalColumns.Plain(kind) : new HashSet<string>();
        var ids = mapping is null ? CanonicalColumns.Ids(kind) : new HashSet<string>();
        var named = new HashSet<string>(StringComparer.Ordinal);
        Hold(engine, named, files.SelectMany(
            (file, at) => TextLines.Read(file, at, plain, ids, named, done => watch((at + done) / files.Count))));
        if (mapping is null)
            RefuseAlmostCanonical(engine, kind, files[0]);
        return mapping is null ? Canonical(engine, kind) : Any(engine, kind, files[0]);
    }

    /// <summary>Lines of canonical columns that something else has read, as <c>source</c>.</summary>
    /// <param name="engine">Where it is made.</param>
    /// <param name="lines">Enumerated once.</param>
    /// <param name="kind">What they hold.</param>
    public static TableSource OfLines(Engine engine, IEnumerable<TextLine> lines, ContentKind kind)
    {
        Hold(engine, new HashSet<string>(), lines);
        return Canonical(engine, kind);
    }

    // Named: the columns of headers, complete when the lines have been enumerated.
    private static void Hold(Engine engine, IReadOnlySet<string> named, IEnumerable<TextLine> lines)
    {
        engine.Execute("CREATE OR REPLACE TEMP TABLE text_lines (aval_file INTEGER, aval_line BIGINT, json VARCHAR, "
            + "\"column\" VARCHAR, reason VARCHAR, found VARCHAR)");
        using (var transaction = engine.Connection.BeginTransaction())
        {
            using (var appender = engine.Connection.CreateAppender<TextLine, TextLineMap>("text_lines"))
                appender.AppendRecords(lines);
            transaction.Commit();
        }

        engine.Execute("CREATE OR REPLACE TEMP VIEW broken AS SELECT aval_file, aval_line, \"column\", reason, found "
            + "FROM text_lines WHERE json IS NULL");
        engine.Execute("CREATE OR REPLACE TEMP TABLE keys AS SELECT unnest(json_keys(json)) AS name FROM text_lines "
            + $"UNION SELECT unnest({Engine.Literal(named)}::VARCHAR[])");
    }

    // By their exact names, so that no other key of the file ever becomes SQL.
    private static TableSource Canonical(Engine engine, ContentKind kind)
    {
        var canonical = CanonicalColumns.Of(kind).Select(column => column.Name).ToArray();
        var names = engine.Query(
            $"SELECT name FROM keys WHERE name IN {Engine.Literal(canonical)} ORDER BY name", row => row.GetString(0));
        var others = engine.Query(
            $"SELECT name FROM keys WHERE name NOT IN {Engine.Literal(canonical)} ORDER BY name LIMIT {OthersNamed}",
            row => row.GetString(0));
        // A table of nothing is a table.
        if (names.Count + others.Count == 0)
            names = [.. CanonicalColumns.Required(kind)];
        Extract(engine, names);
        return Texts([.. names, .. others]);
    }

    // "Deleted" beside the canonical "deleted" would go unread, and what it says with it.
    private static void RefuseAlmostCanonical(Engine engine, ContentKind kind, string file)
    {
        var canonical = CanonicalColumns.Of(kind).Select(column => column.Name).ToArray();
        var almost = engine.Query(
            $"SELECT name FROM keys WHERE name NOT IN {Engine.Literal(canonical)} "
                + $"AND {TableShapes.AsCanonicalSql("name")} IN {Engine.Literal(canonical)} "
                + "ORDER BY name LIMIT 1",
            row => row.GetString(0));
        if (almost is [var name])
            throw TableShapes.AlmostCanonical(file, name);
    }

    private static TableSource Any(Engine engine, ContentKind kind, string file)
    {
        // A name that SQL cannot spell is one that no expression can ask for.
        var names = engine.Query(
            "SELECT name FROM keys WHERE name <> '' AND NOT contains(name, chr(0)) AND lower(name) NOT IN "
                + $"('aval_file', 'aval_line', 'aval_fault', 'aval_misdated') ORDER BY name LIMIT {MaxColumns + 1}",
            row => row.GetString(0));
        if (names.Count > MaxColumns)
            throw AvalException.BadInput(
                $"{file}: its rows have more than {MaxColumns} different keys. Nothing was imported. "
                + $"A mapping can choose from {MaxColumns} columns: name the keys alike in all rows.");
        if (names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(same => same.Count() > 1) is { } alike)
            throw AvalException.BadInput(
                $"{file}: its columns {string.Join(" and ", alike.Select(name => $"\"{name}\""))} differ in case only, "
                + "which SQL cannot tell apart, so no mapping can. Nothing was imported. Rename one.");
        if (names.Count == 0)
            names = [.. CanonicalColumns.Required(kind)];
        Extract(engine, names);
        return Texts(names);
    }

    // One pass over each line's JSON, whatever the number of columns. JSON pointers, because in a path an asterisk is a
    // wildcard, in quotes too.
    private static void Extract(Engine engine, IReadOnlyList<string> names)
    {
        var pointers = names.Select(name => "/"
            + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
        var fields = string.Concat(names.Select((name, at) => $", aval_fields[{at + 1}] AS {Engine.Identifier(name)}"));
        engine.Execute($"""
            CREATE OR REPLACE TEMP VIEW source AS SELECT aval_file, aval_line, aval_fault{fields}
            FROM (
                SELECT aval_file, aval_line, json_extract_string(json, {Engine.Literal(pointers)}) AS aval_fields,
                    CASE WHEN reason IS NOT NULL THEN struct_pack("column" := "column", reason := reason,
                    found := found) END AS aval_fault
                FROM text_lines WHERE json IS NOT NULL)
            """);
    }

    private static TableSource Texts(IReadOnlyList<string> names) =>
        new(names.ToDictionary(name => name, _ => "VARCHAR", StringComparer.Ordinal));

    /// <summary>Runs what reads the files; what the engine says of them becomes an answer in our words.</summary>
    public static T Guarded<T>(Engine engine, IReadOnlyList<string> files, Func<T> read)
    {
        try
        {
            return read();
        }
        // Not the file's fault.
        catch (DuckDBException broken) when (files.Count > 0 && !FileFailure.IsOfTheMachine(broken))
        {
            throw Told(engine, files, broken);
        }
    }

    // The engine does not always name the file: then each is read alone, since its owner has to find it among
    // thousands.
    private static AvalException Told(Engine engine, IReadOnlyList<string> files, DuckDBException broken)
    {
        var named = files.FirstOrDefault(file => broken.Message.Contains(file, StringComparison.Ordinal));
        foreach (var file in (named is null ? files : [named]).Where(IsParquet))
        {
            if (ParquetFiles.Damage(engine, file) is { } damage)
                return AvalException.BadInput(
                    $"{file}: {damage}. Nothing was imported. Then run the import again.", broken);
        }

        return AvalException.BadInput(
            $"{named ?? files[0]}: expected rows that fit their mapping, if there is one, but reading "
            + $"{(files.Count == 1 || named is not null ? "them" : $"those of {files.Count} files")} ended with: "
            + $"{broken.Message.Split('\n')[0].TrimEnd('.')}. "
            + "Nothing was imported. Correct the mapping (TRY_CAST makes null of what does not fit) and run the "
            + "import again.",
            broken);
    }
}
