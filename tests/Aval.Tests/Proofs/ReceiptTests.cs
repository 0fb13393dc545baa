using System.Text;
using Aval.Choices;
using Aval.Ledger;

namespace Aval.Tests.Proofs;

public sealed class ReceiptTests
{
    [Fact]
    public void A_receipt_is_verified_with_nothing_but_itself_and_the_key_and_is_written_again_byte_for_byte()
    {
        using var world = new CommittedWorld();
        for (var i = 0; i < 5; i++)
            world.Choose(ChoiceKind.Objection, $"facebook:{i}");
        var receipt = world.ReceiptOf(new EntryIndex(3));
        var read = Receipt.Parse(receipt.ToFile());
        Assert.Equal(new TreeSize(5), read.Verify(world.Verifier).Size);
        Assert.Equal(receipt.ToFile(), read.ToFile());
        Assert.Equal(
            ("facebook:3", StatementKind.Objection, "everything"),
            (read.Statement.Account, read.Statement.Kind, read.Statement.Scope));
    }

    [Fact]
    public void A_receipt_with_any_bit_flipped_is_not_verified()
    {
        using var world = new CommittedWorld();
        for (var i = 0; i < 3; i++)
            world.Choose(ChoiceKind.Objection, $"facebook:{i}");
        Mutations.OfEveryBit(
            world.ReceiptOf(new EntryIndex(1)).ToFile(), file => Receipt.Parse(file).Verify(world.Verifier));
    }

    [Fact]
    public void A_field_of_another_valid_receipt_spoils_a_receipt()
    {
        using var world = new CommittedWorld();
        for (var i = 0; i < 4; i++)
            world.Choose(ChoiceKind.Objection, $"facebook:{i}");
        var (one, other) = (world.ReceiptOf(new EntryIndex(1)), world.ReceiptOf(new EntryIndex(2)));
        world.Choose(ChoiceKind.Objection, "facebook:5");
        var later = world.ReceiptOf(new EntryIndex(1));
        Receipt[] swapped =
        [
            one with { Statement = other.Statement },
            one with { Opening = other.Opening },
            one with { Inclusion = other.Inclusion },
            one with { Inclusion = one.Inclusion with { Index = other.Inclusion.Index } },
            one with { Inclusion = one.Inclusion with { Hashes = other.Inclusion.Hashes } },
            one with { Inclusion = one.Inclusion with { Note = later.Inclusion.Note } },
            one with
            {
                Inclusion = one.Inclusion with { Hashes = [.. one.Inclusion.Hashes, other.Inclusion.Hashes[0]] },
            },
            one with { Inclusion = one.Inclusion with { Hashes = [.. one.Inclusion.Hashes.Skip(1)] } },
        ];
        one.Verify(world.Verifier);
        later.Verify(world.Verifier);
        for (var i = 0; i < swapped.Length; i++)
            Mutations.AssertRefused(
                swapped[i].ToFile(), file => Receipt.Parse(file).Verify(world.Verifier), $"swap {i}");
    }

    [Fact]
    public void A_receipt_of_another_ledger_or_of_another_key_of_the_same_name_is_not_verified()
    {
        using var world = new CommittedWorld();
        var receipt = world.ReceiptOf(world.Choose(ChoiceKind.Objection, "facebook:1"));
        Assert.Contains("not signed by", Assert.Throws<ProofException>(() =>
            receipt.Verify(SigningKey.Generate(CommittedWorld.Origin).Verifier)).Message, StringComparison.Ordinal);
        Assert.Throws<ProofException>(() => receipt.Verify(SigningKey.Generate("other.example/aval").Verifier));
    }

    [Fact]
    public void An_extra_line_that_nothing_vouches_for_is_refused()
    {
        using var world = new CommittedWorld();
        var receipt = world.ReceiptOf(world.Choose(ChoiceKind.Objection, "facebook:1"));
        var file = (receipt with { Inclusion = receipt.Inclusion with { Extra = [1] } }).ToFile();
        Assert.Contains(
            "extra", Assert.Throws<ProofException>(() => Receipt.Parse(file)).Message, StringComparison.Ordinal);
    }

    private const string Good =
        """{"account":"facebook:1","actor":"person","kind":"objection","made_at":"2025-06-01T00:00:00.000000Z","purpose":"train-generative-ai","received_at":"2025-06-01T00:00:00.000000Z","scope":"everything"}""";

