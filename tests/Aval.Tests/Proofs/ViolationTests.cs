using System.Text.Json.Nodes;
using Aval.Ledger;

namespace Aval.Tests.Proofs;

public sealed class ViolationTests
{
    private const StringComparison Ordinal = StringComparison.Ordinal;

    [Fact]
    public void An_objection_that_a_release_states_to_honour_and_presence_in_it_are_prima_facie_evidence()
    {
        using var world = new CommittedWorld();
        var objection = world.Choose(ChoiceKind.Objection, "facebook:1");
        world.Build();
        var verdict = world.Judge(objection);
        Assert.Equal(
            (ViolationFinding.PrimaFacie, AuthorVerdict.Present, "facebook:1"),
            (verdict.Finding, verdict.Author, verdict.Statement.Account));
        Assert.Contains("later lifting of the objection", verdict.Rebuttal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChoiceKind.Objection, "everything", "legitimate-interest", ViolationFinding.PrimaFacie)]
    [InlineData(ChoiceKind.Objection, "everything", "consent", ViolationFinding.PrimaFacie)]
    [InlineData(ChoiceKind.Objection, "service:facebook", "legitimate-interest", ViolationFinding.PrimaFacie)]
    [InlineData(
        ChoiceKind.Objection, "service:instagram", "legitimate-interest", ViolationFinding.PresenceAloneDoesNotTell)]
    [InlineData(
        ChoiceKind.Objection, "item:facebook:9", "legitimate-interest", ViolationFinding.PresenceAloneDoesNotTell)]
    [InlineData(ChoiceKind.Objection, "about-me", "legitimate-interest", ViolationFinding.PresenceAloneDoesNotTell)]
    [InlineData(ChoiceKind.Objection, "about-me;everything", "legitimate-interest", ViolationFinding.PrimaFacie)]
    [InlineData(ChoiceKind.Restriction, "everything", "legitimate-interest", ViolationFinding.PrimaFacie)]
    [InlineData(ChoiceKind.Withdrawal, "everything", "consent", ViolationFinding.PrimaFacie)]
    [InlineData(ChoiceKind.Refusal, "everything", "consent", ViolationFinding.PrimaFacie)]
    [InlineData(ChoiceKind.Withdrawal, "everything", "legitimate-interest", ViolationFinding.NotShown)]
    [InlineData(ChoiceKind.Refusal, "everything", "legitimate-interest", ViolationFinding.NotShown)]
    [InlineData(ChoiceKind.Erasure, "everything", "legitimate-interest", ViolationFinding.PresenceAloneDoesNotTell)]
    [InlineData(
        ChoiceKind.Removal, "item:facebook:9", "legitimate-interest", ViolationFinding.PresenceAloneDoesNotTell)]
    [InlineData(ChoiceKind.Consent, "everything", "consent", ViolationFinding.NotShown)]
    [InlineData(ChoiceKind.ObjectionLifted, "everything", "consent", ViolationFinding.NotShown)]
    [InlineData(ChoiceKind.RestrictionLifted, "everything", "legitimate-interest", ViolationFinding.NotShown)]
    public void Each_kind_of_choice_means_what_it_means(
        ChoiceKind kind, string scope, string basis, ViolationFinding finding)
    {
        using var world = new CommittedWorld { Basis = basis };
        var choice = world.Choose(kind, "facebook:1", scope);
        world.Build();
        Assert.Equal(finding, world.Judge(choice).Finding);
    }

    [Fact]
    public void The_account_of_a_receipt_is_the_one_that_the_releases_forms_make_of_it()
    {
        using var world = new CommittedWorld
        {
            Authors =
            [
                "facebook:1", "facebook:2", "instagram:ann", "facebook:4", "facebook:5", "facebook:6", "facebook:7",
                "facebook:8", "facebook:9",
            ],
        };
        var objection = world.Choose(ChoiceKind.Objection, "instagram:Ann");
        world.Build();
        Assert.Equal(
            (ViolationFinding.PrimaFacie, AuthorVerdict.Present),
            (Judge(world, objection, "instagram:ann").Finding, Judge(world, objection, "instagram:ann").Author));
        Assert.Contains(
            "the account instagram:ann (as the manifest's forms spell instagram:Ann) is in it",
            Judge(world, objection, "instagram:ann").Why, Ordinal);
        // Under the other spelling nobody is in an honest release, and that decides nothing.
        var other = Judge(world, objection, "instagram:Ann");
        Assert.Equal(
            new SpelledVerdict(AuthorVerdict.Absent, "instagram:Ann", "instagram:ann"), other.Spelled);
        Assert.Contains("that instagram:ann is absent", other.Why, Ordinal);
        Assert.Throws<ProofException>(() => Judge(world, objection, "instagram:anne"));
    }

