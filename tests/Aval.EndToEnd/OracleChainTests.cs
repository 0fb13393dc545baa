using System.Globalization;
using System.Text.Json;
using Aval.Policies;
using Aval.Tests.Oracles;

namespace Aval.EndToEnd;

/// <summary>
/// The oracle against the whole chain: its worlds as files, imported, chosen, built and answered by the real command.
/// Few large crowds, since a process is dear; what many small cases show, Aval.Tests shows on the engine alone.
/// </summary>
public sealed class OracleChainTests : IDisposable
{
    private const ulong Seed = 20250527;
    private const int WorldsInACrowd = 400;
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-chain-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_command_decides_every_item_as_the_oracle_does()
    {
        var crowds = Environment.GetEnvironmentVariable("AVAL_LONG") == "1" ? 40u : 5u;
        var generated = Scenarios.Crowd(WorldsInACrowd);
        var decided = 0;
        for (var number = 0u; number < crowds; number++)
        {
            var crowd = WithoutShare(generated.Numbered(number, Seed));
            var workspace = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"crowd-{number}"));
            var answered = Answered(workspace, crowd);
            var expected = Expected(crowd);
            Assert.True(expected.SequenceEqual(answered), string.Create(
                CultureInfo.InvariantCulture, $"Crowd {number} of seed {Seed}: {Differences(expected, answered)}"));
            decided += expected.Count;
        }

        Assert.InRange(decided, 600 * (int)crowds, int.MaxValue);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{decided} items decided alike in {crowds} workspaces, seed {Seed}");
    }

    // Whom it draws is the workspace's secret, which the oracle is not told.
    private static Scenario WithoutShare(Scenario crowd) => crowd with
    {
        Policy = crowd.Policy with { Rules = [.. crowd.Policy.Rules.Where(rule => rule is not Rule.Share)] },
    };

    // The oracle is quadratic: it decides each of a crowd's worlds alone, which is the same (AgreementTests).
    private static List<string> Expected(Scenario crowd) =>
        [.. Scenarios.Apart(crowd).SelectMany(world => world.DecidedBy(Oracle.Decide))
            .Select(decision => decision.ToString()).Order(StringComparer.Ordinal)];

    private static List<string> Answered(string workspace, Scenario crowd)
    {
        var files = Path.Combine(workspace, "files");
        WorldFiles.Write(crowd.World, files);
        var policy = Path.Combine(files, "policy.yaml");
        File.WriteAllLines(policy, [PolicyFiles.Yaml(crowd.Policy)]);
        AvalProcess.Run(workspace, "init", "--buckets", "4").Done();
        // The items in two imports, the later half first: an item's versions meet across imports, and their order is
        // not the world's.
        var items = File.ReadAllLines(Path.Combine(files, "items.jsonl"));
        Import(workspace, "items", Path.Combine(files, "later.jsonl"), items[(items.Length / 2)..]);
        Import(workspace, "items", Path.Combine(files, "earlier.jsonl"), items[..(items.Length / 2)]);
        Import(workspace, "accounts", Path.Combine(files, "accounts.jsonl"));
        Import(workspace, "notices", Path.Combine(files, "notices.jsonl"));
        AvalProcess.Run(workspace, "choose", "--from", Path.Combine(files, "choices.jsonl")).Done();
        var size = Math.Min(crowd.LedgerSize, crowd.World.Choices.Count).ToString(CultureInfo.InvariantCulture);
        string[] inputs =
            ["--policy", policy, "--as-of", crowd.AsOf.ToText(), "--at-checkpoint", size, "--erased-to", size];
        AvalProcess.Run(workspace, ["build", .. inputs, "--corpus", "chain"]).Done();
        var decisions = Path.Combine(files, "decisions.jsonl");
        AvalProcess.Run(workspace, "decisions", "chain", "--out", decisions).Done();
        return [.. File.ReadLines(decisions).Select(Decision).Order(StringComparer.Ordinal)];
    }

    private static string Decision(string line)
    {
        using var json = JsonDocument.Parse(line);
        string? Text(string name) => json.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
        var item = new Item(Text("service")!, Text("item_id")!);
        var author = Account.Parse(Text("account")!);
        string[] rules = Text("rules") is { Length: > 0 } joined ? joined.Split(';') : [];
        var reason =
            Enum.GetValues<Reason>().Cast<Reason?>().SingleOrDefault(known => known!.Value.ToText() == Text("reason"));
        return new ExpectedDecision(
            item, author, Text("decision") == "admitted", reason, Text("rule") is { Length: > 0 } rule ? rule : null,
            rules)
            .ToString();
    }

    private static void Import(string workspace, string kind, string file, string[]? lines = null)
    {
        if (lines is not null)
            File.WriteAllLines(file, lines);
        using var json = JsonDocument.Parse(
            AvalProcess.Run(workspace, "import", "table", file, "--as", kind, "--json").Done().Output);
        Assert.All(
            json.RootElement.EnumerateArray(), outcome => Assert.Equal(0, outcome.GetProperty("rejected").GetInt64()));
    }

    private static string Differences(List<string> expected, List<string> answered) =>
        $"\nthe oracle expects\n  {string.Join("\n  ", expected.Except(answered).Take(10))}\nbut the command answers\n"
        + $"  {string.Join("\n  ", answered.Except(expected).Take(10))}";
}
