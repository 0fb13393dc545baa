using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Aval.Portal;
using Aval.Portal.Doors;
using Aval.Storage;
using MimeKit;

namespace Aval.Tests.Portal;

/// <summary>Links by e-mail, dropped into a folder.</summary>
public sealed partial class MailDoorTests
{
    private const string Key = "an-invented-key";

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_works_for_a_quarter_of_an_hour_in_the_visit_that_opened_it()
    {
        await using var portal = Open();
        using var browser = portal.Browser("fr");
        portal.Contact("facebook:7", new ContactKey(Key).Of("bo@example.org"));
        portal.Contact("instagram:u7", new ContactKey(Key).Of("bo@example.org"));
        using var asked = await browser.Send("/login/mail", ("address", "Bo@example.org"));
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        var letter = await Letter(portal, 1);
        Assert.StartsWith("Votre lien", letter.Subject, StringComparison.Ordinal);
        var links = LinkIn().Matches(letter.TextBody!).Select(link => new Uri(link.Value).PathAndQuery).ToArray();
        Assert.Equal(2, links.Length);
        // The form of another visit presses nothing.
        var page = await browser.Read(links[0]);
        using var stranger = portal.Browser();
        using var pressed = await stranger.Send(links[0], ("form", FormOf(page)));
        Assert.Equal(HttpStatusCode.Forbidden, pressed.StatusCode);
        using var entered = await browser.Send(links[0], ("form", FormOf(page)));
        Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);
        portal.Clock.Now += TimeSpan.FromMinutes(15);
        using var late = await stranger.Get(links[1]);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
    }

    [Theory]
    [InlineData(11, 11, null)]
    [InlineData(MailDesk.MostAccounts, MailDesk.MostAccounts, null)]
    [InlineData(MailDesk.MostAccounts + 1, MailDesk.MostAccounts, "(1000 / 1001)")]
    public async Task A_letter_has_a_link_to_every_account_that_carries_the_address_and_says_where_there_are_more(
        int accounts, int links, string? says)
    {
        await using var portal = Open();
        using var browser = portal.Browser();
        portal.Contacts(
            Enumerable.Range(0, accounts).Select(number => $"facebook:{number}"),
            new ContactKey(Key).Of("bo@example.org"));
        using var asked = await browser.Send("/login/mail", ("address", "bo@example.org"));
        var text = (await Letter(portal, 1)).TextBody!;
        Assert.Equal(links, LinkIn().Count(text));
        Assert.Equal(says is not null, text.Contains(" / ", StringComparison.Ordinal));
        Assert.Contains(says ?? "", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_gets_three_letters_an_hour_whoever_asks()
    {
        await using var portal = Open();
        using var browser = portal.Browser();
        var key = new ContactKey(Key);
        portal.Contact("facebook:7", key.Of("bo@example.org"));
        portal.Contact("facebook:8", key.Of("ada@example.org"));
        for (var time = 0; time < 5; time++)
            (await browser.Send("/login/mail", ("address", "bo@example.org"))).Dispose();
        (await browser.Send("/login/mail", ("address", "ada@example.org"))).Dispose();
        // One after the other: once Ada's is there, all of Bo's are.
        _ = await Letter(portal, 4);
        var to = new List<string>();
        foreach (var file in Directory.GetFiles(portal.File("letters"), "*.eml"))
        {
            using var letter = await MimeMessage.LoadAsync(file, Ended);
            to.Add(letter.To.Mailboxes.Single().Address);
        }

        Assert.Equal(["ada@example.org", "bo@example.org", "bo@example.org", "bo@example.org"], to.Order());
    }

    [Theory]
    [InlineData("bo@example.org", "bo@example.org")]
    [InlineData("  Bo.B@EXAMPLE.org ", "bo.b@example.org")]
    [InlineData("bo@bücher.example", "bo@xn--bcher-kva.example")]
    [InlineData("Zoë@example.org", "zoë@example.org")]
    [InlineData("bo@example.org\r\nBcc: all@example.org", null)]
    [InlineData("Bo <bo@example.org>", null)]
    [InlineData("bo@example.org, ada@example.org", null)]
    [InlineData("bo@localdomain", null)]
    [InlineData("bo", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void An_address_has_one_form(string? written, string? canonical) =>
        Assert.Equal(canonical, ContactKey.Canonical(written));

    // The formula of docs/portal.md, by RFC 2104 as openssl computes it:
    //   printf %s bo@example.org | openssl dgst -sha256 -hmac an-invented-key
    [Fact]
    public void A_contact_is_what_openssl_makes_of_an_address() => Assert.Equal(
        "735425cdb9d994f9e7c2814cf523ca16e3a0b528722c3f0ef29e45666c3f0ee7", new ContactKey(Key).Of("bo@example.org"));

    [Fact]
    public async Task Nothing_is_sent_and_nothing_said_for_what_is_no_address()
    {
        await using var portal = Open();
        using var browser = portal.Browser();
        using var answer = await browser.Send("/login/mail", ("address", "bo@example.org\nBcc: ada@example.org"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        await using var without = PortalWorld.Open();
        using var other = without.Browser();
        using var absent = await other.Get("/login/mail");
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    [Fact]
    public async Task A_letter_that_could_not_be_sent_stops_none_after_it()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        await using var portal = Open(new PostSettings.Server(
            "127.0.0.1", ((IPEndPoint)server.LocalEndpoint).Port, "starttls", null, null));
        using var browser = portal.Browser();
        portal.Contact("facebook:7", new ContactKey(Key).Of("bo@example.org"));
        for (var time = 0; time < 2; time++)
        {
            (await browser.Send("/login/mail", ("address", "bo@example.org"))).Dispose();
            using var asked = await server.AcceptTcpClientAsync(Ended).AsTask()
                .WaitAsync(TimeSpan.FromMinutes(1), Ended);
            // It offers no TLS, so nothing may be said to it.
            await asked.GetStream().WriteAsync("220 x ESMTP\r\n"u8.ToArray(), Ended);
            using var reader = new StreamReader(asked.GetStream());
            Assert.StartsWith("EHLO", await reader.ReadLineAsync(Ended), StringComparison.Ordinal);
            await asked.GetStream().WriteAsync("250 x\r\n"u8.ToArray(), Ended);
            while (await reader.ReadLineAsync(Ended) is { } said)
                Assert.DoesNotContain("@", said, StringComparison.Ordinal);
        }
    }

    private static PortalWorld Open(PostSettings? post = null) => PortalWorld.With((portal, settings) =>
    {
        var key = portal.File("contact.key");
        Durable.CreateNew(key, Encoding.UTF8.GetBytes(Key + "\n"), Durable.Private);
        return settings with
        {
            Mail = new MailSettings(
                new MailAddress("choices@example.org"), key, post ?? new PostSettings.Drop(portal.File("letters"))),
        };
    });

    private static Task<MimeMessage> Letter(PortalWorld portal, int number) =>
        Arrived(portal, number).WaitAsync(TimeSpan.FromMinutes(1), Ended);

    private static async Task<MimeMessage> Arrived(PortalWorld portal, int number)
    {
        string[] letters;
        while ((letters = Directory.GetFiles(portal.File("letters"), "*.eml")).Length < number)
            await Task.Delay(10, Ended);
        return await MimeMessage.LoadAsync(letters[0], Ended);
    }

    private static string FormOf(string page) => page.Split("name=\"form\" value=\"")[1].Split('"')[0];

    [GeneratedRegex(@"http\S+")]
    private static partial Regex LinkIn();
}
