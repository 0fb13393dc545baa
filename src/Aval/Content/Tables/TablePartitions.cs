using System.Globalization;
using Aval.Storage;

namespace Aval.Content.Tables;

/// <summary>A column whose values stand in the names of folders.</summary>
/// <param name="Name">As the folders spell it.</param>
/// <param name="Type">VARCHAR or BIGINT.</param>
internal sealed record PartitionColumn(string Name, string Type);

/// <summary>
/// What the names of folders (<c>country=FR/</c>) say of the rows below them, because somebody said that they do: left
/// alone, they say nothing.
/// </summary>
/// <param name="Columns">The columns.</param>
/// <param name="Values">For each file, for each column, its value; null = none.</param>
internal sealed record TablePartitions(
    IReadOnlyList<PartitionColumn> Columns, IReadOnlyList<IReadOnlyList<string?>> Values)
{
    private const string NoValue = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>Reads the values of columns from the folders between each file and the path that was given.</summary>
    /// <param name="found">The files.</param>
    /// <param name="spelled">Columns and types, as <c>country:text,year:integer</c>.</param>
    /// <exception cref="AvalException">Usage: the columns are spelled otherwise. Bad input: a file lies in no such
    /// folder, or a value is none of its type.</exception>
    internal static TablePartitions Of(TableFiles found, string spelled)
    {
        var columns = spelled.Split(',').Select(Column).ToArray();
        if (columns.GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw AvalException.Usage($"--partitioned names \"{twice.Key}\" twice. Nothing was imported.");
        return new TablePartitions(
            columns, [.. found.Files.Zip(found.Roots, (file, root) => ValuesOf(file, root, columns))]);
    }

    /// <summary>
    /// Refuses folders that say something which is going to be asked for, and which the file itself does not say.
    /// </summary>
    /// <param name="found">The files.</param>
    /// <param name="asked">Whether a column is going to be read.</param>
    /// <param name="has">Whether a file has a column itself.</param>
    internal static void RequireNone(TableFiles found, Func<string, bool> asked, Func<string, string, bool> has)
    {
        foreach (var (file, root) in found.Files.Zip(found.Roots))
        {
            var unread = Pairs(file, root).Where(pair => asked(pair.Name) && !has(file, pair.Name)).ToArray();
            if (unread.Length == 0)
                continue;
            var proposed = string.Join(',', unread.Select(pair => $"{pair.Name}:"
                + (long.TryParse(pair.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                    ? "integer"
                    : "text")));
            throw AvalException.BadInput(
                $"{file}: it has no column \"{Shown.Of(unread[0].Name)}\", but lies in a folder named "
                + $"{Shown.Of(unread[0].Name)}={Shown.Of(unread[0].Value)}. Nothing was imported. "
                + $"If the folders' names belong to the table, say so: --partitioned {Shown.Of(proposed)}. "
                + "If they do not, import from a folder below them.");
        }
    }

    /// <summary>A relation with <c>aval_file</c>, and these columns beside its own.</summary>
    internal string Onto(string relation)
    {
        var columns = Columns.Select((column, at) =>
            $", ([{string.Join(", ", Values.Select(row => row[at] is { } value ? Engine.Literal(value) : "NULL"))}"
            + $"]::VARCHAR[])[aval_file + 1]::{column.Type} AS {Engine.Identifier(column.Name)}");
        return $"SELECT *{string.Concat(columns)} FROM {relation}";
    }

    private static PartitionColumn Column(string spelled) => spelled.Trim().Split(':') switch
    {
        [{ Length: > 0 } name, "text"] => new PartitionColumn(name, "VARCHAR"),
        [{ Length: > 0 } name, "integer"] => new PartitionColumn(name, "BIGINT"),
        _ => throw AvalException.Usage("--partitioned takes columns and their types, text or integer, for example "
            + $"country:text,year:integer; \"{Shown.Of(spelled)}\" was found. Nothing was imported."),
    };

    private static string?[] ValuesOf(string file, string root, IReadOnlyList<PartitionColumn> columns)
    {
        var pairs = Pairs(file, root).ToArray();
        return [.. columns.Select(column =>
        {
            var named = pairs.Where(pair => pair.Name == column.Name).ToArray();
            if (named is not [{ Value: var value }])
                throw AvalException.BadInput($"{file}: expected one folder {Shown.Of(column.Name)}=… between it and "
                    + $"{root}, but found {named.Length}. Nothing was imported. Correct --partitioned, or the path.");
            if (value is NoValue)
                return null;
            return column.Type is "VARCHAR"
                || long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
                ? value
                : throw AvalException.BadInput(
                    $"{file}: its folder {Shown.Of(column.Name)}={Shown.Of(value)} should hold an integer. "
                    + $"Nothing was imported. Say {Shown.Of(column.Name)}:text, or correct the folder's name.");
        })];
    }

    private static IEnumerable<(string Name, string Value)> Pairs(string file, string root) =>
        Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Split(Path.DirectorySeparatorChar)
            .Where(part => part.IndexOf('=', StringComparison.Ordinal) > 0)
            // Hive writes what a folder's name cannot hold as %XX.
            .Select(part => (Uri.UnescapeDataString(part[..part.IndexOf('=', StringComparison.Ordinal)]),
                Uri.UnescapeDataString(part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..])));
}
