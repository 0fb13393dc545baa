using System.Security.Cryptography;
using System.Text;
using Aval.Authors;
using Aval.Content;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Founding;

/// <summary>Makes a workspace: its folders, its keys, the beginning of its log of imports, and aval.yaml.</summary>
internal static class NewWorkspace
{
    /// <summary>Makes a workspace in <paramref name="directory"/>, with keys of its own.</summary>
    /// <exception cref="AvalException">Bad input: there is a workspace already.</exception>
    public static Workspace Create(string directory, Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var root = Path.GetFullPath(directory);
        var file = Path.Combine(root, Workspace.FileName);
        if (File.Exists(file))
            throw AvalException.BadInput($"{file}: there is a workspace here already. Nothing was changed.");
        var workspace = new Workspace(root, settings);
        FileModes.MakeReadableFolder(root);
        FileModes.MakeReadableFolder(workspace.Corpus);
        foreach (var secret in new[] { workspace.Content, workspace.Lineage, workspace.Keys })
            FileModes.MakePrivateFolder(secret);
        MakeKeys(workspace);
        if (!Directory.EnumerateFileSystemEntries(workspace.Content).Any())
            ImportLog.Begin(workspace);
        // Last: a directory without this file is not a workspace yet, so a kill before this line leaves nothing usable.
        var yaml = Encoding.UTF8.GetBytes(settings.ToYaml());
        Durable.Replace(file, yaml);
        return workspace with { Settings = settings.Of(yaml) };
    }

    // Never over a key that is there: a kill may have left some.
    private static void MakeKeys(Workspace workspace)
    {
        if (!File.Exists(workspace.KeyFile))
        {
            var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(WorkspaceKey.Size));
            Durable.CreateNew(workspace.KeyFile, Encoding.ASCII.GetBytes(secret + "\n"), Durable.Private);
        }

        if (!File.Exists(workspace.SigningKeyFile))
            SigningKey.Generate(workspace.Settings.Origin).CreateNew(workspace.SigningKeyFile);
        if (!File.Exists(workspace.VrfKeyFile))
            VrfKey.Generate().CreateNew(workspace.VrfKeyFile);
    }
}
