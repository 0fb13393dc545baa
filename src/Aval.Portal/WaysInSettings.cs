using System.Net.Mail;
using Aval.Portal.Doors;

namespace Aval.Portal;

/// <summary>A provider of OpenID Connect.</summary>
/// <param name="Name">Its name, as people know it.</param>
/// <param name="Issuer">Its issuer identifier; the rest is discovered there (OpenID Connect Discovery 1.0).</param>
/// <param name="Client">Under which id it knows this portal.</param>
/// <param name="SecretFile">A file with the client's secret; null = it has none.</param>
/// <param name="Claim">Which claim tells who somebody is.</param>
internal sealed record OpenIdSettings(string Name, Uri Issuer, string Client, string? SecretFile, string Claim)
{
    /// <summary>How long its answer is waited for.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The keys of a section that states one.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["name", "issuer", "client", "secret-file", "claim"];

    /// <summary>Reads one out of a section.</summary>
    /// <exception cref="AvalException">Bad input, with line and column.</exception>
    public static OpenIdSettings Read(Members said, Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(said);
        var issuer = said.Required("issuer");
        return new OpenIdSettings(
            said.Required("name"),
            Uri.TryCreate(issuer, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.IsLoopback)
                ? url
                : throw said.At("issuer").Wrong("issuer is https://…, or http:// on this machine alone"),
            said.Required("client"), said.File("secret-file", workspace), said.Optional("claim") ?? "sub");
    }
}

/// <summary>A provider that people log in with.</summary>
/// <param name="Provider">Which.</param>
/// <param name="Service">On which service the account is whose id its claim holds.</param>
internal sealed record PersonsProvider(OpenIdSettings Provider, string Service)
{
    /// <summary>Reads <c>openid</c> of portal.yaml.</summary>
    /// <exception cref="AvalException">Bad input, with line and column.</exception>
    public static PersonsProvider Read(SettingsNode value, Workspace workspace)
    {
        var said = Members.Of(
            value, "openid", "openid states name, issuer, client and service, and may state secret-file and claim",
            [.. OpenIdSettings.Keys, "service"]);
        return new PersonsProvider(OpenIdSettings.Read(said, workspace), said.Required("service"));
    }
}

/// <summary>The provider that the officer's side is entered by, and who may.</summary>
/// <param name="Provider">Which.</param>
/// <param name="Who">By what its claim holds: nobody else enters.</param>
internal sealed record OfficersProvider(OpenIdSettings Provider, IReadOnlyDictionary<string, ShownOfficer> Who)
{
    /// <summary>Reads <c>officers</c> of portal.yaml.</summary>
    /// <exception cref="AvalException">Bad input, with line and column.</exception>
    public static OfficersProvider Read(SettingsNode value, Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(value);
        const string expected = "officers states openid and who";
        OpenIdSettings? provider = null;
        var who = new Dictionary<string, ShownOfficer>(StringComparer.Ordinal);
        foreach (var (key, at, said) in value.Members(expected))
        {
            if (key == "openid")
            {
                provider = OpenIdSettings.Read(
                    Members.Of(
                        said, "openid", "openid states name, issuer and client, and may state secret-file and claim",
                        OpenIdSettings.Keys),
                    workspace);
            }
            else if (key == "who")
            {
                foreach (var one in said.Items("who is a list"))
                    Add(who, one);
            }
            else
            {
                throw at.Wrong($"the key \"{Shown.Of(key)}\" is unknown; {expected}");
            }
        }

        return provider is not null && who.Count > 0
            ? new OfficersProvider(provider, who)
            : throw value.Wrong(expected);
    }

    private static void Add(Dictionary<string, ShownOfficer> who, SettingsNode one)
    {
        const string expected = "each of who states id, name, and role: officer, auditor or agent";
        var said = Members.Of(one, "who", expected, ["id", "name", "role"]);
        var role = said.Required("role") switch
        {
            "officer" => OfficerRole.Officer,
            "auditor" => OfficerRole.Auditor,
            "agent" => OfficerRole.Agent,
            _ => throw said.At("role").Wrong(expected),
        };
        // Of two roles of one person nobody could tell which counts.
        if (!who.TryAdd(said.Required("id"), new ShownOfficer(said.Required("name"), role)))
            throw one.Wrong("each id stands in who once");
    }
}

