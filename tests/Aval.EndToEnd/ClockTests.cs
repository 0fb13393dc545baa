using System.Text.Json;
using Aval.Cli;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>A clock that was ahead when something was acknowledged, and is right, or set back, when a release is made.
/// The commands run in this process, since a process of its own has the clock of now.</summary>
public sealed class ClockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Clock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2026-01-15T14:00:00.000000Z")]
    [InlineData("2027-05-01T00:00:00.000000Z")] // By more than what a release may be ahead.
    public void A_build_of_now_leaves_out_whoever_objected_under_a_clock_that_was_ahead(string ahead)
    {
        _clock.Now = Instant.Parse(ahead, "now");
        var items = _folder.File("items.jsonl");
        File.WriteAllLines(items, new[] { "ann", "bea" }.Select(author =>
            $"{{\"item_id\": \"{author}\", \"author\": \"facebook:{author}\", \"service\": \"facebook\", "
                + "\"kind\": \"post\", \"audience\": \"public\", \"created_at\": \"2024-01-01T00:00:00Z\", "
                + "\"observed_at\": \"2024-06-01T00:00:00Z\", \"text\": \"something\"}"));
        File.WriteAllLines(_folder.File("all.yaml"), [PolicyFiles.AdmitsAll]);
        Aval("init");
        Aval("import", "table", items, "--as", "items");
        Aval("choose", "objection", "--account", "facebook:ann");

        _clock.Now = Instant.Parse("2026-01-15T12:05:00Z", "now");
        Aval("build", "--policy", _folder.File("all.yaml"));

        var release = Assert.Single(Directory.GetDirectories(_folder.File("work/corpus/all"), "2026*"));
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(release, "manifest.json")));
        Assert.Equal(
            (1, "2026-01-15T12:05:00.000000Z", ahead),
            (manifest.RootElement.GetProperty("admitted").GetInt64(),
                manifest.RootElement.GetProperty("as_of").GetString(),
                manifest.RootElement.GetProperty("protect_until").GetString()));
    }

    private string Aval(params string[] words)
    {
        using var said = new StringWriter();
        using var complained = new StringWriter();
        string[] all = [.. words, "--workspace", _folder.File("work")];
        Assert.True(Program.Run(new Terminal(said, complained, _clock), all) == 0, $"{said}\n{complained}");
        return said.ToString();
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
