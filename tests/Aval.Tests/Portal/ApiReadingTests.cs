using System.Net;
using System.Text;
using System.Text.Json;
using Aval.Ledger;
using Aval.Portal.Api;
using Aval.Recording;

namespace Aval.Tests.Portal;

/// <summary>What programs may read through the API, and what not.</summary>
public sealed class ApiReadingTests
{
    private static readonly AgentScope[] Own = [AgentScope.WriteChoices, AgentScope.ReadChoices];

    [Fact]
    public async Task An_agent_reads_what_it_brought_page_by_page_and_nobody_elses()
    {
        await using var portal = PortalWorld.With(("ada", Own), ("bo", Own));
        using var ada = portal.Caller("ada");
        using var bo = portal.Caller("bo");
        for (var number = 0; number < 3; number++)
        {
            await Bring(ada, $"facebook:{number}");
            await Bring(bo, $"facebook:{10 + number}");
        }

        using var first = await Read(ada, "/api/v1/choices?limit=2");
        Assert.Equal(["facebook:0", "facebook:1"], Accounts(first));
        // What comes in between is neither left out nor told twice.
        await Bring(ada, "facebook:3");
        using var second = await Read(ada, $"/api/v1/choices?limit=9&cursor={Next(first)}");
        Assert.Equal(["facebook:2", "facebook:3"], Accounts(second));
        Assert.False(second.RootElement.GetProperty("more").GetBoolean());
        using var end = await Read(ada, $"/api/v1/choices?cursor={Next(second)}");
        Assert.Empty(Accounts(end));
        await Bring(ada, "facebook:4");
        using var later = await Read(ada, $"/api/v1/choices?cursor={Next(end)}");
        Assert.Equal(["facebook:4"], Accounts(later));
    }

    [Fact]
    public async Task Behind_a_last_choice_that_was_forgotten_there_is_no_more()
    {
        await using var portal = PortalWorld.With(("ada", Own));
        using var ada = portal.Caller("ada");
        await Bring(ada, "facebook:1");
        var last = await Bring(ada, "facebook:2");
        using (var store = CommittedChoices.OpenStore(portal.Workspace))
        {
            var plan = Forgettings.Plan(
                portal.Workspace, store, [new EntryIndex(last)], ForgettingReason.Request, portal.Clock.Now);
            store.Forget(plan.Choices, plan.DecidedAt);
        }

        using var read = await Read(ada, "/api/v1/choices");
        Assert.Equal(["facebook:1"], Accounts(read));
        Assert.False(read.RootElement.GetProperty("more").GetBoolean());
    }