    [Fact]
    public void A_form_of_the_operators_choosing_hides_nobody()
    {
        using var world = new CommittedWorld
        {
            Authors =
            [
                "facebook:1", "facebook:2", "threads:Kim", "facebook:4", "facebook:5", "facebook:6", "facebook:7",
                "facebook:8", "facebook:9",
            ],
        };
        var objection = world.Choose(ChoiceKind.Objection, "threads:Kim");
        var absent = world.Choose(ChoiceKind.Objection, "threads:Lee");
        var refused = world.Choose(ChoiceKind.Objection, "mastodon:Kim");
        world.Build(manifest =>
        {
            var services = manifest["parameters"]!["services"]!;
            services["threads"] = JsonNode.Parse("""{"ids": "handle", "lower_case": true}""");
            services["mastodon"] = JsonNode.Parse("""{"ids": "number", "lower_case": false}""");
        });
        // What the operator offers is true, and says which spelling it is about.
        var offered = Judge(world, objection, "threads:kim");
        Assert.Equal(
            (ViolationFinding.NotShown, new SpelledVerdict(AuthorVerdict.Absent, "threads:kim", "threads:Kim")),
            (offered.Finding, offered.Spelled));
        Assert.Contains("that threads:Kim is absent, the same account in another spelling, is not shown", offered.Why,
            Ordinal);
        foreach (var proven in (string[][])[["threads:Kim"], ["threads:kim", "threads:Kim"]])
            Assert.Equal(
                (ViolationFinding.PrimaFacie, "threads:Kim"),
                (Judge(world, objection, proven).Finding, Judge(world, objection, proven).Spelled.Spelling));
        var decided = Judge(world, absent, "threads:lee", "threads:Lee");
        Assert.Equal((AuthorVerdict.Absent, null), (decided.Author, decided.Spelled.Unshown));
        Assert.Equal("threads:Lee", Judge(world, absent, "threads:lee", "threads:lee").Spelled.Unshown);
        // A form that leaves the account no spelling at all.
        Assert.Equal(
            new SpelledVerdict(AuthorVerdict.Absent, "mastodon:Kim", null),
            Judge(world, refused, "mastodon:Kim").Spelled);
    }

    [Fact]
    public void An_erasure_and_a_removal_hold_whatever_their_purpose()
    {
        using var world = new CommittedWorld();
        EntryIndex[] choices =
        [
            world.Choose(ChoiceKind.Erasure, "facebook:1", purpose: Purpose.CombineServices),
            world.Choose(
                ChoiceKind.Removal, "facebook:1", "item:facebook:9", purpose: Purpose.SpecialCategories),
        ];
        world.Build();
        foreach (var choice in choices)
            Assert.Equal(ViolationFinding.PresenceAloneDoesNotTell, world.Judge(choice).Finding);
    }

    private static Violation Judge(CommittedWorld world, EntryIndex choice, params string[] proven) =>
        Violation.Verify(
            world.ReceiptOf(choice), world.Verifier,
            [.. proven.Select(account => (world.Prove(account), world.Verifier))], world.Manifest(), world.Verifier);

    [Fact]
    public void Who_is_absent_came_too_late_or_spoke_of_another_purpose_has_shown_no_violation()
    {
        using var world = new CommittedWorld { Basis = "consent" };
        var absent = world.Choose(ChoiceKind.Objection, "facebook:77");
        var lateByClock = world.Choose(
            ChoiceKind.Objection, "facebook:1", made: CommittedWorld.AsOf.AddDays(-1),
            received: CommittedWorld.AsOf.AddTicks(10));
        var otherPurpose = world.Choose(ChoiceKind.Objection, "facebook:1", purpose: Purpose.CombineServices);
        var onTime = world.Choose(ChoiceKind.Objection, "facebook:1", made: CommittedWorld.AsOf);
        world.Build();
        var lateByIndex = world.Choose(ChoiceKind.Objection, "facebook:1");
        Assert.Equal(
            (ViolationFinding.NotShown, AuthorVerdict.Absent),
            (world.Judge(absent).Finding, world.Judge(absent).Author));
        foreach (var choice in new[] { lateByClock, otherPurpose, lateByIndex })
        {
            Assert.Equal(
                (ViolationFinding.NotShown, AuthorVerdict.Present),
                (world.Judge(choice).Finding, world.Judge(choice).Author));
            Assert.Contains("Art. 7(1)", world.Judge(choice).Rebuttal, StringComparison.Ordinal);
        }

        Assert.Equal(ViolationFinding.PrimaFacie, world.Judge(onTime).Finding);
    }