/// <summary>How links to log in with are mailed.</summary>
/// <param name="From">The sender.</param>
/// <param name="KeyFile">The key of the accounts' <c>contact</c> (<see cref="ContactKey"/>).</param>
/// <param name="Post">Where letters are handed in.</param>
internal sealed record MailSettings(MailAddress From, string KeyFile, PostSettings Post)
{
    /// <summary>Reads <c>mail</c> of portal.yaml.</summary>
    /// <exception cref="AvalException">Bad input, with line and column.</exception>
    public static MailSettings Read(SettingsNode value, Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(workspace);
        const string expected = "mail states from, key-file, and smtp or drop; beside smtp it may state security, user "
            + "and password-file";
        var said = Members.Of(
            value, "mail", expected, ["from", "key-file", "smtp", "drop", "security", "user", "password-file"]);
        if (said.Optional("smtp") is null == said.Optional("drop") is null)
            throw value.Wrong(expected);
        return new MailSettings(
            MailAddress.TryCreate(said.Required("from"), out var from)
                ? from
                : throw said.At("from").Wrong("from is an e-mail address, such as Choices <choices@example.org>"),
            said.File("key-file", workspace) ?? throw value.Wrong(expected),
            said.Optional("smtp") is null
                ? new PostSettings.Drop(said.File("drop", workspace)!)
                : ReadServer(said, workspace));
    }

    private static PostSettings.Server ReadServer(Members said, Workspace workspace)
    {
        var (host, port) = said.Required("smtp").Split(':') is [{ Length: > 0 } name, var number]
            && ushort.TryParse(number, out var parsed) && parsed > 0
                ? (name, (int)parsed)
                : throw said.At("smtp").Wrong("smtp is HOST:PORT");
        var security = said.Optional("security") ?? "starttls";
        if (security is not ("starttls" or "tls" or "none"))
            throw said.At("security").Wrong("security is starttls, tls, or none");
        if (security == "none" && host is not ("localhost" or "127.0.0.1" or "::1"))
            throw said.At("security").Wrong("security is none on this machine alone, since whoever reads along could "
                + "log in as others");
        return new PostSettings.Server(
            host, port, security, said.Optional("user"), said.File("password-file", workspace));
    }
}

/// <summary>Where letters are handed in.</summary>
internal abstract record PostSettings
{
    /// <summary>A mail server.</summary>
    /// <param name="Host">Its name.</param>
    /// <param name="Port">Its port.</param>
    /// <param name="Security"><c>starttls</c>, <c>tls</c> or <c>none</c>.</param>
    /// <param name="User">Who hands in; null = nobody is asked.</param>
    /// <param name="PasswordFile">A file with the password.</param>
    internal sealed record Server(string Host, int Port, string Security, string? User, string? PasswordFile)
        : PostSettings;

    /// <summary>A folder in which each letter is a file: for trying the portal out.</summary>
    internal sealed record Drop(string Folder) : PostSettings;
}

/// <summary>The texts of one section of portal.yaml, by key.</summary>
internal sealed class Members
{
    private readonly SettingsNode _section;
    private readonly string _expected;
    private readonly Dictionary<string, SettingsNode> _values;

    private Members(SettingsNode section, string expected, Dictionary<string, SettingsNode> values) =>
        (_section, _expected, _values) = (section, expected, values);

    /// <summary>Reads a section.</summary>
    /// <param name="section">Where it stands.</param>
    /// <param name="name">Its name.</param>
    /// <param name="expected">What should stand there.</param>
    /// <param name="known">The keys that it may have.</param>
    public static Members Of(SettingsNode section, string name, string expected, IReadOnlyList<string> known)
    {
        ArgumentNullException.ThrowIfNull(section);
        var values = new Dictionary<string, SettingsNode>(StringComparer.Ordinal);
        foreach (var (key, at, value) in section.Members(expected))
        {
            if (!known.Contains(key))
                throw at.Wrong($"the key \"{Shown.Of(key)}\" is unknown; {name} has {string.Join(", ", known)}");
            values[key] = value;
        }

        return new Members(section, expected, values);
    }

    /// <summary>Where a key's value stands.</summary>
    public SettingsNode At(string key) => _values.GetValueOrDefault(key) ?? _section;

    /// <summary>A text; null = it is not stated.</summary>
    public string? Optional(string key) => _values.TryGetValue(key, out var value) ? value.Text(_expected) : null;

    /// <summary>A text that must be stated.</summary>
    public string Required(string key) => Optional(key) ?? throw _section.Wrong(_expected);

    /// <summary>A path, from the workspace on; null = it is not stated.</summary>
    public string? File(string key, Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return Optional(key) is { } path ? Path.GetFullPath(path, workspace.Root) : null;
    }
}
