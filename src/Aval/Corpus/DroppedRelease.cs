using System.Text.Json;
using Aval.Storage;

namespace Aval.Corpus;

/// <summary>
/// A release that is not kept any longer (GDPR Art. 5(1)(e)): its rows, lineage and authors go; its manifest, what
/// commits to it, and the numbers stay, so that whatever refers to it can be told what it was. Every release that was
/// not dropped is <em>retained</em>.
/// </summary>
/// <param name="At">When.</param>
internal sealed record DroppedRelease(DateTimeOffset At)
{
    /// <summary>Its name in a release: written before anything goes, so that nobody takes half a release for a
    /// whole.</summary>
    public const string FileName = "dropped.json";

    /// <summary>The folder beside the lineage of a corpus's releases in which its last build kept what texts were
    /// compared by, for the next one.</summary>
    public const string SketchedFolder = "sketched";

    private static readonly string[] Going = ["shards", "authors"];

    /// <summary>Whether and when a release was dropped; null = it is retained.</summary>
    /// <param name="release">Its folder.</param>
    public static DroppedRelease? Of(string release)
    {
        var path = Path.Combine(release, FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return new DroppedRelease(document.RootElement.GetProperty("at").ToInstant());
        }
        catch (Exception broken) when (MalformedJson.Threw(broken))
        {
            throw AvalException.BadInput($"{path}: expected when this release was dropped, but {broken.Message} "
                + "Nothing was done. Restore the file from your backup, or drop the release again.", broken);
        }
    }

    /// <summary>Drops a release, or goes on with that after a kill. Files that other releases share stay
    /// theirs.</summary>
    /// <param name="workspace">Whose release it is.</param>
    /// <param name="release">Its folder.</param>
    /// <param name="now">The clock's instant.</param>
    /// <returns>The bytes that this release had alone or shared.</returns>
    public static long Drop(Workspace workspace, string release, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        // Also where that file is damaged: what it says is known again then, and nothing else brings it back.
        if (!IsStated(release))
        {
            Durable.Replace(Path.Combine(release, FileName), JsonText.Write(json =>
            {
                json.WriteStartObject();
                json.WriteString("at", now.ToText());
                json.WriteEndObject();
            }));
        }

        var corpus = Path.GetFileName(Path.GetDirectoryName(release)!);
        var folders = Folders(workspace, release);
        var bytes = folders
            .Sum(folder => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
                .Sum(file => file.Length));
        foreach (var folder in folders)
            Directory.Delete(folder, recursive: true);
        Durable.FlushDirectory(release);
        // Where no release is kept there is none to go on from.
        var sketched = Path.Combine(workspace.Lineage, corpus, SketchedFolder);
        if (Directory.Exists(sketched) && !ReleaseName.Retained(Path.GetDirectoryName(release)!).Any())
            Directory.Delete(sketched, recursive: true);
        return bytes;
    }

    /// <summary>What is still there of a release that was dropped, because the command was killed; none = it is
    /// retained, or gone as it should be.</summary>
    /// <param name="workspace">Whose release it is.</param>
    /// <param name="release">Its folder.</param>
    public static IReadOnlyList<string> Left(Workspace workspace, string release)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return Of(release) is null ? [] : Folders(workspace, release);
    }

    private static string[] Folders(Workspace workspace, string release)
    {
        var corpus = Path.GetFileName(Path.GetDirectoryName(release)!);
        var lineage = Path.Combine(workspace.Lineage, corpus, Path.GetFileName(release));
        return [.. Going.Select(name => Path.Combine(release, name)).Append(lineage).Where(Directory.Exists)];
    }

    private static bool IsStated(string release)
    {
        try
        {
            return Of(release) is not null;
        }
        catch (AvalException)
        {
            return false;
        }
    }
}
