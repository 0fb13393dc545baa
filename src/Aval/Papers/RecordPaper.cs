using Aval.Documents;

namespace Aval.Papers;

/// <summary>
/// The controller's record of the training (GDPR Art. 30(1)(a) to (g)): what happened as it happened, and blanks for
/// what only the controller knows.
/// </summary>
internal static class RecordPaper
{
    /// <summary>Writes it.</summary>
    public static void Write(Sheet sheet)
    {
        sheet.Head(1, "record-a", "(a)");
        sheet.Say("record-controller", ("controller", sheet.Fact(FigureForm.Name, "controller")));
        foreach (var blank in (string[])["contact", "joint-controller", "representative", "dpo"])
            sheet.Say("record-who", ("blank", sheet.Blank($"blank-{blank}")));
        sheet.Head(1, "record-b", "(b)");
        Policies(sheet);
        Categories(sheet);
        Recipients(sheet);
        sheet.Head(1, "record-e", "(e)");
        sheet.Say("record-transfers", ("blank", sheet.Blank("blank-transfers")));
        Limits(sheet);
        sheet.Head(1, "record-g", "(g)");
        sheet.Say("record-security", ("size", sheet.Fact(FigureForm.Count, "ledger_size")),
            ("buckets", sheet.Fact(FigureForm.Count, "buckets")), ("ledger", sheet.Fact(FigureForm.Name, "ledger")));
        sheet.Say("record-organisation", ("blank", sheet.Blank("blank-organisation")));
    }

    /// <summary>The policies under which releases were made, with purpose and basis.</summary>
    public static void Policies(Sheet sheet)
    {
        var policies = sheet.Sources.Members(PaperSources.Facts, "/policies");
        if (policies.Count == 0)
            sheet.Say("no-release");
        else
            sheet.Table("policies", ["policy", "purpose", "basis", "releases"],
            [
                .. policies.Select(policy => (IReadOnlyList<IReadOnlyList<Piece>>)
                [
                    [sheet.Fact(FigureForm.Name, "policies", policy.Name, "name")],
                    [sheet.Fact(FigureForm.Name, "policies", policy.Name, "purpose")],
                    [sheet.Fact(FigureForm.Name, "policies", policy.Name, "basis")],
                    [sheet.Fact(FigureForm.Count, "policies", policy.Name, "releases")],
                ]),
            ]);
    }

    private static void Categories(Sheet sheet)
    {
        sheet.Head(1, "record-c", "(c)");
        sheet.Say("record-people");
        foreach (var release in Releases(sheet))
        {
            var accounting = Accounting(release);
            sheet.Say("record-release", ("release", Piece.Strong(release)));
            foreach (var slice in (string[])["by_service", "by_kind"])
            {
                var all = sheet.Sources.Members(accounting, $"/{slice}");
                if (all.Count > 0)
                    sheet.Table($"categories-{slice}", [slice, "read", "admitted"],
                    [
                        .. all.Select(one => (IReadOnlyList<IReadOnlyList<Piece>>)
                        [
                            [sheet.Name(one.Name)],
                            [Of(sheet, accounting, slice, one.Name, "read")],
                            [Of(sheet, accounting, slice, one.Name, "admitted")],
                        ]),
                    ]);
            }
        }

        sheet.Say("record-special", ("blank", sheet.Blank("blank-special")));
    }

    private static void Recipients(Sheet sheet)
    {
        sheet.Head(1, "record-d", "(d)");
        var recipients = sheet.Sources.Members(PaperSources.Facts, "/recipients");
        if (recipients.Count == 0)
            sheet.Say("no-recipient", ("exports", sheet.Fact(FigureForm.Count, "exports_made")),
                ("models", sheet.Fact(FigureForm.Count, "models_registered")));
        else
            sheet.Table("recipients", ["recipient", "exports", "models", "country"],
            [
                .. recipients.Select(recipient => (IReadOnlyList<IReadOnlyList<Piece>>)
                [
                    [Piece.Plain(recipient.Name)],
                    [sheet.Fact(FigureForm.Count, "recipients", recipient.Name, "exports")],
                    [sheet.Fact(FigureForm.Count, "recipients", recipient.Name, "models")],
                    [sheet.Blank("blank-country")],
                ]),
            ]);
        sheet.Say("record-processors", ("blank", sheet.Blank("blank-processors")));
    }

    private static void Limits(Sheet sheet)
    {
        sheet.Head(1, "record-f", "(f)");
        sheet.Table("retention", ["choice", "kept"],
        [
            .. sheet.Sources.Members(PaperSources.Facts, "/retention").Select(
                kept => (IReadOnlyList<IReadOnlyList<Piece>>)
                [
                    [sheet.Name(kept.Name)], Kept(sheet, kept.Name),
                ]),
        ]);
        sheet.Say("record-releases", ("made", sheet.Fact(FigureForm.Count, "releases_made")),
            ("usable", sheet.Fact(FigureForm.Count, "releases_usable")),
            ("withdrawn", sheet.Fact(FigureForm.Count, "releases_withdrawn")),
            ("dropped", sheet.Fact(FigureForm.Count, "releases_dropped")));
        sheet.Say("record-erasures", ("erasures", sheet.Fact(FigureForm.Count, "choices", "erasure")),
            ("blank", sheet.Blank("blank-limits")));
    }

    private static IReadOnlyList<Piece> Kept(Sheet sheet, string choice) =>
        sheet.Sources.Members(PaperSources.Facts, PaperSources.Pointer("retention", choice)) is [var kept]
            ? sheet.Filled($"kept-{kept.Name}", ("count", sheet.Fact(FigureForm.Count, "retention", choice, kept.Name)))
            : [sheet.Words("kept-unlimited")];

    /// <summary>The releases that there are, by their names.</summary>
    public static IEnumerable<string> Releases(Sheet sheet) =>
        sheet.Sources.Members(PaperSources.Facts, "/releases").Select(release => release.Name);

    /// <summary>The file in which a release accounts for every item.</summary>
    public static string Accounting(string release) => $"corpus/{release}/accounting.json";

    private static Piece Of(Sheet sheet, string accounting, string slice, string name, string what) =>
        sheet.Figure(accounting, PaperSources.Pointer(slice, name, what), FigureForm.Count);
}
