using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>From the list of links to what was delivered, as a platform's mailer goes.</summary>
public sealed class NoticeTests
{
    [Fact]
    public void Links_go_out_and_come_back_as_notices_that_were_delivered()
    {
        using var folder = new TemporaryFolder();
        var workspace = folder.File("workspace");
        AvalProcess.Run(workspace, "init", "--buckets", "4").Done();
        File.WriteAllLines(folder.File("accounts.csv"), ["account", "facebook:7", "facebook:8"]);
        AvalProcess.Run(workspace, "import", "table", folder.File("accounts.csv"), "--as", "accounts").Done();
        File.WriteAllLines(Path.Combine(workspace, "portal.yaml"),
        [
            "url: https://choices.example.org", "policy: opt-out", "notice: \"2025-04\"",
            "contact: privacy@example.org", "authority: the authority",
        ]);
        var links = folder.File("links.csv");
        AvalProcess.Run(workspace, "notice", "links", "--out", links).Done();
        // The same as JSON, one object a line.
        AvalProcess.Run(workspace, "notice", "links", "--out", folder.File("links.ndjson")).Done();
        var json = File.ReadAllLines(folder.File("links.ndjson")).Select(line =>
        {
            using var one = System.Text.Json.JsonDocument.Parse(line);
            return $"{one.RootElement.GetProperty("account")},{one.RootElement.GetProperty("link")}";
        });
        Assert.Equal(File.ReadAllLines(links)[1..].Order(), json.Order());
        // The mailer brings back links and nothing else; one of them is somebody's invention.
        var delivered = File.ReadAllLines(links)[1..].Select(line => line.Split(',')[1]);
        File.WriteAllLines(folder.File("report.csv"),
        [
            "link,delivered_at,channel",
            .. delivered.Select(link => $"{link},2025-04-14T00:00:00Z,e-mail"),
            "https://choices.example.org/n/AAAA,2025-04-14T00:00:00Z,e-mail",
        ]);
        var answer = AvalProcess.Run(workspace, "notice", "delivered", folder.File("report.csv")).Done();
        Assert.Contains("1 of 3 links were not made here, the first in line 4", answer.Error, StringComparison.Ordinal);
        var notices = AvalProcess.Run(
            workspace, "query", "SELECT account, version, channel, delivered_at FROM notices ORDER BY ALL").Done();
        Assert.Contains("facebook:7", notices.Output, StringComparison.Ordinal);
        Assert.Contains("facebook:8", notices.Output, StringComparison.Ordinal);
        Assert.Contains("2025-04-14", notices.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(workspace, "tmp"), "delivered-*"));
        // What only the controller knows is asked for, and nothing is written without it.
        var draft = AvalProcess.Run(workspace, "notice", "draft", "--language", "fr");
        Assert.Equal(2, draft.Exit);
        Assert.Contains("notice.yaml", draft.Error, StringComparison.Ordinal);
        File.WriteAllLines(Path.Combine(workspace, "notice.yaml"), ["address: 1 Example Street"]);
        var check = AvalProcess.Run(workspace, "notice", "draft", "--language", "fr", "--check");
        Assert.Equal(1, check.Exit);
        Assert.Contains("Art. 13(1)(b): missing", check.Output, StringComparison.Ordinal);
    }
}
