using System.Globalization;
using System.Text;
using System.Text.Json;
using Aval.Cli;
using Aval.Storage;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>Texts from outside that steer terminals, turn lines around, end cells, begin tags or are
/// formulas.</summary>
public sealed class HarmlessTests : IDisposable
{
    private const string Policy = """
        policy: all
        title: "Whatever | there <blink>is</blink>"
        purpose: train-generative-ai
        basis: legitimate-interest
        applies-from: 2025-05-27
        rules:
          - {id: objection, law: "a | b <i>c</i>"}
          - {id: informed, off: "because | this <script> is [a](test)"}
          - {id: combine-services, reading: same-person}
          - {id: special-categories, off: "because this is a test"}
          - {id: about-me, off: "because this is a test"}
          - {id: erasure, off: "because this is a test"}
          - {id: restriction, off: "because this is a test"}
          - {id: removal, off: "because this is a test"}

        """;

    private readonly TemporaryFolder _folder = new();

    private string Workspace => _folder.File("work");

    [Fact]
    public void Nothing_that_came_from_outside_steers_a_terminal_a_card_a_page_or_a_spreadsheet()
    {
        Done("init", "--buckets", "1");
        Done("import", "table", Items(), "--as", "items", "--source", "so\u202eurce");
        Durable.Replace(_folder.File("all.yaml"), Policy);
        var (csv, lines, page) = (_folder.File("d.csv"), _folder.File("d.jsonl"), _folder.File("page.html"));
        string[] asOf = ["--as-of", "2026-01-15T00:00:00Z"];
        var built = Json(Done(["build", "--policy", _folder.File("all.yaml"), .. asOf, "--json"]));
        var release = built.GetProperty("path").GetString()!;
        Assert.Equal(4, built.GetProperty("accounting").GetProperty("admitted").GetInt64());
        var key = Done("ledger", "key").Trim();
        Done(["build", "--policy", _folder.File("all.yaml"), .. asOf]);
        Done("decisions", "all", "--out", csv);
        Done("decisions", "all", "--out", lines);
        Done(["compare", _folder.File("all.yaml"), "opt-out", .. asOf, "--html", page]);
        Json(Done(["compare", _folder.File("all.yaml"), "opt-out", .. asOf, "--json"]));
        Done("query", "SELECT * FROM items");
        foreach (var line in Done("query", "SELECT item_id, language_hint FROM items", "--json").TrimEnd().Split('\n'))
            Json(line);
        Done("explain", "item:facebook:=1+1", "--release", "all");
        Json(Done("verify", "release", release, "--key", key, "--json"));
        Done("verify", "release", release, "--key", key);
        Refused("explain", "facebook:\u202e7");
        Refused("verify", "release", "\u001b[31m", "--key", key);

        var card = File.ReadAllText(Path.Combine(release, "README.md"));
        foreach (var text in new[] { card, File.ReadAllText(page), File.ReadAllText(csv) })
            AssertHarmless(text);
        Assert.DoesNotContain("<blink>", card + File.ReadAllText(page), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", card + File.ReadAllText(page), StringComparison.Ordinal);
        Assert.Contains(@"\\u202ede\|\<blink\>", card, StringComparison.Ordinal);
        Assert.Contains("facebook,'=1+1,facebook:1", File.ReadAllText(csv), StringComparison.Ordinal);
        Assert.Contains("\"item_id\":\"=1+1\"", File.ReadAllText(lines), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Items()
    {
        string[] languages = ["\u202ede|<blink>", "en\u2028fr", "=HYPERLINK(\"x\")", "\u200b\u2066it\u2069"];
        string[] ids = ["=1+1", "-2", "@3", "4"];
        var rows = ids.Zip(languages, (id, language) => JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["item_id"] = id,
            ["service"] = "facebook",
            ["kind"] = "post",
            ["author"] = "facebook:1",
            ["audience"] = "public",
            ["created_at"] = "2024-03-04T05:06:07Z",
            ["text"] = "a text \u202e \u0007 with all of it",
            ["language_hint"] = language,
            ["observed_at"] = "2026-01-01T00:00:00Z",
        }));
        Durable.Replace(_folder.File("items.jsonl"), string.Join('\n', rows) + "\n");
        return _folder.File("items.jsonl");
    }

    private string Done(params string[] arguments)
    {
        var (exit, output, error) = Run(arguments);
        Assert.True(exit == 0, $"aval {string.Join(' ', arguments)}: exit {exit}\n{output}\n{error}");
        return output;
    }

    private void Refused(params string[] arguments) => Assert.NotEqual(0, Run(arguments).Exit);

    private (int Exit, string Output, string Error) Run(string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, error, TimeProvider.System);
        var exit = Program.Run(terminal, [.. arguments, "--workspace", Workspace]);
        AssertHarmless(output.ToString());
        AssertHarmless(error.ToString());
        return (exit, output.ToString(), error.ToString());
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static void AssertHarmless(string text) => Assert.DoesNotContain(text.EnumerateRunes(), rune =>
        rune.Value is not ('\n' or '\t')
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
