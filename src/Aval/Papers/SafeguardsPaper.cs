using Aval.Documents;

namespace Aval.Papers;

/// <summary>
/// How effective the safeguards were: what objections came to, what filters took out, what was told to recipients. What
/// nobody measured is a blank and no figure.
/// </summary>
internal static class SafeguardsPaper
{
    private static readonly string[] Fates =
        ["honoured", "in_no_release", "left_releases", "still_in_a_release", "late"];

    /// <summary>Writes it.</summary>
    public static void Write(Sheet sheet)
    {
        Received(sheet);
        Honoured(sheet);
        Requests(sheet);
        Filters(sheet);
        sheet.Head(1, "safeguards-output");
        sheet.Say("safeguards-models", ("models", sheet.Fact(FigureForm.Count, "models_registered")),
            ("runs", sheet.Fact(FigureForm.Count, "runs_begun")));
        sheet.Say("safeguards-leaks", ("blank", sheet.Blank("blank-leaks")));
        sheet.Head(1, "safeguards-recipients");
        sheet.Say("safeguards-notices", ("written", sheet.Fact(FigureForm.Count, "notices_written")),
            ("acknowledged", sheet.Fact(FigureForm.Count, "notices_acknowledged")));
        sheet.Head(1, "safeguards-limits");
        sheet.Say("safeguards-not", ("untold", Objection(sheet, "releases_without_lineage")));
    }

    private static void Received(Sheet sheet)
    {
        sheet.Head(1, "safeguards-received");
        sheet.Say("safeguards-objections", ("received", sheet.Fact(FigureForm.Count, "choices", "objection")),
            ("lifted", sheet.Fact(FigureForm.Count, "choices", "objection-lifted")),
            ("withdrawn", sheet.Fact(FigureForm.Count, "choices", "withdrawal")),
            ("refused", sheet.Fact(FigureForm.Count, "choices", "refusal")));
        var channels = sheet.Sources.Members(PaperSources.Facts, "/objections_by_channel");
        if (channels.Count > 0)
            sheet.Table("channels", ["channel", "objections"],
            [
                .. channels.Select(channel => (IReadOnlyList<IReadOnlyList<Piece>>)
                [
                    [channel.Name.Length == 0 ? sheet.Words("channel-unknown") : Piece.Plain(channel.Name)],
                    [sheet.Fact(FigureForm.Count, "objections_by_channel", channel.Name)],
                ]),
            ]);
    }

    private static void Honoured(Sheet sheet)
    {
        sheet.Head(1, "safeguards-honoured");
        sheet.Say("safeguards-followed", ("standing", Objection(sheet, "standing")),
            ("narrowed", Objection(sheet, "narrowed")), ("lifted", Objection(sheet, "lifted")));
        sheet.Table("fate", ["fate-what", "objections"],
        [
            .. Fates.Select(one => (IReadOnlyList<IReadOnlyList<Piece>>)
                [
                    [sheet.Words($"fate-{one}")], [Objection(sheet, one)],
                ]),
        ], [3, 1]);
        if (sheet.Sources.Find(PaperSources.Facts, "/objections/days_to_last_release") is null)
            sheet.Say("safeguards-no-days");
        else
            sheet.Say("safeguards-days",
                ("median", sheet.Fact(FigureForm.Count, "objections", "days_to_last_release", "median")),
                ("longest", sheet.Fact(FigureForm.Count, "objections", "days_to_last_release", "longest")));
    }

    private static void Requests(Sheet sheet)
    {
        sheet.Head(1, "safeguards-requests");
        sheet.Say("safeguards-asked", ("received", sheet.Fact(FigureForm.Count, "requests", "received")),
            ("closed", sheet.Fact(FigureForm.Count, "requests", "closed")),
            ("open", sheet.Fact(FigureForm.Count, "requests", "open")),
            ("late", sheet.Fact(FigureForm.Count, "requests", "late")),
            ("extended", sheet.Fact(FigureForm.Count, "requests", "extended")));
    }

    private static void Filters(Sheet sheet)
    {
        sheet.Head(1, "safeguards-filters");
        foreach (var release in RecordPaper.Releases(sheet))
        {
            var accounting = RecordPaper.Accounting(release);
            sheet.Say("safeguards-release", ("release", Piece.Strong(release)),
                ("read", sheet.Figure(accounting, "/read", FigureForm.Count)),
                ("admitted", sheet.Figure(accounting, "/admitted", FigureForm.Count)));
            var excluded = sheet.Sources.Members(accounting, "/excluded");
            if (excluded.Count > 0)
                sheet.Table("excluded", ["reason", "items"],
                [
                    .. excluded.Select(reason => (IReadOnlyList<IReadOnlyList<Piece>>)
                    [
                        [Piece.Code(reason.Name)],
                        [
                            sheet.Figure(accounting, PaperSources.Pointer("excluded", reason.Name), FigureForm.Count),
                        ],
                    ]),
                ], [3, 1]);
            var masked = sheet.Sources.Members(accounting, "/masked").SelectMany(kind =>
                kind.Value.EnumerateObject().Select(language => (Kind: kind.Name, Language: language.Name))).ToArray();
            if (masked.Length > 0)
                sheet.Table("masked", ["mask", "language", "times"],
                [
                    .. masked.Select(one => (IReadOnlyList<IReadOnlyList<Piece>>)
                    [
                        [Piece.Plain(one.Kind)], [Piece.Plain(one.Language)],
                        [
                            sheet.Figure(accounting, PaperSources.Pointer("masked", one.Kind, one.Language),
                                FigureForm.Count),
                        ],
                    ]),
                ]);
        }

        sheet.Say("safeguards-sensitivity", ("blank", sheet.Blank("blank-sensitivity")));
    }

    private static Piece Objection(Sheet sheet, string what) => sheet.Fact(FigureForm.Count, "objections", what);
}
