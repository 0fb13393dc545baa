using Aval.Documents;

namespace Aval.Papers;

/// <summary>
/// The public summary of a model's training content (AI Act Art. 53(1)(d)), in the sections and fields of the
/// Commission's template (C(2025) 8311 of 5 December 2025). Every field stands there, in its order: with what the
/// lineage says, with "does not apply" and why, or as a blank.
/// </summary>
internal static class SummaryPaper
{
    private static readonly (string Section, string[] Fields)[] Template =
    [
        ("0", ["0.a", "0.b"]),
        ("1.1", ["1.1.a", "1.1.b"]),
        ("1.2", ["1.2.a", "1.2.b", "1.2.c"]),
        ("1.3", ["1.3.a", "1.3.b", "1.3.c", "1.3.d", "1.3.e", "1.3.f", "1.3.g"]),
        ("2.1", ["2.1.a", "2.1.b", "2.1.c", "2.1.d", "2.1.e"]),
        ("2.2", ["2.2.1.a", "2.2.1.b", "2.2.2.a", "2.2.2.b", "2.2.2.c", "2.2.2.d", "2.2.2.e"]),
        ("2.3", ["2.3.a", "2.3.b", "2.3.c", "2.3.d", "2.3.e", "2.3.f", "2.3.g", "2.3.h", "2.3.i"]),
        ("2.4", ["2.4.a", "2.4.b", "2.4.c", "2.4.d", "2.4.e"]),
        ("2.5", ["2.5.a", "2.5.b", "2.5.c", "2.5.d", "2.5.e"]),
        ("2.6", ["2.6.a", "2.6.b", "2.6.c"]),
        ("3.1", ["3.1.a", "3.1.b", "3.1.c"]),
        ("3.2", ["3.2.a"]),
        ("3.3", ["3.3.a"]),
    ];

    /// <summary>The fields, in the template's order.</summary>
    public static IReadOnlyList<string> Fields { get; } = [.. Template.SelectMany(section => section.Fields)];

    /// <summary>Writes it.</summary>
    /// <param name="sheet">The paper.</param>
    /// <param name="model">A registered model.</param>
    public static void Write(Sheet sheet, string model)
    {
        var lineage = new SummaryLineage(sheet, model);
        foreach (var (section, fields) in Template)
        {
            sheet.Head(1, $"section-{section}", section);
            sheet.Table($"section-{section}", ["field", "answer"],
            [
                .. fields.Select(field => (IReadOnlyList<IReadOnlyList<Piece>>)
                [
                    [Piece.Plain($"{field} "), sheet.Words($"field-{field}")], lineage.Answer(field),
                ]),
            ], [1, 2]);
        }

        sheet.Say("summary-read");
    }

    /// <summary>What the recommendations of the field's yardstick (AIAL) ask for and can be told by looking: each with
    /// whether it holds.</summary>
    public static IReadOnlyList<(string Recommendation, bool Holds)> Yardstick(Document document)
    {
        var rows = document.Blocks.OfType<Table>().SelectMany(table => table.Rows).ToArray();
        string[] fields = [.. rows.Select(row => row[0][0].Text.TrimEnd())];
        return
        [
            ("every field of the template, in its order", fields.SequenceEqual(Fields)),
            ("no field without an answer", rows.All(row => row[1].Any(piece => piece.Text.Trim().Length > 0))),
            ("nothing is left to be completed", !document.Blanks.Any()),
            ("section 2.4 carries basis, purpose and rights (GDPR 13, 14)",
                rows.Any(row => row[0][0].Text.TrimEnd() == "2.4.e" && row[1].Any(piece => piece.Source is not null))),
        ];
    }
}