    [Theory]
    [InlineData("\"actor\":\"person\",", "", "no member is missing")]
    [InlineData("{\"account\"", "{ \"account\"", "no space")]
    [InlineData(
        "\"account\":\"facebook:1\",\"actor\":\"person\"", "\"actor\":\"person\",\"account\":\"facebook:1\"",
        "ascending")]
    [InlineData("\"scope\"", "\"scop\"", "known members only")]
    [InlineData("\"scope\":\"everything\"}", "\"scope\":\"everything\",\"scope\":\"everything\"}", "each once")]
    [InlineData("\"everything\"", "1", "text")]
    [InlineData("\"everything\"", "\"everythin\\u0067\"", "no needless escapes")]
    [InlineData("\"everything\"", "\"\"", "not empty")]
    [InlineData("\"everything\"", "\"all\"", "a scope's parts")]
    [InlineData("\"objection\"", "\"Objection\"", "a known kind")]
    [InlineData(".000000Z\",\"purpose\"", "Z\",\"purpose\"", "microseconds")]
    [InlineData(
        "\"2025-06-01T00:00:00.000000Z\",\"purpose\"", "\"2025-06-31T00:00:00.000000Z\",\"purpose\"",
        "a day that exists")]
    [InlineData("facebook:1", "facebook", "service:id")]
    [InlineData("facebook:1", "facebook:1\\n", "no control characters")]
    [InlineData("facebook:1", "facebook:\\ud800", "Unicode")]
    [InlineData("everything\"}", "everything\"}\n", "nothing after it")]
    [InlineData("everything\"}", "everything\"},", "nothing after it")]
    public void A_choice_that_is_not_canonical_is_refused(string from, string to, string rule)
    {
        Assert.Equal("facebook:1", Statement.Parse(Encoding.UTF8.GetBytes(Good)).Account);
        Mutations.AssertRefused(
            Encoding.UTF8.GetBytes(Good.Replace(from, to, StringComparison.Ordinal)), json => Statement.Parse(json),
            rule);
    }

    [Fact]
    public void What_the_store_writes_of_any_choice_the_verifier_reads()
    {
        foreach (var kind in Enum.GetValues<ChoiceKind>())
        {
            var choice = new Choice(
                kind, new Account("outside", "a\"b\\cé😀"), Purpose.CombineServices, Scope.Everything,
                CommittedWorld.AsOf, CommittedWorld.AsOf, CommittedWorld.AsOf.AddDays(1), Actor.Agent, "by \"post\"",
                new string('a', 64), "v1");
            var statement = Statement.Parse(ChoiceJson.Of(choice));
            Assert.Equal(
                (kind.ToText(), "outside:a\"b\\cé😀", CommittedWorld.AsOf.AddDays(1)),
                (statement.Kind.ToText(), statement.Account, statement.Until));
        }
    }

    [Fact]
    public void A_change_of_keys_needs_both_signatures_and_the_key_that_is_known()
    {
        var (old, next) = (SigningKey.Generate("ledger.example/aval"), SigningKey.Generate("ledger.example/aval"));
        var text = new KeyChange(old.Verifier, next.Verifier).Text;
        var note = old.Sign(text, next);
        Assert.Equal(next.Verifier.ToString(), KeyChange.Verify(note, old.Verifier).New.ToString());
        Mutations.OfEveryBit(note, file => KeyChange.Verify(file, old.Verifier));
        Assert.Throws<ProofException>(() => KeyChange.Verify(old.Sign(text), old.Verifier));
        Assert.Throws<ProofException>(() => KeyChange.Verify(next.Sign(text), old.Verifier));
        Assert.Throws<ProofException>(() => KeyChange.Verify(note, next.Verifier));
        Assert.Throws<ProofException>(
            () => KeyChange.Verify(old.Sign(new KeyChange(old.Verifier, old.Verifier).Text), old.Verifier));
    }

    [Fact]
    public void Two_histories_of_one_log_are_a_fork_and_a_bad_proof_is_none()
    {
        using var world = new CommittedWorld();
        var other = new CommittedWorld(world.Key);
        using var alsoOther = other;
        for (var i = 0; i < 6; i++)
        {
            world.Choose(ChoiceKind.Objection, $"facebook:{i}");
            other.Choose(ChoiceKind.Objection, $"facebook:{i}");
        }

        Checkpoint Of(byte[] note) => Checkpoint.Verify(note, world.Verifier, CommittedWorld.Origin);
        var (older, forked) = (Of(world.Checkpoint()), Of(other.Checkpoint()));
        Assert.Equal(
            ProofFailure.Fork,
            Assert.Throws<ProofException>(() => older.RequireContinues(forked, older.Root, [])).Failure);
        world.Choose(ChoiceKind.Objection, "facebook:9");
        var newer = Of(world.Checkpoint());
        var (then, proof) = (new TileReader(world.Ledger, older.Size).Root(),
            new TileReader(world.Ledger, newer.Size).Consistency(older.Size));
        newer.RequireContinues(older, then, proof);
        Assert.Equal(
            ProofFailure.Fork,
            Assert.Throws<ProofException>(() => newer.RequireContinues(forked, then, proof)).Failure);
        // Who was handed wrong tiles has seen no fork.
        Assert.Equal(
            ProofFailure.Wrong,
            Assert.Throws<ProofException>(() => newer.RequireContinues(forked, forked.Root, proof)).Failure);
        Assert.Equal(
            ProofFailure.Wrong, Assert.Throws<ProofException>(() => newer.RequireContinues(older, then, [])).Failure);
    }

    [Fact]
    public void A_key_of_small_order_is_no_key()
    {
        foreach (var y in new byte[] { 0, 1 })
        {
            var point = new byte[32];
            point[0] = y;
            Assert.Throws<ProofException>(() => VerifierKey.Of("name", point));
        }
    }
}
