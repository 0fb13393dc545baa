using Aval.Storage;

namespace Aval.Content.Tables;

/// <summary>
/// Whether the Parquet files of one import mean the same by a column. The engine would find a type for both: a
/// timestamp without a zone beside one in UTC is taken as UTC, and a column <c>Deleted</c> takes the place of another
/// file's <c>deleted</c>, so that neither is read. So each file is asked for itself.
/// </summary>
internal static class TableShapes
{
    private static readonly HashSet<string> Integers = new(StringComparer.Ordinal)
    {
        "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
    };

    /// <summary>Compares the columns that are going to be read.</summary>
    /// <param name="engine">Any.</param>
    /// <param name="files">Parquet files.</param>
    /// <param name="kind">What they hold.</param>
    /// <param name="mapping">Whose expressions read them; null = they are read by their canonical names.</param>
    /// <exception cref="AvalException">Bad input, naming the files and the column.</exception>
    /// <returns>The names of each file's columns.</returns>
    public static IReadOnlyList<IReadOnlySet<string>> RequireAlike(
        Engine engine, IReadOnlyList<string> files, ContentKind kind, Mapping? mapping)
    {
        var canonical = Canonical(kind);
        var names = new List<IReadOnlySet<string>>();
        var seen = new Dictionary<string, (string File, ParquetColumn Column)>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in files)
        {
            var columns = TableSource.Guarded(engine, [file], () => ParquetFiles.Columns(engine, file));
            RequireChecksums(engine, file);
            names.Add(columns.Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase));
            foreach (var column in columns.Where(
                column => mapping?.Names(column.Name) ?? canonical.Contains(column.Name)))
            {
                if (!seen.TryAdd(column.Name, (file, column)))
                    RequireAlike(seen[column.Name], (file, column));
                if (column.IsCut)
                    throw Cut(file, column.Name);
            }

            foreach (var column in columns)
            {
                if (mapping is null && canonical.TryGetValue(AsCanonical(column.Name), out var name)
                    && name != column.Name)
                    throw AlmostCanonical(file, column.Name);
            }
        }

        return names;
    }

    /// <summary>The canonical names, whatever their case.</summary>
    public static HashSet<string> Canonical(ContentKind kind) =>
        CanonicalColumns.Of(kind).Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>SQL of a name as a canonical one would be spelled.</summary>
    public static string AsCanonicalSql(string name) => $"replace(replace(lower(trim({name})), ' ', '_'), '-', '_')";

    /// <summary>A column that would go unread because of its case, a space or a hyphen.</summary>
    public static AvalException AlmostCanonical(string file, string column) => AvalException.BadInput(
        $"{file}: its column \"{Shown.Of(column)}\" differs from the canonical \"{AsCanonical(column)}\" by case, "
        + "spaces or hyphens alone, and would go unread. Nothing was imported. Rename it, or say with --mapping what "
        + "it is.");

    private static string AsCanonical(string name) =>
        name.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_');

    private static void RequireAlike((string File, ParquetColumn Column) one, (string File, ParquetColumn Column) other)
    {
        if (one.Column.Name != other.Column.Name || one.File == other.File)
        {
            throw AvalException.BadInput(
                $"{other.File}: its column \"{Shown.Of(other.Column.Name)}\" and \"{Shown.Of(one.Column.Name)}\" of "
                + $"{one.File} differ by case alone, and one of them would go unread. Nothing was imported. "
                + "Give both one name, or import the files one after the other.");
        }

        if (one.Column.Type != other.Column.Type
            && !(Integers.Contains(one.Column.Type) && Integers.Contains(other.Column.Type)))
        {
            throw AvalException.BadInput(
                $"{other.File}: its column \"{Shown.Of(other.Column.Name)}\" is {other.Column.Type}, but that of "
                + $"{one.File} is {one.Column.Type}, and one of them would be taken for the other. "
                + "Nothing was imported. Write both with one type, or import the files one after the other.");
        }
    }

    private static void RequireChecksums(Engine engine, string file)
    {
        if (TableSource.Guarded(engine, [file], () => PageChecksums.FirstWrong(engine, file)) is { } at)
        {
            throw AvalException.BadInput(
                $"{file}: the page at byte {at} is not what was written: its checksum does not match. "
                + "Nothing was imported. Fetch the file again and run the import again.");
        }
    }

    private static AvalException Cut(string file, string column) => AvalException.BadInput(
        $"{file}: column \"{Shown.Of(column)}\" holds instants in UTC with nanoseconds, and what is finer than a "
        + "microsecond would be cut without a word. Nothing was imported. Write it with microseconds (pandas: "
        + "coerce_timestamps=\"us\"; Spark: TIMESTAMP_MICROS) and run the import again.");
}
