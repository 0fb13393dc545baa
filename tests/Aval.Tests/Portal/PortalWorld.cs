using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Policies;
using Aval.Portal;
using Aval.Portal.Api;
using Aval.Portal.Doors;
using Aval.Recording;
using Aval.Tests.ContentStore;
using Aval.Tests.Runs;

namespace Aval.Tests.Portal;

/// <summary>A portal on loopback over a small platform, and the platform's own login.</summary>
internal sealed partial class PortalWorld : IAsyncDisposable
{
    public const string Token = "the-token-of-an-invented-agent";
    private readonly RunsWorld _world = new();
    private readonly SigningKey _platform = SigningKey.Generate("example.com/login");
    private readonly PortalHost _host;

    private PortalWorld(string policy, string[] revoked, Func<PortalWorld, PortalSettings, PortalSettings>? with)
    {
        Clock = new StandingClock(RunsWorld.Later);
        Address = $"http://127.0.0.1:{FreePort()}";
        Settings = new PortalSettings(
            new Uri(Address), PolicyReader.Read(PolicyReader.Find(policy)), "v2", "privacy@example.com",
            "the authority")
        {
            Revoked = revoked,
            Login = new LoginSettings("Example", "https://platform.example/login", _platform.Verifier),
            Agents =
            [
                new AgentSettings(
                    "an-ngo", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Token)))),
            ],
        };
        Settings = with?.Invoke(this, Settings) ?? Settings;
        _host = PortalHost.Start(Workspace, Settings, Address, Clock, also: null, Log).GetAwaiter().GetResult();
    }

    public string Address { get; }

    public StandingClock Clock { get; }

    /// <summary>What the operator was told; whole when the portal has ended.</summary>
    public StringWriter Log { get; } = new();

    public PortalSettings Settings { get; }

    public Workspace Workspace => _world.Workspace;

    /// <summary>The release that there was from the beginning.</summary>
    public string Release => _world.Name;

    /// <summary>The links to the officer's side.</summary>
    public OfficerLinks Officers => _host.Officers;

    /// <summary>All that it answers to.</summary>
    public IEnumerable<(string Method, string Route)> Routes => _host.Routes;

    public static PortalWorld Open(string policy = "opt-out", params string[] revoked) => new(policy, revoked, null);

    /// <summary>A portal with further settings.</summary>
    public static PortalWorld With(Func<PortalWorld, PortalSettings, PortalSettings> with) => new("opt-out", [], with);

    /// <summary>Builds another release; NAME/ID.</summary>
    public string Build(DateTimeOffset asOf) => StatedRelease.Of(_world.Build(asOf).Directory).Name;

    /// <summary>A file or folder beside the workspace.</summary>
    public string File(string name) => _world.Folder(name);

    /// <summary>Observes that an account carries an address.</summary>
    public void Contact(string account, string contact) => _world.Contact(contact, account);

    /// <summary>Observes that accounts carry one address.</summary>
    public void Contacts(IEnumerable<string> accounts, string contact) => _world.Contact(contact, accounts);

    /// <summary>Imports many posts of one account: <c>many-0</c>, the oldest, and so on.</summary>
    public void Posts(string account, int count) => _world.Posts(account, count);

    /// <summary>Imports what a mailer reports: CSV with a header.</summary>
    public void Notices(string csv) => _world.Notices(csv);

    /// <summary>With other settings.</summary>
    public static PortalWorld With(Func<PortalSettings, PortalSettings> with) =>
        With((_, settings) => with(settings));

    /// <summary>With agents of these names and scopes, each with its name as its token.</summary>
    public static PortalWorld With(params (string Name, AgentScope[] Scopes)[] agents) => With(settings =>
        settings with
        {
            Agents = [.. agents.Select(agent => Agent(agent.Name, agent.Scopes))],
        });

    /// <summary>An agent whose token is its name.</summary>
    public static AgentSettings Agent(string name, params AgentScope[] scopes) =>
        new(name, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))))
        {
            Scopes = scopes.ToHashSet(),
        };

    /// <summary>A program that calls with a token.</summary>
    public Browser Caller(string token)
    {
        var caller = Browser();
        caller.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return caller;
    }

    /// <summary>The address of a link in a notice.</summary>
    public string Link(string account, string version = "v2") =>
        $"/n/{_host.Links.Make(version, Account.Parse(account))}";

    /// <summary>A browser that follows no redirect by itself.</summary>
    public Browser Browser(string? language = null) => new(Address, language);

    /// <summary>The choices on an account that the store holds.</summary>
    public IReadOnlyList<Aval.Choices.Choice> Choices(string account)
    {
        using var choices = CommittedChoices.Open(Workspace);
        return [.. choices.Store.OfAccounts([Account.Parse(account)], choices.Store.ChoicesSize)
            .Select(one => one.Choice)];
    }

    public long AllChoices()
    {
        using var choices = CommittedChoices.Open(Workspace);
        return choices.Store.Size.Value;
    }

    /// <summary>Asks for a login, and says what it has to answer.</summary>
    public static async Task<string> Nonce(Browser browser)
    {
        using var asked = await browser.Get("/login");
        Assert.Equal(HttpStatusCode.SeeOther, asked.StatusCode);
        return Uri.UnescapeDataString(NonceIn().Match(asked.Headers.Location!.ToString()).Groups["nonce"].Value);
    }

    public string Assertion(string account, string nonce, string? audience = null, DateTimeOffset? at = null) =>
        PlatformLogin.Assert(_platform.SignBytes, audience ?? Address, account, nonce, at ?? Clock.Now);

    /// <summary>Logs in, and returns what forms have to carry.</summary>
    public async Task<string> LogIn(Browser browser, string account)
    {
        var nonce = await Nonce(browser);
        using var back = await browser.Get($"/login/return?assertion={Assertion(account, nonce)}");
        Assert.Equal(HttpStatusCode.SeeOther, back.StatusCode);
        var page = await browser.Read("/me");
        return FormIn().Match(page).Groups["form"].Value;
    }

    /// <summary>The receipt to which an act leads.</summary>
    public async Task<Receipt> ReceiptOf(Browser browser, HttpResponseMessage act, int number = 0)
    {
        Assert.Equal(HttpStatusCode.SeeOther, act.StatusCode);
        var receipt = Receipt.Parse(await browser.Bytes($"{act.Headers.Location}/{number}"));
        receipt.Verify(SigningKey.Read(Workspace.SigningKeyFile).Verifier);
        return receipt;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _world.Dispose();
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    [GeneratedRegex("[?&]nonce=(?<nonce>[^&]+)")]
    private static partial Regex NonceIn();

    [GeneratedRegex("name=\"form\" value=\"(?<form>[^\"]+)\"")]
    private static partial Regex FormIn();
}
