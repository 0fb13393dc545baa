namespace Aval.Content.Tables;

/// <summary>The files of one import.</summary>
/// <param name="Files">Full paths in ordinal order, each once.</param>
/// <param name="Roots">For each of them, the folder that was given or in which it was found: above it, names say
/// nothing.</param>
/// <param name="PassedOver">Names in given folders and patterns that are no tables by what other programs put beside
/// tables.</param>
internal sealed record TableFiles(
    IReadOnlyList<string> Files, IReadOnlyList<string> Roots, IReadOnlyList<string> PassedOver)
{
    /// <summary>The files that paths, folders and patterns name.</summary>
    /// <exception cref="AvalException">Bad input: a path names nothing, or a table of a kind that is more than its
    /// files.</exception>
    public static TableFiles Find(IEnumerable<string> paths)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var passedOver = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var full = Path.GetFullPath(path);
            // A name is itself before it is a pattern.
            var found = File.Exists(full) ? [(full, Path.GetDirectoryName(full)!)]
                : Directory.Exists(full) ? Below(full, full, passedOver)
                : full.AsSpan().IndexOfAny('*', '?') >= 0 ? Matches(full, passedOver) : [];
            if (found.Count == 0)
                throw Nothing(path, full);
            foreach (var (file, root) in found)
                files.TryAdd(file, root);
        }

        foreach (var folder in files.Keys.Select(file => Path.GetDirectoryName(file)!).Distinct())
            RequirePlain(folder);
        return new TableFiles([.. files.Keys], [.. files.Values], [.. passedOver]);
    }

    private static AvalException Nothing(string path, string full) => AvalException.BadInput(Directory.Exists(full)
        ? $"{path}: there is no table in this folder: expected files that end in .parquet, .csv or .jsonl (the latter "
            + "two also with .gz or .zst). Nothing was imported. Name the folder that holds them and run the "
            + "import again."
        : $"{path}: there is no such file. Nothing was imported. Correct its name and run the import again.");

    private static List<(string File, string Root)> Below(string folder, string root, SortedSet<string> passedOver)
    {
        RequirePlain(folder);
        var found = Kept(Directory.EnumerateFiles(folder), root, passedOver);
        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            if (IsBeside(inner))
                passedOver.Add(Path.GetFileName(inner) + "/");
            else
                found.AddRange(Below(inner, root, passedOver));
        }

        return found;
    }

    private static List<(string File, string Root)> Matches(string pattern, SortedSet<string> passedOver)
    {
        var directory = Path.GetDirectoryName(pattern)!;
        return Directory.Exists(directory)
            ? Kept(Directory.EnumerateFiles(directory, Path.GetFileName(pattern)), directory, passedOver)
            : [];
    }

    private static List<(string File, string Root)> Kept(
        IEnumerable<string> files, string root, SortedSet<string> passedOver)
    {
        var kept = new List<(string, string)>();
        foreach (var file in files)
        {
            if (IsBeside(file))
                passedOver.Add(Path.GetFileName(file));
            else
                kept.Add((file, root));
        }

        return kept;
    }

    // _SUCCESS, _metadata, _common_metadata, _temporary/; .part-0.parquet.crc, .ipynb_checkpoints/: Spark, Hadoop and
    // others leave them beside tables, and read past them by the same rule.
    private static bool IsBeside(string path) =>
        Path.GetFileName(path) is var name
        && (name[0] is '_' or '.' || name.EndsWith(".crc", StringComparison.OrdinalIgnoreCase));

    // Which of their files count, and which rows of them, stands in a log beside: read as plain Parquet, what was
    // deleted is back.
    private static void RequirePlain(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            var kind = Directory.Exists(Path.Combine(at.FullName, "_delta_log")) ? "Delta Lake"
                : Directory.Exists(Path.Combine(at.FullName, ".hoodie")) ? "Hudi"
                : IsIceberg(at.FullName) ? "Iceberg" : null;
            if (kind is not null)
            {
                throw AvalException.BadInput(
                    $"{at.FullName}: this is a {kind} table. Its folder also holds files and rows that were deleted or "
                    + "replaced, and only its log says which; read as Parquet, they would be back. "
                    + "Nothing was imported. Write its current version as plain Parquet into another folder "
                    + "(in Spark: spark.table(…).write.parquet(…)) and import that.");
            }
        }
    }

    private static bool IsIceberg(string folder) => Path.Combine(folder, "metadata") is var metadata
        && Directory.Exists(metadata) && Directory.EnumerateFiles(metadata, "*.metadata.json*").Any();
}
