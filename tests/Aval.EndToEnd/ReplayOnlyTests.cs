using System.Text.Json;

namespace Aval.EndToEnd;

/// <summary>A regime that can be compared and never trained on.</summary>
public sealed class ReplayOnlyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-replay-").FullName;

    private string Workspace => Path.Combine(_folder, "work");

    [Fact]
    public void A_replay_only_policy_makes_no_release_and_can_be_compared_and_decided()
    {
        Platform.Write(Path.Combine(_folder, "files"), 2_000);
        Platform.Import(Workspace, Path.Combine(_folder, "files"));
        string[] announced = ["--policy", "announced-2025", "--as-of", Platform.AsOf];

        var refused = AvalProcess.Run(Workspace, ["build", .. announced]);
        Assert.Equal(4, refused.Exit);
        Assert.Contains("\"announced-2025\" is replay-only", refused.Error, StringComparison.Ordinal);
        Assert.Contains("aval compare announced-2025 opt-out", refused.Error, StringComparison.Ordinal);
        Assert.Contains("aval decisions --policy announced-2025 --out", refused.Error, StringComparison.Ordinal);
        Assert.Equal(4, AvalProcess.Run(Workspace, ["build", .. announced, "--corpus", "other"]).Exit);
        Assert.Empty(Made());

        var file = Path.Combine(_folder, "announced.jsonl");
        AvalProcess.Run(Workspace, ["decisions", .. announced, "--out", file]).Done();
        var admitted = File.ReadLines(file).Count(line => line.Contains("\"admitted\"", StringComparison.Ordinal));
        Assert.Equal(2_000, File.ReadLines(file).Count());
        var compared = AvalProcess
            .Run(Workspace, "compare", "announced-2025", "opt-out", "--as-of", Platform.AsOf, "--json")
            .Done();
        using var comparison = JsonDocument.Parse(compared.Output);
        Assert.Equal(comparison.RootElement.GetProperty("admitted_first").GetProperty("items").GetInt64(), admitted);
        Assert.Empty(Made());

        Assert.Equal(2, AvalProcess.Run(Workspace, ["decisions", "opt-out", .. announced, "--out", file]).Exit);
        Assert.Equal(2, AvalProcess.Run(Workspace, "decisions", "--as-of", Platform.AsOf, "--out", file).Exit);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] Made() =>
        Directory.Exists(Path.Combine(Workspace, "corpus"))
            ? Directory.GetFiles(Path.Combine(Workspace, "corpus"), "*", SearchOption.AllDirectories)
            : [];
}
