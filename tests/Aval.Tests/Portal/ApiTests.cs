using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Aval.Choices;
using Aval.Recording;

namespace Aval.Tests.Portal;

/// <summary>What agents and followers of the ledger are answered, and what every answer says to browsers.</summary>
public sealed class ApiTests
{
    [Fact]
    public async Task A_choice_of_an_agent_is_answered_with_its_receipt_and_says_who_brought_it()
    {
        await using var portal = PortalWorld.Open();
        using var agent = Agent(portal);
        using var answer = await agent.Post(
            "/api/v1/choices",
            Json("""{"kind":"objection","account":"facebook:7","actor":"person","channel":"mine"}"""));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var said = JsonDocument.Parse(await Browser.TextOf(answer));
        var receipt = Receipt.Parse(Encoding.UTF8.GetBytes(said.RootElement.GetProperty("receipt").GetString()!));
        receipt.Verify(Aval.Ledger.SigningKey.Read(portal.Workspace.SigningKeyFile).Verifier);
        Assert.Equal("agent", receipt.Statement.Actor);
        Assert.Equal("api, an-ngo", Assert.Single(portal.Choices("facebook:7")).Channel);
    }

    [Fact]
    public async Task Lines_are_recorded_all_or_none_and_the_first_wrong_one_is_named()
    {
        await using var portal = PortalWorld.Open();
        using var agent = Agent(portal);
        const string good = """{"kind":"objection","account":"facebook:7"}""";
        using var wrong = await agent.Post(
            "/api/v1/choices", Lines(good, """{"kind":"objection","account":"facebook: 7"}"""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Equal("application/problem+json", wrong.Content.Headers.ContentType!.MediaType);
        Assert.Contains("Line 2", await Browser.TextOf(wrong), StringComparison.Ordinal);
        Assert.Empty(portal.Choices("facebook:7"));
        using var right = await agent.Post(
            "/api/v1/choices", Lines(good, """{"kind":"objection","account":"facebook:8"}"""));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        Assert.Single(portal.Choices("facebook:8"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_sent_again_under_its_key_is_answered_again_and_recorded_once(bool many)
    {
        await using var portal = PortalWorld.Open();
        using var agent = Agent(portal);
        agent.Headers.Add("Idempotency-Key", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"");
        const string said = """{"kind":"objection","account":"facebook:7"}""";
        StringContent Body(string line) => many ? Lines(line, said) : Json(line);
        using var first = await agent.Post("/api/v1/choices", Body(said));
        portal.Clock.Now += TimeSpan.FromMinutes(1);
        using var again = await agent.Post("/api/v1/choices", Body(said));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotent-Replayed")));
        // Nothing was recorded meanwhile, so that the receipt is the same to the byte.
        Assert.Equal(await Browser.TextOf(first), await Browser.TextOf(again));
        using var other = await agent.Post(
            "/api/v1/choices", Body("""{"kind":"objection","account":"facebook:8"}"""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Contains("Nothing was recorded", await Browser.TextOf(other), StringComparison.Ordinal);
        Assert.Equal(many ? 2 : 1, portal.Choices("facebook:7").Count);
        Assert.Empty(portal.Choices("facebook:8"));
    }

    [Fact]
    public async Task What_an_agent_brings_without_a_date_holds_though_the_clock_was_set_back_since_what_it_answers()
    {
        await using var portal = PortalWorld.Open();
        using var agent = Agent(portal);
        using var yes = await agent.Post(
            "/api/v1/choices", Json("""{"kind":"consent","account":"facebook:7","notice":"v2"}"""));
        var then = portal.Clock.Now;
        portal.Clock.Now -= TimeSpan.FromHours(1);
        var earlier = portal.Clock.Now.AddMinutes(-1);
        using var no = await agent.Post("/api/v1/choices", Lines(
            """{"kind":"withdrawal","account":"facebook:7"}""",
            """{"kind":"objection","account":"facebook:7"}""",
            $$"""{"kind":"withdrawal","account":"facebook:7","made_at":"{{earlier.ToText()}}"}"""));
        Assert.Equal(HttpStatusCode.OK, no.StatusCode);
        // What says when it was said was said then; what says that it was said after now, now.
        using var ahead = await agent.Post(
            "/api/v1/choices", Json($$"""{"kind":"refusal","account":"facebook:7","made_at":"{{then.ToText()}}"}"""));
        Assert.Equal(HttpStatusCode.OK, ahead.StatusCode);
        Assert.Equal(
            [then, then, portal.Clock.Now, earlier, then],
            portal.Choices("facebook:7").Select(choice => choice.MadeAt));
    }

    [Fact]
    public async Task Where_the_clock_is_too_far_behind_what_was_said_agents_and_who_runs_it_are_told_so()
    {
        await using var portal = PortalWorld.Open();
        using var agent = Agent(portal);
        using var yes = await agent.Post(
            "/api/v1/choices", Json("""{"kind":"consent","account":"facebook:7","notice":"v2"}"""));
        portal.Clock.Now -= TimeSpan.FromHours(25);
        using var no = await agent.Post("/api/v1/choices", Json("""{"kind":"withdrawal","account":"facebook:7"}"""));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, no.StatusCode);
        var said = await Browser.TextOf(no);
        Assert.Contains("Nothing was recorded. The clock here is", said, StringComparison.Ordinal);
        Assert.DoesNotContain("facebook:7", said, StringComparison.Ordinal);
        Assert.Contains("\"clock behind\"", portal.Log.ToString(), StringComparison.Ordinal);
        using var browser = portal.Browser("en");
        using var ready = await browser.Get("/readyz");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal(
            "ready, but the clock is more than a day behind what was recorded\n", await Browser.TextOf(ready));

        // Who has nothing to take back is heard all the same.
        using var other = await agent.Post("/api/v1/choices", Json("""{"kind":"objection","account":"facebook:8"}"""));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Single(portal.Choices("facebook:8"));
    }

    [Fact]
    public async Task What_a_killed_portal_had_committed_and_not_answered_is_recorded_once()
    {
        await using var portal = PortalWorld.Open();
        const string said = """{"kind":"objection","account":"facebook:7"}""";
        // What a process leaves that dies after its transaction, before a checkpoint and an answer.
        var key = new ParcelKeys(portal.Workspace.ReadKey())
            .Of("agent an-ngo", "one", "one", Encoding.UTF8.GetBytes(said));
        EntryIndex index;
        using (var store = CommittedChoices.OpenStore(portal.Workspace))
        {
            var choice = new Choice(
                ChoiceKind.Objection, Account.Parse("facebook:7"), Purpose.TrainGenerativeAi, Scope.Everything,
                portal.Clock.Now, portal.Clock.Now, Actor: Actor.Agent, Channel: "api, an-ngo");
            index = store.AppendParcels([new Parcel([Sealing.Seal(choice)], key)], portal.Clock.Now)[0].Entries.First;
        }

        using var agent = Agent(portal);
        agent.Headers.Add("Idempotency-Key", "one");
        using var answer = await agent.Post("/api/v1/choices", Json(said));
        using var read = JsonDocument.Parse(await Browser.TextOf(answer));
        Assert.Equal(index.Value, read.RootElement.GetProperty("index").GetInt64());
        var receipt = Receipt.Parse(Encoding.UTF8.GetBytes(read.RootElement.GetProperty("receipt").GetString()!));
        receipt.Verify(Aval.Ledger.SigningKey.Read(portal.Workspace.SigningKeyFile).Verifier);
        Assert.Equal(index, receipt.Inclusion.Index);
        Assert.Single(portal.Choices("facebook:7"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("two words")]
    [InlineData("\"a\"b\"")]
    [InlineData("x256")]
    public async Task What_is_no_key_is_refused(string key)
    {
        await using var portal = PortalWorld.Open();
        using var agent = Agent(portal);
        agent.Headers.TryAddWithoutValidation("Idempotency-Key", key == "x256" ? new string('x', 256) : key);
        using var answer = await agent.Post(
            "/api/v1/choices", Json("""{"kind":"objection","account":"facebook:7"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(portal.Choices("facebook:7"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer ")]
    [InlineData("Bearer another")]
    [InlineData("Basic dGhlLXRva2Vu")]
    public async Task Without_an_agents_token_nothing_is_recorded(string header)
    {
        await using var portal = PortalWorld.Open();
        using var stranger = portal.Browser();
        if (header.Length > 0)
            stranger.Headers.TryAddWithoutValidation("Authorization", header);
        using var answer = await stranger.Post(
            "/api/v1/choices", Json("""{"kind":"objection","account":"facebook:7"}"""));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Empty(portal.Choices("facebook:7"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"kind\":\"objection\"}")]
    [InlineData("{\"kind\":\"objection\",\"account\":\"facebook:7\",\"admin\":\"yes\"}")]
    [InlineData("{\"kind\":\"consent\",\"account\":\"facebook:7\"}")]
    [InlineData("{\"kind\":\"objection\",\"account\":\"facebook:7\",\"account\":\"facebook:8\"}")]
    [InlineData("{\"kind\":\"restriction-lifted\",\"account\":\"facebook:7\"}")]
    [InlineData("{\"kind\":\"objection\",\"handle\":\"instagram:kim\"}")]
    public async Task What_is_no_choice_is_refused_with_a_reason(string body)
    {
        await using var portal = PortalWorld.Open();
        using var agent = Agent(portal);
        var before = portal.AllChoices();
        using var answer = await agent.Post("/api/v1/choices", Json(body));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("Nothing was recorded", await Browser.TextOf(answer), StringComparison.Ordinal);
        Assert.Equal(before, portal.AllChoices());
    }

    [Fact]
    public async Task The_ledger_can_be_followed_and_nothing_beside_it_is_served()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        using var act = await browser.Send($"{portal.Link("facebook:7")}/object");
        var note = await browser.Bytes("/ledger/checkpoint");
        var key = Aval.Ledger.SigningKey.Read(portal.Workspace.SigningKeyFile).Verifier;
        var size = Checkpoint.Verify(note, key, portal.Workspace.Settings.Origin).Size;
        Assert.Equal(portal.AllChoices(), size.Value);
        using var tile = await browser.Get($"/ledger/{TilePath.Of(0, 0, (int)size.Value)}");
        Assert.Equal(size.Value * Hash.Size, tile.Content.Headers.ContentLength);
        Assert.True(tile.Headers.CacheControl!.Public);
        foreach (var path in new[]
        {
            "tile/0/../../../keys/workspace.key", "tile/..%2f..%2fkeys%2fworkspace.key", "tile/0/1", "tile/9/000",
            "tile/0/x000/000", "tile/entries", "tile/0/000.p/0", "tile/0/000.p/256",
        })
        {
            using var answer = await browser.Get($"/ledger/{path}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/check")]
    [InlineData("/someone-else")]
    [InlineData("/nothing-here")]
    [InlineData("/me")]
    [InlineData("/api/v1/choices")]
    public async Task Every_answer_forbids_frames_scripts_from_elsewhere_and_the_handing_on_of_addresses(string path)
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        using var answer = await browser.Get(path);
        string Header(string name) => Assert.Single(answer.Headers.GetValues(name));
        Assert.Contains("default-src 'none'", Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Whoever_sends_too_much_is_asked_to_come_again()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        HttpStatusCode last = default;
        for (var times = 0; times < 80 && last != HttpStatusCode.TooManyRequests; times++)
        {
            using var answer = await browser.Send("/n/x/object");
            last = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    [Fact]
    public async Task A_form_that_is_longer_than_a_person_writes_is_not_read()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        using var answer = await browser.Send(
            "/someone-else", ("service", "facebook"), ("item", new string('x', 100_000)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    private static Browser Agent(PortalWorld portal)
    {
        var agent = portal.Browser();
        agent.Headers.Authorization = new AuthenticationHeaderValue("Bearer", PortalWorld.Token);
        return agent;
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static StringContent Lines(params string[] lines) =>
        new(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
}
