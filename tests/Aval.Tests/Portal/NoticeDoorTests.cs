using System.Net;
using Aval.Portal.Doors;

namespace Aval.Tests.Portal;

/// <summary>The link in a notice: what it opens, and all that it does not.</summary>
public sealed class NoticeDoorTests
{
    [Fact]
    public async Task Looking_at_a_link_records_nothing_and_one_tap_records_an_objection_with_a_receipt_that_verifies()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        var link = portal.Link("facebook:7");
        var page = await browser.Read(link);
        using var headed = await browser.Head(link);
        Assert.Empty(portal.Choices("facebook:7"));
        // Whose link it is stands neither in the address nor on the page.
        Assert.DoesNotContain("facebook:7", page, StringComparison.Ordinal);

        using var act = await browser.Send($"{link}/object");
        var receipt = await portal.ReceiptOf(browser, act);
        Assert.Equal(("facebook:7", StatementKind.Objection, "everything"),
            (receipt.Statement.Account, receipt.Statement.Kind, receipt.Statement.Scope));
        Assert.Equal(ChoiceKind.Objection, Assert.Single(portal.Choices("facebook:7")).Kind);
        // Reading the receipt again says nothing again.
        await browser.Read(act.Headers.Location!.ToString());
        Assert.Single(portal.Choices("facebook:7"));
        // Nor does the link tell whoever holds it what was said.
        Assert.Equal(page, await browser.Read(link));
    }

    [Fact]
    public async Task A_link_that_was_altered_cut_or_revoked_opens_nothing_and_all_are_answered_alike()
    {
        await using var portal = PortalWorld.Open("opt-out", "v1");
        using var browser = portal.Browser();
        var whole = portal.Link("facebook:7");
        var answers = new HashSet<string>();
        string[] links =
        [
            portal.Link("facebook:7", "v1"), whole[..^1], whole + "A",
            whole[..^2] + (whole[^2] == 'A' ? 'B' : 'A') + whole[^1],
            "/n/" + new string('A', 64), "/n/x", "/n/" + new string('A', 8_000),
        ];
        foreach (var link in links)
        {
            using var seen = await browser.Get(link);
            using var said = await browser.Send($"{link}/object");
            Assert.Equal(HttpStatusCode.NotFound, seen.StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, said.StatusCode);
            answers.Add((await Browser.TextOf(seen)).Replace(link, "", StringComparison.Ordinal));
        }

        Assert.Single(answers);
        Assert.Empty(portal.Choices("facebook:7"));
    }

    [Fact]
    public async Task A_link_cannot_consent_lift_or_look()
    {
        await using var portal = PortalWorld.Open("opt-in");
        using var browser = portal.Browser();
        var link = portal.Link("facebook:7");
        foreach (var what in new[] { "consent", "lift", "answer", "erase" })
        {
            using var said = await browser.Send($"{link}/{what}", ("train-generative-ai", "yes"));
            Assert.Equal(HttpStatusCode.NotFound, said.StatusCode);
        }

        foreach (var path in new[] { "/me", "/me/data", "/me/data.json", "/me/data.csv" })
        {
            using var seen = await browser.Get(path);
            Assert.Equal(HttpStatusCode.Forbidden, seen.StatusCode);
        }

        Assert.Empty(portal.Choices("facebook:7"));
    }

    [Fact]
    public async Task Under_an_opt_in_policy_the_link_says_no_and_nobody_is_asked_again_for_a_year()
    {
        await using var portal = PortalWorld.Open("opt-in");
        using var browser = portal.Browser();
        var link = portal.Link("facebook:7");
        Assert.DoesNotContain("checked", await browser.Read(link), StringComparison.Ordinal);
        using var act = await browser.Send($"{link}/refuse");
        Assert.Equal(StatementKind.Refusal, (await portal.ReceiptOf(browser, act)).Statement.Kind);
        await portal.LogIn(browser, "facebook:7");
        Assert.Contains("before 1 March 2027", await browser.Read("/me"), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_of_accounts_that_differ_in_one_letter_share_nothing_and_each_opens_to_its_own()
    {
        using var sealing = new SealedText(new Aval.Storage.WorkspaceKey(new byte[32]), "a test");
        var all = new HashSet<string>();
        for (var length = 0; length < 70; length++)
        {
            var text = new string('é', length / 2) + new string('x', length % 2);
            var letters = sealing.Seal(text);
            Assert.True(all.Add(letters));
            Assert.Equal(text, sealing.Open(letters));
            Assert.Equal(letters, sealing.Seal(text));
        }

        using var other = new SealedText(new Aval.Storage.WorkspaceKey(new byte[32]), "another use");
        Assert.All(all, letters => Assert.Null(other.Open(letters)));
    }

    [Fact]
    public void A_link_with_any_one_bit_changed_opens_nothing()
    {
        using var sealing = new SealedText(new Aval.Storage.WorkspaceKey(new byte[32]), "a test");
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(sealing.Seal("v2\0facebook:100044"));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(sealing.Open(System.Buffers.Text.Base64Url.EncodeToString(bytes)));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public async Task A_receipt_is_found_by_its_ticket_alone_for_a_day()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        using var act = await browser.Send($"{portal.Link("facebook:7")}/object");
        var ticket = act.Headers.Location!.ToString();
        Assert.Contains("You objected", await browser.Read(ticket), StringComparison.Ordinal);
        foreach (var wrong
            in new[] { ticket[..^1] + (ticket[^1] == 'A' ? 'Q' : 'A'), "/receipt/0", $"{ticket}/1", $"{ticket}/-1" })
        {
            using var seen = await browser.Get(wrong);
            Assert.Equal(HttpStatusCode.NotFound, seen.StatusCode);
        }

        portal.Clock.Now += TimeSpan.FromHours(25);
        using var late = await browser.Get(ticket);
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
    }

    [Fact]
    public async Task Somebody_elses_post_is_kept_out_and_the_answer_tells_nobody_whether_it_is_held()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        var pages = new List<string>();
        foreach (var item in new[] { "f3-0", "nobody-has-it" })
        {
            using var act = await browser.Send("/someone-else", ("service", "facebook"), ("item", item));
            Assert.Equal($"item:facebook:{item}", (await portal.ReceiptOf(browser, act)).Statement.Scope);
            var page = await browser.Read(act.Headers.Location!.ToString());
            pages.Add(page[..page.IndexOf("<section", StringComparison.Ordinal)]);
        }

        Assert.Equal(pages[0], pages[1]);
        var before = portal.AllChoices();
        using var wrong = await browser.Send("/someone-else", ("service", "facebook"), ("item", "a b"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Equal(before, portal.AllChoices());
    }
}
