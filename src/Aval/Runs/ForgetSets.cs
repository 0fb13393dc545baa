using System.Security.Cryptography;
using System.Text;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>
/// The forget sets that may lie on this machine still. Each is to be destroyed when its trainer is done, and holds
/// texts of people who said no, so an erasure that takes anything destroys all of them as a whole: one that is needed
/// still is written again without what is erased. The workspace knows where each lies before it is there:
/// <c>runs/forget-sets/HASH</c>, the folder's path.
/// </summary>
internal static class ForgetSets
{
    // To be there takes no longer than a file and a rename.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Remembers one, before it is there.</summary>
    /// <param name="workspace">Whose rows are in it.</param>
    /// <param name="folder">Its full path.</param>
    public static void Note(Workspace workspace, string folder)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        FileModes.MakePrivateFolder(FolderOf(workspace));
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
        Durable.Replace(
            Path.Combine(FolderOf(workspace), name), Encoding.UTF8.GetBytes(folder), Durable.Private);
    }

    /// <summary>Destroys those that are here. Can be repeated. What somebody put beside their files stays; one whose
    /// disk is not here is remembered until it is.</summary>
    /// <param name="workspace">Whose.</param>
    /// <param name="destruction">Of this workspace.</param>
    /// <returns>Their folders.</returns>
    public static IReadOnlyList<string> Destroy(Workspace workspace, Destruction destruction)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(destruction);
        if (!Directory.Exists(FolderOf(workspace)))
            return [];
        var destroyed = new List<string>();
        foreach (var note in Directory.GetFiles(FolderOf(workspace)).Order(StringComparer.Ordinal))
        {
            var folder = File.ReadAllText(note);
            ExportPlace.WaitFor(workspace, folder, Patience);
            if (!Directory.Exists(Path.GetDirectoryName(folder)))
                continue;
            if (ForgetSet.IsAt(folder))
            {
                destruction.Destroy(ForgetSet.FilesOf(folder));
                if (!Directory.EnumerateFileSystemEntries(folder).Any())
                    Directory.Delete(folder);
                destroyed.Add(folder);
            }

            File.Delete(note);
        }

        return destroyed;
    }

    private static string FolderOf(Workspace workspace) => Path.Combine(workspace.Runs, "forget-sets");
}
