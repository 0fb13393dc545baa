using System.Net;
using Aval.Founding;
using Aval.Portal;
using Aval.Portal.Api;
using Aval.Portal.Webhooks;
using Aval.Storage;

namespace Aval.Tests.Portal;

/// <summary>What portal.yaml says of programs, proxies and webhooks, and what it must not say.</summary>
public sealed class PortalSettingsTests : IDisposable
{
    private const string Sha = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Other = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private readonly TemporaryFolder _folder = new();
    private readonly Workspace _workspace;

    public PortalSettingsTests()
    {
        _workspace = NewWorkspace.Create(_folder.File("workspace"), Settings.Default);
        Secret("good", $"whsec_{Convert.ToBase64String(new byte[32])}");
        Secret("short", $"whsec_{Convert.ToBase64String(new byte[8])}");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Agents_proxies_and_webhooks_are_read_and_an_agent_of_which_nothing_more_is_said_only_brings_choices()
    {
        var settings = Read($$"""
            agents:
              - {name: an-ngo, token-sha256: {{Sha}}}
              - {name: back.office, token-sha256: {{Other}}, scopes: ["stances:read", "choices:read"], per-minute: 30}
            trusted-proxies: [10.0.0.0/8, "fd00::/8"]
            webhooks: [{name: hook, url: "https://hooks.example.org/a", secret-file: good, events: [recall.done]}]
            webhook-networks: [192.168.7.0/24]
            """);
        Assert.Equal([AgentScope.WriteChoices], settings.Agents[0].Scopes);
        Assert.Equal(
            [AgentScope.ReadChoices, AgentScope.ReadStances], settings.Agents[1].Scopes.Order());
        Assert.Equal(30, settings.Agents[1].PerMinute);
        Assert.Equal(["10.0.0.0/8", "fd00::/8"], settings.TrustedProxies.Select(network => network.ToString()));
        var hook = Assert.Single(settings.Webhooks);
        Assert.Equal([WebhookEvent.RecallDone], hook.Events);
        Assert.Equal(32, hook.Secret.Length);
        Assert.Equal(IPNetwork.Parse("192.168.7.0/24"), Assert.Single(settings.WebhookNetworks));
    }

    [Theory]
    [InlineData($"agents: [{{name: a, token-sha256: {Sha}, scopes: [\"everything\"]}}]", "a scope is one of")]
    [InlineData($"agents: [{{name: a, token-sha256: {Sha}}}, {{name: a, token-sha256: {Other}}}]", "of its own")]
    [InlineData($"agents: [{{name: a, token-sha256: {Sha}}}, {{name: b, token-sha256: {Sha}}}]", "of its own")]
    [InlineData($"agents: [{{name: \"a, b\", token-sha256: {Sha}}}]", "an agent's name")]
    [InlineData($"agents: [{{name: a, token-sha256: {Sha}, per-minute: 0}}]", "per-minute")]
    [InlineData($"agents: [{{name: a, token-sha256: {Sha}, admin: true}}]", "unknown")]
    [InlineData("trusted-proxies: [everybody]", "a network is")]
    [InlineData("trusted-proxies: 10.0.0.0/8", "a list")]
    [InlineData("webhooks: [{name: a, url: \"file:///etc\", secret-file: good, events: [recall.done]}]", "url is")]
    [InlineData("webhooks: [{name: a, url: \"https://a:b@c.example\", secret-file: good, events: [recall.done]}]",
        "url is")]
    [InlineData("webhooks: [{name: ../a, url: \"https://c.example\", secret-file: good, events: [recall.done]}]",
        "name has")]
    [InlineData("webhooks: [{name: a, url: \"https://c.example\", secret-file: good, events: [all]}]", "an event is")]
    [InlineData("webhooks: [{name: a, url: \"https://c.example\", secret-file: good, events: []}]", "a webhook has")]
    [InlineData("webhooks: [{name: a, url: \"https://c.example\", secret-file: none, events: [recall.done]}]",
        "is missing")]
    [InlineData("webhooks: [{name: a, url: \"https://c.example\", secret-file: short, events: [recall.done]}]",
        "24 to 64 bytes")]
    public void What_cannot_be_meant_is_refused_with_its_place(string line, string expected)
    {
        var refused = Assert.Throws<AvalException>(() => Read(line));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    private PortalSettings Read(string more)
    {
        Durable.Replace(Path.Combine(_workspace.Root, PortalSettings.FileName), $"{PortalSettings.Example}\n{more}\n");
        return PortalSettings.Read(_workspace);
    }

    private void Secret(string name, string text) => Durable.Replace(
        Path.Combine(_workspace.Root, name), System.Text.Encoding.ASCII.GetBytes(text + "\n"), Durable.Private);
}
