using Aval.Choices;
using Aval.Ledger;

namespace Aval.Tests.Proofs;

public sealed class ViolationTests
{
    [Fact]
    public void An_objection_that_a_release_states_to_honour_and_presence_in_it_are_prima_facie_evidence()
    {
        using var world = new CommittedWorld();
        var objection = world.Choose(ChoiceKind.Objection, "facebook:1");
        world.Build();
        var verdict = world.Judge(objection);
        Assert.Equal((ViolationFinding.PrimaFacie, AuthorVerdict.Present, "facebook:1"), (verdict.Finding, verdict.Author, verdict.Statement.Account));
        Assert.Contains("later lifting of the objection", verdict.Rebuttal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChoiceKind.Objection, "everything", "legitimate-interest", ViolationFinding.PrimaFacie)]
    [InlineData(ChoiceKind.Objection, "everything", "consent", ViolationFinding.PrimaFacie)]
    [InlineData(ChoiceKind.Objection, "service:facebook", "legitimate-interest", ViolationFinding.PrimaFacie)]
    [InlineData(ChoiceKind.Objection, "service:instagram", "legitimate-interest", ViolationFinding.PresenceAloneDoesNotTell)]
    [InlineData(ChoiceKind.Objection, "item:facebook:9", "legitimate-interest", ViolationFinding.PresenceAloneDoesNotTell)]
    [InlineData(ChoiceKind.Objection, "about-me", "legitimate-interest", ViolationFinding.PresenceAloneDoesNotTell)]
    [InlineData(ChoiceKind.Objection, "about-me;everything", "legitimate-interest", ViolationFinding.PrimaFacie)]
    [InlineData(ChoiceKind.Restriction, "everything", "legitimate-interest", ViolationFinding.PrimaFacie)]
    [InlineData(ChoiceKind.Withdrawal, "everything", "consent", ViolationFinding.PrimaFacie)]
    [InlineData(ChoiceKind.Refusal, "everything", "consent", ViolationFinding.PrimaFacie)]
    [InlineData(ChoiceKind.Withdrawal, "everything", "legitimate-interest", ViolationFinding.NotShown)]
    [InlineData(ChoiceKind.Refusal, "everything", "legitimate-interest", ViolationFinding.NotShown)]
    [InlineData(ChoiceKind.Erasure, "everything", "legitimate-interest", ViolationFinding.PresenceAloneDoesNotTell)]
    [InlineData(ChoiceKind.Removal, "item:facebook:9", "legitimate-interest", ViolationFinding.PresenceAloneDoesNotTell)]
    [InlineData(ChoiceKind.Consent, "everything", "consent", ViolationFinding.NotShown)]
    [InlineData(ChoiceKind.ObjectionLifted, "everything", "consent", ViolationFinding.NotShown)]
    [InlineData(ChoiceKind.RestrictionLifted, "everything", "legitimate-interest", ViolationFinding.NotShown)]
    public void Each_kind_of_choice_means_what_it_means(ChoiceKind kind, string scope, string basis, ViolationFinding finding)
    {
        using var world = new CommittedWorld { Basis = basis };
        var choice = world.Choose(kind, "facebook:1", scope);
        world.Build();
        Assert.Equal(finding, world.Judge(choice).Finding);
    }

    [Fact]
    public void Who_is_absent_came_too_late_or_spoke_of_another_purpose_has_shown_no_violation()
    {
        using var world = new CommittedWorld { Basis = "consent" };
        var absent = world.Choose(ChoiceKind.Objection, "facebook:77");
        var lateByClock = world.Choose(ChoiceKind.Objection, "facebook:1", made: CommittedWorld.AsOf.AddDays(-1), received: CommittedWorld.AsOf.AddTicks(10));
        var otherPurpose = world.Choose(ChoiceKind.Objection, "facebook:1", purpose: Purpose.CombineServices);
        var onTime = world.Choose(ChoiceKind.Objection, "facebook:1", made: CommittedWorld.AsOf);
        world.Build();
        var lateByIndex = world.Choose(ChoiceKind.Objection, "facebook:1");
        Assert.Equal((ViolationFinding.NotShown, AuthorVerdict.Absent), (world.Judge(absent).Finding, world.Judge(absent).Author));
        foreach (var choice in new[] { lateByClock, otherPurpose, lateByIndex })
        {
            Assert.Equal((ViolationFinding.NotShown, AuthorVerdict.Present), (world.Judge(choice).Finding, world.Judge(choice).Author));
            Assert.Contains("Art. 7(1)", world.Judge(choice).Rebuttal, StringComparison.Ordinal);
        }

        Assert.Equal(ViolationFinding.PrimaFacie, world.Judge(onTime).Finding);
    }

