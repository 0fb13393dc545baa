using System.Text;

namespace Aval.Tests.Proofs;

/// <summary>What mail and editors do to a file without changing a word, and what they must not get away with.</summary>
public sealed class MailedTests
{
    public static TheoryData<string> Ways => ["CR LF", "byte order mark", "both"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_receipt_a_proof_a_checkpoint_and_a_manifests_companions_that_were_mailed_still_verify(string way)
    {
        using var world = new CommittedWorld();
        var receipt = world.ReceiptOf(world.Choose(ChoiceKind.Objection, "facebook:1")).ToFile();
        world.Build();
        var committed = world.Manifest();
        var mailed =
            committed with { Signature = Mail(committed.Signature!, way), Entry = Mail(committed.Entry!, way) };
        var proof = AuthorProof.Parse(Mail(world.Prove("facebook:1").ToFile(), way));
        var verdict = Violation.Verify(
            Receipt.Parse(Mail(receipt, way)), world.Verifier, [(proof, world.Verifier)], mailed, world.Verifier);
        Assert.Equal(ViolationFinding.PrimaFacie, verdict.Finding);
        Assert.Equal(
            world.Size, Checkpoint.Verify(Mail(world.Checkpoint(), way), world.Verifier, CommittedWorld.Origin).Size);
        Assert.Equal(world.Verifier.ToString(), VerifierKey.Parse("\uFEFF" + world.Verifier + "\r\n").ToString());
    }

    [Fact]
    public void What_changed_some_line_ends_only_or_put_something_inside_is_not_taken_for_mail()
    {
        using var world = new CommittedWorld();
        var receipt = world.ReceiptOf(world.Choose(ChoiceKind.Objection, "facebook:1")).ToFile();
        var text = Encoding.UTF8.GetString(receipt);
        var first = text.IndexOf('\n', StringComparison.Ordinal);
        string[] changed =
        [
            text.Insert(first, "\r"), text.Insert(first, "\uFEFF"), "\uFEFF\uFEFF" + text,
            text.ReplaceLineEndings("\r"),
            text.ReplaceLineEndings("\r\n").Insert(first, "\r"),
        ];
        foreach (var other in changed)
            Mutations.AssertRefused(
                Encoding.UTF8.GetBytes(other), file => Receipt.Parse(file).Verify(world.Verifier), other);
        Receipt.Parse(receipt).Verify(world.Verifier);
    }

    private static byte[] Mail(byte[] file, string way)
    {
        var text = Encoding.UTF8.GetString(file);
        var ends = way == "byte order mark" ? text : text.ReplaceLineEndings("\r\n");
        return Encoding.UTF8.GetBytes(way == "CR LF" ? ends : "\uFEFF" + ends);
    }
}
