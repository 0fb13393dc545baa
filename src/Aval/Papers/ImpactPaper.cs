using Aval.Documents;

namespace Aval.Papers;

/// <summary>
/// The data-protection impact assessment (GDPR Art. 35(7)) in the sections of the EDPB's template (version 1.0 of 10
/// March 2026, for consultation) as a digest of it lists them. What happened stands there; risks, and the decision, are
/// for humans.
/// </summary>
internal static class ImpactPaper
{
    private static readonly (string Part, string[] Fields)[] Template =
    [
        ("0", ["0.1", "0.2", "0.3", "0.4", "0.5"]),
        ("1", ["1.1.a", "1.1.b", "1.1.c", "1.1.d", "1.2", "1.3", "1.4"]),
        ("2", ["2.1.a", "2.1.b", "2.2.a", "2.2.b", "2.3.a", "2.3.b", "2.3.c", "2.3.d", "2.3.e"]),
        ("3", ["3.1", "3.2", "3.3"]),
        ("4", ["4.1.a", "4.1.b", "4.1.c", "4.2.a", "4.2.b", "4.2.c"]),
        ("5", ["5.1", "5.2"]),
        ("6", ["6"]),
    ];

    /// <summary>Writes it.</summary>
    public static void Write(Sheet sheet)
    {
        sheet.Say("impact-read");
        foreach (var (part, fields) in Template)
        {
            sheet.Head(1, $"impact-part-{part}", part);
            sheet.Table($"impact-part-{part}", ["field", "answer"],
            [
                .. fields.Select(field => (IReadOnlyList<IReadOnlyList<Piece>>)
                [
                    [Piece.Plain($"{field} "), sheet.Words($"impact-{field}")],
                    [.. Spaced(Known(sheet, field)), sheet.Blank($"blank-impact-{field}")],
                ]),
            ], [1, 2]);
        }

        sheet.Head(2, "assessment-necessity", "3.2");
        AssessmentPaper.Studies(sheet);
    }

    // What is known stands before what is to be written, and a space between them.
    private static IReadOnlyList<Piece> Spaced(IReadOnlyList<Piece> known) =>
        known.Count == 0 || known[^1].Text.EndsWith(' ') ? known : [.. known, Piece.Plain(" ")];

    private static IReadOnlyList<Piece> Known(Sheet sheet, string field) => field switch
    {
        "0.1" => [sheet.Fact(FigureForm.Name, "controller"), Piece.Plain(". ")],
        "1.1.a" => Slices(sheet, "by_kind"),
        "1.1.b" => Policies(sheet, "purpose"),
        "1.1.d" => Slices(sheet, "by_service"),
        "1.2" => sheet.Filled("impact-phases", ("releases", sheet.Fact(FigureForm.Count, "releases_made")),
            ("exports", sheet.Fact(FigureForm.Count, "exports_made")),
            ("runs", sheet.Fact(FigureForm.Count, "runs_begun")),
            ("models", sheet.Fact(FigureForm.Count, "models_registered"))),
        "2.1.a" => Policies(sheet, "basis"),
        "2.2.a" => Admitted(sheet),
        "2.3.b" => sheet.Filled("safeguards-asked", ("received", sheet.Fact(FigureForm.Count, "requests", "received")),
            ("closed", sheet.Fact(FigureForm.Count, "requests", "closed")),
            ("open", sheet.Fact(FigureForm.Count, "requests", "open")),
            ("late", sheet.Fact(FigureForm.Count, "requests", "late")),
            ("extended", sheet.Fact(FigureForm.Count, "requests", "extended"))),
        "2.3.e" => sheet.Filled("record-security", ("size", sheet.Fact(FigureForm.Count, "ledger_size")),
            ("buckets", sheet.Fact(FigureForm.Count, "buckets")), ("ledger", sheet.Fact(FigureForm.Name, "ledger"))),
        "5.2" => sheet.Filled("assessment-said", ("objections", sheet.Fact(FigureForm.Count, "choices", "objection")),
            ("consents", sheet.Fact(FigureForm.Count, "choices", "consent")),
            ("restrictions", sheet.Fact(FigureForm.Count, "choices", "restriction")),
            ("held", sheet.Fact(FigureForm.Count, "objections", "still_in_a_release"))),
        _ => [],
    };

    private static List<Piece> Slices(Sheet sheet, string slice)
    {
        var all = new List<Piece>();
        foreach (var release in RecordPaper.Releases(sheet))
        {
            var accounting = RecordPaper.Accounting(release);
            all.AddRange(sheet.Filled("record-release", ("release", Piece.Plain(release))));
            foreach (var one in sheet.Sources.Members(accounting, $"/{slice}"))
                all.AddRange(
                [
                    Piece.Plain(" "), sheet.Name(one.Name), Piece.Plain(" "),
                    sheet.Figure(accounting, PaperSources.Pointer(slice, one.Name, "admitted"), FigureForm.Count),
                    Piece.Plain(";"),
                ]);
            all.Add(Piece.Plain(" "));
        }

        return all;
    }

    private static List<Piece> Policies(Sheet sheet, string what)
    {
        var all = new List<Piece>();
        foreach (var policy in sheet.Sources.Members(PaperSources.Facts, "/policies"))
            all.AddRange(
            [
                sheet.Fact(FigureForm.Name, "policies", policy.Name, "name"), Piece.Plain(": "),
                sheet.Fact(FigureForm.Name, "policies", policy.Name, what), Piece.Plain(". "),
            ]);
        return all;
    }

    private static List<Piece> Admitted(Sheet sheet)
    {
        var all = new List<Piece>();
        foreach (var release in RecordPaper.Releases(sheet))
            all.AddRange(
            [
                .. sheet.Filled("safeguards-release", ("release", Piece.Plain(release)),
                    ("read", sheet.Fact(FigureForm.Count, "releases", release, "read")),
                    ("admitted", sheet.Fact(FigureForm.Count, "releases", release, "rows"))),
                Piece.Plain(" "),
            ]);
        return all;
    }
}
