using Aval.Content;

namespace Aval.Checking;

/// <summary>Whether content is what its log says: every file as it was written, every file known.</summary>
internal static class ContentCheck
{
    // Those that end in .new are what a kill leaves of a file that was to replace the other; the next one takes its
    // place.
    private static readonly string[] Own =
        ["imports.jsonl", "imports.head", "imports.head.new", ".lock", ".checked", ".checked.new"];

    public static IEnumerable<string> Faults(Workspace workspace)
    {
        // What a compaction replaces meanwhile is not gone until this has looked at it.
        using var pin = ContentPin.Of(workspace);
        var log = ImportLog.ReadAll(workspace);
        var records = log.Records;
        var placed = log.LeftInPlace.Select(record => record.ImportId).ToHashSet(StringComparer.Ordinal);
        var replaced = log.Folds.SelectMany(fold => fold.Replaced).ToHashSet(StringComparer.Ordinal);
        // Nothing that was remembered is believed here, and what is found is remembered.
        var checks = ContentChecks.Afresh(workspace);
        foreach (var record in records)
        {
            foreach (var fault in record.Wrote.Where(file => !replaced.Contains(file.Path))
                .Select(file => Fault(checks, record.ImportId, file)).Where(fault => fault.Text is not null))
                yield return $"{fault.Text} {fault.Do}";
            if (!placed.Contains(record.ImportId))
                continue;
            foreach (var fault in record.Files.Select(file => checks.Fault(record, file)).OfType<string>())
                yield return $"{fault} Restore the file as it was; a newer one is imported as a file of its own.";
        }

        foreach (var fault in log.Folds.SelectMany(fold => fold.Wrote.Where(file => !replaced.Contains(file.Path))
            .Select(file => Fault(checks, fold.FoldId, file))).Where(fault => fault.Text is not null))
            yield return $"{fault.Text} {fault.Do}";
        foreach (var fault in log.Erasures
            .Select(erasure => Fault(checks, erasure.ErasureId, erasure.Tokens)).Where(fault => fault.Text is not null))
            yield return $"{fault.Text} {fault.Do}";
        checks.Keep();
        foreach (var stranger in Strangers(workspace, log))
        {
            yield return $"{stranger}: no import of this workspace wrote this file, so nothing reads it. It is not "
                + "deleted: an older copy of imports.jsonl may have been restored. Restore content/ as a whole, or "
                    + "move the file away.";
        }
    }

    private static (string? Text, string Do) Fault(ContentChecks checks, string writer, StoredFile file) =>
        (checks.Fault(writer, file), ItemIndex.IsPart(file.Path)
            ? $"Run: {ItemIndex.Again}."
            : "Restore the file from your backup.");

    // The files of an import that is under way, or was killed, are known by its folder.
    private static IEnumerable<string> Strangers(Workspace workspace, ReadLog log)
    {
        var known = log.Records.SelectMany(record => record.Wrote).Concat(log.Folds.SelectMany(fold => fold.Wrote))
            .Concat(log.Erasures.Select(erasure => erasure.Tokens)).Select(file => file.Path)
            // What an erasure wrote again stays until nobody reads it.
            .Concat(log.Erasures.SelectMany(erasure => erasure.Replaced)).Concat(Own).ToHashSet(StringComparer.Ordinal);
        var underWay = Path.Combine(workspace.Content, UnderWay.FolderName);
        var unfinished = Directory.Exists(underWay)
            ? Directory.GetDirectories(underWay).Select(folder => Path.GetFileName(folder)!)
                .Where(id => UnderWay.Kind(id) is not null).ToHashSet(StringComparer.Ordinal)
            : [];
        return Directory.EnumerateFiles(workspace.Content, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Where(file => ContentFiles.Relative(workspace, file) is var name && !known.Contains(name)
                && !name.StartsWith("pins/", StringComparison.Ordinal)
                && !unfinished.Any(id => ContentFiles.IsOf(file, id)) && !unfinished.Any(id =>
                    name.StartsWith($"{UnderWay.FolderName}/{id}/", StringComparison.Ordinal)));
    }
}
