using DuckDB.NET.Data;

namespace Aval.Storage;

/// <summary>A column at the top of a Parquet file.</summary>
/// <param name="Name">Its name, as the file spells it.</param>
/// <param name="Type">Its type in the engine.</param>
/// <param name="IsCut">It holds instants in UTC with nanoseconds, of which the engine shows microseconds and says
/// nothing.</param>
internal sealed record ParquetColumn(string Name, string Type, bool IsCut);

/// <summary>
/// The engine's reader of Parquet with every guess of its switched off, each file by its literal path. Left to itself
/// the engine takes <c>w[1]</c> for a pattern, which is another workspace's folder, and a folder <c>audience=public</c>
/// above a file for a column, which then holds for every row whatever the file says. This is the only place that names
/// the reader: a test goes through the sources and finds any other.
/// </summary>
internal static class ParquetFiles
{
    // Partitions by folder, columns of other files, text from bytes: each is something that no file states.
    private const string NoGuess = "hive_partitioning = false, union_by_name = false, binary_as_string = false";

    /// <summary>The rows of files that have the same columns, as a relation.</summary>
    public static string Rows(params IEnumerable<string> files) => $"read_parquet({Patterns(files)}, {NoGuess})";

    /// <summary>The rows of files of ours of which older ones lack columns: these are null there.</summary>
    public static string GrownRows(params IEnumerable<string> files) =>
        $"read_parquet({Patterns(files)}, hive_partitioning = false, union_by_name = true, binary_as_string = false)";

    /// <summary>The same as <see cref="Rows"/> with <c>file_row_number</c>, from 0.</summary>
    public static string NumberedRows(string file) =>
        $"read_parquet({Patterns([file])}, {NoGuess}, file_row_number = true)";

    /// <summary>The same with <c>aval_name</c>, the file's full path.</summary>
    public static string NamedRows(IEnumerable<string> files) =>
        $"read_parquet({Patterns(files)}, {NoGuess}, filename = 'aval_name')";

    /// <summary>
    /// The rows of files with <c>aval_name</c>, the file's full path, and <c>file_row_number</c>, from 0. A column that
    /// only some of the files have is null in the others: whoever asks has compared their columns first.
    /// </summary>
    public static string PlacedRows(IEnumerable<string> files) => $"""
        read_parquet({Patterns(files)}, hive_partitioning = false, union_by_name = true, binary_as_string = false,
            filename = 'aval_name', file_row_number = true)
        """;

    /// <summary>The rows of a file of JSON Lines that we wrote, under the same care.</summary>
    /// <param name="file">The file.</param>
    /// <param name="columns">Its columns, as the engine writes a struct: <c>{name: 'TYPE', …}</c>.</param>
    public static string JsonLines(string file, string columns) =>
        $"read_json({Patterns([file])}, format = 'newline_delimited', hive_partitioning = false, "
        + $"union_by_name = false, columns = {columns})";

    /// <summary>A file's number of rows, as one value of a query: from its footer.</summary>
    public static string CountOf(string file) =>
        $"SELECT num_rows::BIGINT FROM parquet_file_metadata({Patterns([file])})";

    /// <summary>Where each column's pages begin, and how long they are together.</summary>
    public static string Chunks(string file) => $"""
        SELECT least(data_page_offset, coalesce(nullif(dictionary_page_offset, 0), data_page_offset)),
            total_compressed_size
        FROM parquet_metadata({Patterns([file])}) ORDER BY ALL
        """;

    /// <summary>The texts that a file's writer put into its footer: <c>key, value</c>.</summary>
    public static string Notes(string file) =>
        $"SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata({Patterns([file])})";

    /// <summary>
    /// The columns of one file, in their order: what it says itself, before any other file is looked at.
    /// </summary>
    public static IReadOnlyList<ParquetColumn> Columns(Engine engine, string file)
    {
        var read = engine.Query(
            $"SELECT column_name, column_type FROM (DESCRIBE FROM {Rows(file)})",
            row => (Name: row.GetString(0), Type: row.GetString(1)));
        var schema = engine.Query(
            "SELECT name, coalesce(num_children, 0), coalesce(logical_type, '') "
                + $"FROM parquet_schema({Patterns([file])})",
            row => (Name: row.GetString(0), Children: row.GetInt64(1), Logical: row.GetString(2)));
        // Depth first, the root before all: a column's parts follow it.
        var top = new List<(string Name, string Logical)>();
        for (var at = 1; at < schema.Count; at = After(at))
            top.Add((schema[at].Name, schema[at].Logical));
        // The engine renames a column whose name another has but for its case; the file's own names tell.
        return [.. read.Select((column, at) =>
        {
            var (name, logical) = top.Count == read.Count ? top[at] : (column.Name, "");
            return new ParquetColumn(
                name, column.Type,
                column.Type == "TIMESTAMP WITH TIME ZONE" && logical.Contains("NanoSeconds", StringComparison.Ordinal));
        })];

        int After(int at)
        {
            var next = at + 1;
            for (var part = 0L; part < schema[at].Children && next < schema.Count; part++)
                next = After(next);
            return next;
        }
    }

    /// <summary>What keeps a file from being read to its end, in words; null = nothing does.</summary>
    public static string? Damage(Engine engine, string file)
    {
        try
        {
            engine.Query($"SELECT bit_xor(hash(COLUMNS(*))) FROM {Rows(file)}", _ => 0);
            return null;
        }
        catch (DuckDBException broken) when (!FileFailure.IsOfTheMachine(broken))
        {
            return Words(broken);
        }
    }

    /// <summary>What the engine says of a file that it cannot read, for people: what it is, and what to do.</summary>
    public static string Words(DuckDBException broken)
    {
        var said = broken.Message.Split('\n')[0];
        if (said.Contains("encrypt", StringComparison.OrdinalIgnoreCase))
            return "it is encrypted, and there is no way to give Aval its key. Write it again without encryption";
        if (said.Contains("compression codec", StringComparison.OrdinalIgnoreCase))
            return $"it is compressed in a way that cannot be read: {said.TrimEnd('.')}. "
                + "Write it again with zstd or snappy";
        return $"expected a whole Parquet file, but it is torn, damaged or something else: {said.TrimEnd('.')}. "
            + "Fetch it again";
    }

    /// <summary>
    /// A path as the engine is asked for it: it takes names for patterns, and this is the pattern that means just this
    /// name. Made absolute, because the engine takes <c>~</c> and <c>s3:</c> at the beginning for something else.
    /// </summary>
    /// <exception cref="AvalException">Bad input: the engine has no pattern that means this name.</exception>
    public static string Pattern(string path)
    {
        var full = Path.GetFullPath(path);
        if (full.AsSpan().IndexOfAny('*', '?', '[') < 0)
            return full;
        if (full.Contains('\\', StringComparison.Ordinal))
        {
            throw AvalException.BadInput(
                $"{path}: the engine cannot be asked for a path that has a backslash and one of * ? [ in it without "
                + "taking it for a pattern. Nothing was done. Rename the file or the folder.");
        }

        return string.Concat(full.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : c.ToString()));
    }

    /// <summary>
    /// The spellings of paths that have to be allowed where the engine reaches nothing else: each as it is and as it is
    /// asked for.
    /// </summary>
    public static IEnumerable<string> Spellings(IEnumerable<string> paths) =>
        paths.SelectMany(path => (string[])[path, Pattern(path)]).Distinct(StringComparer.Ordinal);

    private static string Patterns(IEnumerable<string> files) => Engine.Literal(files.Select(Pattern));
}
