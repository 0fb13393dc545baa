using System.Net;
using System.Net.Sockets;
using Aval.Corpus;
using Aval.Portal;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Tests.Portal;

/// <summary>The platform's login, and what a person who came through it can say.</summary>
public sealed class LoginDoorTests
{
    [Fact]
    public async Task A_login_is_good_once_for_the_visit_that_asked_for_it()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        var assertion = portal.Assertion("facebook:7", await PortalWorld.Nonce(browser));
        using var stranger = portal.Browser();
        await PortalWorld.Nonce(stranger);
        using var stolen = await stranger.Get($"/login/return?assertion={assertion}");
        Assert.Equal(HttpStatusCode.Forbidden, stolen.StatusCode);
        using var first = await browser.Get($"/login/return?assertion={assertion}");
        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        using var again = await browser.Get($"/login/return?assertion={assertion}");
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
    }

    [Fact]
    public async Task A_login_for_another_portal_of_another_time_or_with_another_signature_is_none()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        var nonce = await PortalWorld.Nonce(browser);
        var good = portal.Assertion("facebook:7", nonce);
        var parts = good.Split('.');
        var unsigned = System.Buffers.Text.Base64Url.EncodeToString("""{"alg":"none"}"""u8);
        string[] wrong =
        [
            portal.Assertion("facebook:7", nonce, audience: "https://elsewhere.example"),
            portal.Assertion("facebook:7", nonce, at: portal.Clock.Now.AddMinutes(-5)),
            portal.Assertion("facebook:7", nonce, at: portal.Clock.Now.AddMinutes(5)),
            portal.Assertion("facebook:7", "another"),
            portal.Assertion("not an account", nonce),
            $"{unsigned}.{parts[1]}.", $"{unsigned}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.{new string('A', 86)}",
            "", "..", "é.é.é", "a.b.c", new string('a', 5_000),
        ];
        foreach (var assertion in wrong)
        {
            using var answer = await browser.Get($"/login/return?assertion={Uri.EscapeDataString(assertion)}");
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        using var right = await browser.Get($"/login/return?assertion={good}");
        Assert.Equal(HttpStatusCode.SeeOther, right.StatusCode);
    }

    [Fact]
    public async Task A_provider_that_is_away_logs_nobody_in_and_says_so()
    {
        await using var portal = PortalWorld.With((_, settings) => settings with
        {
            // Port 1 (tcpmux) is nobody's on loopback.
            OpenId = new PersonsProvider(
                new OpenIdSettings("Away", new Uri("http://127.0.0.1:1"), "aval", null, "sub"), "facebook"),
        });
        using var browser = portal.Browser();
        using var asked = await browser.Get("/login/openid");
        Assert.Equal(HttpStatusCode.BadGateway, asked.StatusCode);
        using var back = await browser.Get("/login/openid/return?code=x&state=x");
        Assert.Equal(HttpStatusCode.Forbidden, back.StatusCode);
    }

    [Fact]
    public async Task An_objection_is_narrowed_to_posts_that_are_held_and_to_no_others()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        var form = await portal.LogIn(browser, "facebook:7");
        using var all = await browser.Send("/me/object", ("form", form));
        var page = await browser.Read("/me/items");
        Assert.Contains("name=\"item:facebook:f7-0\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("f8-0", page, StringComparison.Ordinal);
        // Somebody else's, or nobody's, is nothing, and the objection to everything stands.
        using var none = await browser.Send(
            "/me/items", ("form", form), ("item:facebook:f8-0", "yes"), ("item:facebook:x", "yes"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, none.StatusCode);
        Assert.Single(portal.Choices("facebook:7"));
        using var some = await browser.Send(
            "/me/items", ("form", form), ("item:facebook:f7-1", "yes"), ("item:facebook:f8-0", "yes"));
        Assert.Equal(HttpStatusCode.SeeOther, some.StatusCode);
        Assert.Equal(
            ["objection everything", "objection-lifted everything", "objection item:facebook:f7-1"],
            portal.Choices("facebook:7").Select(choice => $"{choice.Kind.ToText()} {choice.Scope}"));
        // The person sees what stands.
        portal.Clock.Now += TimeSpan.FromSeconds(1);
        Assert.Contains(": item:facebook:f7-1<", await browser.Read("/me"), StringComparison.Ordinal);
        using var unasked = await browser.Send("/me/items", ("form", "x"), ("item:facebook:f7-1", "yes"));
        Assert.Equal(HttpStatusCode.Forbidden, unasked.StatusCode);
    }

    [Fact]
    public async Task Of_many_posts_the_newest_are_shown_and_all_can_be_picked_from()
    {
        await using var portal = PortalWorld.Open();
        portal.Posts("facebook:7", 250);
        using var browser = portal.Browser("en");
        await portal.LogIn(browser, "facebook:7");
        var page = await browser.Read("/me/items");
        Assert.DoesNotContain("item:facebook:many-0\"", page, StringComparison.Ordinal);
        var link = page[(page.IndexOf("<strong>", StringComparison.Ordinal) + 8)..].Split('"')[1];
        var all = await browser.Read(WebUtility.HtmlDecode(link));
        Assert.Contains("item:facebook:many-0\"", all, StringComparison.Ordinal);
        Assert.Contains("item:facebook:many-249\"", all, StringComparison.Ordinal);
    }

    // It takes the connection and the question, and never says a word.
    [Fact]
    public async Task A_provider_that_hangs_logs_nobody_in_and_says_so()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        await using var portal = PortalWorld.With((_, settings) => settings with
        {
            OpenId = new PersonsProvider(
                new OpenIdSettings(
                    "Hanging", new Uri($"http://127.0.0.1:{((IPEndPoint)hanging.LocalEndpoint).Port}"), "aval", null,
                    "sub")
                {
                    Patience = TimeSpan.FromMilliseconds(50),
                },
                "facebook"),
        });
        using var browser = portal.Browser();
        using var asked = await browser.Get("/login/openid");
        Assert.Equal(HttpStatusCode.BadGateway, asked.StatusCode);
        Assert.True(hanging.Pending(), "It was not asked.");
        // Nobody else is kept from anything by it.
        using var act = await browser.Send($"{portal.Link("facebook:7")}/object");
        await portal.ReceiptOf(browser, act);
    }

    [Fact]
    public async Task The_cookie_changes_with_the_login_and_no_script_reads_it()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        using var asked = await browser.Get("/login");
        var before = Assert.Single(asked.Headers.GetValues("Set-Cookie"), one =>
            one.StartsWith("aval=", StringComparison.Ordinal) && !one.Contains("1970", StringComparison.Ordinal));
        var nonce = System.Web.HttpUtility.ParseQueryString(asked.Headers.Location!.Query)["nonce"]!;
        using var back = await browser.Get($"/login/return?assertion={portal.Assertion("facebook:7", nonce)}");
        var after = Assert.Single(back.Headers.GetValues("Set-Cookie"));
        Assert.NotEqual(before.Split(';')[0], after.Split(';')[0]);
        Assert.Contains("httponly", after, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", after, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_form_from_another_site_or_another_visit_records_nothing()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        using var other = portal.Browser();
        await portal.LogIn(browser, "facebook:7");
        var foreign = await portal.LogIn(other, "facebook:8");
        foreach (var form in new[] { "", "x", foreign })
        {
            using var answer = await browser.Send("/me/object", ("form", form));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        using var bare = await browser.Send("/me/object");
        Assert.Equal(HttpStatusCode.Forbidden, bare.StatusCode);
        Assert.Empty(portal.Choices("facebook:7"));
        Assert.Empty(portal.Choices("facebook:8"));
    }

    [Fact]
    public async Task What_is_said_is_said_for_the_account_of_the_login_whatever_the_form_names()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        var form = await portal.LogIn(browser, "facebook:7");
        using var act = await browser.Send(
            "/me/object", ("form", form), ("account", "facebook:8"), ("scope", "about-me"), ("kind", "consent"));
        var receipt = await portal.ReceiptOf(browser, act);
        Assert.Equal(("facebook:7", "everything"), (receipt.Statement.Account, receipt.Statement.Scope));
        Assert.Empty(portal.Choices("facebook:8"));
    }

    [Fact]
    public async Task A_visit_that_was_silent_for_too_long_has_ended()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        var form = await portal.LogIn(browser, "facebook:7");
        portal.Clock.Now += Aval.Portal.Doors.Sessions.Idle + TimeSpan.FromSeconds(1);
        using var answer = await browser.Send("/me/object", ("form", form));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(portal.Choices("facebook:7"));
    }

    // The latest word decides, and what was said under a clock that went ahead would be the latest for ever.
    [Fact]
    public async Task A_no_after_a_yes_holds_though_the_clock_was_set_back_in_between()
    {
        await using var portal = PortalWorld.Open("opt-in");
        using var browser = portal.Browser("en");
        var form = await portal.LogIn(browser, "facebook:7");
        using var yes = await browser.Send("/me/answer", ("form", form), ("train-generative-ai", "yes"));
        portal.Clock.Now -= TimeSpan.FromHours(1);
        using var refused = await browser.Send($"{portal.Link("facebook:7")}/refuse");
        form = await portal.LogIn(browser, "facebook:7");
        using var no = await browser.Send("/me/withdraw", ("form", form));
        using var objected = await browser.Send("/me/object", ("form", form));

        var said = portal.Choices("facebook:7");
        Assert.Equal(
            [ChoiceKind.Consent, ChoiceKind.Refusal, ChoiceKind.Withdrawal, ChoiceKind.Objection],
            said.Select(choice => choice.Kind));
        var consented = said[0].MadeAt;
        // Of one instant the one that protects holds. Nothing was lifted, so the objection was made when it was.
        Assert.Equal([consented, consented, portal.Clock.Now], said.Skip(1).Select(choice => choice.MadeAt));
        Assert.All(said.Skip(1), choice => Assert.Equal(portal.Clock.Now, choice.ReceivedAt));
    }

    [Fact]
    public async Task A_yes_after_a_no_holds_though_the_clock_was_set_back_in_between()
    {
        await using var portal = PortalWorld.Open("opt-in");
        using var browser = portal.Browser("en");
        var form = await portal.LogIn(browser, "facebook:7");
        using var objected = await browser.Send("/me/object", ("form", form));
        using var refused = await browser.Send("/me/refuse", ("form", form));
        var then = portal.Clock.Now;
        portal.Clock.Now -= TimeSpan.FromHours(1);
        form = await portal.LogIn(browser, "facebook:7");
        using var narrowed = await browser.Send("/me/narrow-about-me", ("form", form));
        using var yes = await browser.Send("/me/answer", ("form", form), ("train-generative-ai", "yes"));

        var said = portal.Choices("facebook:7").Skip(2).ToArray();
        Assert.Equal(
            [ChoiceKind.ObjectionLifted, ChoiceKind.Objection, ChoiceKind.ObjectionLifted, ChoiceKind.Consent],
            said.Select(choice => choice.Kind));
        // A lifting holds from the instant after what it lifts on, and the narrower objection of its act beside it.
        Assert.Equal(
            [then.AddMicroseconds(1), then.AddMicroseconds(1), then.AddMicroseconds(2), then.AddMicroseconds(1)],
            said.Select(choice => choice.MadeAt));
        Assert.All(said, choice => Assert.Equal(portal.Clock.Now, choice.ReceivedAt));
    }

    [Fact]
    public async Task Consent_is_an_answer_to_a_question_and_taking_it_back_takes_no_more_steps()
    {
        await using var portal = PortalWorld.Open("opt-in");
        using var browser = portal.Browser();
        var form = await portal.LogIn(browser, "facebook:7");
        Assert.DoesNotContain("checked", await browser.Read("/me"), StringComparison.Ordinal);
        using var silent = await browser.Send("/me/answer", ("form", form));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, silent.StatusCode);
        Assert.Empty(portal.Choices("facebook:7"));

        using var yes = await browser.Send(
            "/me/answer", ("form", form), ("train-generative-ai", "yes"), ("combine-services", "no"));
        await portal.ReceiptOf(browser, yes, 1);
        var said = portal.Choices("facebook:7").ToDictionary(choice => choice.Purpose);
        var consent = said[Purpose.TrainGenerativeAi];
        Assert.Equal((ChoiceKind.Consent, "v2"), (consent.Kind, consent.Notice));
        Assert.Equal(portal.Clock.Now.AddDays(365), consent.Until);
        Assert.Equal(ChoiceKind.Refusal, said[Purpose.CombineServices].Kind);

        portal.Clock.Now += TimeSpan.FromMinutes(1);
        using var back = await browser.Send("/me/withdraw", ("form", form));
        Assert.Equal(StatementKind.Withdrawal, (await portal.ReceiptOf(browser, back)).Statement.Kind);
    }

    [Fact]
    public async Task A_yes_after_an_objection_lifts_it_in_the_same_act()
    {
        await using var portal = PortalWorld.Open("opt-in");
        using var browser = portal.Browser();
        var form = await portal.LogIn(browser, "facebook:7");
        using var no = await browser.Send("/me/object", ("form", form));
        await portal.ReceiptOf(browser, no);
        portal.Clock.Now += TimeSpan.FromMinutes(1);
        using var yes = await browser.Send("/me/answer", ("form", form), ("train-generative-ai", "yes"));
        await portal.ReceiptOf(browser, yes, 1);
        Assert.Equal(
            [ChoiceKind.Objection, ChoiceKind.ObjectionLifted, ChoiceKind.Consent],
            portal.Choices("facebook:7").Select(choice => choice.Kind));
    }

    [Fact]
    public async Task A_yes_to_combining_services_is_taken_back_by_itself()
    {
        await using var portal = PortalWorld.Open("opt-in");
        using var browser = portal.Browser("en");
        var form = await portal.LogIn(browser, "facebook:7");
        using var yes = await browser.Send("/me/answer", ("form", form), ("train-generative-ai", "yes"),
            ("combine-services", "yes"));
        Assert.Equal(HttpStatusCode.SeeOther, yes.StatusCode);
        portal.Clock.Now += TimeSpan.FromMinutes(1);
        var page = await browser.Read("/me");
        Assert.Contains("/me/withdraw-combine-services", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/me/withdraw-special-categories", page, StringComparison.Ordinal);
        using var back = await browser.Send("/me/withdraw-combine-services", ("form", form));
        Assert.Equal(HttpStatusCode.SeeOther, back.StatusCode);
        Assert.Equal(
            (ChoiceKind.Withdrawal, Purpose.CombineServices),
            (portal.Choices("facebook:7")[^1].Kind, portal.Choices("facebook:7")[^1].Purpose));
        portal.Clock.Now += TimeSpan.FromMinutes(1);
        page = await browser.Read("/me");
        Assert.DoesNotContain("/me/withdraw-combine-services", page, StringComparison.Ordinal);
        Assert.Contains("/me/withdraw\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_consents_in_a_language_that_no_person_has_reviewed()
    {
        await using var portal = PortalWorld.Open("opt-in");
        using var browser = portal.Browser("mt");
        var form = await portal.LogIn(browser, "facebook:7");
        Assert.DoesNotContain("type=\"radio\"", await browser.Read("/me"), StringComparison.Ordinal);
        using var yes = await browser.Send("/me/answer", ("form", form), ("train-generative-ai", "yes"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, yes.StatusCode);
        Assert.Empty(portal.Choices("facebook:7"));
    }

    [Fact]
    public async Task My_data_holds_the_items_of_the_account_and_of_nobody_else()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        await portal.LogIn(browser, "facebook:7");
        var json = System.Text.Json.JsonDocument.Parse(await browser.Read("/me/data.json")).RootElement;
        Assert.Equal(
            ["f7-0", "f7-1"],
            json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("item_id").GetString()!));
        var release = Assert.Single(json.GetProperty("releases").EnumerateArray());
        Assert.Equal(2, release.GetProperty("in").GetInt32());
        Assert.Equal(
            ["item:facebook:f7-0 True", "item:facebook:f7-1 True"],
            release.GetProperty("items").EnumerateArray()
                .Select(item => $"{item.GetProperty("item")} {item.GetProperty("in")}"));
        var csv = await browser.Read("/me/data.csv");
        Assert.Contains("\"texte 7\nligne 0\"", csv, StringComparison.Ordinal);
        Assert.DoesNotContain("f8-", csv, StringComparison.Ordinal);
        var proof = await browser.Bytes($"/me/proof/{release.GetProperty("release").GetString()}");
        Assert.NotEmpty(proof);
        using var elsewhere = await browser.Get("/me/proof/..%2f..%2fkeys/workspace.key");
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Fact]
    public async Task My_data_names_what_is_held_of_the_account_every_release_and_who_was_given_an_export()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser("en");
        Exporting.Make(
            portal.Workspace,
            new ExportRequest(portal.Release, portal.File("given"), ExportFormat.Parquet) { Recipient = "Lab <A>" },
            portal.Clock, new EngineLimits(2, 500_000_000), _ => { });
        var next = portal.Build(portal.Clock.Now.AddDays(-1));
        await portal.LogIn(browser, "facebook:7");
        var json = System.Text.Json.JsonDocument.Parse(await browser.Read("/me/data.json")).RootElement;
        Assert.Equal("p7", json.GetProperty("person").GetString());
        Assert.Equal(next, Assert.Single(json.GetProperty("releases").EnumerateArray()).GetProperty("release")
            .GetString());
        Assert.Equal(portal.Release, Assert.Single(json.GetProperty("also_in_releases").EnumerateArray()).GetString());
        var given = Assert.Single(json.GetProperty("exports_given").EnumerateArray());
        Assert.Equal(
            ("Lab <A>", portal.Release),
            (given.GetProperty("recipient").GetString(), given.GetProperty("release").GetString()));
        var page = await browser.Read("/me/data");
        Assert.Contains("Lab &lt;A&gt;", page, StringComparison.Ordinal);
        Assert.Contains($"<li>Corpus {portal.Release}</li>", page, StringComparison.Ordinal);

        // Of one that was dropped nobody can tell who was in it: whom it was given to is told with that.
        DroppedRelease.Drop(
            portal.Workspace, Path.Combine(portal.Workspace.Corpus, portal.Release), portal.Clock.Now);
        json = System.Text.Json.JsonDocument.Parse(await browser.Read("/me/data.json")).RootElement;
        Assert.Empty(json.GetProperty("also_in_releases").EnumerateArray());
        given = Assert.Single(json.GetProperty("exports_given").EnumerateArray());
        Assert.Equal(
            ("Lab <A>", false), (given.GetProperty("recipient").GetString(), given.GetProperty("known").GetBoolean()));
        Assert.Contains(
            $"<li>Lab &lt;A&gt;: Corpus {portal.Release}. Nobody can tell any more", await browser.Read("/me/data"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task My_data_answers_where_a_corpus_has_only_releases_that_must_not_be_used()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser("en");
        var (corpus, release) = (portal.Release.Split('/')[0], portal.Release.Split('/')[1]);
        new Withdrawal(release, null, portal.Clock.Now).Record(Path.Combine(portal.Workspace.Corpus, corpus));
        await portal.LogIn(browser, "facebook:7");
        var json = System.Text.Json.JsonDocument.Parse(await browser.Read("/me/data.json")).RootElement;
        Assert.Empty(json.GetProperty("releases").EnumerateArray());
        Assert.Equal(portal.Release, Assert.Single(json.GetProperty("also_in_releases").EnumerateArray()).GetString());
    }
}
