using Aval.Content.Tables;

namespace Aval.Content;

/// <summary>
/// A file that was left in place, and the one that its owner wrote without what is erased, which stands in its place
/// from here on.
/// </summary>
/// <param name="Old">The file, as records name it.</param>
/// <param name="New">The owner's.</param>
internal sealed record Rewrite(string Old, SourceFile New)
{
    /// <summary>Whether an import is read from the old file.</summary>
    public bool Concerns(ImportRecord record) =>
        record is { InPlace: true, Repeats: null } && record.Files.Any(file => file.Path == Old);

    /// <summary>The imports that are read from the old file.</summary>
    /// <param name="log">The log of imports.</param>
    /// <exception cref="AvalException">Usage: none is.</exception>
    public IReadOnlyList<ImportRecord> Imports(ReadLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        ImportRecord[] all = [.. log.LeftInPlace.Where(Concerns)];
        return all.Length > 0 ? all : throw AvalException.Usage(
            $"--replace {Shown.Of(Old)}: no import reads this file where it lies"
                + (log.Records.Any(Concerns) ? "; it was laid out since, and erasures write that copy again" : "")
                + ". Nothing was changed. Name it as aval erase lists it.");
    }

    /// <summary>What is to stand in the place of a file.</summary>
    /// <exception cref="AvalException">Usage: both are one file, or the new one is no Parquet. Bad input: it cannot be
    /// read.</exception>
    public static Rewrite Of(string old, string @new)
    {
        var (from, to) = (Path.GetFullPath(old), Path.GetFullPath(@new));
        if (from == to)
            throw AvalException.Usage($"--replace {Shown.Of(old)}: expected another file than this one in its place. "
                + "Nothing was changed. Both are needed to hold one against the other: write the new file beside it.");
        return TableSource.IsParquet(to)
            ? new Rewrite(from, TableSource.Describe(to))
            : throw AvalException.Usage(
                $"{Shown.Of(@new)}: only Parquet can be left in place. Nothing was changed.");
    }
}
