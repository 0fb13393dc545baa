using System.Text.Json;
using Aval.Storage;
using Aval.Tests;
using Aval.Tests.Proofs;

namespace Aval.EndToEnd;

/// <summary>What a stranger types, with files that an operator gave and no workspace anywhere near.</summary>
public sealed class VerifyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CommittedWorld _world = new();

    [Fact]
    public void A_receipt_is_verified_against_its_key_and_a_copy_of_the_ledger()
    {
        var receipt = Keep("r", _world.ReceiptOf(_world.Choose(ChoiceKind.Objection, "facebook:1")).ToFile());
        _world.Choose(ChoiceKind.Consent, "facebook:2");
        var key = Keep("key", System.Text.Encoding.UTF8.GetBytes(_world.Verifier + "\n"));
        Assert.Contains(
            "Verified: the ledger ledger.example/aval holds this choice as entry 0",
            Verify(0, "receipt", receipt, "--key", key).Output, StringComparison.Ordinal);
        Assert.Contains(
            "the same history", Verify(0, "receipt", receipt, "--key", Key, "--ledger", _world.Ledger).Output,
            StringComparison.Ordinal);
        using var json = JsonDocument.Parse(Verify(0, "receipt", receipt, "--key", Key, "--json").Output);
        Assert.Equal("facebook:1", json.RootElement.GetProperty("choice").GetProperty("account").GetString());

        Durable.Replace(
            receipt, File.ReadAllText(receipt).Replace("facebook:1", "facebook:2", StringComparison.Ordinal));
        Assert.StartsWith(
            "NOT VERIFIED. ", Verify(1, "receipt", receipt, "--key", Key).Error, StringComparison.Ordinal);
        Durable.Replace(receipt, "not a receipt\n");
        Verify(3, "receipt", receipt, "--key", Key);
        Verify(3, "receipt", Path.Combine(_folder.Path, "none"), "--key", Key);
        Verify(3, "receipt", receipt, "--key", "no key");
        Verify(2, "receipt", receipt);
    }

    [Fact]
    public void A_fork_is_told_loudly_and_both_checkpoints_are_kept()
    {
        using var other = new CommittedWorld(_world.Key);
        var receipt = Keep("r", _world.ReceiptOf(_world.Choose(ChoiceKind.Objection, "facebook:1")).ToFile());
        var kept = Keep("kept", _world.Checkpoint());
        other.Choose(ChoiceKind.Objection, "facebook:2");
        var same = Keep("same", other.Checkpoint());
        other.Choose(ChoiceKind.Objection, "facebook:3");
        var newer = Keep("newer", other.Checkpoint());
        string[][] commands =
        [
            ["receipt", receipt, "--key", Key, "--ledger", other.Ledger],
            ["checkpoint", same, "--older", kept, "--key", Key],
            ["checkpoint", newer, "--older", kept, "--ledger", other.Ledger, "--key", Key],
            ["checkpoint", kept, "--ledger", other.Ledger, "--key", Key],
        ];
        foreach (var command in commands)
        {
            Assert.Contains("FORK", Verify(1, command).Error, StringComparison.Ordinal);
            var evidence = Assert.Single(Directory.GetFiles(_folder.Path, "fork-*.txt"));
            Assert.Contains(File.ReadAllText(kept), File.ReadAllText(evidence), StringComparison.Ordinal);
            File.Delete(evidence);
        }

        Verify(0, "checkpoint", newer, "--older", same, "--ledger", other.Ledger, "--key", Key);
        Verify(2, "checkpoint", newer, "--older", same, "--key", Key);
        Verify(1, "checkpoint", same, "--older", newer, "--key", Key);
    }

    [Fact]
    public void A_release_a_proof_and_a_violation_are_verified_and_a_planted_byte_is_named()
    {
        var receipt = Keep("r", _world.ReceiptOf(_world.Choose(ChoiceKind.Objection, "facebook:1")).ToFile());
        var late = CommittedWorld.AsOf.AddDays(1);
        _world.Build();
        var lateReceipt = Keep(
            "late", _world.ReceiptOf(_world.Choose(ChoiceKind.Objection, "facebook:1", made: late)).ToFile());
        var proof = Keep("p", _world.Prove("facebook:1").ToFile());
        Assert.Contains(
            "all 6 files", Verify(0, "release", _world.Release, "--key", Key, "--ledger", _world.Ledger).Output,
            StringComparison.Ordinal);
        Assert.Contains("PRESENT", Verify(
            0, "proof", proof, "--manifest", _world.ManifestPath, "--account", "facebook:1", "--key",
            Key).Output, StringComparison.Ordinal);
        Assert.Contains("ABSENT", Verify(
            0, "proof", Keep("a", _world.Prove("facebook:77").ToFile()), "--manifest", _world.ManifestPath, "--account",
            "facebook:77", "--key", Key).Output, StringComparison.Ordinal);
        Verify(1, "proof", proof, "--manifest", _world.ManifestPath, "--account", "facebook:2", "--key", Key);
        var verdict = Verify(
            0, "violation", "--receipt", receipt, "--proof", proof, "--manifest", _world.ManifestPath, "--key",
            Key).Output;
        Assert.StartsWith("PRIMA FACIE EVIDENCE OF A VIOLATION.", verdict, StringComparison.Ordinal);
        Assert.StartsWith("NO VIOLATION IS SHOWN", Verify(
            1, "violation", "--receipt", lateReceipt, "--proof", proof, "--manifest", _world.ManifestPath, "--key",
            Key).Error, StringComparison.Ordinal);

        var alone = Keep("manifest.json", File.ReadAllBytes(_world.ManifestPath));
        Assert.Contains(
            "Nothing shows that the manifest is the operator's",
            Verify(1, "violation", "--receipt", receipt, "--proof", proof, "--manifest", alone, "--key", Key).Error,
            StringComparison.Ordinal);

        Keep("manifest.sig", File.ReadAllBytes(_world.In("manifest.sig")));
        string[] aboutTheCopy = ["--manifest", alone, "--key", Key];
        string[] prove = ["proof", proof, "--account", "facebook:1", .. aboutTheCopy];
        string[] judge = ["violation", "--receipt", receipt, "--proof", proof, .. aboutTheCopy];
        Assert.Contains("signed, not committed", Verify(1, prove).Error, StringComparison.Ordinal);
        Assert.Contains("signed, not committed", Verify(1, judge).Error, StringComparison.Ordinal);
        var copied = Verify(0, [.. prove, "--ledger", _world.Ledger]).Output;
        Assert.Contains("entry 1 of the ledger", copied, StringComparison.Ordinal);
        Verify(0, [.. judge, "--ledger", _world.Ledger]);
        using var stranger = new CommittedWorld(_world.Key);
        stranger.Choose(ChoiceKind.Objection, "facebook:1");
        Verify(1, [.. prove, "--ledger", stranger.Ledger]);

        var shard = File.ReadAllBytes(_world.In("shards/b001.parquet"));
        shard[40] ^= 1;
        _world.Write("shards/b001.parquet", shard);
        var found = Verify(1, "release", _world.Release, "--key", Key).Error;
        Assert.StartsWith("NOT VERIFIED. shards/b001.parquet: The file was changed", found, StringComparison.Ordinal);
        Verify(3, "release", _world.Ledger, "--key", Key);
    }

    [Fact]
    public void A_choice_that_was_known_and_left_out_is_called_so_and_is_evidence()
    {
        _world.Honours = 0;
        var receipt = Keep("r", _world.ReceiptOf(_world.Choose(ChoiceKind.Objection, "facebook:1")).ToFile());
        _world.Build(manifest => manifest["policy"]!["purpose"] = "train-generative-ai ");
        var proof = Keep("p", _world.Prove("facebook:1").ToFile());
        string[] files = ["--receipt", receipt, "--proof", proof, "--manifest", _world.ManifestPath];
        string[] command = ["violation", .. files, "--key", Key];
        var verdict = Verify(0, command).Output;
        Assert.StartsWith("PRIMA FACIE EVIDENCE THAT A KNOWN CHOICE WAS LEFT OUT.", verdict, StringComparison.Ordinal);
        Assert.Contains("The manifest contradicts the policy that it holds", verdict, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(Verify(0, [.. command, "--json"]).Output);
        Assert.Equal("known-choice-left-out", json.RootElement.GetProperty("finding").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("release_index").GetInt64());
    }

    [Fact]
    public void A_change_of_keys_is_followed_and_both_keys_serve()
    {
        var next = Aval.Ledger.SigningKey.Generate(CommittedWorld.Origin);
        var note = Keep("000", _world.Key.Sign(new KeyChange(_world.Verifier, next.Verifier).Text, next));
        Assert.Contains(
            next.Verifier.ToString(), Verify(0, "key-change", note, "--key", Key).Output, StringComparison.Ordinal);
        Verify(1, "key-change", note, "--key", next.Verifier.ToString());
        var receipt = Keep("r", _world.ReceiptOf(_world.Choose(ChoiceKind.Objection, "facebook:1")).ToFile());
        Verify(1, "receipt", receipt, "--key", next.Verifier.ToString());
        Verify(0, "receipt", receipt, "--key", next.Verifier.ToString(), "--key", Key);
    }

    [Fact]
    public void An_honest_copy_that_never_had_the_tiles_of_older_sizes_continues_them()
    {
        var first = _world.Choose(ChoiceKind.Objection, "facebook:1");
        _world.Choose(ChoiceKind.Objection, "facebook:2");
        _world.Choose(ChoiceKind.Objection, "facebook:3");
        var receipt = Keep("r", _world.ReceiptOf(first).ToFile());
        var older = Keep("older", _world.Checkpoint());
        _world.Choose(ChoiceKind.Objection, "facebook:4");
        _world.Choose(ChoiceKind.Objection, "facebook:5");
        var newer = Keep("newer", _world.Checkpoint());
        _world.Choose(ChoiceKind.Objection, "facebook:6");
        foreach (var partial in Directory.GetFiles(_world.Ledger, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetDirectoryName(file)!.EndsWith(".p", StringComparison.Ordinal)
                && Path.GetFileName(file) != "6"))
            File.Delete(partial);
        string[] copy = ["--ledger", _world.Ledger, "--key", Key];
        Verify(0, ["receipt", receipt, .. copy]);
        Verify(0, ["checkpoint", older, .. copy]);
        Verify(0, ["checkpoint", newer, "--older", older, .. copy]);
    }

    [Fact]
    public void After_a_change_of_keys_a_copy_of_the_ledger_shows_a_violation_of_before_it()
    {
        var receipt = Keep("r", _world.ReceiptOf(_world.Choose(ChoiceKind.Objection, "facebook:1")).ToFile());
        _world.Build();
        var proof = Keep("p", _world.Prove("facebook:1").ToFile());
        var manifest = Keep("manifest.json", File.ReadAllBytes(_world.ManifestPath));
        var next = Aval.Ledger.SigningKey.Generate(CommittedWorld.Origin);
        Durable.Replace(
            Path.Combine(_world.Ledger, "checkpoint"), next.Sign(SignedNote.Parse(_world.Checkpoint()).Text));
        Assert.StartsWith("PRIMA FACIE EVIDENCE", Verify(
            0, "violation", "--receipt", receipt, "--proof", proof, "--manifest", manifest, "--ledger", _world.Ledger,
            "--key", next.Verifier.ToString(), "--key", Key).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_manifest_of_a_list_of_members_is_shown_by_a_copy_of_the_ledger_and_held_against_it()
    {
        _world.Choose(ChoiceKind.Objection, "facebook:1");
        _world.Build();
        var manifest = Keep("manifest.json", File.ReadAllBytes(_world.ManifestPath));
        var release = ManifestFacts.Parse(File.ReadAllBytes(manifest));
        var list = Keep("members.list", _world.Key.Sign(new MemberList(
            "notice-1", "rights.example", "train-generative-ai", CommittedWorld.AsOf,
            new NamedRelease(release.Name, release.Sha256), _world.Vrf.Public, _world.Checkpoint(), []).ToText()));
        string[] verify = ["members", list, "--manifest", manifest, "--key", Key];
        Verify(1, verify);
        Verify(0, [.. verify, "--ledger", _world.Ledger]);
        // The list is of this history, and the manifest beside it of another one, which is longer.
        using var other = new CommittedWorld(_world.Key);
        for (var at = 0; at < 3; at++)
            other.Choose(ChoiceKind.Objection, "facebook:2");
        var entry = other.Append(LedgerEntry.OfRelease(File.ReadAllBytes(manifest)));
        Keep("manifest.tlog-proof", other.ProofOf(entry).ToFile());
        Verify(0, verify);
        Assert.Contains("FORK", Verify(1, [.. verify, "--ledger", other.Ledger]).Error, StringComparison.Ordinal);
        for (var at = 0; at < 3; at++)
            _world.Choose(ChoiceKind.Objection, "facebook:3");
        Assert.Contains(
            "manifest.json: FORK", Verify(1, [.. verify, "--ledger", _world.Ledger]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_spelling_that_was_not_asked_about_is_named_and_decides_nothing()
    {
        _world.Authors = [.. _world.Authors.Skip(1), "threads:Kim"];
        var receipt = Keep("r", _world.ReceiptOf(_world.Choose(ChoiceKind.Objection, "threads:Kim")).ToFile());
        _world.Build(manifest => manifest["parameters"]!["services"]!["threads"] =
            System.Text.Json.Nodes.JsonNode.Parse("""{"ids": "handle", "lower_case": true}"""));
        var (formed, own) = (
            Keep("formed", _world.Prove("threads:kim").ToFile()), Keep("own", _world.Prove("threads:Kim").ToFile()));
        string[] about = ["--manifest", _world.ManifestPath, "--key", Key];
        string[] asked = ["--account", "threads:Kim", .. about];
        var open = Verify(0, ["proof", formed, .. asked]).Output;
        Assert.Contains("ABSENT. No item", open, StringComparison.Ordinal);
        Assert.Contains("by threads:kim,", open, StringComparison.Ordinal);
        Assert.Contains("that threads:Kim is absent", open, StringComparison.Ordinal);
        foreach (var proofs in (string[][])[[own], [formed, own]])
            Assert.Contains(
                "is by threads:Kim,", Verify(0, ["proof", .. proofs, .. asked]).Output, StringComparison.Ordinal);
        string[] judge = ["violation", "--receipt", receipt, .. about];
        Assert.Contains(
            "absent, as threads:kim", Verify(1, [.. judge, "--proof", formed]).Error, StringComparison.Ordinal);
        Verify(0, [.. judge, "--proof", formed, "--proof", own]);
    }

    public void Dispose()
    {
        _world.Dispose();
        _folder.Dispose();
    }

    private string Key => _world.Verifier.ToString();

    private string Keep(string name, byte[] content)
    {
        Durable.Replace(_folder.File(name), content);
        return _folder.File(name);
    }

    private Answer Verify(int exit, params string[] arguments)
    {
        var answer = AvalProcess.RunIn(_folder.Path, ["verify", .. arguments]);
        Assert.True(
            answer.Exit == exit,
            $"aval verify {string.Join(' ', arguments)}: exit {answer.Exit}, not {exit}\n{answer.Output}\n"
                + $"{answer.Error}");
        return answer;
    }
}
