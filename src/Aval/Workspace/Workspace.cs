using System.Globalization;
using System.Security.Cryptography;
using Aval.Storage;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Aval;

/// <summary>
/// One controller's workspace on disk; the names and places below are a contract (docs/design.md, "Workspace").
/// Nothing here reads content or choices: it says where they are.
/// </summary>
public sealed record Workspace(string Root, Settings Settings)
{
    /// <summary>The file that makes a directory a workspace.</summary>
    public const string FileName = "aval.yaml";

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
    public string Ledger => Path.Combine(Root, "ledger");

    /// <summary>The ledger's private signing key.</summary>
    public string SigningKeyFile => Path.Combine(Keys, "ledger.key");

    /// <summary>The private key of the authors' indices (ECVRF).</summary>
    public string VrfKeyFile => Path.Combine(Keys, "vrf.key");

    /// <summary>Working files of running commands; a kill leaves some here, a later build or import removes them.</summary>
    public string Temporary => Path.Combine(Root, "tmp");

    /// <summary>Makes a workspace in <paramref name="directory"/>, with its own key.</summary>
    /// <exception cref="AvalException">Bad input: there is a workspace already.</exception>
    public static Workspace Create(string directory, Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var root = Path.GetFullPath(directory);
        var file = Path.Combine(root, FileName);
        if (File.Exists(file))
            throw AvalException.BadInput($"{file}: there is a workspace here already. Nothing was changed.");
        var workspace = new Workspace(root, settings);
        FileModes.MakeReadableFolder(root);
        FileModes.MakeReadableFolder(workspace.Corpus);
        foreach (var secret in new[] { workspace.Content, workspace.Lineage, workspace.Keys })
            FileModes.MakePrivateFolder(secret);
        if (!File.Exists(workspace.KeyFile))
            Durable.CreateNew(workspace.KeyFile, System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(WorkspaceKey.Size)) + "\n"), Durable.Private);
        if (!File.Exists(workspace.SigningKeyFile))
            Aval.Ledger.SigningKey.Generate(settings.Origin).CreateNew(workspace.SigningKeyFile);
        if (!File.Exists(workspace.VrfKeyFile))
            Aval.Authors.VrfKey.Generate().CreateNew(workspace.VrfKeyFile);
        if (!Directory.EnumerateFileSystemEntries(workspace.Content).Any())
            Aval.Content.ImportLog.Begin(workspace);
        // Last: a directory without this file is not a workspace yet, so a kill before this line leaves nothing usable.
        Durable.Replace(file, settings.ToYaml());
        return workspace;
    }

    /// <summary>Opens <paramref name="directory"/>, or, when it is null, the nearest parent of <paramref name="start"/> that has aval.yaml.</summary>
    /// <exception cref="AvalException">Usage: there is none. Bad input: its aval.yaml cannot be read.</exception>
    public static Workspace Open(string? directory, string start)
    {
        if (directory is not null)
        {
            var root = Path.GetFullPath(directory);
            return File.Exists(Path.Combine(root, FileName))
                ? new Workspace(root, Settings.Read(Path.Combine(root, FileName)))
                : throw AvalException.Usage($"{root}: no {FileName} here, so this is no workspace. Nothing was done. Make one with: aval init {directory}");
        }

        for (var at = new DirectoryInfo(Path.GetFullPath(start)); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, FileName)))
                return new Workspace(at.FullName, Settings.Read(Path.Combine(at.FullName, FileName)));
        }

        throw AvalException.Usage($"No {FileName} in {Path.GetFullPath(start)} or above it. Nothing was done. Make a workspace with: aval init, or name one with --workspace DIR.");
    }

    /// <summary>The key under which items, accounts and rows get their pseudonyms.</summary>
    /// <exception cref="AvalException">Bad input: the key is missing or malformed.</exception>
    public WorkspaceKey ReadKey()
    {
        if (!File.Exists(KeyFile))
            throw AvalException.BadInput($"{KeyFile}: the workspace key is missing. Nothing was done. Restore it from your backup: without it, no release of this workspace can be reproduced.");
        FileModes.RequirePrivateKey(KeyFile);
        var text = File.ReadAllText(KeyFile).Trim();
        return text.Length == 2 * WorkspaceKey.Size && text.All(char.IsAsciiHexDigit)
            ? new WorkspaceKey(Convert.FromHexString(text))
            : throw AvalException.BadInput($"{KeyFile}: expected {2 * WorkspaceKey.Size} hexadecimal digits. Nothing was done. Restore the file from your backup.");
    }

    /// <summary>One importer at a time. Builds and choices go on meanwhile: content files never change, they only join.</summary>
    public FileLock LockContent(TimeSpan patience) => FileLock.Acquire(Path.Combine(Content, ".lock"), "the content of this workspace", patience);

    private string KeyFile => Path.Combine(Keys, "workspace.key");
}

