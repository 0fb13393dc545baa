using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Aval.Cases;
using Aval.Checking;
using Aval.Documents;
using Aval.Founding;
using Aval.Ledger;
using Aval.Storage;
using Aval.Terms;
using Aval.Tests.Proofs;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;

namespace Aval.Tests.Cases;

/// <summary>Cases on a real workspace, with evidence of an operator whom the tests can have lie.</summary>
public sealed class CaseTests : IDisposable
{
    private const string Begun = """
        case: notice-1
        kind: formal-notice
        title: "No training without consent"
        jurisdiction: DE
        footing: representative-action
        parties:
          - {role: claimant, name: "An association", address: "Vienna"}
          - {role: represented, name: "Kim", accounts: ["facebook:1"]}
          - {role: respondent, name: "Example Ltd"}
        allegations:
          - {text: "Content of an objector is in a release.", law: ["GDPR 21(3)", "GDPR 6(1)"]}
          - {text: "The notice hides the form.", law: ["GDPR 12(2)"]}
        remedies:
          - {text: "Stop.", penalty: "5,000 euros"}
        deadline: {from: 2025-05-14, term: "7 days", law: regulation-1182-71, place: IE}
        urgent-from: 2025-04-14
        """;

    private static readonly DateTimeOffset Now = Instant.Parse("2025-05-14T09:00:00Z", "now");
    private readonly TemporaryFolder _folder = new();
    private readonly CommittedWorld _operator = new();
    private readonly Workspace _workspace;

    public CaseTests() => _workspace = NewWorkspace.Create(_folder.File("workspace"), Settings.Default);

