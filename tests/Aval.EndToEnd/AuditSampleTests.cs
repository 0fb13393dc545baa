using System.Text.Json;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.EndToEnd;

/// <summary>A sample as the controller draws it and an auditor checks it.</summary>
public sealed class AuditSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-audit-").FullName;

    private string Workspace => Path.Combine(_folder, "work");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_a_later_checkpoint_drew_is_verified_without_a_workspace_and_a_planted_account_is_found()
    {
        Platform.Write(Path.Combine(_folder, "files"), 200);
        Platform.Import(Workspace, Path.Combine(_folder, "files"));
        AvalProcess.Run(Workspace, "build", "--policy", "opt-out", "--as-of", Platform.AsOf).Done();
        AvalProcess.Run(Workspace, "choose", "objection", "--account", "facebook:100004").Done();
        var checkpoint = Path.Combine(_folder, "checkpoint");
        File.Copy(Path.Combine(Workspace, "ledger", "checkpoint"), checkpoint);
        var planted = Path.Combine(_folder, "planted.txt");
        File.WriteAllLines(planted, ["# One objected in time, one too late.", "instagram:100010", "facebook:100004"]);
        var sample = Path.Combine(_folder, "sample");
        string[] draw = ["audit", "sample", "opt-out", "--checkpoint", checkpoint, "--rows", "10"];

        Assert.Equal(2, AvalProcess.Run(Workspace, [.. draw, "--out", sample, "--seed", "x"]).Exit);
        var drawn = AvalProcess.Run(Workspace, [.. draw, "--out", sample, "--planted", planted]);
        Assert.Equal(1, drawn.Exit);
        Assert.Contains("instagram:100010: excluded", drawn.Output, StringComparison.Ordinal);
        Assert.Contains("facebook:100004: FOUND", drawn.Output, StringComparison.Ordinal);

        var key = Path.Combine(_folder, "ledger.vkey");
        File.WriteAllLines(key, [AvalProcess.Run(Workspace, "ledger", "key").Done().Output.Trim()]);
        var release = Directory.GetDirectories(Path.Combine(Workspace, "corpus", "opt-out")).Single();
        string[] verify = ["verify", "audit-sample", sample, "--key", key, "--release", release, "--planted", planted];
        var found = AvalProcess.RunIn(_folder, [.. verify, "--wrong", "1", "--json"]);
        Assert.Equal(1, found.Exit);
        using var verdict = JsonDocument.Parse(found.Output);
        var root = verdict.RootElement;
        Assert.True(root.GetProperty("verified").GetBoolean());
        Assert.Equal("later-checkpoint", root.GetProperty("seed_from").GetString());
        Assert.Equal(
            ["excluded", "found"],
            root.GetProperty("planted").EnumerateArray().Select(one => one.GetProperty("outcome").GetString()));
        Assert.Equal(0, root.GetProperty("respelled").GetArrayLength());
        var rows = root.GetProperty("strata")[0];
        Assert.Equal((10, 1), (rows.GetProperty("drawn").GetInt32(), rows.GetProperty("wrong").GetInt32()));
        Assert.InRange(rows.GetProperty("at_most_wrong").GetInt64(), 1, rows.GetProperty("population").GetInt64());
        // Another seed, which no checkpoint of the folder stands for: what the copy is of is asked all the same.
        var given = Path.Combine(_folder, "given");
        AvalProcess.Run(
            Workspace, "audit", "sample", "opt-out", "--seed", new string('7', 64), "--rows", "5", "--out", given)
            .Done();
        string[] held = ["verify", "audit-sample", given, "--key", key, "--ledger"];
        Assert.Contains(
            "continues the checkpoints of the release, of the receipts and of the seed",
            AvalProcess.RunIn(_folder, [.. held, Path.Combine(Workspace, "ledger")]).Done().Output,
            StringComparison.Ordinal);
        Assert.Contains("FORK", Refused([.. held, Fork()]), StringComparison.Ordinal);
        // A byte more, and nothing is verified.
        File.AppendAllLines(Path.Combine(sample, "admitted.jsonl"), [" "]);
        var changed = AvalProcess.RunIn(_folder, verify);
        Assert.Equal(1, changed.Exit);
        Assert.Contains("not what was sealed", changed.Error, StringComparison.Ordinal);
    }

    private string Refused(string[] command)
    {
        var answer = AvalProcess.RunIn(_folder, command);
        Assert.Equal(1, answer.Exit);
        return answer.Error;
    }

    // A ledger that the same key signed, of other entries.
    private string Fork()
    {
        var key = SigningKey.Read(Path.Combine(Workspace, "keys", "ledger.key"));
        var writer = TileWriter.Continue(Path.Combine(_folder, "fork"), new TreeSize(0));
        for (var at = 0; at < 1_000; at++)
            writer.Append(new LedgerEntry(EntryKind.Choice, Hash.Of(BitConverter.GetBytes(at))).ToBytes());
        writer.Complete();
        Durable.Replace(
            Path.Combine(_folder, "fork", "checkpoint"),
            key.Sign(new Checkpoint(key.Verifier.Name, writer.Size, writer.Root()).Text));
        return Path.Combine(_folder, "fork");
    }
}