    [Fact]
    public void What_protects_counts_until_the_instant_that_a_recalled_release_states_and_no_longer()
    {
        using var world = new CommittedWorld { ProtectUntil = "2026-02-01T00:00:00.000000Z", Basis = "consent" };
        var late = CommittedWorld.AsOf.AddDays(3);
        var objection = world.Choose(ChoiceKind.Objection, "facebook:1", made: late);
        var tooLate = world.Choose(ChoiceKind.Objection, "facebook:1", made: CommittedWorld.AsOf.AddDays(32));
        var consent = world.Choose(ChoiceKind.Consent, "facebook:1", made: late);
        world.Build();
        Assert.Equal(ViolationFinding.PrimaFacie, world.Judge(objection).Finding);
        Assert.Contains("received by 2026-02-01", world.Judge(objection).Why, Ordinal);
        Assert.Equal(ViolationFinding.NotShown, world.Judge(tooLate).Finding);
        Assert.Contains(
            "the instant until which the release honours what protects, 2026-02-01", world.Judge(tooLate).Why, Ordinal);
        // What permits has to be there as of the release.
        Assert.Contains("after the instant of the release, 2026-01-01", world.Judge(consent).Why, Ordinal);
        Assert.Contains("Art. 7(1)", world.Judge(consent).Rebuttal, Ordinal);
    }

    [Fact]
    public void A_manifest_that_is_no_entry_of_the_ledger_is_refused_and_one_that_is_signed_alone_is_not_committed()
    {
        using var world = new CommittedWorld();
        var objection = world.ReceiptOf(world.Choose(ChoiceKind.Objection, "facebook:1"));
        world.Build();
        var (manifest, proof) = (world.Manifest(), world.Prove("facebook:1"));
        Violation Judge(CommittedManifest committed) =>
            Violation.Verify(objection, world.Verifier, [(proof, world.Verifier)], committed, world.Verifier);
        Assert.Equal(ViolationFinding.PrimaFacie, Judge(manifest with { Signature = null }).Finding);
        var signed = Assert.Throws<ProofException>(() => Judge(manifest with { Entry = null }));
        Assert.Equal(ProofFailure.Wrong, signed.Failure);
        Assert.StartsWith("The manifest is signed, not committed", signed.Message, StringComparison.Ordinal);
        Assert.Throws<ProofException>(() => Judge(manifest with { Signature = null, Entry = null }));
        Assert.Throws<ProofException>(() => Judge(manifest with { Json = [.. manifest.Json, (byte)'\n'] }));
        Mutations.OfEveryBit(manifest.Json, changed => Judge(manifest with { Json = changed, Signature = null }));
        Mutations.OfEveryBit(proof.ToFile(), changed => Violation.Verify(
            objection, world.Verifier, [(AuthorProof.Parse(changed), world.Verifier)], manifest, world.Verifier));
    }

    [Fact]
    public void The_proof_about_somebody_else_does_not_do()
    {
        using var world = new CommittedWorld();
        var objection = world.ReceiptOf(world.Choose(ChoiceKind.Objection, "facebook:77"));
        world.Build();
        foreach (var author in world.Authors)
            Assert.Throws<ProofException>(() => Violation.Verify(
                objection, world.Verifier, [(world.Prove(author), world.Verifier)], world.Manifest(), world.Verifier));
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
        var fork = Assert.Throws<ProofException>(() => Violation.Verify(
            other.ReceiptOf(objection), world.Verifier, [(world.Prove("facebook:1"), world.Verifier)], world.Manifest(),
            world.Verifier));
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
        Assert.Equal(ViolationFinding.PrimaFacie, Violation.Verify(
            receipt, before.Verifier, [(after.Prove("facebook:1"), after.Verifier)], after.Manifest(),
            after.Verifier).Finding);
        Assert.Throws<ProofException>(() => Violation.Verify(
            receipt, after.Verifier, [(after.Prove("facebook:1"), after.Verifier)], after.Manifest(), after.Verifier));
    }

