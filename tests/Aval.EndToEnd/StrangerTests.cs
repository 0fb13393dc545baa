using System.Text.Json;
using System.Text.Json.Nodes;
using Aval.Storage;
using Aval.Tests;
using Aval.Tests.Proofs;

namespace Aval.EndToEnd;

/// <summary>
/// A whole workspace, made by the command as an operator makes it, and verified from its files alone by somebody else.
/// </summary>
public sealed class StrangerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void What_the_operators_commands_write_a_stranger_verifies()
    {
        var (work, late) = (_folder.File("work"), "facebook:100002");
        Platform.Write(_folder.File("files"), 5_000);
        Platform.Import(work, _folder.File("files"));
        var release = JsonDocument
            .Parse(Operator("build", "--policy", "opt-out", "--as-of", Platform.AsOf, "--json").Output).RootElement
            .GetProperty("path").GetString()!;
        Operator("choose", "objection", "--account", late);
        Operator("receipt", "0", "--out", _folder.Path);
        var key = Operator("ledger", "key").Output.Trim();
        var objection = Path.Combine(_folder.Path, "0.receipt");
        var objector = JsonNode
            .Parse(Stranger(0, "receipt", objection, "--key", key, "--json").Output)!["choice"]!["account"]!
            .GetValue<string>();
        Stranger(0, "receipt", objection, "--key", key, "--ledger", Path.Combine(work, "ledger"));
        Stranger(
            0, "checkpoint", Path.Combine(work, "ledger", "checkpoint"), "--key", key, "--ledger",
            Path.Combine(work, "ledger"));
        Stranger(0, "release", release, "--key", key, "--ledger", Path.Combine(work, "ledger"));

        var manifest = Path.Combine(release, "manifest.json");
        foreach (var (account, word) in new[] { (objector, "ABSENT"), (late, "PRESENT") })
        {
            var proof = _folder.File("it.proof");
            Operator("prove", account, "--release", release, "--out", proof);
            Assert.Contains(
                word, Stranger(0, "proof", proof, "--manifest", manifest, "--account", account, "--key", key).Output,
                StringComparison.Ordinal);
        }

        Operator("prove", objector, "--release", release, "--out", _folder.File("objector.proof"));
        Assert.Contains("absent", Stranger(
            1, "violation", "--receipt", objection, "--proof", _folder.File("objector.proof"), "--manifest", manifest,
            "--key", key).Error, StringComparison.Ordinal);
        Operator("receipt", "--account", late, "--out", _folder.File("late"));
        var lateReceipt = Assert.Single(Directory.GetFiles(_folder.File("late")));
        Assert.Contains("it came too late", Stranger(
            1, "violation", "--receipt", lateReceipt, "--proof", _folder.File("it.proof"), "--manifest", manifest,
            "--key", key).Error, StringComparison.Ordinal);

        // After a change of keys, all that the old key signed is still verified.
        Operator("keys", "rotate");
        var change = Assert.Single(Directory.GetFiles(Path.Combine(work, "ledger", "keys")));
        var next = Operator("ledger", "key").Output.Trim();
        Assert.NotEqual(key, next);
        Assert.Contains(next, Stranger(0, "key-change", change, "--key", key).Output, StringComparison.Ordinal);
        Stranger(0, "release", release, "--key", key, "--key", next, "--ledger", Path.Combine(work, "ledger"));

        var shard = Path.Combine(release, "shards", "b002.parquet");
        var bytes = File.ReadAllBytes(shard);
        bytes[bytes.Length / 2] ^= 1;
        Durable.Replace(shard, bytes);
        Assert.StartsWith(
            "NOT VERIFIED. shards/b002.parquet", Stranger(1, "release", release, "--key", key).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_third_partys_verifier_accepts_a_workspaces_ledger_and_all_its_receipts()
    {
        var (verifier, ledger) = (GoVerifier.Build(_folder.Path), Path.Combine(_folder.File("work"), "ledger"));
        Platform.Write(_folder.File("files"), 20_000);
        Platform.Import(_folder.File("work"), _folder.File("files"));
        Operator("receipt", "0-99", "--out", _folder.File("old"));
        Operator("build", "--policy", "opt-out", "--as-of", Platform.AsOf);
        Operator("choose", "objection", "--account", "facebook:100002");
        Operator("receipt", "300-399", "--out", _folder.File("new"));
        string[] receipts = [.. Directory.GetFiles(_folder.File("old")), .. Directory.GetFiles(_folder.File("new"))];
        // 400 choices of the file, a release, a choice.
        Assert.Matches(
            "^ok: 402 entries, [0-9]+ tiles, 200 receipts",
            verifier.Answer(0, [ledger, Operator("ledger", "key").Output.Trim(), .. receipts]));
    }

    public void Dispose() => _folder.Dispose();

    private Answer Operator(params string[] arguments) => AvalProcess.Run(_folder.File("work"), arguments).Done();

    private Answer Stranger(int exit, params string[] arguments)
    {
        var answer = AvalProcess.RunIn(_folder.Path, ["verify", .. arguments]);
        Assert.True(
            answer.Exit == exit,
            $"aval verify {string.Join(' ', arguments)}: exit {answer.Exit}, not {exit}\n{answer.Output}\n"
                + $"{answer.Error}");
        return answer;
    }
}