    public void Dispose()
    {
        _operator.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_case_is_kept_as_it_was_opened_and_its_deadline_is_counted()
    {
        Open();
        var read = CaseFolder.Require(_workspace, "notice-1");
        Assert.Equal(
            (CaseKind.FormalNotice, Footing.RepresentativeAction, 3, 2, "opened"),
            (read.Kind, read.Footing, read.Parties.Count, read.Allegations.Count, read.History[0].What));
        Assert.Equal(new DateOnly(2025, 5, 21), read.Deadline!.LastDay(WorkingDays.Weekdays));
        Assert.False(read.IsOverdue(WorkingDays.Weekdays, Instant.Parse("2025-05-21T23:59:59Z", "now")));
        Assert.True(read.IsOverdue(WorkingDays.Weekdays, Instant.Parse("2025-05-22T00:00:00Z", "now")));
        Assert.False(FileModes.IsOpenToOthers(Path.Combine(_workspace.Cases, "notice-1", "case.json")));
        Assert.Throws<AvalException>(Open);
    }

    [Fact]
    public void What_is_wrong_with_a_case_is_told_all_at_once_with_its_line()
    {
        var broken = Begun.Replace("formal-notice", "notice", StringComparison.Ordinal)
            .Replace("7 days", "a week", StringComparison.Ordinal)
            .Replace("role: respondent", "role: enemy", StringComparison.Ordinal);
        var refused = Assert.Throws<AvalException>(() => CaseReader.Parse(broken, "case.yaml"));
        Assert.Contains("case.yaml, line 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("\"term\" is written as", refused.Message, StringComparison.Ordinal);
        Assert.Contains("names a claimant and a respondent", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_violation_is_computed_again_and_ties_itself_to_its_allegation()
    {
        Open();
        var (receipt, proof) = Objection("facebook:1");
        var now = Add(Violation(receipt, proof), 1);
        var added = Assert.Single(now.Evidence);
        Assert.Equal((EvidenceKind.ViolationVerdict, "e1"), (added.Kind, added.Id));
        Assert.Equal(["facebook:1"], added.Accounts);
        Assert.Equal(
            ["choice.receipt", "author.proof", "manifest.json", "manifest.tlog-proof", "manifest.sig"],
            added.Files.Select(file => file.Name));
        Assert.Equal(["e1"], now.Allegations[0].Evidence);
        Assert.Empty(now.Allegations[1].Evidence);
    }

    [Fact]
    public void A_violation_of_before_a_change_of_keys_is_taken_when_the_new_key_shows_the_releases_entry()
    {
        Open();
        var (receipt, proof) = Objection("facebook:1");
        var next = SigningKey.Generate(CommittedWorld.Origin);
        var entry = InclusionProof.Parse(File.ReadAllBytes(_operator.In("manifest.tlog-proof")));
        _operator.Write(
            "manifest.tlog-proof", (entry with { Note = next.Sign(SignedNote.Parse(entry.Note).Text) }).ToFile());
        File.Delete(_operator.In("manifest.sig"));
        LedgerKeys both = new([next.Verifier, _operator.Verifier]);
        Assert.Single(Add(Violation(receipt, proof) with { Keys = both }, 1).Evidence);
    }

    [Fact]
    public void What_does_not_verify_or_does_not_show_it_is_refused_and_nothing_is_kept()
    {
        Open();
        var (receipt, proof) = Objection("facebook:77"); // Nobody of the release.
        var none = Refused(Violation(receipt, proof));
        Assert.Contains("no violation is shown", none.Message, StringComparison.Ordinal);
        var absent = Refused(new OfferedEvidence(EvidenceKind.PresenceProof, proof)
        {
            Manifest = _operator.ManifestPath,
            Account = "facebook:77",
            Keys = Keys(),
        });
        Assert.Contains("is absent", absent.Message, StringComparison.Ordinal);
        using var other = new CommittedWorld();
        var forged = Refused(new OfferedEvidence(EvidenceKind.Receipt, receipt) { Keys = new([other.Verifier]) });
        Assert.Contains("does not verify as a receipt", forged.Message, StringComparison.Ordinal);
        var text = Saved("text", "nothing of the kind");
        foreach (var kind in Enum.GetValues<EvidenceKind>().Except([EvidenceKind.Document]))
        {
            var offered = new OfferedEvidence(kind, text)
            {
                Keys = Keys(),
                Manifest = text,
                Proof = text,
                Account = "facebook:1",
            };
            Assert.NotEqual(ExitCode.Done, Refused(offered).Exit);
        }

        Assert.Empty(CaseFolder.Require(_workspace, "notice-1").Evidence);
        Assert.False(Directory.Exists(Path.Combine(_workspace.Cases, "notice-1", "evidence")));
    }

    [Fact]
    public void A_contest_needs_evidence_an_undertaking_a_day_and_the_last_answer_counts()
    {
        Open();
        AllegationAnswer Said(AnswerKind kind, Undertaking? undertaking = null, params string[] with) =>
            new(2, kind, "So it is.", with, undertaking, Now);
        Assert.Throws<AvalException>(() => Answered(Said(AnswerKind.Contest)));
        Assert.Throws<AvalException>(() => Answered(Said(AnswerKind.Undertake)));
        Add(new OfferedEvidence(EvidenceKind.Document, Saved("letter", "a letter")), 2);
        Answered(Said(AnswerKind.Contest, null, "e1"));
        var bound = new Undertaking("No training.", new DateOnly(2025, 5, 27), [UndertakingEffect.Stop], null);
        var now = Answered(Said(AnswerKind.Undertake, bound));
        Assert.Equal(2, now.Answers.Count);
        Assert.Equal(AnswerKind.Undertake, now.Standing[2].Kind);
        Assert.Equal(
            ["opened", "answered allegation 2: undertake"], [now.History[0].What, now.History[^1].What]);
    }

    [Theory]
    [InlineData("\"title\":\"No training", "\"title\":\"More training")]
    [InlineData("\"what\":\"opened\"", "\"what\":\"opener\"")]
    public void A_case_that_was_changed_by_hand_is_read_no_more(string from, string to)
    {
        Open();
        var file = Path.Combine(_workspace.Cases, "notice-1", "case.json");
        var text = File.ReadAllText(file);
        Assert.Contains(from, text, StringComparison.Ordinal);
        Durable.Replace(file, text.Replace(from, to, StringComparison.Ordinal));
        var refused = Assert.Throws<AvalException>(() => CaseFolder.Require(_workspace, "notice-1"));
        Assert.Contains("changed by hand", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_closed_stays_and_takes_no_more_steps()
    {
        Open();
        CaseFolder.Step(_workspace, "notice-1", Now, "Ada", now => CaseSteps.Close(now, "settled", Now));
        Assert.Throws<AvalException>(() => CaseFolder.Step(
            _workspace, "notice-1", Now, "Ada", now => CaseSteps.AddRemedy(now, "More.", null)));
        Assert.Equal("settled", Assert.Single(CaseFolder.All(_workspace)).Outcome);
    }

    [Fact]
    public void Cases_are_listed_by_what_is_due_first()
    {
        foreach (var (name, day) in new[] { ("later", "2025-06-30"), ("sooner", "2025-05-20") })
            CaseFolder.Open(
                _workspace,
                CaseReader.Parse(Begun.Replace("notice-1", name, StringComparison.Ordinal).Replace(
                    "{from: 2025-05-14, term: \"7 days\", law: regulation-1182-71, place: IE}", $"{{set: {day}}}",
                    StringComparison.Ordinal), "case.yaml"), Now, "Ada");
        Assert.Equal(["sooner", "later"], CaseFolder.All(_workspace).Select(one => one.Name));
    }

    [Fact]
    public void A_bundle_has_the_same_bytes_each_time_and_all_that_its_script_asks_for()
    {
        Open();
        var (receipt, proof) = Objection("facebook:1");
        Add(Violation(receipt, proof), 1);
        var whole = Add(new OfferedEvidence(EvidenceKind.Manifest, _operator.ManifestPath) { Keys = Keys() }, 1);
        var (first, second) = (_folder.File("first"), _folder.File("second"));
        var zips = new[] { first, second }.Select(folder => CaseBundle.Write(_workspace, whole, folder)).ToArray();
        Assert.Equal(File.ReadAllBytes(zips[0]), File.ReadAllBytes(zips[1]));
        using var zip = ZipFile.OpenRead(zips[0]);
        var names = zip.Entries.Select(entry => entry.FullName).ToArray();
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.All(names, name => Assert.True(File.Exists(Path.Combine(first, name)), name));
        Assert.Contains("keys/01.vkey", names);
        Assert.Contains(names, name => name.StartsWith("checkpoints/", StringComparison.Ordinal));
        var script = File.ReadAllText(Path.Combine(first, "verify.sh"));
        Assert.Contains("verified e1 violation --receipt evidence/e1/choice.receipt", script, StringComparison.Ordinal);
        Assert.Contains("verified e2 manifest evidence/e2/manifest.json --key keys/01.vkey", script,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_verifier_in_the_bundle_is_the_one_that_its_script_asks()
    {
        Open();
        var (receipt, proof) = Objection("facebook:1");
        var whole = Add(Violation(receipt, proof), 1);
        var program = Directory.CreateDirectory(_folder.File("program")).FullName;
        Assert.Equal(ExitCode.Usage, Assert.Throws<AvalException>(
            () => CaseBundle.Write(_workspace, whole, _folder.File("none"), program)).Exit);
        File.WriteAllLines(Path.Combine(program, "aval"), ["#!/bin/sh", "echo \"asked: $*\""]);
        var zip = CaseBundle.Write(_workspace, whole, _folder.File("bundle"), program);
        ZipFile.ExtractToDirectory(zip, _folder.File("elsewhere"));

        var start = new ProcessStartInfo("sh", [_folder.File("elsewhere/verify.sh")]) { RedirectStandardOutput = true };
        start.Environment.Remove("AVAL");
        using var script = Process.Start(start)!;
        var said = script.StandardOutput.ReadToEnd();
        script.WaitForExit();
        Assert.Equal(0, script.ExitCode);
        Assert.Contains("ok      bytes  verifier/aval", said, StringComparison.Ordinal);
        Assert.Contains("ok      e1  asked: verify violation --receipt", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_refuses_to_tell_of_anybody_who_is_no_party()
    {
        Open();
        var (receipt, _) = Objection("facebook:2");
        Add(new OfferedEvidence(EvidenceKind.Receipt, receipt) { Keys = Keys() }, 1);
        var whole = Add(new OfferedEvidence(
            EvidenceKind.Document, Saved("letter", "As instagram:somebody wrote, and facebook:1 too.")), 2);
        var refused = Assert.Throws<AvalException>(() => CaseBundle.Write(
            _workspace, whole, _folder.File("bundle")));
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains("e1 (receipt): facebook:2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("e2 (document): instagram:somebody", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("facebook:1\n", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("bundle")));
    }

    [Fact]
    public void A_title_that_names_somebody_who_is_no_party_is_not_bundled_either()
    {
        Open();
        var letter = new OfferedEvidence(EvidenceKind.Document, Saved("letter", "Nobody is named here."));
        var whole = CaseSteps.AddEvidence(
            _workspace, "notice-1", letter, "What instagram:somebody wrote", [1], Now, "tester");
        var refused = Assert.Throws<AvalException>(() => CaseBundle.Write(
            _workspace, whole, _folder.File("bundle")));
        Assert.Contains("e1 (document): instagram:somebody", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_that_was_killed_is_made_anew()
    {
        Open();
        var whole = Add(new OfferedEvidence(EvidenceKind.Document, Saved("letter", "Nobody is named here.")), 1);
        var left = Directory.CreateDirectory(_folder.File("bundle") + ".unfinished").FullName;
        File.WriteAllLines(Path.Combine(left, "half"), ["half"]);
        CaseBundle.Write(_workspace, whole, _folder.File("bundle"));
        Assert.False(Directory.Exists(left));
        Assert.False(File.Exists(Path.Combine(_folder.File("bundle"), "half")));
        Assert.True(File.Exists(Path.Combine(_folder.File("bundle"), "verify.sh")));
    }

    [Theory]
    [InlineData("en", "not legal advice", "21 May 2025")]
    [InlineData("fr", "pas un conseil juridique", "21 mai 2025")]
    [InlineData("de", "keine Rechtsberatung", "21. Mai 2025")]
    public void A_draft_says_all_of_the_case_and_leaves_blank_what_is_the_lawyers(
        string language, string advice, string day)
    {
        Open();
        var (receipt, proof) = Objection("facebook:1");
        Add(Violation(receipt, proof), 1);
        var bound = new Undertaking("No training.", new DateOnly(2025, 5, 27), [UndertakingEffect.Stop], null);
        var whole = Answered(new AllegationAnswer(2, AnswerKind.Undertake, "So it is.", [], bound, Now));
        foreach (var kind in Enum.GetValues<DraftKind>())
        {
            var draft = CaseDraft.Of(whole, kind, language, WorkingDays.Weekdays);
            var page = DocumentHtml.Of(draft);
            Assert.Equal(2, page.Split(advice).Length);
            Assert.DoesNotMatch("{[a-z]+}", page);
            Assert.Contains("The notice hides the form.", page, StringComparison.Ordinal);
            Assert.Contains("GDPR 12(2)", page, StringComparison.Ordinal);
            Assert.True(draft.Blanks.Count() >= 3);
            Assert.Equal(
                kind != DraftKind.Answer,
                page.Contains("aval verify violation --receipt evidence/e1", StringComparison.Ordinal));
            Assert.Equal(kind is DraftKind.Notice or DraftKind.CeaseAndDesist, page.Contains(
                day, StringComparison.Ordinal));
            using var file = WordprocessingDocument.Open(new MemoryStream(DocumentDocx.Of(draft)), isEditable: false);
            Assert.Empty(new OpenXmlValidator(FileFormatVersions.Microsoft365).Validate(
                file, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void Every_language_has_a_word_for_every_kind() => Assert.All(CaseText.Languages, language =>
    {
        var text = CaseText.Of(language);
        Assert.Equal(CaseWords.All<DraftKind>().Select(one => one.Name).Order(), text.Title.Keys.Order());
        Assert.Equal(CaseWords.All<DraftKind>().Select(one => one.Name).Order(), text.Opening.Keys.Order());
        Assert.Equal(CaseWords.All<PartyRole>().Select(one => one.Name).Order(), text.Role.Keys.Order());
        Assert.Equal(CaseWords.All<Footing>().Select(one => one.Name).Order(), text.Footing.Keys.Order());
        Assert.Equal(CaseWords.All<AnswerKind>().Select(one => one.Name).Order(), text.Answer.Keys.Order());
        Assert.Equal(CaseWords.All<EvidenceKind>().Select(one => one.Name).Order(), text.Kind.Keys.Order());
        Assert.Equal(TermLaws.All.Order(), text.Law.Keys.Order());
        Assert.All(Enum.GetValues<TermUnit>(), unit => Assert.All([1, 2], count => Assert.Contains(
            new Term(count, unit).ToString().Split(' ')[1], text.Unit.Keys)));
    });

    [Fact]
    public void A_check_of_the_workspace_names_evidence_and_cases_that_were_changed()
    {
        Open();
        var letter = _folder.File("letter.txt");
        File.WriteAllLines(letter, ["a letter"]);
        var kept = Add(new OfferedEvidence(EvidenceKind.Document, letter), 1).Evidence[0].Files[0].Sha256;
        Assert.Empty(KeptFilesCheck.OfCases(_workspace));
        var folder = Path.Combine(_workspace.Cases, "notice-1");
        File.Delete(Path.Combine(folder, "evidence", kept));
        Assert.Contains(kept, Assert.Single(KeptFilesCheck.OfCases(_workspace)), StringComparison.Ordinal);
        var file = Path.Combine(folder, "case.json");
        Durable.Replace(
            file, File.ReadAllText(file).Replace("without consent", "with consent", StringComparison.Ordinal));
        Assert.Contains("case.json", Assert.Single(KeptFilesCheck.OfCases(_workspace)), StringComparison.Ordinal);
    }

    private void Open() => CaseFolder.Open(_workspace, CaseReader.Parse(Begun, "case.yaml"), Now, "Ada");

    private Case Answered(AllegationAnswer answer) =>
        CaseFolder.Step(_workspace, "notice-1", Now, "Ada", now => CaseSteps.Answer(now, answer));

    private Case Add(OfferedEvidence offered, params int[] shows) =>
        CaseSteps.AddEvidence(_workspace, "notice-1", offered, null, shows, Now, "Ada");

    private AvalException Refused(OfferedEvidence offered) =>
        Assert.Throws<AvalException>(() => { Add(offered, 1); });

    private LedgerKeys Keys() => new([_operator.Verifier]);

    private OfferedEvidence Violation(string receipt, string proof) =>
        new(EvidenceKind.ViolationVerdict, receipt)
        {
            Manifest = _operator.ManifestPath,
            Proof = proof,
            Keys = Keys(),
        };

    private (string Receipt, string Proof) Objection(string account)
    {
        var objection = _operator.Choose(ChoiceKind.Objection, account);
        _operator.Build();
        return (Saved("receipt", _operator.ReceiptOf(objection).ToFile()),
            Saved("proof", _operator.Prove(account).ToFile()));
    }

    private string Saved(string name, string text) => Saved(name, Encoding.UTF8.GetBytes(text));

    private string Saved(string name, byte[] bytes)
    {
        var path = _folder.File(name);
        Durable.Replace(path, bytes);
        return path;
    }
}
