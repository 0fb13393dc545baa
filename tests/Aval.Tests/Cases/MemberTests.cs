using System.Text;
using Aval.Cases;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.Runs;

namespace Aval.Tests.Cases;

/// <summary>
/// A collective action of 1,200 over a small platform: sixty of its members wrote what is in a release, and twenty of
/// these gave their mandate on a second, linked account too.
/// </summary>
public sealed class ActionWorld : IDisposable
{
    public const string Name = "action-1";
    public const string To = "rights.example";

    private const string Begun = """
        case: action-1
        kind: collective-action
        title: "No training without consent"
        jurisdiction: DE
        footing: mandate
        parties:
          - {role: claimant, name: "An association"}
          - {role: respondent, name: "Example Ltd"}
        allegations:
          - {text: "Content of the members is in a release.", law: ["GDPR 6(1)"]}
        """;

    private readonly RunsWorld _world = new();

    public ActionWorld()
    {
        // 1,200 persons; the twenty linked ones twice, one of the others twice on the same account.
        var given = Enumerable.Range(0, 1_200).Select(at => $"facebook:{at}")
            .Concat(Enumerable.Range(0, 20).Select(at => $"instagram:u{at}")).Append("facebook:900");
        var path = _world.Folder("mandates.csv");
        File.WriteAllLines(path, given.Select(account => $"mandate,{account},{To},2026-02-01T00:00:00Z,")
            .Append($"mandate,facebook:2001,other.example,2026-02-01T00:00:00Z,")
            .Append($"mandate,facebook:2002,{To},2026-02-01T00:00:00Z,2026-02-20T00:00:00Z")
            .Append($"mandate,facebook:2003,{To},2026-02-01T00:00:00Z,")
            .Append("mandate-revoked,facebook:2003,,2026-02-02T00:00:00Z,")
            // The person behind both of these, by one of them.
            .Append("mandate-revoked,instagram:u19,,2026-02-02T00:00:00Z,")
            .Prepend("kind,account,association,made_at,until"));
        ChoiceFile.Record(Workspace, path, RunsWorld.Later);
        CaseFolder.Open(Workspace, CaseReader.Parse(Begun, "case.yaml"), RunsWorld.Later, "Ada");
        CaseSteps.AddMembers(
            Workspace, new MembersAsked(
                Name, To, Purpose.TrainGenerativeAi, ReleaseName.Find(Workspace, _world.Name), RunsWorld.Later),
            null, "Ada");
        File_ = CaseFolder.Bytes(Workspace, Name, Case.Evidence[0].Files[0]);
        List = MemberList.Parse(File_);
    }

    internal Workspace Workspace => _world.Workspace;

    internal Case Case => CaseFolder.Require(Workspace, Name);

    internal byte[] File_ { get; }

    internal MemberList List { get; }

    internal SigningKey Key => SigningKey.Read(Workspace.SigningKeyFile);

    internal MemberOpening Open(string account) => CaseMembers.Open(
        Workspace, File_, Account.Parse(account), Hash.Of("I agree."u8));

    internal ManifestFacts Release => ManifestFacts.Parse(
        File.ReadAllBytes(Path.Combine(ReleaseName.Find(Workspace, List.Release!.Name), "manifest.json")));

    internal string Folder(string name) => _world.Folder(name);

    public void Dispose() => _world.Dispose();
}

/// <summary>The list of the members of an action, which a stranger verifies and which names nobody.</summary>
/// <param name="world">The action.</param>
public sealed class MemberTests(ActionWorld world) : IClassFixture<ActionWorld>
{
    [Fact]
    public void Each_person_counts_once_and_nobody_whose_mandate_has_ended_or_is_another_s()
    {
        // 1,200 less the one who took it back; 60 wrote what is in the release, that one among them.
        Assert.Equal((1_199, 59), (world.List.Members.Count, world.List.Present));
        Assert.Equal(ActionWorld.To, world.List.Association);
        Assert.Contains("1199 members who mandated rights.example", world.Case.Evidence[0].Shows,
            StringComparison.Ordinal);
        var checkpoint = world.List.Verify(world.File_, world.Key.Verifier);
        Assert.Equal(world.Workspace.Settings.Origin, checkpoint.Origin);
        Assert.Equal(1_199, world.List.Members.Select(member => member.Digest).Distinct().Count());
        Assert.Equal(1_199, world.List.Members.Select(member => member.Pseudonym).Distinct().Count());
    }

