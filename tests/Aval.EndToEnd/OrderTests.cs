using System.Security.Cryptography;
using System.Text.Json;

namespace Aval.EndToEnd;

/// <summary>An order as whoever has to obey it meets it.</summary>
public sealed class OrderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-order-").FullName;

    private string Workspace => Path.Combine(_folder, "work");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_served_stops_a_build_and_an_export_and_names_itself_until_it_is_lifted()
    {
        Platform.Write(Path.Combine(_folder, "files"), 200);
        Platform.Import(Workspace, Path.Combine(_folder, "files"));
        string[] build = ["build", "--policy", "opt-out", "--as-of", Platform.AsOf, "--corpus", "one"];
        AvalProcess.Run(Workspace, build).Done();
        var document = Path.Combine(_folder, "document.txt");
        File.WriteAllLines(document, ["It is ordered."]);
        var file = Path.Combine(_folder, "order.yaml");
        File.WriteAllLines(file, [
            "by: court", "name: Fictional Court", "file: 15 UKl 2/25",
            $"document: {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(document)))}",
            "from: 2025-05-27", "text: No training on what users published.",
            "effects: [{effect: stop, services: [facebook]}]",
        ]);

        Assert.Equal(3, AvalProcess.Run(Workspace, "order", "serve", file, "--document", file).Exit);
        var served = AvalProcess.Run(Workspace, "order", "serve", file, "--document", document, "--json").Done();
        using var order = JsonDocument.Parse(served.Output);
        var entry = $"{order.RootElement.GetProperty("entry").GetInt64()}";
        foreach (var stopped in new[] { [.. build, "--protect-until", "2026-01-16T00:00:00Z"], Export("first") })
        {
            var refused = AvalProcess.Run(Workspace, stopped);
            Assert.Equal(4, refused.Exit);
            Assert.Contains("Fictional Court, file 15 UKl 2/25", refused.Error, StringComparison.Ordinal);
            Assert.Contains($"ledger entry {entry}", refused.Error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(Path.Combine(_folder, "first")));
        AvalProcess.Run(Workspace, "recall", "--corpus", "one").Done();
        Assert.Equal(2, AvalProcess.Run(Workspace, "order", "lift", entry, "--because", " ").Exit);
        AvalProcess.Run(Workspace, "order", "lift", entry, "--because", "The court, on 3 July").Done();
        AvalProcess.Run(Workspace, Export("second")).Done();
        Assert.Contains("lifted", AvalProcess.Run(Workspace, "order", "list").Done().Output, StringComparison.Ordinal);
        AvalProcess.Run(Workspace, "check").Done();
    }

    private string[] Export(string name) =>
        ["export", "one", "--to", Path.Combine(_folder, name), "--recipient", "a trainer", "--format", "jsonl"];
}