    [Fact]
    public void A_tree_of_authors_that_the_old_key_signed_is_evidence_under_an_entry_that_the_new_one_shows()
    {
        using var world = new CommittedWorld();
        var objection = world.Choose(ChoiceKind.Objection, "facebook:1");
        world.Build();
        var (manifest, next) = (world.Manifest(), SigningKey.Generate(CommittedWorld.Origin));
        var old = InclusionProof.Parse(manifest.Entry);
        var entry = (old with { Note = next.Sign(SignedNote.Parse(old.Note).Text) }).ToFile();
        Violation Judge(VerifierKey ofTheTree) => Violation.Verify(
            world.ReceiptOf(objection), world.Verifier, [(world.Prove("facebook:1"), ofTheTree)],
            new CommittedManifest(manifest.Json, Signature: null, entry), next.Verifier);
        Assert.Equal(ViolationFinding.PrimaFacie, Judge(world.Verifier).Finding);
        Assert.Throws<ProofException>(() => Judge(next.Verifier));
    }

    [Theory]
    [InlineData("purpose", "train-generative-ai ")]
    [InlineData("purpose", "combine-services")]
    [InlineData("basis", "consent")]
    [InlineData("basis", "vital-interest")]
    [InlineData("name", "opt-in")]
    public void What_is_said_beside_the_policys_text_acquits_nobody_and_the_lie_is_told(string member, string lie)
    {
        using var world = new CommittedWorld();
        var objection = world.Choose(ChoiceKind.Objection, "facebook:1");
        world.Build(manifest => manifest["policy"]![member] = lie);
        var verdict = world.Judge(objection);
        Assert.Equal(ViolationFinding.PrimaFacie, verdict.Finding);
        var meant = new PlainPolicy("opt-out", "train-generative-ai", "legitimate-interest", ReplayOnly: false);
        Assert.Equal(meant, verdict.Release.Manifest.Policy);
        Assert.Contains(lie.Trim(), verdict.Release.Manifest.Contradiction, StringComparison.Ordinal);
        Assert.Contains("The text counts", verdict.Release.Manifest.Contradiction, StringComparison.Ordinal);
        var release = Assert.Throws<ProofException>(() => ReleaseVerification.Verify(world.Release, world.Verifier));
        Assert.StartsWith(
            "manifest.json: The manifest contradicts the policy", release.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_withdrawal_counts_where_the_text_says_consent_whatever_basis_stands_beside_it()
    {
        using var world = new CommittedWorld { Basis = "consent" };
        var withdrawal = world.Choose(ChoiceKind.Withdrawal, "facebook:1");
        world.Build(manifest => manifest["policy"]!["basis"] = "legitimate-interest");
        Assert.Equal(ViolationFinding.PrimaFacie, world.Judge(withdrawal).Finding);
    }

    [Fact]
    public void A_policy_whose_text_is_too_clever_to_be_read_acquits_nobody()
    {
        using var world = new CommittedWorld
        {
            PolicyText = "policy: opt-out\n\"purpose\": train-generative-ai\nbasis: "
            + "consent\n"
        };
        var objection = world.Choose(ChoiceKind.Objection, "facebook:1");
        world.Build();
        var refused = Assert.Throws<ProofException>(() => world.Judge(objection));
        Assert.Equal(ProofFailure.Malformed, refused.Failure);
        Assert.Contains("cannot be read plainly (line 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("not believed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_below_the_releases_own_entry_that_it_states_not_to_honour_was_known_and_left_out()
    {
        using var world = new CommittedWorld { Honours = 0 };
        var objection = world.Choose(ChoiceKind.Objection, "facebook:1");
        var erasure = world.Choose(ChoiceKind.Erasure, "facebook:2");
        var after = world.Choose(ChoiceKind.Objection, "facebook:4", made: CommittedWorld.AsOf.AddDays(1));
        world.Build();
        var late = world.Choose(ChoiceKind.Objection, "facebook:5");
        var verdict = world.Judge(objection);
        Assert.Equal(ViolationFinding.KnownChoiceLeftOut, verdict.Finding);
        Assert.Contains("chose not to honour it: it honours the entries below 0 only, the choice is entry 0, and the "
            + "release itself is entry 3", verdict.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("too late", verdict.Why, StringComparison.Ordinal);
        Assert.Contains("later lifting of the objection", verdict.Rebuttal, StringComparison.Ordinal);
        Assert.Equal(ViolationFinding.PresenceAloneDoesNotTell, world.Judge(erasure).Finding);
        Assert.Equal(ViolationFinding.NotShown, world.Judge(after).Finding);
        Assert.Contains("entry 2 of the ledger, and the release is entry 3", world.Judge(after).Why, Ordinal);
        Assert.Equal(ViolationFinding.NotShown, world.Judge(late).Finding);
        Assert.Contains("the release itself is entry 3: it came too late", world.Judge(late).Why, Ordinal);
    }
}
