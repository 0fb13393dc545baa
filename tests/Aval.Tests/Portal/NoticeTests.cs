using System.Text.RegularExpressions;
using Aval.Founding;
using Aval.Policies;
using Aval.Portal;
using Aval.Portal.Doors;
using Aval.Portal.Telling;
using Aval.Portal.Words;

namespace Aval.Tests.Portal;

/// <summary>Telling people: the text of a notice, and what a mailer brings back.</summary>
public sealed class NoticeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Workspace _workspace;

    public static TheoryData<string> Languages => [.. PortalText.Available];

    public NoticeTests() => _workspace = NewWorkspace.Create(_folder.File("ws"), Settings.Default with { Buckets = 4 });

    [Theory]
    [InlineData("en", "opt-out", "You may object")]
    [InlineData("fr", "opt-out", "Vous pouvez vous opposer")]
    [InlineData("de", "opt-out", "Sie können widersprechen")]
    [InlineData("en", "opt-in", "You decide")]
    [InlineData("fr", "opt-in", "C’est vous qui décidez")]
    [InlineData("de", "opt-in", "Sie entscheiden")]
    public void A_notice_begins_with_how_to_say_no_and_tells_all_that_the_law_asks_for(
        string language, string policy, string first)
    {
        var draft = Draft(language, policy, NoticeFacts.Example.Replace("…", "dit", StringComparison.Ordinal));
        var text = draft.Write();
        var sections = text.Split("\n## ");
        Assert.StartsWith(first, sections[1], StringComparison.Ordinal);
        // Apart from all else: the section says nothing but that.
        Assert.Contains(NoticeDraft.Link, sections[1], StringComparison.Ordinal);
        Assert.Single(sections[1].TrimEnd().Split("\n\n")[1..]);
        Assert.Equal(1, text.Split(NoticeDraft.Link).Length - 1);
        Assert.Contains("privacy@example.com", text, StringComparison.Ordinal);
        // What a brace names was filled in everywhere.
        Assert.DoesNotContain(
            "{", text.Replace(NoticeDraft.Link, "", StringComparison.Ordinal), StringComparison.Ordinal);
        string[] asked =
        [
            "13(1)(a)", "13(1)(b)", "13(1)(c)", "13(1)(e)", "13(1)(f)", "13(2)(a)", "13(2)(b)", "13(2)(d)", "13(2)(e)",
            "13(2)(f)", "13(3)", "14(1)(d)", "14(2)(f)", .. policy == "opt-in" ? new[] { "13(2)(c)", "7(2), 7(3)" }
                : ["13(1)(d)", "21(4)"],
        ];
        Assert.Equal(asked.Order(), draft.Items().Select(item => item.Provision).Distinct().Order());
    }

    [Fact]
    public void A_notice_that_leaves_something_out_is_not_written_and_all_that_is_missing_is_named()
    {
        var draft = Draft("fr", "opt-out", """
            address: 1 Example Street
            officer: {en: dpo@example.org}
            kept: un an
            """);
        var refused = Assert.Throws<AvalException>(() => draft.Write());
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("officer (Art. 13(1)(b)), interests (Art. 13(1)(d)), recipients (Art. 13(1)(e)), transfers "
            + "(Art. 13(1)(f)), decisions (Art. 13(2)(f))", Reordered(refused.Message), StringComparison.Ordinal);
        Assert.DoesNotContain("address", refused.Message.Split(':', 3)[2], StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Languages))]
    public void Every_language_of_the_portal_has_a_notice_that_is_complete_under_either_regime(string language)
    {
        var (words, english) = (NoticeWords.Of(language)!, NoticeWords.Of("en")!);
        foreach (var sentence in typeof(NoticeWords).GetProperties()
            .Where(property => property.PropertyType == typeof(string) && property.Name is not "Language"))
        {
            var (said, meant) = ((string)sentence.GetValue(words)!, (string)sentence.GetValue(english)!);
            Assert.False(string.IsNullOrWhiteSpace(said), $"{language}: {sentence.Name} is empty");
            Assert.Equal((sentence.Name, Holes(meant)), (sentence.Name, Holes(said)));
            // A sentence that was not translated is the English one.
            Assert.True(
                language == "en" || said != meant || sentence.Name is "WhoText",
                $"{language}: {sentence.Name}: {said}");
        }

        var facts = NoticeFacts.Example.Replace("en:", $"{language}:", StringComparison.Ordinal)
            .Replace(", fr: …, de: …", "", StringComparison.Ordinal);
        foreach (var policy in new[] { "opt-out", "opt-in" })
        {
            var draft = Draft(language, policy, facts);
            Assert.Equal(language is "en" or "fr" or "de", draft.IsReviewed);
            var text = draft.Write();
            Assert.DoesNotContain(
                "{", text.Replace(NoticeDraft.Link, "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.StartsWith(
                policy == "opt-in" ? words.AskHeading : words.ObjectHeading, text.Split("\n## ")[1],
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void In_a_language_that_nobody_wrote_it_in_there_is_no_notice() => Assert.Equal(
        ExitCode.Usage, Assert.Throws<AvalException>(() => Draft("ca", "opt-out", NoticeFacts.Example)).Exit);

    [Fact]
    public void A_link_that_was_mailed_before_ids_had_a_form_is_for_whoever_has_the_id_now()
    {
        using var links = new NoticeLinks(_workspace.ReadKey(), _workspace.Settings.Services);
        var read = links.Read(links.Make("v2", Account.Parse("instagram:Zoe.Fictive")));
        Assert.Equal("instagram:zoe.fictive", read?.Account.ToString());
    }

    [Fact]
    public void A_report_by_link_becomes_notices_by_account()
    {
        using var links = new NoticeLinks(_workspace.ReadKey(), _workspace.Settings.Services);
        var known = links.Make("v,2", Account.Parse("facebook:7"));
        var report = _folder.File("report.csv");
        System.IO.File.WriteAllLines(report,
        [
            "delivered_at;link;channel",
            $"2025-04-14T00:00:00Z;https://choices.example.org/n/{known};e-mail",
            $"2025-04-15T00:00:00Z;{known};\"in \"\"app\"\", today\"",
            "2025-04-16T00:00:00Z;https://choices.example.org/n/AAAA;e-mail",
        ]);
        using var notices = new StringWriter();
        Assert.Equal(new Translated(3, 1, 4), DeliveredFile.Write(report, links, notices, _ => { }));
        Assert.Equal(
            """
            delivered_at,account,version,channel
            2025-04-14T00:00:00Z,facebook:7,"v,2",e-mail
            2025-04-15T00:00:00Z,facebook:7,"v,2","in ""app"", today"
            2025-04-16T00:00:00Z,,,e-mail

            """, notices.ToString());
    }

    [Fact]
    public void A_bounce_by_a_link_that_nobody_here_made_is_nobodys()
    {
        using var links = new NoticeLinks(_workspace.ReadKey(), _workspace.Settings.Services);
        var report = _folder.File("bounces.csv");
        System.IO.File.WriteAllLines(report,
        [
            "link,delivered_at,bounced_at",
            $"{links.Make("v2", Account.Parse("facebook:7"))},,2025-04-15T00:00:00Z",
            "AAAA,,2025-04-16T00:00:00Z",
        ]);
        using var notices = new StringWriter();
        Assert.Equal(new Translated(2, 1, 3), DeliveredFile.Write(report, links, notices, _ => { }));
        Assert.Equal(
            "account,version,delivered_at,bounced_at\nfacebook:7,v2,,2025-04-15T00:00:00Z\n,,,\n", notices.ToString());
    }

    [Theory]
    [InlineData("account,delivered_at\nfacebook:7,2025-04-14T00:00:00Z\n", "line 1")]
    [InlineData("link,sent_at\nx,2025-04-14T00:00:00Z\n", "line 1")]
    [InlineData("link,delivered_at\nx\n", "line 2")]
    [InlineData("link,delivered_at\n\"x,2025\n", "line 2")]
    public void A_report_that_cannot_be_read_is_refused_whole(string report, string where)
    {
        using var links = new NoticeLinks(_workspace.ReadKey(), _workspace.Settings.Services);
        var path = _folder.File("report.csv");
        System.IO.File.WriteAllLines(path, [report.TrimEnd('\n')]);
        var refused = Assert.Throws<AvalException>(() => DeliveredFile.Write(path, links, TextWriter.Null, _ => { }));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains(where, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Holes(string sentence) => string.Join(
        ' ', Regex.Matches(sentence, "\\{[a-z]+\\}").Select(hole => hole.Value).Order(StringComparer.Ordinal));

    // The sentence names categories and sources too, in the order of the notice.
    private static string Reordered(string message) => message.Replace(
        "categories (Art. 14(1)(d)), sources (Art. 14(2)(f)), ", "", StringComparison.Ordinal);

    private NoticeDraft Draft(string language, string policy, string facts)
    {
        System.IO.File.WriteAllLines(Path.Combine(_workspace.Root, NoticeFacts.FileName), [facts]);
        var about = PolicyReader.Read(PolicyReader.Find(policy));
        return new NoticeDraft(
            _workspace,
            new PortalSettings(
                new Uri("http://localhost"), about, "2025-04", "privacy@example.com", "the authority"),
            NoticeFacts.Read(_workspace), about, language);
    }
}
