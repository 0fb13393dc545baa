using System.Net;
using System.Text.RegularExpressions;
using Aval.Choices;
using Aval.Policies;
using Aval.Portal.Api;
using Aval.Portal.Webhooks;

namespace Aval.Portal;

/// <summary>How people log in.</summary>
/// <param name="Name">The platform's name, as people know it.</param>
/// <param name="Url">Where its login begins; <c>?nonce=…&amp;return=…</c> is added.</param>
/// <param name="Key">With which it signs assertions.</param>
internal sealed record LoginSettings(string Name, string Url, VerifierKey Key);

/// <summary>Who may bring choices through the API.</summary>
/// <param name="Name">Its name: the channel of what it brings.</param>
/// <param name="TokenSha256">SHA-256 of its token, 64 hexadecimal digits: the token itself is with the agent
/// alone.</param>
internal sealed record AgentSettings(string Name, string TokenSha256)
{
    /// <summary>What it may do.</summary>
    public IReadOnlySet<AgentScope> Scopes { get; init; } = new HashSet<AgentScope> { AgentScope.WriteChoices };

    /// <summary>
    /// The id of the association that it is: it brings what a mandate to that one covers, and nothing else. Null = it
    /// answers by itself for whom it speaks for.
    /// </summary>
    public string? Association { get; init; }

    /// <summary>How many requests a minute it may send.</summary>
    public int PerMinute { get; init; } = 6_000;
}

