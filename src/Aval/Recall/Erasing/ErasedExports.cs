using Aval.Runs;
using Aval.Storage;

namespace Aval.Recall.Erasing;

/// <summary>An export of a release that held what was erased.</summary>
/// <param name="Export">Its id.</param>
/// <param name="Folder">Where it was put.</param>
/// <param name="Recipient">To whom it went; null = it stayed here.</param>
/// <param name="IsDestroyed">It was still there, and is destroyed; else nobody here can reach it.</param>
internal sealed record ErasedExport(string Export, string Folder, string? Recipient, bool IsDestroyed);

/// <summary>
/// Destroys the registered exports of a release that are still on this machine, each as a whole: rows cannot be taken
/// out of an export without making it another than the one that was registered. A statement says so before it is done.
/// </summary>
internal static class ErasedExports
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Destroys those of one release, and the lists of the rows that they left out. Can be repeated.</summary>
    /// <param name="workspace">Whose register.</param>
    /// <param name="destruction">Of this workspace.</param>
    /// <param name="release">NAME/ID.</param>
    /// <param name="now">The clock's instant.</param>
    public static IReadOnlyList<ErasedExport> Destroy(
        Workspace workspace, Destruction destruction, string release, DateTimeOffset now)
    {
        var register = Register.Read(workspace);
        var told = register.Select(one => one.Stated).OfType<ExportDestroyed>().Select(one => one.Export)
            .ToHashSet(StringComparer.Ordinal);
        var exports = new List<ErasedExport>();
        foreach (var one in register.Where(one => one.Stated is ExportMade made && made.Release == release))
        {
            var made = (ExportMade)one.Stated;
            // Registered before it is there: one that asked before the release was withdrawn is there in a moment.
            ExportPlace.WaitFor(workspace, made.Folder, Patience);
            var isHere = IsHere(workspace, one.Sha256, made.Folder);
            if (isHere && !told.Contains(made.Export))
                Register.Enter(workspace, new ExportDestroyed(now, made.Export, release) { Subjects = made.Subjects });
            if (isHere)
                Destroy(destruction, made);
            if (made.LeftOut is { } list)
                destruction.Destroy([Path.Combine(workspace.Runs, "left-out", $"{list.Sha256}.txt")]);
            exports.Add(new ErasedExport(
                made.Export, made.Folder, made.Recipient, isHere || told.Contains(made.Export)));
        }

        return exports;
    }

    // Whatever else lies at that place now is somebody else's.
    private static bool IsHere(Workspace workspace, string sha256, string folder) =>
        Path.Combine(folder, Exporting.StatementFile) is var statement && File.Exists(statement)
        && File.ReadAllBytes(statement).AsSpan().SequenceEqual(
            File.ReadAllBytes(Register.FileOf(workspace, sha256)));

    // The statement last: by it an export is known, after a kill too. What somebody put beside it stays.
    private static void Destroy(Destruction destruction, ExportMade made)
    {
        destruction.Destroy(made.Subjects.Select(file => Path.Combine(made.Folder, file.Name)));
        destruction.Destroy([Path.Combine(made.Folder, Exporting.StatementFile)]);
        foreach (var folder in new[] { Path.Combine(made.Folder, "data"), made.Folder })
        {
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
        }
    }
}
