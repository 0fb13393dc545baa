using Aval.Cases;
using Aval.Models;

namespace Aval.Checking;

/// <summary>Whether each case and its evidence, and each reference model, is as it was kept: what is looked at when it
/// is used, for all of them.</summary>
internal static class KeptFilesCheck
{
    /// <summary>Of the cases.</summary>
    public static IEnumerable<string> OfCases(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        foreach (var name in FoldersOf(workspace.Cases))
        {
            Case? kept = null;
            if (Fault(() => kept = CaseFolder.Require(workspace, name)) is { } broken)
                yield return broken;
            foreach (var file in kept?.Evidence.SelectMany(one => one.Files) ?? [])
            {
                if (Fault(() => CaseFolder.Bytes(workspace, name, file)) is { } changed)
                    yield return changed;
            }
        }
    }

    /// <summary>Of the models that were trained here; of those that others trained nothing is kept but what was
    /// registered.</summary>
    public static IEnumerable<string> OfModels(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        foreach (var name in FoldersOf(workspace.Models).Where(name => File.Exists(
            Path.Combine(ModelFolder.Of(workspace, name), ModelStatement.FileName))))
        {
            ModelFolder? kept = null;
            if (Fault(() => kept = ModelFolder.Open(workspace, name)) is { } broken)
                yield return broken;
            foreach (var file in kept?.Statement.Files ?? [])
            {
                if (Fault(() => kept!.Require(file.Path)) is { } changed)
                    yield return changed;
            }
        }
    }

    private static IEnumerable<string> FoldersOf(string folder) => Directory.Exists(folder)
        ? Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)!)
            .Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal)
        : [];

    private static string? Fault(Func<object> look)
    {
        try
        {
            _ = look();
            return null;
        }
        catch (AvalException broken)
        {
            return broken.Message;
        }
    }
}
