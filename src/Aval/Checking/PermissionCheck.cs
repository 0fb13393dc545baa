using Aval.Authors;
using Aval.Corpus;
using Aval.Storage;

namespace Aval.Checking;

/// <summary>Whether what names people is its owner's alone.</summary>
internal static class PermissionCheck
{
    public static IEnumerable<string> Faults(Workspace workspace)
    {
        foreach (var place in Places(workspace).Where(Path.Exists))
        {
            var open = Below(place).Where(FileModes.IsOpenToOthers).ToList();
            if (open.Count > 0)
                yield return $"{open[0]}: others than its owner can reach this, and it names "
                    + $"people{(open.Count > 1 ? $" (so can they {open.Count - 1} more)" : "")}. Run: chmod -R "
                    + $"go= {place}";
        }
    }

    private static IEnumerable<string> Places(Workspace workspace) =>
    [
        workspace.Keys, workspace.Content, workspace.Lineage, workspace.Temporary, workspace.Runs,
        workspace.Cases, workspace.Models, workspace.Erasing, workspace.Contacts,
        workspace.Choices, workspace.Choices + "-wal", workspace.Choices + "-shm",
        .. Directory.Exists(workspace.Corpus)
            ? Directory.GetDirectories(workspace.Corpus).SelectMany(ReleaseName.Releases)
            .Select(release => Path.Combine(release, ReleaseAuthors.Directory, ReleaseAuthors.AuditDirectory)) : [],
    ];

    private static IEnumerable<string> Below(string place) => File.Exists(place)
        ? [place]
        : Directory.EnumerateFileSystemEntries(place, "*", SearchOption.AllDirectories).Prepend(place);
}
