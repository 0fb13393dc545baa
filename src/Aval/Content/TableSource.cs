using System.Security.Cryptography;
using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Content;

/// <summary>
/// The rows of the files of one import as a relation <c>source</c>, with <c>aval_file</c> (its place in the list of
/// files) and <c>aval_line</c> (line or row, from 1) beside the files' own columns.
/// </summary>
/// <param name="Columns">The files' columns and their types.</param>
/// <param name="Broken">Lines that are no rows at all.</param>
internal sealed record TableSource(IReadOnlyDictionary<string, string> Columns, IReadOnlyList<Reject> Broken)
{
    /// <summary>The most columns of a text file: each key of each line is one, so a file could make up any number.</summary>
    public const int MaxColumns = 1_000;

    /// <summary>The files that paths and patterns name, in ordinal order, each once.</summary>
    /// <exception cref="AvalException">Bad input: a path names nothing.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> paths)
    {
        var files = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var full = Path.GetFullPath(path);
            var found = File.Exists(full) ? [full] : full.IndexOfAny(['*', '?']) >= 0 ? Matches(full) : [];
            if (found.Count == 0)
                throw AvalException.BadInput($"{path}: there is no such file. Nothing was imported. Correct its name and run the import again.");
            files.UnionWith(found);
        }

        return [.. files];
    }

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
            throw AvalException.BadInput($"{path}: the file cannot be read: {failed.Message} Nothing was imported.", failed);
        }
    }

    /// <summary>Whether a file is Parquet by its ending; CSV and JSON Lines, also compressed, are text.</summary>
    /// <exception cref="AvalException">Bad input: neither.</exception>
    public static bool IsParquet(string path)
    {
        var name = Path.GetExtension(path) is ".gz" or ".zst" ? Path.GetFileNameWithoutExtension(path) : path;
        return (Path.GetExtension(name), name == path) switch
        {
            (".parquet", true) => true,
            (".csv" or ".jsonl" or ".ndjson", _) => false,
            _ => throw AvalException.BadInput($"{path}: expected a name ending in .parquet, .csv or .jsonl (the latter two also with .gz or .zst). Nothing was imported."),
        };
    }

    /// <summary>Parquet files as <c>source</c>; nothing is read yet but their footers.</summary>
    /// <exception cref="AvalException">Bad input: not Parquet, torn, or of different shapes.</exception>
    public static TableSource OfParquet(Engine engine, IReadOnlyList<string> files) => Guarded(files, () =>
    {
        engine.Execute($"CREATE OR REPLACE TEMP VIEW source AS {ParquetRows(files)}");
        var columns = engine.Query("SELECT column_name, column_type FROM (DESCRIBE source)", row => (Name: row.GetString(0), Type: row.GetString(1)));
        return new TableSource(columns.Where(column => column.Name is not ("aval_file" or "aval_line")).ToDictionary(column => column.Name, column => column.Type, StringComparer.Ordinal), []);
    });

    /// <summary>The rows of Parquet files with their place: the same relation when they are imported and whenever they are read in place.</summary>
    public static string ParquetRows(IReadOnlyList<string> files) => $"""
        SELECT * EXCLUDE (aval_name, file_row_number), list_position({Engine.Literal(files)}, aval_name) - 1 AS aval_file, file_row_number + 1 AS aval_line
        FROM read_parquet({Engine.Literal(files.Select(Literally))}, union_by_name = true, filename = 'aval_name', file_row_number = true, hive_partitioning = false)
        """;

    /// <summary>Text files as <c>source</c>: their rows are read, checked for their shape, and held by the engine, which spills.</summary>
    /// <exception cref="AvalException">Bad input: torn, not UTF-8 as a whole, without a header, a bomb.</exception>
    /// <param name="engine">Where it is made.</param>
    /// <param name="files">The files.</param>
    /// <param name="columns">The columns of files in which there is no row at all: a table of nothing is a table.</param>
    /// <param name="plain">Columns that hold no object and no list.</param>
    /// <param name="watch">Told how much of it is done, 0–1.</param>
    public static TableSource OfText(Engine engine, IReadOnlyList<string> files, IEnumerable<string> columns, IReadOnlySet<string> plain, Action<double> watch)
    {
        var broken = new List<Reject>();
        var named = new HashSet<string>(StringComparer.Ordinal);
        return OfLines(engine, files[0], files.SelectMany((file, at) => TextLines.Read(file, at, plain, named, broken, done => watch((at + done) / files.Count))), broken, named, columns);
    }

    /// <summary>Lines that something else has read, as <c>source</c>.</summary>
    /// <param name="engine">Where it is made.</param>
    /// <param name="where">The file, for messages.</param>
    /// <param name="lines">Enumerated once.</param>
    /// <param name="broken">Lines that are no rows, found while the lines are enumerated.</param>
    /// <param name="named">Columns that a header names, complete when the lines have been enumerated.</param>
    /// <param name="columns">The columns of a source that names none and in which there is no line.</param>
    public static TableSource OfLines(Engine engine, string where, IEnumerable<TextLine> lines, IReadOnlyList<Reject> broken, IReadOnlySet<string> named, IEnumerable<string> columns)
    {
        engine.Execute("CREATE OR REPLACE TEMP TABLE text_lines (aval_file INTEGER, aval_line BIGINT, json VARCHAR)");
        using (var transaction = engine.Connection.BeginTransaction())
        {
            using (var appender = engine.Connection.CreateAppender<TextLine, TextLineMap>("text_lines"))
                appender.AppendRecords(lines);
            transaction.Commit();
        }

        engine.Execute("CREATE OR REPLACE TEMP TABLE keys AS SELECT DISTINCT unnest(json_keys(json)) AS name FROM text_lines");
        var names = engine.Query("SELECT name FROM keys ORDER BY name", row => row.GetString(0)).Union(named).ToArray();
        if (names.Length == 0 && engine.Scalar<long>("SELECT count(*) FROM text_lines") == 0)
            names = [.. columns];
        if (names.Length > MaxColumns)
            throw AvalException.BadInput($"{where}: expected at most {MaxColumns} different columns, but found {names.Length}. Nothing was imported. Leave out what is not needed, or put what varies into one column.");
        var all = names;
        // To the engine, names that differ only in case are one. Canonical names have small letters, which come last.
        names = [.. names.Where(name => name.Length > 0).GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Key.ToLowerInvariant() is not ("aval_file" or "aval_line")).Select(group => group.Max(StringComparer.Ordinal)!)];
        // One pass over each line's JSON, whatever the number of columns.
        var paths = names.Select(name => "$.\"" + name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"");
        var fields = string.Concat(names.Select((name, at) => $", aval_fields[{at + 1}] AS {Engine.Identifier(name)}"));
        engine.Execute(names.Length == 0
            ? "CREATE OR REPLACE TEMP VIEW source AS SELECT aval_file, aval_line FROM text_lines"
            : $"CREATE OR REPLACE TEMP VIEW source AS SELECT aval_file, aval_line{fields} FROM (SELECT aval_file, aval_line, json_extract_string(json, {Engine.Literal(paths)}) AS aval_fields FROM text_lines)");
        return new TableSource(all.ToDictionary(name => name, _ => "VARCHAR", StringComparer.Ordinal), broken);
    }

    /// <summary>Runs what reads the files; what the engine says of them becomes an answer in our words.</summary>
    public static T Guarded<T>(IReadOnlyList<string> files, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DuckDBException broken) when (files.Count > 0)
        {
            var named = files.FirstOrDefault(file => broken.Message.Contains(file, StringComparison.Ordinal)) ?? files[0];
            throw AvalException.BadInput($"{named}: the file cannot be read, or a row does not fit the mapping: {broken.Message.Split('\n')[0]} Nothing was imported. Fetch the file again, or correct the mapping (TRY_CAST makes null of what does not fit).", broken);
        }
    }

    /// <summary>A path as the engine takes it: to it, names are patterns.</summary>
    public static string Literally(string path) => string.Concat(path.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : c.ToString()));

    private static IReadOnlyList<string> Matches(string pattern)
    {
        var directory = Path.GetDirectoryName(pattern)!;
        return directory.IndexOfAny(['*', '?']) < 0 && Directory.Exists(directory)
            ? [.. Directory.EnumerateFiles(directory, Path.GetFileName(pattern))]
            : [];
    }
}