/// <summary>What portal.yaml says, beside aval.yaml.</summary>
/// <param name="Url">What people type: https, or http on this machine.</param>
/// <param name="Policy">The regime that people are asked under.</param>
/// <param name="Notice">The version of the information notice in force.</param>
/// <param name="Contact">Where somebody can be reached.</param>
/// <param name="Authority">To which authority people may complain.</param>
internal sealed partial record PortalSettings(
    Uri Url, Policy Policy, string Notice, string Contact, string Authority)
{
    /// <summary>The file.</summary>
    public const string FileName = "portal.yaml";

    /// <summary>An example.</summary>
    public const string Example = """
        url: https://choices.example.org
        policy: opt-out
        notice: "2025-04"
        contact: privacy@example.org
        authority: your data protection authority
        """;

    /// <summary>Versions of the notice whose links open no door any more.</summary>
    public IReadOnlyList<string> Revoked { get; init; } = [];

    /// <summary>For how long a consent holds, in days.</summary>
    public int ConsentDays { get; init; } = 365;

    /// <summary>How people log in; null = they cannot.</summary>
    public LoginSettings? Login { get; init; }

    /// <summary>A provider that people log in with; null = none.</summary>
    public PersonsProvider? OpenId { get; init; }

    /// <summary>How the officer's side is entered, beside links that are printed; null = not at all.</summary>
    public OfficersProvider? Officers { get; init; }

    /// <summary>How links to log in with are mailed; null = they are not.</summary>
    public MailSettings? Mail { get; init; }

    /// <summary>Who may bring choices through the API.</summary>
    public IReadOnlyList<AgentSettings> Agents { get; init; } = [];

    /// <summary>
    /// The proxies whose word on where a request came from is believed; none = whoever connects is the client.
    /// </summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Systems that are told what happens.</summary>
    public IReadOnlyList<WebhookSettings> Webhooks { get; init; } = [];

    /// <summary>Networks that are not public and may be told all the same, also without encryption.</summary>
    public IReadOnlyList<IPNetwork> WebhookNetworks { get; init; } = [];

    /// <summary>The URL without a slash at its end.</summary>
    public string Address => Url.GetLeftPart(UriPartial.Authority);

    /// <summary>Reads it.</summary>
    /// <exception cref="AvalException">Usage: it is not there. Bad input: it cannot be read, with line and
    /// column.</exception>
    public static PortalSettings Read(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var path = Path.Combine(workspace.Root, FileName);
        if (!File.Exists(path))
            throw AvalException.Usage($"{path}: it is missing, and it says what people are asked and where. Nothing "
                + $"was started. Write it, for example:\n{Example}");
        var text = new Dictionary<string, (string Value, SettingsNode At)>(StringComparer.Ordinal);
        var settings = new PortalSettings(new Uri("http://localhost"), null!, "", "", "");
        foreach (var (key, at, value) in SettingsNode.Load(path)?.Members($"{FileName} has keys and values") ?? [])
        {
            settings = key switch
            {
                "url" or "policy" or "notice" or "contact" or "authority" => settings,
                "revoked" => settings with
                {
                    Revoked = [.. value.Items("revoked is a list of versions").Select(one => one.Text("a version"))],
                },
                "consent-days" => settings with
                {
                    ConsentDays = value.Whole(1, 3650, "consent-days is a whole number from 1 to 3650"),
                },
                "login" => settings with { Login = ReadLogin(value) },
                "openid" => settings with { OpenId = PersonsProvider.Read(value, workspace) },
                "officers" => settings with { Officers = OfficersProvider.Read(value, workspace) },
                "mail" => settings with { Mail = MailSettings.Read(value, workspace) },
                "agents" => settings with { Agents = ReadAgents(value) },
                "trusted-proxies" => settings with
                {
                    TrustedProxies = [.. value.Items("trusted-proxies is a list of networks").Select(ReadNetwork)],
                },
                "webhooks" => settings with
                {
                    Webhooks = [.. value.Items("webhooks is a list").Select(one =>
                        WebhookSettings.Read(workspace, one))],
                },
                "webhook-networks" => settings with
                {
                    WebhookNetworks = [.. value.Items("webhook-networks is a list of networks").Select(ReadNetwork)],
                },
                _ => throw at.Wrong($"the key \"{Shown.Of(key)}\" is unknown; known are url, policy, notice, contact, "
                    + "authority, revoked, consent-days, login, openid, officers, mail, agents, trusted-proxies, "
                    + "webhooks, webhook-networks"),
            };
            if (value.Scalar is { Length: > 0 } written)
                text[key] = (written, value);
        }

        string Required(string key) => text.TryGetValue(key, out var written)
            ? written.Value
            : throw AvalException.BadInput($"{path}: {key} is missing. Nothing was started. For example:\n{Example}");
        return settings with
        {
            Url = ReadUrl(Required("url"), text["url"].At),
            Policy = PolicyReader.Read(PolicyReader.Find(Required("policy"))),
            Notice = Required("notice"),
            Contact = Required("contact"),
            Authority = Required("authority"),
        };
    }

    private static Uri ReadUrl(string written, SettingsNode at) =>
        Uri.TryCreate(written, UriKind.Absolute, out var url) && url.PathAndQuery == "/"
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
                ? url
                : throw at.Wrong("url is what people type: https://HOST, or http:// on this machine alone, since "
                    + "whoever reads along could object, and log in, in others' names");

    private static LoginSettings ReadLogin(SettingsNode value)
    {
        string? name = null, url = null;
        VerifierKey? key = null;
        foreach (var (member, at, said) in value.Members("login states name, url and key"))
        {
            switch (member)
            {
                case "name":
                    name = said.Text("the platform's name");
                    break;
                case "url":
                    url = said.Text("where its login begins");
                    break;
                case "key":
                    key = Key(said);
                    break;
                default:
                    throw at.Wrong($"the key \"{Shown.Of(member)}\" is unknown; login has name, url and key");
            }
        }

        return name is not null && url is not null && key is not null
            ? new LoginSettings(name, url, key)
            : throw value.Wrong("login states name, url and key");
    }

    private static VerifierKey Key(SettingsNode value)
    {
        try
        {
            return VerifierKey.Parse(value.Text("key is a verifier key, NAME+ID+KEY"));
        }
        catch (ProofException wrong)
        {
            throw value.Wrong(wrong.Message.TrimEnd('.'));
        }
    }

    // What an agent brought is known again by its name, so that two of one name would read each other's.
    private static AgentSettings[] ReadAgents(SettingsNode value)
    {
        AgentSettings[] agents = [.. value.Items("agents is a list").Select(ReadAgent)];
        return agents.DistinctBy(agent => agent.Name).Count() == agents.Length
            && agents.DistinctBy(agent => agent.TokenSha256).Count() == agents.Length
                ? agents
                : throw value.Wrong("each agent has a name and a token of its own, and here two have the same");
    }

    private static AgentSettings ReadAgent(SettingsNode value)
    {
        const string has = "an agent has name and token-sha256, and may have scopes, association and per-minute";
        string? name = null, sha = null;
        var agent = new AgentSettings("", "");
        foreach (var (member, at, said) in value.Members(has))
        {
            switch (member)
            {
                case "name":
                    name = AgentName().IsMatch(said.Text("the agent's name"))
                        ? said.Scalar
                        : throw said.Wrong("an agent's name has up to 64 letters, digits, points, hyphens and _");
                    break;
                case "token-sha256":
                    sha = said.Text("the SHA-256 of its token");
                    break;
                case "scopes":
                    agent = agent with { Scopes = said.Items("scopes is a list").Select(ReadScope).ToHashSet() };
                    break;
                case "association":
                    agent = agent with
                    {
                        Association = Mandates.IsAssociation(said.Text("an association's id"))
                            ? said.Scalar
                            : throw said.Wrong($"association holds {Mandates.AssociationForm}"),
                    };
                    break;
                case "per-minute":
                    agent = agent with
                    {
                        PerMinute = said.Whole(1, 1_000_000, "per-minute is a whole number from 1 to 1,000,000"),
                    };
                    break;
                default:
                    throw at.Wrong($"the key \"{Shown.Of(member)}\" is unknown; {has}");
            }
        }

        return name is not null && sha is not null && Sha256().IsMatch(sha)
            ? agent with { Name = name, TokenSha256 = sha }
            : throw value.Wrong("an agent has name, and token-sha256 of 64 hexadecimal digits in lower case");
    }

    private static AgentScope ReadScope(SettingsNode value) =>
        AgentScopes.TryParse(value.Text("a scope"), out var scope)
            ? scope
            : throw value.Wrong($"a scope is one of {string.Join(", ", AgentScopes.All)}");

    private static IPNetwork ReadNetwork(SettingsNode value) =>
        IPNetwork.TryParse(value.Text("a network"), out var network)
            ? network
            : throw value.Wrong("a network is ADDRESS/BITS without bits behind them, such as 10.0.0.0/8 or fd00::/8");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\z")]
    private static partial Regex AgentName();

    [GeneratedRegex("^[0-9a-f]{64}\\z")]
    private static partial Regex Sha256();
}
