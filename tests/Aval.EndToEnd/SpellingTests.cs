using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>
/// However an account is typed, the answer is about the one account that it can be, or there is none.
/// </summary>
public sealed class SpellingTests : IDisposable
{
    private const string Typed = "facebook:Zoe.Fictive", Formed = "facebook:zoe.fictive";
    private readonly TemporaryFolder _folder = new();

    private string Workspace => _folder.File("workspace");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_account_is_proved_and_verified_under_any_spelling_and_never_absent_by_one()
    {
        Import(
            "accounts",
            $$"""{"account": "{{Formed}}", "birth_year": 1980, "country": "DE", "observed_at": "2025-04-01T00:00:00Z"}""");
        Import("notices", $$"""{"account": "{{Typed}}", "version": "v1", "delivered_at": "2025-04-14T00:00:00Z"}""");
        Import(
            "items",
            $$"""{"item_id": "1", "service": "facebook", "kind": "post", "author": "{{Typed}}", "audience": "public", "created_at": "2024-03-04T05:06:07Z", "text": "words", "observed_at": "2025-04-01T00:00:00Z"}""");
        Run("build", "--policy", "opt-out", "--as-of", "2025-12-01T00:00:00Z").Done();
        var (proof, manifest, key) = (_folder.File("zoe.proof"), Directory
            .GetFiles(Path.Combine(Workspace, "corpus"), "manifest.json", SearchOption.AllDirectories)
            .Single(), Run("ledger", "key").Done().Output.Trim());

        Assert.Contains(
            $"Present: {Formed} is among the authors", Run("prove", Typed, "--out", proof).Done().Output,
            StringComparison.Ordinal);
        var verified = Run(
            "verify", "proof", proof, "--manifest", manifest, "--account", "facebook:ZOE.fictive", "--key", key)
            .Done();
        Assert.Contains("PRESENT", verified.Output, StringComparison.Ordinal);
        Assert.Contains(Formed, verified.Output, StringComparison.Ordinal);
        Assert.Contains($"{Formed} has 1 items", Run("explain", Typed).Done().Output, StringComparison.Ordinal);
        foreach (var command in new string[][]
        {
            ["prove", "facebook:@zoe.fictive"],
            ["verify", "proof", proof, "--manifest", manifest, "--account", "facebook:zoe.fictive\u00a0", "--key", key],
            ["explain", "facebook:00100"], ["stance", "facebook:1.00044E+14"],
            ["receipt", "--account", "facebook:zoe fictive"],
            ["choose", "objection", "--account", "facebook:\u200bzoe.fictive"],
        })
        {
            Assert.Equal(2, Run(command).Exit);
        }

        // What was typed otherwise protects all the same.
        Run("choose", "objection", "--account", "facebook:ZOE.FICTIVE").Done();
        Assert.Contains("Objected", Run("stance", Typed).Done().Output, StringComparison.OrdinalIgnoreCase);
        Run("receipt", "--account", Typed, "--out", _folder.File("receipts")).Done();
        Assert.Single(Directory.GetFiles(_folder.File("receipts")));
    }

    public SpellingTests() => AvalProcess.RunIn(_folder.Path, "init", Workspace).Done();

    private Answer Run(params string[] arguments) => AvalProcess.Run(Workspace, arguments);

    private void Import(string kind, string line)
    {
        File.WriteAllLines(_folder.File($"{kind}.jsonl"), [line]);
        Run("import", "table", _folder.File($"{kind}.jsonl"), "--as", kind).Done();
    }
}
