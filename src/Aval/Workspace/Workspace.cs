using Aval.Storage;

namespace Aval;

/// <summary>
/// One controller's workspace on disk; the names and places below are a contract (docs/design.md, "Workspace").
/// Nothing here reads content or choices: it says where they are.
/// </summary>
public sealed record Workspace(string Root, Settings Settings)
{
    /// <summary>The file that makes a directory a workspace.</summary>
    public const string FileName = "aval.yaml";

    /// <summary>The name of the ledger's folder.</summary>
    internal const string LedgerFolder = "ledger";

    /// <summary>Where keys lie, readable by their owner only.</summary>
    public string Keys => Path.Combine(Root, "keys");

    /// <summary>Canonical Parquet, and what came from where.</summary>
    public string Content => Path.Combine(Root, "content");

    /// <summary>The choices, in SQLite.</summary>
    public string Choices => Path.Combine(Root, "choices.db");

    /// <summary>Releases: <c>corpus/NAME/RELEASE</c>.</summary>
    public string Corpus => Path.Combine(Root, "corpus");

    /// <summary>Row key → item and account, restricted: <c>lineage/NAME/RELEASE</c>.</summary>
    public string Lineage => Path.Combine(Root, "lineage");

    /// <summary>The ledger's tiles and checkpoint: publishable, no identifiers.</summary>
    public string Ledger => Path.Combine(Root, LedgerFolder);

    /// <summary>What left this workspace and what was made of it: statements on exports, runs and models. For its
    /// owner alone.</summary>
    public string Runs => Path.Combine(Root, "runs");

    /// <summary>Reference models, with the counts that they are made of: <c>models/NAME</c>. For its owner
    /// alone.</summary>
    public string Models => Path.Combine(Root, "models");

    /// <summary>Cases with their evidence: <c>cases/NAME</c>. For its owner alone.</summary>
    public string Cases => Path.Combine(Root, "cases");

    /// <summary>What an erasure destroys and remembers while it is under way. For its owner alone.</summary>
    public string Erasing => Path.Combine(Root, "erasing");

    /// <summary>By whose address an account is found (keyed hashes). For its owner alone.</summary>
    public string Contacts => Path.Combine(Root, "contacts");

    /// <summary>What was told to whom by webhooks.</summary>
    public string Webhooks => Path.Combine(Root, "webhooks");

    /// <summary>Its own folders: nobody else writes into one.</summary>
    public IReadOnlyList<string> Folders =>
    [
        Keys, Content, Corpus, Lineage, Ledger, Runs, Models, Cases, Erasing, Contacts, Webhooks, Temporary,
    ];

    private static Workspace At(string root)
    {
        var file = Path.Combine(root, FileName);
        var settings = Settings.Read(file);
        return settings.Layout == Settings.CurrentLayout
            ? new Workspace(root, settings)
            : throw AvalException.BadInput($"{file}: this workspace has layout {settings.Layout}, and this version of "
                + $"Aval reads layout {Settings.CurrentLayout}: it would not find what lies here. Nothing was done. "
                + "Use the version that made it, or make a new workspace with its keys/ and choices.db, and import "
                + "the content again.");
    }

    /// <summary>The key under which items, accounts and rows get their pseudonyms.</summary>
    public string KeyFile => Path.Combine(Keys, "workspace.key");

    /// <summary>The ledger's private signing key.</summary>
    public string SigningKeyFile => Path.Combine(Keys, "ledger.key");

    /// <summary>The private key of the authors' indices (ECVRF).</summary>
    public string VrfKeyFile => Path.Combine(Keys, "vrf.key");

    /// <summary>
    /// Working files of running commands; a kill leaves some here, a later build or import removes them.
    /// </summary>
    public string Temporary => Path.Combine(Root, "tmp");

    /// <summary>
    /// Opens <paramref name="directory"/>, or, when it is null, the nearest parent of <paramref name="start"/> that has
    /// aval.yaml.
    /// </summary>
    /// <exception cref="AvalException">Usage: there is none. Bad input: its aval.yaml cannot be read.</exception>
    public static Workspace Open(string? directory, string start)
    {
        if (directory is not null)
        {
            var root = Path.GetFullPath(directory);
            return File.Exists(Path.Combine(root, FileName))
                ? At(root)
                : throw AvalException.Usage($"{root}: no {FileName} here, so this is no workspace. Nothing was done. "
                    + $"Make one with: aval init {directory}");
        }

        for (var at = new DirectoryInfo(Path.GetFullPath(start)); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, FileName)))
                return At(at.FullName);
        }

        throw AvalException.Usage($"No {FileName} in {Path.GetFullPath(start)} or above it. Nothing was done. "
            + "Make a workspace with: aval init, or name one with --workspace DIR.");
    }

    /// <summary>The key under which items, accounts and rows get their pseudonyms.</summary>
    /// <exception cref="AvalException">Bad input: the key is missing or malformed.</exception>
    public WorkspaceKey ReadKey()
    {
        if (!File.Exists(KeyFile))
            throw AvalException.BadInput($"{KeyFile}: the workspace key is missing. Nothing was done. "
                + "Restore it from your backup: without it, no release of this workspace can be reproduced.");
        FileModes.RequirePrivateKey(KeyFile);
        var text = File.ReadAllText(KeyFile).Trim();
        return text.Length == 2 * WorkspaceKey.Size && text.All(char.IsAsciiHexDigit)
            ? new WorkspaceKey(Convert.FromHexString(text))
            : throw AvalException.BadInput($"{KeyFile}: expected {2 * WorkspaceKey.Size} hexadecimal digits. "
                + "Nothing was done. Restore the file from your backup.");
    }

    /// <summary>This workspace as its aval.yaml is now: whoever waited for a lock asks again.</summary>
    internal Workspace AsWritten() => this with { Settings = Settings.Read(Path.Combine(Root, FileName)) };

    /// <summary>This workspace with as many buckets as its aval.yaml states now, and all else as it was read.</summary>
    internal Workspace WithBucketsAsWritten() => this with
    {
        Settings = Settings with { Buckets = AsWritten().Settings.Buckets },
    };

    /// <summary>
    /// One importer at a time. Builds and choices go on meanwhile: content files never change, they only join.
    /// </summary>
    public FileLock LockContent(TimeSpan patience) =>
        FileLock.Acquire(Path.Combine(Content, ".lock"), "the content of this workspace", patience);

    /// <summary>The same lock when it is free; null = somebody has it.</summary>
    internal FileLock? TryLockContent() => FileLock.TryAcquire(Path.Combine(Content, ".lock"));
}