/// <summary>What aval.yaml says.</summary>
/// <param name="Controller">Who decides purposes and means (GDPR Art. 4(7)); printed in cards.</param>
/// <param name="Buckets">Into how many slices accounts are spread: 1–4096. Fixed for the life of a workspace.</param>
/// <param name="Purposes">The closed vocabulary of purposes.</param>
/// <param name="Origin">The ledger's name: a URL without its scheme (C2SP tlog-checkpoint). Fixed once something was recorded.</param>
/// <param name="Store">Where choices are kept.</param>
public sealed record Settings(string Controller, int Buckets, IReadOnlyList<string> Purposes, string Origin, StoreSettings Store)
{
    /// <summary>For how long choices are kept, by kind; a kind that is not there is kept without end.</summary>
    public IReadOnlyDictionary<ChoiceKind, Retention> Retention { get; init; } = new Dictionary<ChoiceKind, Retention>();

    /// <summary>The forms of the services' ids. They stay as they are once something was imported.</summary>
    public ServiceForms Services { get; init; } = ServiceForms.Shipped;

    /// <summary>Which link values name no person, and how many accounts one person may have.</summary>
    public LinkSettings Links { get; init; } = LinkSettings.Default;

    /// <summary>The origin of a workspace that was given none.</summary>
    public const string DefaultOrigin = "localhost/ledger";

    /// <summary>The default number of buckets.</summary>
    public const int DefaultBuckets = 16;

    /// <summary>The most buckets: one open file each while a stage is written.</summary>
    public const int MaxBuckets = 4096;

    /// <summary>What a new workspace starts with.</summary>
    public static Settings Default { get; } = new("unnamed controller", DefaultBuckets, [Purpose.TrainGenerativeAi.Name, Purpose.CombineServices.Name], DefaultOrigin, StoreSettings.Sqlite);

    /// <summary>The text of aval.yaml.</summary>
    public string ToYaml() => string.Create(CultureInfo.InvariantCulture, $"""
        # One workspace = one controller (GDPR Art. 4(7)).
        controller: {Quote(Controller)}
        # How many shards a release has. A row's shard follows from its account, so this stays as it is.
        buckets: {Buckets}
        # What content may be asked for. Closed: a choice about anything else is refused.
        purposes: [{string.Join(", ", Purposes)}]
        # The ledger's name, which its checkpoints and its key bear: a URL of yours without the scheme. It stays as it is.
        origin: {Quote(Origin)}
        # How each service writes its ids (docs/formats/table.md, "Ids"). It stays as it is once something was imported.
        services: {ServicesYaml.Write(Services)}
        {Store.ToYaml()}{RetentionYaml}{(Links == LinkSettings.Default ? "" : "\n" + Links.ToYaml())}

        """);

    private string RetentionYaml => Retention.Count == 0 ? "" : $"\nretention: {{{string.Join(", ", Retention.Select(kept => $"{kept.Key.ToText()}: {kept.Value}"))}}}";