    [Fact]
    public void Nothing_of_the_list_or_of_its_bundle_names_a_member()
    {
        var files = CaseBundle.Files(world.Workspace, world.Case);
        Assert.Equal(world.File_, files["evidence/e1/members.list"]);
        foreach (var (name, bytes) in files)
        {
            var text = Encoding.UTF8.GetString(bytes);
            Assert.False(text.Contains("facebook:", StringComparison.Ordinal), name);
            Assert.False(text.Contains("instagram:", StringComparison.Ordinal), name);
        }

        Assert.Contains(
            "verified e1 members evidence/e1/members.list --key keys/01.vkey",
            Encoding.UTF8.GetString(files["verify.sh"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_who_agrees_is_opened_with_the_presence_and_no_other_is()
    {
        var opening = world.Open("facebook:30");
        var key = world.Key.Verifier;
        var read = MemberOpening.Parse(opening.ToFile());
        var member = read.Verify(world.List, world.File_, key);
        Assert.NotNull(member.Presence);
        read.RequirePresent(world.List, world.Release, key);
        Assert.Equal("facebook:30", read.Receipt.Statement.Account);

        var absent = world.Open("facebook:1000");
        Assert.Null(absent.Presence);
        Assert.Null(absent.Verify(world.List, world.File_, key).Presence);

        // Of a linked person the account whose mandate is listed.
        Assert.NotNull(world.Open("facebook:3").Presence);
        foreach (var none in new[] { "instagram:u3", "facebook:19", "facebook:2003", "facebook:5000" })
            Assert.Equal(ExitCode.Usage, Assert.Throws<AvalException>(() => { world.Open(none); }).Exit);
    }

    [Fact]
    public void What_opens_one_member_opens_no_other_and_no_other_list()
    {
        var (one, other, key) = (world.Open("facebook:30"), world.Open("facebook:31"), world.Key.Verifier);
        void Refused(MemberOpening opening, string says) => Assert.Contains(
            says, Assert.Throws<ProofException>(() => { opening.Verify(world.List, world.File_, key); }).Message,
            StringComparison.Ordinal);
        Refused(one with { List = Hash.Of("another"u8) }, "another list");
        Refused(one with { Receipt = other.Receipt }, "The VRF proof was not made by this key for this input");
        Refused(one with { Presence = other.Presence }, "not the one that the list commits to");
        Assert.Contains(
            "No proof of presence", Assert.Throws<ProofException>(
                () => (one with { Presence = null }).RequirePresent(world.List, world.Release, key)).Message,
            StringComparison.Ordinal);
        var moved = Signed(world.List with { Purpose = "combine-services" });
        Assert.Contains(
            "The mandate is to rights.example for train-generative-ai", Assert.Throws<ProofException>(() =>
            {
                (one with { List = Hash.Of(moved) }).Verify(MemberList.Parse(moved), moved, key);
            }).Message, StringComparison.Ordinal);
        var sooner = Signed(world.List with { AsOf = world.List.AsOf.AddDays(-60) });
        Assert.Contains(
            "not in force", Assert.Throws<ProofException>(() =>
            {
                (one with { List = Hash.Of(sooner) }).Verify(MemberList.Parse(sooner), sooner, key);
            }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_counts_somebody_twice_or_invents_an_entry_is_refused_though_it_is_signed()
    {
        var members = world.List.Members;
        void Refused(IReadOnlyList<ListedMember> changed, string says)
        {
            var file = Signed(world.List with { Members = changed });
            Assert.Contains(
                says, Assert.Throws<ProofException>(
                    () => { MemberList.Parse(file).Verify(file, world.Key.Verifier); }).Message,
                StringComparison.Ordinal);
        }

        Refused([members[0], .. members], "counted twice");
        Refused([members[1], members[0], .. members.Skip(2)], "counted twice");
        Refused([members[0], members[1] with { Pseudonym = members[0].Pseudonym }], "counted twice");
        Refused([members[0], members[1] with { Digest = members[0].Digest }], "counted twice");
        Refused([members[0] with { Digest = Hash.Of("invented"u8) }], "inclusion");
        Refused([members[0] with { Index = new EntryIndex(members[0].Index.Value + 1) }], "inclusion");
        var present = members.First(member => member.Presence is not null);
        var nowhere = Signed(world.List with { Release = null, Members = [present] });
        Assert.Contains(
            "names none", Assert.Throws<ProofException>(
                () => { MemberList.Parse(nowhere).Verify(nowhere, world.Key.Verifier); }).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_was_changed_after_it_was_signed_is_refused()
    {
        var text = Encoding.UTF8.GetString(world.File_);
        void Refused(string changed)
        {
            Assert.NotEqual(text, changed);
            var file = Encoding.UTF8.GetBytes(changed);
            Assert.Throws<ProofException>(() => { MemberList.Parse(file).Verify(file, world.Key.Verifier); });
        }

        var line = text.Split('\n').First(one => one.StartsWith(
            world.List.Members[5].Index.ToString() + " ", StringComparison.Ordinal));
        Refused(text.Replace(line + "\n", "", StringComparison.Ordinal));
        Refused(text.Replace(line + "\n", "", StringComparison.Ordinal).Replace(
            "members 1199", "members 1198", StringComparison.Ordinal));
        Refused(text.Replace("present 59", "present 60", StringComparison.Ordinal));
        Refused(text.Replace("case action-1", "case action-2", StringComparison.Ordinal));
        var other = SigningKey.Generate(world.Key.Verifier.Name).Sign(world.List.ToText());
        Assert.Throws<ProofException>(() => { MemberList.Parse(other).Verify(other, world.Key.Verifier); });
    }

    [Fact]
    public void A_list_from_elsewhere_is_evidence_once_it_verifies()
    {
        var path = world.Folder("members.list");
        Durable.Replace(path, world.File_);
        var found = EvidenceCheck.Of(
            new OfferedEvidence(EvidenceKind.MemberList, path) { Keys = new LedgerKeys([world.Key.Verifier]) });
        Assert.Empty(found.Accounts);
        Durable.Replace(path, [.. world.File_[..^80], .. world.File_[^79..]]);
        Assert.Throws<AvalException>(() =>
        {
            EvidenceCheck.Of(
                new OfferedEvidence(EvidenceKind.MemberList, path) { Keys = new LedgerKeys([world.Key.Verifier]) });
        });
    }

    [Fact]
    public void Without_a_mandate_there_is_no_list()
    {
        AvalException Refused(string to) => Assert.Throws<AvalException>(() =>
        {
            CaseMembers.List(world.Workspace, new MembersAsked(
                ActionWorld.Name, to, Purpose.TrainGenerativeAi, null, RunsWorld.Later));
        });
        Assert.Contains("No mandate to nobody.example", Refused("nobody.example").Message, StringComparison.Ordinal);
        Assert.Contains("--association should hold", Refused("No Body").Message, StringComparison.Ordinal);
    }

    private byte[] Signed(MemberList list) => world.Key.Sign(list.ToText());
}
