using System.Text.RegularExpressions;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>What the documents show of the demo is what today's program prints and draws.</summary>
public sealed partial class DemoTests : IDisposable
{
    private const string Fence = "```";
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_page_on_the_demo_is_what_the_demo_prints_and_the_picture_what_it_draws()
    {
        var printed = AvalProcess.RunIn(_folder.Path, "demo").Done().Output
            .Replace(_folder.Path, "/home/you/aval", StringComparison.Ordinal)
            .Replace(ProgramUnderTest.Folder, "/home/you/aval/", StringComparison.Ordinal);
        AssertSame(Stable(Shown("docs/demo.md", "<!-- demo:begin")), Stable(printed.Trim('\n').Split('\n')));
        Assert.True(
            Document("docs/comparison.svg") == File.ReadAllText(Path.Combine(_folder.File("demo"), "comparison.svg")),
            "docs/comparison.svg is not what aval compare draws. Copy comparison.svg of a new ./aval demo over it.");
        // The demo has a clock of its own and its reader has not: what ran out since is taken out of the release first.
        AvalProcess.RunIn(_folder.File("demo"), "recall", "--corpus", "opt-out").Done();
        var study = AvalProcess.RunIn(
            _folder.File("demo"), "study", Path.Combine(Dotnet.Checkout, "samples", "study", "plan.yaml")).Done().Output
            .Replace(_folder.Path, "/home/you/aval", StringComparison.Ordinal);
        // Whom a draw takes follows from the workspace's key, and with it every number; what is said of them does not.
        AssertSame(Numberless(Shown("README.md", "<!-- study")[1..]), Numberless(study.Trim('\n').Split('\n')));
    }

    [Fact]
    public void The_first_screen_shows_twelve_lines_of_the_page_on_the_demo()
    {
        var lines = Shown("README.md", "<!-- demo lines");
        Assert.Equal(12, lines.Length);
        var all = Shown("docs/demo.md", "<!-- demo:begin").AsSpan();
        foreach (var line in lines)
        {
            var at = all.IndexOf(line);
            Assert.True(at >= 0, $"docs/demo.md does not have this line of README.md, or not in its place:\n{line}");
            all = all[(at + 1)..];
        }
    }

    public void Dispose() => _folder.Dispose();

    private static string Document(string file) => File.ReadAllText(Path.Combine(Dotnet.Checkout, file));

    // The lines of the first block after a marker.
    private static string[] Shown(string file, string marker)
    {
        var text = Document(file);
        return text[text.IndexOf(marker, StringComparison.Ordinal)..].Split(Fence)[1].Trim('\n').Split('\n');
    }

    private static string[] Numberless(string[] lines) =>
        [.. Stable(lines).Select(line => Numbers().Replace(line, "N")).Select(line => Spaces().Replace(line, " "))];

    [GeneratedRegex(@"-?\b\d+(\.\d+)?")]
    private static partial Regex Numbers();

    // What follows from a workspace's random keys, from the clock or from how fast the machine is becomes a word.
    private static string[] Stable(string[] lines) => [.. lines.Select(line =>
    {
        line = Rows().Replace(line, "ROW");
        line = StatementIds().Replace(line, "STATEMENT");
        line = ReleaseIds().Replace(line, "RELEASE");
        line = Hashes().Replace(line, "HASH");
        line = Instants().Replace(line, "NOW");
        line = Sizes().Replace(line, "SIZE");
        line = Seconds().Replace(line, "TIME");
        line = Touched().Replace(line, "SOME of");
        return Spaces().Replace(line, " ").TrimEnd();
    })];

    private static void AssertSame(string[] page, string[] run)
    {
        for (var at = 0; at < Math.Max(page.Length, run.Length); at++)
        {
            var (expected, found) = (page.ElementAtOrDefault(at), run.ElementAtOrDefault(at));
            Assert.True(
                expected == found,
                $"docs/demo.md is not what ./aval demo prints, from line {at + 1} of its block on.\n"
                + $"the page: {expected ?? "(its end)"}\nthe run:  {found ?? "(its end)"}\n"
                + "Fill the page from a new run.");
        }
    }

    [GeneratedRegex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} .*$")]
    private static partial Regex Rows();

    [GeneratedRegex("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{12}")]
    private static partial Regex ReleaseIds();

    [GeneratedRegex("(run-|export-)[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}|notice-[0-9a-f]{12}")]
    private static partial Regex StatementIds();

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Hashes();

    // Whatever the sample states is of a whole second.
    [GeneratedRegex(@"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.(?!000000)[0-9]{6}Z")]
    private static partial Regex Instants();

    [GeneratedRegex("[0-9,]+ bytes")]
    private static partial Regex Sizes();

    [GeneratedRegex(@"[0-9.]+ (s|min|ms)\b[0-9a-z ]* in all")]
    private static partial Regex Seconds();

    // Two linked accounts lie in two buckets, or, of one workspace's key in sixteen, in one.
    [GeneratedRegex("[12] of(?= 16 are written)")]
    private static partial Regex Touched();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
