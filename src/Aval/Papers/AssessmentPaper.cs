using Aval.Documents;

namespace Aval.Papers;

/// <summary>
/// The assessment of a legitimate interest (GDPR Art. 6(1)(f)) in three steps: the interest, necessity with the studies
/// that were made, and the balance with its figures. Which way it tips is for humans to say.
/// </summary>
internal static class AssessmentPaper
{
    /// <summary>Writes it.</summary>
    public static void Write(Sheet sheet)
    {
        sheet.Head(1, "assessment-interest");
        RecordPaper.Policies(sheet);
        sheet.Say("assessment-pursued", ("blank", sheet.Blank("blank-interest")));
        sheet.Head(1, "assessment-necessity");
        Studies(sheet);
        sheet.Say("assessment-less", ("blank", sheet.Blank("blank-less")));
        sheet.Head(1, "assessment-balance");
        sheet.Say("assessment-said", ("objections", sheet.Fact(FigureForm.Count, "choices", "objection")),
            ("consents", sheet.Fact(FigureForm.Count, "choices", "consent")),
            ("restrictions", sheet.Fact(FigureForm.Count, "choices", "restriction")),
            ("held", sheet.Fact(FigureForm.Count, "objections", "still_in_a_release")));
        Rules(sheet);
        sheet.Say("assessment-expectations", ("blank", sheet.Blank("blank-expectations")));
        sheet.Head(1, "assessment-compatibility");
        sheet.Say("assessment-compatible", ("blank", sheet.Blank("blank-compatible")));
        sheet.Head(1, "assessment-conclusion");
        sheet.Say("assessment-concluded", ("blank", sheet.Blank("blank-conclusion")));
    }

    /// <summary>Whether less would do, as far as it was measured.</summary>
    public static void Studies(Sheet sheet)
    {
        var studies = sheet.Sources.Members(PaperSources.Facts, "/studies");
        if (studies.Count == 0)
            sheet.Say("no-study");
        else
            sheet.Table("studies", ["study", "release", "entry", "plan-entry", "study-state"],
            [
                .. studies.Select(study => (IReadOnlyList<IReadOnlyList<Piece>>)
                [
                    [Piece.Plain(study.Name)], [sheet.Fact(FigureForm.Name, "studies", study.Name, "release")],
                    [sheet.Fact(FigureForm.Count, "studies", study.Name, "entry")],
                    [sheet.Fact(FigureForm.Count, "studies", study.Name, "plan_entry")],
                    [sheet.Fact(FigureForm.Name, "studies", study.Name, "state")],
                ]),
            ]);
        sheet.Say("assessment-study", ("blank", sheet.Blank("blank-study")));
    }

    // Who was told, minors, unknowns, third persons: each is a rule of the policy, with what it took out.
    private static void Rules(Sheet sheet)
    {
        foreach (var release in RecordPaper.Releases(sheet))
        {
            var accounting = RecordPaper.Accounting(release);
            if (sheet.Sources.Find(accounting, "/rules") is not { } rules)
                continue;
            sheet.Say("safeguards-release", ("release", Piece.Strong(release)),
                ("read", sheet.Figure(accounting, "/read", FigureForm.Count)),
                ("admitted", sheet.Figure(accounting, "/admitted", FigureForm.Count)));
            sheet.Table("rules", ["rule", "left-out", "matches"],
            [
                .. rules.EnumerateArray().Select((rule, at) => (IReadOnlyList<IReadOnlyList<Piece>>)
                [
                    [Piece.Code(rule.GetProperty("rule").GetString()!)],
                    [sheet.Figure(accounting, $"/rules/{at}/excluded", FigureForm.Count)],
                    [sheet.Figure(accounting, $"/rules/{at}/matches", FigureForm.Count)],
                ]),
            ], [2, 1, 1]);
        }
    }
}
