using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Aval.Portal.Doors;
using Aval.Portal.Officer;
using Aval.Requests;
using Aval.Storage;

namespace Aval.Tests.Portal;

/// <summary>The officer's side: who enters, who sees, who acts, and that each act is in the ledger.</summary>
public sealed partial class OfficerTests
{
    [Fact]
    public async Task A_link_is_good_once_and_for_a_quarter_of_an_hour_and_looking_at_it_uses_nothing_up()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        var link = $"/officer/enter/{portal.Officers.Issue(new ShownOfficer("Ada", OfficerRole.Officer))}";
        for (var times = 0; times < 2; times++)
            Assert.Contains("officer Ada", await browser.Read(link), StringComparison.Ordinal);
        using (var before = await browser.Get("/officer"))
            Assert.Equal(HttpStatusCode.Forbidden, before.StatusCode);
        using var entered = await browser.Send(link);
        Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);
        Assert.Contains("httponly", Assert.Single(entered.Headers.GetValues("Set-Cookie"), one =>
            !one.Contains("1970", StringComparison.Ordinal)), StringComparison.OrdinalIgnoreCase);
        using var again = await browser.Send(link);
        var late = $"/officer/enter/{portal.Officers.Issue(new ShownOfficer("Bo", OfficerRole.Officer))}";
        portal.Clock.Now += OfficerLinks.Life;
        using var expired = await browser.Send(late);
        using var invented = await browser.Send("/officer/enter/AAAA");
        Assert.All(
            new[] { again, expired, invented }, answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        Assert.Equal(["officer Ada"], RequestBook.Trail(portal.Workspace).Select(one => one.Doing.By));
    }

    // Every page and every act that there is, so that one that comes later is asked too.
    [Fact]
    public async Task An_auditor_sees_every_page_and_no_act_of_the_auditors_changes_anything()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        var number = Ask(portal, "facebook:7", "a copy");
        var form = await Enter(portal, browser, OfficerRole.Auditor);
        var release = portal.Release;
        string Concrete(string route) => route.Replace("{number}", $"{number}", StringComparison.Ordinal)
            .Replace("{step}", "answer", StringComparison.Ordinal)
            .Replace("{corpus}/{release}", release, StringComparison.Ordinal);
        var pages = Of(portal, "GET").Where(route => route != "/officer/type").ToArray();
        Assert.True(pages.Length > 15, $"Only {pages.Length} pages were found.");
        foreach (var route in pages)
        {
            using var page = await browser.Get(Concrete(route));
            Assert.True(page.IsSuccessStatusCode, $"{route}: {page.StatusCode}");
            var text = await Browser.TextOf(page);
            if (page.Content.Headers.ContentType!.MediaType != "text/html")
                continue;
            Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
            Assert.DoesNotContain("style=", text, StringComparison.Ordinal);
            // The one thing that an auditor can do is leave.
            Assert.Equal(["/officer/leave"], PostedTo().Matches(text).Select(one => one.Groups["to"].Value));
            Assert.Single(Headings().Matches(text));
        }

        var before = portal.AllChoices();
        var acts = Of(portal, "POST").ToArray();
        Assert.True(acts.Length > 4, $"Only {acts.Length} acts were found.");
        foreach (var route in acts)
        {
            using var answer = await browser.Send(
                Concrete(route), ("form", form), ("words", "x"), ("right", "access"), ("kind", "objection"),
                ("account", "facebook:7"));
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{route}: {answer.StatusCode}");
        }

        Assert.Equal(before, portal.AllChoices());
        Assert.Empty(portal.Choices("facebook:7"));
    }

    [Fact]
    public async Task Policies_of_the_workspace_are_compared_with_the_shipped_ones_and_a_fault_in_one_is_told()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        await Enter(portal, browser, OfficerRole.Officer);
        var own = Path.Combine(portal.Workspace.Root, "policies");
        Directory.CreateDirectory(own);
        Durable.Replace(Path.Combine(own, "ours.yaml"), Authors.BuiltRelease.AdmitsAll);
        Durable.Replace(Path.Combine(own, "wrong.yaml"), "policy: wrong\nbasis: none\n");
        var compared = await browser.Read("/officer/compare?first=opt-in&second=policies%2Fours.yaml");
        Assert.Contains("Decisions under both", compared, StringComparison.Ordinal);
        // Sixty people and all their items under ours, and nobody who said yes.
        Assert.Matches("People[\\s\\S]{1,300}60", compared);
        var told = await browser.Read("/officer/compare?first=opt-in&second=policies%2Fwrong.yaml");
        Assert.Contains("policies/wrong.yaml, line 2", told, StringComparison.Ordinal);
        Assert.DoesNotContain(portal.Workspace.Root, told, StringComparison.Ordinal);
        // What is no name of one is nothing: a path is never made of it.
        foreach (var name in new[] { "..%2Fportal.yaml", "policies%2F..%2Faval.yaml", Uri.EscapeDataString(own) })
            Assert.DoesNotContain(
                "Decisions under both", await browser.Read($"/officer/compare?first=opt-in&second={name}"),
                StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_sees_or_does_anything_and_an_agent_only_types()
    {
        await using var portal = PortalWorld.Open();
        using var stranger = portal.Browser();
        using var person = portal.Browser();
        using var agent = portal.Browser();
        var forms = new Dictionary<Browser, string>
        {
            [stranger] = "x",
            [person] = await portal.LogIn(person, "facebook:7"),
            [agent] = await Enter(portal, agent, OfficerRole.Agent),
        };
        var before = portal.AllChoices();
        foreach (var (browser, form) in forms)
        {
            var isAgent = browser == agent;
            foreach (var route in Of(portal, "GET").Where(route => !isAgent || route != "/officer/type"))
            {
                using var page = await browser.Get(route);
                Assert.True(page.StatusCode == HttpStatusCode.Forbidden, $"{route}: {page.StatusCode}");
            }

            foreach (var route in Of(portal, "POST").Where(route => !isAgent || route != "/officer/type"))
            {
                using var act = await browser.Send(route, ("form", form), ("words", "x"));
                Assert.True(act.StatusCode == HttpStatusCode.Forbidden, $"{route}: {act.StatusCode}");
            }
        }

        Assert.Equal(before, portal.AllChoices());
        using var typed = await agent.Send(
            "/officer/type", ("form", forms[agent]), ("kind", "objection"), ("account", "facebook:900000"));
        Assert.Contains("does not know it", await Browser.TextOf(typed), StringComparison.Ordinal);
        var choice = Assert.Single(portal.Choices("facebook:900000"));
        Assert.Equal((Aval.Actor.Agent, "portal, agent Test"), (choice.Actor, choice.Channel));
        using var more = await agent.Send(
            "/officer/type", ("form", forms[agent]), ("kind", "restriction-lifted"), ("account", "facebook:7"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, more.StatusCode);
        // A visit of the officer's side is nobody's login.
        using var mine = await agent.Get("/me");
        Assert.Equal(HttpStatusCode.Forbidden, mine.StatusCode);
    }

    [Fact]
    public async Task A_request_is_answered_on_this_side_and_the_person_sees_it_and_each_act_is_an_entry()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        using var person = portal.Browser("en");
        var number = Ask(portal, "facebook:7", "the words of seven");
        var form = await Enter(portal, browser, OfficerRole.Officer);
        Assert.Contains("1 day", await browser.Read("/officer"), StringComparison.Ordinal);
        Assert.Contains("the words of seven", await browser.Read($"/officer/requests/{number}"),
            StringComparison.Ordinal);
        using var foreign = await browser.Send(
            $"/officer/requests/{number}/answer", ("form", "x"), ("words", "no"));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        using var extended = await browser.Send(
            $"/officer/requests/{number}/extend", ("form", form), ("reason", "complexity-of-process"),
            ("words", "It is long."));
        Assert.Equal(HttpStatusCode.SeeOther, extended.StatusCode);
        using var twice = await browser.Send(
            $"/officer/requests/{number}/extend", ("form", form), ("reason", "complexity-of-process"),
            ("words", "It is long."));
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        using var refused = await browser.Send(
            $"/officer/requests/{number}/refuse", ("form", form), ("reason", "process-excessive"),
            ("words", "It is too much."));
        Assert.Equal(HttpStatusCode.SeeOther, refused.StatusCode);
        await portal.LogIn(person, "facebook:7");
        var page = await person.Read("/me/requests");
        Assert.Contains("It is too much.", page, StringComparison.Ordinal);
        Assert.Contains("You may complain to the authority", page, StringComparison.Ordinal);
        Assert.Equal(
            ["rejected", "delayed", "signed-in", "asked"],
            RequestBook.Trail(portal.Workspace).Select(one => one.Doing.Word));
        Assert.Contains("officer Test", await browser.Read("/officer/trail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_erasure_is_not_the_officers_to_refuse_nor_answered_before_it_is_carried_out()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        var form = await Enter(portal, browser, OfficerRole.Officer);
        using var typed = await browser.Send(
            "/officer/type", ("form", form), ("kind", "erasure"), ("account", "facebook:7"),
            ("scope", "item:facebook:f7-0"));
        var number = Assert.Single(RequestBook.Read(portal.Workspace).Requests).Index;
        foreach (var (step, says) in new[] { ("refuse", "not the controller"), ("answer", "aval erase") })
        {
            using var answer = await browser.Send(
                $"/officer/requests/{number}/{step}", ("form", form), ("words", "Done."),
                ("reason", "process-excessive"));
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Contains(says, await Browser.TextOf(answer), StringComparison.Ordinal);
        }

        Assert.True(RequestBook.Require(portal.Workspace, number).IsOpen);
    }

    [Fact]
    public async Task What_a_form_sent_and_the_ledger_has_not_is_told_and_the_comparison_is_an_act()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        using (var said = await browser.Send($"{portal.Link("facebook:7")}/object"))
            Assert.Equal(HttpStatusCode.SeeOther, said.StatusCode);
        var form = await Enter(portal, browser, OfficerRole.Officer);
        var day = portal.Clock.Now.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        async Task<string> Compare(string csv)
        {
            using var content = new MultipartFormDataContent
            {
                { new StringContent(form), "form" },
                { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "file", "counts.csv" },
            };
            using var answer = await browser.Post("/officer/reconcile", content);
            return await Browser.TextOf(answer);
        }

        Assert.Contains("2 missing here", await Compare(
            $"date,channel,count\r\n{day},\"portal, link of notice v2\",3\r\n"), StringComparison.Ordinal);
        Assert.Contains("none differs", await Compare(
            $"date,channel,kind,count\n{day},\"portal, link of notice v2\",objection,1\n"), StringComparison.Ordinal);
        Assert.Contains("line 2", await Compare("date,channel,count\n1 March,x,1\n"), StringComparison.Ordinal);
        var acts = RequestBook.Trail(portal.Workspace).Select(one => one.Doing).OfType<CountsReconciled>();
        Assert.Equal([0, 1], acts.Select(act => act.Differing));
    }

    [Fact]
    public async Task The_first_screen_says_who_is_late_whom_nobody_knows_and_what_is_behind()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser("en");
        Ask(portal, "facebook:7", "a copy");
        foreach (var account in new[] { "facebook:7", "facebook:70000" })
        {
            using var said = await browser.Send($"{portal.Link(account)}/object");
            Assert.Equal(HttpStatusCode.SeeOther, said.StatusCode);
        }

        portal.Clock.Now += TimeSpan.FromDays(40);
        await Enter(portal, browser, OfficerRole.Officer);
        var page = await browser.Read("/officer");
        Assert.Contains("late by", page, StringComparison.Ordinal);
        Assert.Contains("facebook:70000", page, StringComparison.Ordinal);
        // Seven has two rows in the release, and an account that is linked to it one more.
        Assert.Contains("3 rows are excluded by now", page, StringComparison.Ordinal);
        Assert.Contains("not verified as a whole yet", page, StringComparison.Ordinal);
        var impact = await browser.Read("/officer/models?since=0");
        Assert.Contains("<svg role=\"img\" aria-label=\"The tables below, drawn\"", impact, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", impact, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_about_another_purpose_is_recorded_for_that_one()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser("en");
        var form = await Enter(portal, browser, OfficerRole.Officer);
        using var typed = await browser.Send("/officer/type", ("form", form), ("kind", "withdrawal"),
            ("account", "facebook:7"), ("purpose", "combine-services"));
        using var unknown = await browser.Send("/officer/type", ("form", form), ("kind", "withdrawal"),
            ("account", "facebook:7"), ("purpose", "advertising"));
        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity), (typed.StatusCode, unknown.StatusCode));
        Assert.Equal(Purpose.CombineServices, Assert.Single(portal.Choices("facebook:7")).Purpose);
    }

    [Fact]
    public async Task A_letter_has_its_clock_from_the_day_on_which_it_came()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser("en");
        var form = await Enter(portal, browser, OfficerRole.Officer);
        var day = DateOnly.FromDateTime(portal.Clock.Now.UtcDateTime.AddDays(-20));
        foreach (var kind in new[] { "restriction", "objection-lifted" })
        {
            using var typed = await browser.Send("/officer/type", ("form", form), ("kind", kind),
                ("account", "facebook:7"), ("received", Aval.Requests.RequestJson.Day(day)));
            Assert.Equal(HttpStatusCode.OK, typed.StatusCode);
        }

        var received = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        var request = Assert.Single(RequestBook.Of(portal.Workspace, Account.Parse("facebook:7")));
        Assert.Equal(received, request.ReceivedAt);
        Assert.Equal(
            [(received, received.AddDays(1).AddMicroseconds(-1)), (received, received)],
            portal.Choices("facebook:7").Select(said => (said.ReceivedAt, said.MadeAt)));
        using var ahead = await browser.Send("/officer/type", ("form", form), ("kind", "erasure"),
            ("account", "facebook:7"), ("received", "2999-01-01"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, ahead.StatusCode);
    }

    [Fact]
    public async Task A_restriction_is_lifted_after_its_person_was_told_who_sees_that_it_is()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser("en");
        using var person = portal.Browser("en");
        var form = await Enter(portal, browser, OfficerRole.Officer);
        async Task<HttpStatusCode> Type(string kind)
        {
            using var typed = await browser.Send(
                "/officer/type", ("form", form), ("kind", kind), ("account", "facebook:7"));
            return typed.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await Type("restriction"));
        Assert.NotEqual(HttpStatusCode.OK, await Type("restriction-lifted"));
        Assert.Single(portal.Choices("facebook:7"));
        var request = Assert.Single(RequestBook.Of(portal.Workspace, Account.Parse("facebook:7")));
        using var answered = await browser.Send($"/officer/requests/{request.Index}/answer", ("form", form),
            ("words", "It is checked, and lifted tomorrow."));
        portal.Clock.Now += TimeSpan.FromMinutes(1);
        using var dated = await browser.Send("/officer/type", ("form", form), ("kind", "restriction-lifted"),
            ("account", "facebook:7"), ("received", "2026-02-01"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, dated.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await Type("restriction-lifted"));
        await portal.LogIn(person, "facebook:7");
        var page = await person.Read("/me");
        Assert.Contains("The restriction was lifted", page, StringComparison.Ordinal);
    }

    // What restricts one account of a person reaches the others, and a lifting on any of them lifts it there.
    [Fact]
    public async Task A_restriction_is_not_lifted_on_another_account_of_its_person_before_that_person_was_told()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser("en");
        var form = await Enter(portal, browser, OfficerRole.Officer);
        async Task<HttpStatusCode> Type(string kind, string account)
        {
            using var typed = await browser.Send(
                "/officer/type", ("form", form), ("kind", kind), ("account", account));
            return typed.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await Type("restriction", "facebook:7"));
        var request = Assert.Single(RequestBook.Of(portal.Workspace, Account.Parse("facebook:7")));
        Assert.Equal(HttpStatusCode.Conflict, await Type("restriction-lifted", "instagram:u7"));
        Assert.Empty(portal.Choices("instagram:u7"));
        // Somebody else's is none of theirs.
        Assert.Equal(HttpStatusCode.OK, await Type("restriction-lifted", "instagram:u8"));
        using var answered = await browser.Send($"/officer/requests/{request.Index}/answer", ("form", form),
            ("words", "It is checked, and lifted tomorrow."));
        Assert.Equal(HttpStatusCode.OK, await Type("restriction-lifted", "instagram:u7"));
    }

    // Whoever reads that it was not done types it again, and that one is later than what was said in between.
    [Fact]
    public async Task What_is_recorded_is_said_to_be_also_where_the_content_cannot_be_searched()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser("en");
        var form = await Enter(portal, browser, OfficerRole.Officer);
        Durable.Replace(Path.Combine(portal.Workspace.Content, "imports.jsonl"), "rubbish\n");
        using var typed = await browser.Send(
            "/officer/type", ("form", form), ("kind", "objection"), ("account", "facebook:7"));
        var page = await Browser.TextOf(typed);
        Assert.Equal(HttpStatusCode.OK, typed.StatusCode);
        Assert.Matches("objection of\\s+facebook:7 is entry [0-9]+", page);
        Assert.Contains("could not be told", page, StringComparison.Ordinal);
        Assert.Contains("do not type it again", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/receipt/", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Not done", page, StringComparison.Ordinal);
        Assert.Single(portal.Choices("facebook:7"));
        Assert.Single(RequestBook.Trail(portal.Workspace).Select(one => one.Doing).OfType<ChoiceTyped>());
    }

    [Fact]
    public async Task A_notice_that_came_back_is_not_counted_as_delivered_and_no_report_is_a_notice_more()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        await Enter(portal, browser, OfficerRole.Officer);
        portal.Notices("""
            account,version,channel,sent_at
            facebook:7,v2,e-mail,2026-02-01T00:00:00Z
            facebook:8,v2,e-mail,2026-02-01T00:00:00Z
            """);
        portal.Notices("""
            account,version,delivered_at
            facebook:7,v2,2026-02-02T00:00:00Z
            facebook:8,v2,2026-02-03T00:00:00Z
            """);
        async Task Holds(string line) =>
            Assert.Equal(line, (await browser.Read("/officer/notices.csv")).TrimEnd().Split("\r\n")[1..].Single());

        await Holds("v2,e-mail,2,2,0,2026-02-01T00:00:00.000000Z,2026-02-03T00:00:00.000000Z");
        portal.Notices("account,version,bounced_at\nfacebook:8,v2,2026-02-04T00:00:00Z\n");
        await Holds("v2,e-mail,2,1,1,2026-02-01T00:00:00.000000Z,2026-02-02T00:00:00.000000Z");
        Assert.Contains("Came back", await browser.Read("/officer/notices"), StringComparison.Ordinal);
        // What is sent again and delivered later, was.
        portal.Notices("account,version,delivered_at\nfacebook:8,v2,2026-02-05T00:00:00Z\n");
        await Holds("v2,e-mail,2,2,0,2026-02-01T00:00:00.000000Z,2026-02-05T00:00:00.000000Z");
    }

    [Fact]
    public async Task What_is_typed_for_somebody_holds_though_the_clock_was_set_back_since_what_it_answers()
    {
        await using var portal = PortalWorld.Open("opt-in");
        using var browser = portal.Browser();
        using var person = portal.Browser("en");
        var own = await portal.LogIn(person, "facebook:7");
        using var yes = await person.Send("/me/answer", ("form", own), ("train-generative-ai", "yes"));
        using var objected = await person.Send("/me/object", ("form", own));
        var then = portal.Clock.Now;
        portal.Clock.Now -= TimeSpan.FromHours(1);
        var form = await Enter(portal, browser, OfficerRole.Officer);
        foreach (var kind in new[] { "withdrawal", "refusal", "objection-lifted", "erasure" })
        {
            using var typed = await browser.Send(
                "/officer/type", ("form", form), ("kind", kind), ("account", "facebook:7"));
            Assert.Equal(HttpStatusCode.OK, typed.StatusCode);
        }

        Assert.Equal(
            [then, then, then, then, then.AddMicroseconds(1), portal.Clock.Now],
            portal.Choices("facebook:7").Select(choice => choice.MadeAt));
    }

    [Fact]
    public async Task An_answer_that_comes_after_a_request_was_closed_is_kept_and_shown()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        using var person = portal.Browser("en");
        var number = Ask(portal, "facebook:7", "a copy");
        var form = await Enter(portal, browser, OfficerRole.Officer);
        using var asked = await browser.Send(
            $"/officer/requests/{number}/ask", ("form", form), ("words", "Of which year?"));
        var own = await portal.LogIn(person, "facebook:7");
        Assert.Contains("Of which year?", await person.Read("/me/requests"), StringComparison.Ordinal);
        using var refused = await browser.Send(
            $"/officer/requests/{number}/refuse", ("form", form), ("reason", "process-excessive"), ("words", "No."));
        Assert.Equal(HttpStatusCode.SeeOther, refused.StatusCode);
        Assert.DoesNotContain("after they were closed", await browser.Read("/officer"), StringComparison.Ordinal);
        using var answered = await person.Send(
            $"/me/requests/{number}/answer", ("form", own), ("words", "Of the year 2019."));
        Assert.Equal(HttpStatusCode.SeeOther, answered.StatusCode);

        Assert.Contains("Of the year 2019.", await person.Read("/me/requests"), StringComparison.Ordinal);
        Assert.Contains(
            "Of the year 2019.", await browser.Read($"/officer/requests/{number}"), StringComparison.Ordinal);
        foreach (var page in new[] { "/officer", "/officer/requests" })
            Assert.Matches(
                $"Answered by the person after they were closed[\\s\\S]*/officer/requests/{number}\"",
                await browser.Read(page));
        Assert.Equal(RequestState.Rejected, RequestBook.Require(portal.Workspace, new EntryIndex(number)).State);
    }

    private static long Ask(PortalWorld portal, string account, string text) => Aval.Recording.Recorder.EnterOnce(
        portal.Workspace,
        new Asked(
            portal.Clock.Now, "person", Right.Access, Account.Parse(account), portal.Clock.Now, "portal",
            IsAcknowledged: true)
        { Text = text }.Seal()).Entries.First.Value;

    private static async Task<string> Enter(PortalWorld portal, Browser browser, OfficerRole role)
    {
        var link = portal.Officers.Issue(new ShownOfficer("Test", role));
        using var entered = await browser.Send($"/officer/enter/{link}");
        Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);
        return Form().Match(await browser.Read(entered.Headers.Location!.ToString())).Groups["form"].Value;
    }

    private static IEnumerable<string> Of(PortalWorld portal, string method) => portal.Routes
        .Where(one => one.Method == method && one.Route.StartsWith("/officer", StringComparison.Ordinal))
        .Select(one => one.Route).Where(route => route is not ("/officer/leave" or "/officer/enter/{letters}"
            or "/officer/login" or OfficersDoor.Return));

    [GeneratedRegex("name=\"form\" value=\"(?<form>[^\"]+)\"")]
    private static partial Regex Form();

    [GeneratedRegex("method=\"post\" action=\"(?<to>[^\"]+)\"")]
    private static partial Regex PostedTo();

    [GeneratedRegex("<h1>")]
    private static partial Regex Headings();

}