    /// <summary>Reads aval.yaml.</summary>
    /// <exception cref="AvalException">Bad input, with line and column.</exception>
    public static Settings Read(string path)
    {
        var settings = Default;
        try
        {
            var yaml = ShallowYaml.Load(path);
            if (yaml.Documents.Count == 0)
                return settings;
            if (yaml.Documents[0].RootNode is not YamlMappingNode map)
                throw Wrong(path, yaml.Documents[0].RootNode, "expected keys and values");
            foreach (var (key, value) in map.Children)
            {
                settings = ((YamlScalarNode)key).Value switch
                {
                    "controller" when value is YamlScalarNode { Value: { Length: > 0 } text } => settings with { Controller = text },
                    "buckets" when value is YamlScalarNode scalar && int.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var buckets) && buckets is >= 1 and <= MaxBuckets => settings with { Buckets = buckets },
                    "buckets" => throw Wrong(path, value, $"buckets is a whole number from 1 to {MaxBuckets}"),
                    "purposes" when value is YamlSequenceNode list => settings with { Purposes = [.. list.Select(node => Purpose.TryParse((node as YamlScalarNode)?.Value, out var purpose) ? purpose.Name : throw Wrong(path, node, $"a purpose is one of {string.Join(", ", Purpose.All)}"))] },
                    "store" when value is YamlScalarNode { Value: "sqlite" } => settings with { Store = StoreSettings.Sqlite },
                    "store" when value is YamlScalarNode { Value: "postgres" } => settings with { Store = settings.Store with { Kind = StoreKind.Postgres } },
                    "store" => throw Wrong(path, value, "store is sqlite or postgres"),
                    "connection" when value is YamlScalarNode { Value: { Length: > 0 } connection } => settings with { Store = settings.Store with { Connection = connection } },
                    "retention" when value is YamlMappingNode kinds => settings with { Retention = kinds.Children.ToDictionary(kept => Kind(path, kept.Key), kept => Period(path, kept.Key, kept.Value)) },
                    "links" => settings with { Links = LinkSettings.Read(value, (node, expected) => Wrong(path, node, expected)) },
                    "services" => settings with { Services = ServicesYaml.Read(value, (node, expected) => Wrong(path, node, expected)) },
                    "origin" when value is YamlScalarNode { Value: { } origin } => IsOrigin(origin) ? settings with { Origin = origin } : throw Wrong(path, value, $"an origin has no space and no plus sign (for example {DefaultOrigin})"),
                    var unknown => throw Wrong(path, key, $"the key \"{unknown}\" is unknown or its value has the wrong type; known are controller, buckets, purposes, origin, services, store, connection, retention, links"),
                };
            }

            return settings;
        }
        catch (YamlException broken)
        {
            throw AvalException.BadInput($"{path}, line {broken.Start.Line}, column {broken.Start.Column}: not YAML: {broken.Message} Nothing was done.", broken);
        }
    }

    /// <summary>Whether a text can name a ledger and its key (C2SP signed-note).</summary>
    public static bool IsOrigin(string text) => text is { Length: > 0 and <= 255 } && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '+');

    private static ChoiceKind Kind(string path, YamlNode node) => ChoiceKinds.TryParse((node as YamlScalarNode)?.Value, out ChoiceKind kind)
        ? kind
        : throw Wrong(path, node, $"a kind of choice is one of {string.Join(", ", Enum.GetValues<ChoiceKind>().Select(known => known.ToText()))}");

    private static Retention Period(string path, YamlNode kind, YamlNode node) => Aval.Retention.TryParse((node as YamlScalarNode)?.Value, out var period)
        ? period
        : throw Wrong(path, node, $"{kind} is kept for {Aval.Retention.Example}");

    internal static string Quote(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    private static AvalException Wrong(string path, YamlNode at, string expected) =>
        AvalException.BadInput($"{path}, line {at.Start.Line}, column {at.Start.Column}: {expected}. Nothing was done. Correct the line and run the command again.");
}

/// <summary>Which database keeps the choices.</summary>
public enum StoreKind
{
    /// <summary>choices.db in the workspace: nothing to install.</summary>
    Sqlite,

    /// <summary>PostgreSQL, when several processes or machines record at once.</summary>
    Postgres,
}

/// <summary>Where choices are kept.</summary>
/// <param name="Kind">In which database.</param>
/// <param name="Connection">PostgreSQL's connection string; empty for SQLite. A password belongs into the system's password file, not here.</param>
public sealed record StoreSettings(StoreKind Kind, string Connection)
{
    /// <summary>choices.db.</summary>
    public static StoreSettings Sqlite { get; } = new(StoreKind.Sqlite, "");

    internal string ToYaml() => Kind switch
    {
        StoreKind.Sqlite => "store: sqlite",
        StoreKind.Postgres => $"store: postgres\nconnection: {Settings.Quote(Connection)}",
    };
}