    [Fact]
    public void A_manifest_that_nothing_shows_to_be_the_operators_is_refused_and_each_of_two_proofs_is_enough()
    {
        using var world = new CommittedWorld();
        var objection = world.ReceiptOf(world.Choose(ChoiceKind.Objection, "facebook:1"));
        world.Build();
        var (manifest, proof) = (world.Manifest(), world.Prove("facebook:1"));
        Violation Judge(CommittedManifest committed) => Violation.Verify(objection, world.Verifier, proof, committed, world.Verifier);
        Assert.Equal(ViolationFinding.PrimaFacie, Judge(manifest with { Signature = null }).Finding);
        Assert.Equal(ViolationFinding.PrimaFacie, Judge(manifest with { Entry = null }).Finding);
        Assert.Throws<ProofException>(() => Judge(manifest with { Signature = null, Entry = null }));
        Assert.Throws<ProofException>(() => Judge(manifest with { Json = [.. manifest.Json, (byte)'\n'] }));
        Mutations.OfEveryBit(manifest.Json, changed => Judge(manifest with { Json = changed, Entry = null }));
        Mutations.OfEveryBit(proof.ToFile(), changed => Violation.Verify(objection, world.Verifier, AuthorProof.Parse(changed), manifest, world.Verifier));
    }

    [Fact]
    public void The_proof_about_somebody_else_does_not_do()
    {
        using var world = new CommittedWorld();
        var objection = world.ReceiptOf(world.Choose(ChoiceKind.Objection, "facebook:77"));
        world.Build();
        foreach (var author in world.Authors)
            Assert.Throws<ProofException>(() => Violation.Verify(objection, world.Verifier, world.Prove(author), world.Manifest(), world.Verifier));
    }

    [Fact]
    public void A_receipt_from_another_history_of_the_same_size_is_told_as_a_fork()
    {
        using var world = new CommittedWorld();
        using var other = new CommittedWorld(world.Key);
        world.Choose(ChoiceKind.Objection, "facebook:1");
        world.Build();
        var objection = other.Choose(ChoiceKind.Objection, "facebook:1");
        other.Choose(ChoiceKind.Objection, "facebook:2");
        Assert.Equal(world.Size, other.Size);
        var fork = Assert.Throws<ProofException>(() => Violation.Verify(other.ReceiptOf(objection), world.Verifier, world.Prove("facebook:1"), world.Manifest(), world.Verifier));
        Assert.Equal(ProofFailure.Fork, fork.Failure);
    }

    [Fact]
    public void After_a_change_of_keys_a_receipt_of_the_old_key_and_a_release_of_the_new_one_still_meet()
    {
        using var before = new CommittedWorld();
        var objection = before.Choose(ChoiceKind.Objection, "facebook:1");
        var receipt = before.ReceiptOf(objection);
        using var after = new CommittedWorld(SigningKey.Generate(CommittedWorld.Origin));
        after.Append(receipt.Entry);
        after.Build();
        Assert.Equal(ViolationFinding.PrimaFacie, Violation.Verify(receipt, before.Verifier, after.Prove("facebook:1"), after.Manifest(), after.Verifier).Finding);
        Assert.Throws<ProofException>(() => Violation.Verify(receipt, after.Verifier, after.Prove("facebook:1"), after.Manifest(), after.Verifier));
    }
}