    [Fact]
    public async Task A_choice_and_its_receipt_are_there_for_whoever_brought_it_alone()
    {
        await using var portal = PortalWorld.With(("ada", Own), ("bo", Own));
        using var ada = portal.Caller("ada");
        using var bo = portal.Caller("bo");
        var index = await Bring(ada, "facebook:7");
        using var choice = await Read(ada, $"/api/v1/choices/{index}");
        Assert.Equal("facebook:7", choice.RootElement.GetProperty("choice").GetProperty("account").GetString());
        var receipt = Receipt.Parse(await ada.Bytes($"/api/v1/choices/{index}/receipt"));
        receipt.Verify(SigningKey.Read(portal.Workspace.SigningKeyFile).Verifier);
        using var nowhere = await bo.Get("/api/v1/choices/999999");
        foreach (var path in new[]
        {
            $"/api/v1/choices/{index}", $"/api/v1/choices/{index}/receipt", "/api/v1/choices/0",
            "/api/v1/choices/-1", "/api/v1/choices/x", "/api/v1/choices/99999999999999999999",
        })
        {
            using var answer = await bo.Get(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            // To the byte: nobody can tell what is another's from what is not there.
            Assert.Equal(await Browser.TextOf(nowhere), await Browser.TextOf(answer));
        }
    }

    [Theory]
    [InlineData("cursor=x")]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=-1")]
    [InlineData("acount=facebook:7")]
    [InlineData("limit=1&limit=2")]
    [InlineData("limit=")]
    public async Task A_question_that_cannot_be_meant_is_refused(string query)
    {
        await using var portal = PortalWorld.With(("ada", Own));
        using var ada = portal.Caller("ada");
        using var answer = await ada.Get($"/api/v1/choices?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_cursor_leads_on_in_one_list_of_one_agent_and_cannot_be_changed()
    {
        AgentScope[] scopes = [.. Own, AgentScope.ReadReleases];
        await using var portal = PortalWorld.With(("ada", scopes), ("bo", scopes));
        using var ada = portal.Caller("ada");
        using var bo = portal.Caller("bo");
        await Bring(ada, "facebook:7");
        using var page = await Read(ada, "/api/v1/choices?limit=1");
        var next = Next(page);
        var changed = (next[0] == 'A' ? 'B' : 'A') + next[1..];
        foreach (var (caller, path) in new[]
        {
            (bo, $"/api/v1/choices?cursor={next}"), (ada, $"/api/v1/releases?cursor={next}"),
            (ada, $"/api/v1/choices?cursor={changed}"),
        })
        {
            using var answer = await caller.Get(path);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("/api/v1/choices", AgentScope.ReadChoices)]
    [InlineData("/api/v1/choices/0", AgentScope.ReadChoices)]
    [InlineData("/api/v1/choices/0/receipt", AgentScope.ReadChoices)]
    [InlineData("/api/v1/stances?account=facebook:1", AgentScope.ReadStances)]
    [InlineData("/api/v1/requests", AgentScope.ReadRequests)]
    [InlineData("/api/v1/releases", AgentScope.ReadReleases)]
    [InlineData("/api/v1/releases/a/b", AgentScope.ReadReleases)]
    [InlineData("/api/v1/releases/a/b/proof?account=facebook:1", AgentScope.ReadProofs)]
    public async Task Nothing_is_read_without_the_scope_of_it(string path, object scope)
    {
        var others = Enum.GetValues<AgentScope>().Where(one => one != (AgentScope)scope).ToArray();
        await using var portal = PortalWorld.With(("all-but-it", others));
        using var agent = portal.Caller("all-but-it");
        using var refused = await agent.Get(path);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains(
            $"scope=\"{((AgentScope)scope).ToText()}\"", refused.Headers.WwwAuthenticate.ToString(),
            StringComparison.Ordinal);
        using var stranger = portal.Browser();
        using var unknown = await stranger.Get(path);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
    }

    [Fact]
    public async Task An_agent_that_may_only_read_records_nothing()
    {
        await using var portal = PortalWorld.With(("reader", [AgentScope.ReadChoices]));
        using var reader = portal.Caller("reader");
        using var answer = await reader.Post("/api/v1/choices", Objection("facebook:7"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(portal.Choices("facebook:7"));
    }

    [Fact]
    public async Task A_stance_is_not_older_than_what_was_said_though_the_clock_was_set_back_since()
    {
        await using var portal = PortalWorld.With(("back-office", [AgentScope.WriteChoices, AgentScope.ReadStances]));
        using var agent = portal.Caller("back-office");
        await Bring(agent, "facebook:7");
        portal.Clock.Now -= TimeSpan.FromHours(1);
        using var stance = await Read(agent, "/api/v1/stances?account=facebook:7");
        Assert.True(stance.RootElement.TryGetProperty("objected_since", out _));
    }

    [Fact]
    public async Task Stances_releases_and_proofs_are_those_of_the_command_line()
    {
        await using var portal = PortalWorld.With(
            ("back-office", [AgentScope.WriteChoices, AgentScope.ReadStances, AgentScope.ReadReleases,
                AgentScope.ReadProofs]));
        using var agent = portal.Caller("back-office");
        await Bring(agent, "facebook:7");
        using var stance = await Read(agent, "/api/v1/stances?account=facebook:7");
        Assert.True(stance.RootElement.TryGetProperty("objected_since", out _));
        using var before = await Read(
            agent, "/api/v1/stances?account=facebook:7&purpose=train-generative-ai&at=2026-01-01T00:00:00Z");
        Assert.False(before.RootElement.TryGetProperty("objected_since", out _));
        using var releases = await Read(agent, "/api/v1/releases");
        var one = Assert.Single(releases.RootElement.GetProperty("releases").EnumerateArray());
        Assert.Equal(portal.Release, one.GetProperty("release").GetString());
        Assert.False(one.TryGetProperty("path", out _));
        using var release = await Read(agent, $"/api/v1/releases/{portal.Release}");
        Assert.Equal(JsonValueKind.Object, release.RootElement.GetProperty("accounting").ValueKind);
        var proof = Encoding.UTF8.GetString(
            await agent.Bytes($"/api/v1/releases/{portal.Release}/proof?account=facebook:7"));
        Assert.StartsWith("aval-author", proof, StringComparison.Ordinal);
        foreach (var path in new[]
        {
            "all/..%2f..%2fkeys", "..%2fkeys/workspace.key", "all/20000101T000000Z-000000000000",
        })
        {
            using var nowhere = await agent.Get($"/api/v1/releases/{path}");
            Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        }
    }

    [Fact]
    public async Task What_people_asked_for_is_listed_with_its_clock_and_open_ones_alone_where_that_is_asked()
    {
        await using var portal = PortalWorld.With(
            ("back-office", [AgentScope.WriteChoices, AgentScope.ReadRequests]));
        using var agent = portal.Caller("back-office");
        using var first = await agent.Post("/api/v1/choices", Choice("erasure", "facebook:7"));
        using var second = await agent.Post("/api/v1/choices", Choice("restriction", "facebook:8"));
        using var page = await Read(agent, "/api/v1/requests?limit=1&open=true");
        var one = Assert.Single(page.RootElement.GetProperty("requests").EnumerateArray());
        Assert.Equal("facebook:7", one.GetProperty("account").GetString());
        Assert.Equal("2026-04-01", one.GetProperty("last_day").GetString());
        Assert.True(page.RootElement.GetProperty("more").GetBoolean());
        using var rest = await Read(agent, $"/api/v1/requests?cursor={Next(page)}");
        one = Assert.Single(rest.RootElement.GetProperty("requests").EnumerateArray());
        Assert.Equal("facebook:8", one.GetProperty("account").GetString());
    }

    private static async Task<long> Bring(Browser agent, string account)
    {
        using var answer = await agent.Post("/api/v1/choices", Objection(account));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var said = JsonDocument.Parse(await Browser.TextOf(answer));
        return said.RootElement.GetProperty("index").GetInt64();
    }

    private static StringContent Objection(string account) => Choice("objection", account);

    private static StringContent Choice(string kind, string account) =>
        new($$"""{"kind":"{{kind}}","account":"{{account}}"}""", Encoding.UTF8, "application/json");

    private static async Task<JsonDocument> Read(Browser agent, string path) =>
        JsonDocument.Parse(await agent.Read(path));

    private static IEnumerable<string> Accounts(JsonDocument page) => page.RootElement.GetProperty("choices")
        .EnumerateArray().Select(one => one.GetProperty("choice").GetProperty("account").GetString()!);

    private static string Next(JsonDocument page) => page.RootElement.GetProperty("next").GetString()!;
}
