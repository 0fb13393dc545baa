using System.Globalization;
using System.Security.Cryptography;
using Aval.Terms;

namespace Aval;

/// <summary>What aval.yaml says.</summary>
/// <param name="Controller">Who decides purposes and means (GDPR Art. 4(7)); printed in cards.</param>
/// <param name="Buckets">Into how many slices accounts are spread: 1–4096. Fixed for the life of a workspace.</param>
/// <param name="Purposes">The closed vocabulary of purposes.</param>
/// <param name="Origin">The ledger's name: a URL without its scheme (C2SP tlog-checkpoint). Fixed once something was
/// recorded.</param>
/// <param name="Store">Where choices are kept.</param>
public sealed record Settings(
    string Controller, int Buckets, IReadOnlyList<string> Purposes, string Origin, StoreSettings Store)
{
    /// <summary>How a workspace's files lie, of this version of Aval; a workspace of another one is refused.</summary>
    public const int CurrentLayout = 2;

    /// <summary>How the workspace's files lie; 0 = aval.yaml does not say, as before layouts had numbers.</summary>
    public int Layout { get; init; } = CurrentLayout;

    /// <summary>For how long choices are kept, by kind; a kind that is not there is kept without end.</summary>
    public IReadOnlyDictionary<ChoiceKind, Retention> Retention { get; init; } =
        new Dictionary<ChoiceKind, Retention>();

    /// <summary>The forms of the services' ids. They stay as they are once something was imported.</summary>
    public ServiceForms Services { get; init; } = ServiceForms.Shipped;

    /// <summary>Which link values name no person, and how many accounts one person may have.</summary>
    public LinkSettings Links { get; init; } = LinkSettings.Default;

    /// <summary>How often erasures are carried out, and which backups hold what they take.</summary>
    internal ErasureSettings Erasures { get; init; } = ErasureSettings.Default;

    /// <summary>Which days are working days where the controller has to act.</summary>
    internal WorkingDays WorkingDays { get; init; } = WorkingDays.Weekdays;

    /// <summary>SHA-256 of the aval.yaml that says this, as 64 hexadecimal digits: of the very bytes that were read, so
    /// that a file which is changed later is not taken for it. Empty = no file says it.</summary>
    internal string Sha256 { get; private init; } = "";

    /// <summary>The same, as some bytes of aval.yaml say it.</summary>
    internal Settings Of(byte[] yaml) => this with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(yaml)) };

    /// <summary>The origin of a workspace that was given none.</summary>
    public const string DefaultOrigin = "localhost/ledger";

    /// <summary>The default number of buckets.</summary>
    public const int DefaultBuckets = 16;

    /// <summary>The most buckets: one open file each while a stage is written.</summary>
    public const int MaxBuckets = 4096;

    /// <summary>What a new workspace starts with.</summary>
    public static Settings Default { get; } = new(
        "unnamed controller", DefaultBuckets, [.. Purpose.All.Select(purpose => purpose.Name)],
        DefaultOrigin,
        StoreSettings.Sqlite);

    /// <summary>The text of aval.yaml.</summary>
    public string ToYaml() => string.Create(CultureInfo.InvariantCulture, $"""
        # One workspace = one controller (GDPR Art. 4(7)).
        controller: {Quote(Controller)}
        # How the files below lie. It stays as it is: another version of Aval may refuse it.
        layout: {Layout}
        # How many shards a release has. A row's shard follows from its account: only aval compact --buckets changes it.
        buckets: {Buckets}
        # What content may be asked for. Closed: a choice about anything else is refused.
        purposes: [{string.Join(", ", Purposes)}]
        # The ledger's name, which its checkpoints and its key bear: a URL of yours without the scheme. It stays as it is.
        origin: {Quote(Origin)}
        # How each service writes its ids (docs/formats/table.md, "Ids"). It stays as it is once something was imported.
        services: {ServicesYaml.Write(Services)}
        {Store.ToYaml()}{RetentionYaml}{Erasures.ToYaml()}{WorkingDays.ToYaml()}{LinksYaml}

        """);

    private string LinksYaml => Links == LinkSettings.Default ? "" : "\n" + Links.ToYaml();

    private string RetentionYaml => Retention.Count == 0
        ? ""
        : $"\nretention: {{{string.Join(", ", Retention.Select(kept => $"{kept.Key.ToText()}: {kept.Value}"))}}}";

    /// <summary>Reads aval.yaml.</summary>
    /// <exception cref="AvalException">Bad input, with line and column.</exception>
    public static Settings Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        using var text = new StreamReader(new MemoryStream(bytes));
        var settings = (Default with { Layout = 0 }).Of(bytes);
        if (SettingsNode.Parse(path, text.ReadToEnd()) is not { } root)
            return settings;
        foreach (var (key, at, value) in root.Members("aval.yaml has keys and values"))
            settings = settings.With(key, at, value);
        return settings;
    }

    private Settings With(string key, SettingsNode at, SettingsNode value) => key switch
    {
        "controller" => this with { Controller = value.Text("a controller has a name") },
        "buckets" =>
            this with { Buckets = value.Whole(1, MaxBuckets, $"buckets is a whole number from 1 to {MaxBuckets}") },
        "layout" => this with { Layout = value.Whole(1, int.MaxValue, "layout is a whole number") },
        "purposes" => this with { Purposes = [.. value.Items("purposes is a list").Select(Named)] },
        "origin" => this with { Origin = Ledger(value) },
        "services" => this with { Services = ServicesYaml.Read(value) },
        "store" => this with { Store = Store with { Kind = StoreSettings.ReadKind(value) } },
        "connection" => this with { Store = Store with { Connection = value.Text("a connection is a text") } },
        "retention" => this with { Retention = Kept(value) },
        "links" => this with { Links = LinkSettings.Read(value) },
        "erase-every" => this with { Erasures = Erasures.WithEvery(value) },
        "backups" => this with { Erasures = Erasures.WithBackups(value) },
        "jurisdiction" => this with { WorkingDays = WorkingDays.Of(Whose(value)) },
        "holidays" => this with { WorkingDays = Holidays(value) },
        _ => throw at.Wrong($"the key \"{Shown.Of(key)}\" is unknown; known are controller, layout, buckets, purposes, "
            + "origin, services, store, connection, retention, links, erase-every, backups, jurisdiction, "
            + "holidays"),
    };

    /// <summary>Whether a text can name a ledger and its key (C2SP signed-note).</summary>
    public static bool IsOrigin(string text) =>
        text is { Length: > 0 and <= 255 } && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '+');

    private static string Named(SettingsNode purpose) => Purpose.TryParse(purpose.Scalar, out var known)
        ? known.Name
        : throw purpose.Wrong($"a purpose is one of {string.Join(", ", Purpose.All)}");

    private static string Ledger(SettingsNode origin) => origin.Scalar is { } text && IsOrigin(text)
        ? text
        : throw origin.Wrong($"an origin has no space and no plus sign (for example {DefaultOrigin})");

    private static Jurisdiction Whose(SettingsNode value) => Jurisdictions.TryParse(value.Scalar, out var whose)
        ? whose
        : throw value.Wrong($"jurisdiction is one of {string.Join(", ", Jurisdictions.All)}; elsewhere leave it out "
            + "and name the days under holidays");

    private WorkingDays Holidays(SettingsNode value) =>
        WorkingDays.With(value.Items("holidays is a list of days").Select(day => day.Scalar))
            ?? throw value.Wrong("holidays lists days as 2026-06-04, and days that are none as \"-2026-05-25\"");

    private static Dictionary<ChoiceKind, Retention> Kept(SettingsNode retention)
    {
        var kept = new Dictionary<ChoiceKind, Retention>();
        foreach (var (name, at, value) in retention.Members(
            "retention names kinds of choices, as in {objection: 3 years}"))
        {
            if (!ChoiceKinds.TryParse(name, out ChoiceKind kind))
                throw at.Wrong("a kind of choice is one of "
                    + $"{string.Join(", ", Enum.GetValues<ChoiceKind>().Select(known => known.ToText()))}");
            if (!Aval.Retention.TryParse(value.Scalar, out var period))
                throw value.Wrong($"{name} is kept for {Aval.Retention.Example}");
            kept.Add(kind, period);
        }

        return kept;
    }

    internal static string Quote(string text) => "\""
        + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
