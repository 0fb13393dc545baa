using System.Globalization;
using DocumentFormat.OpenXml.Wordprocessing;

namespace Aval.Documents;

/// <summary>How each part of a document looks, under the names that word processors know styles by: their outline,
/// their navigation and their screen readers go by them.</summary>
internal static class DocxStyles
{
    /// <summary>Style of the title.</summary>
    public const string Title = "Title";

    /// <summary>Style of a table.</summary>
    public const string Grid = "TableGrid";

    /// <summary>Style of what stands over a table.</summary>
    public const string Caption = "Caption";

    /// <summary>Style of an item of a list.</summary>
    public const string Item = "ListParagraph";

    /// <summary>Style of a paragraph under an item.</summary>
    public const string Below = "ListContinue";

    private const string Ink = "1F1F1F";

    /// <summary>Style of a heading.</summary>
    public static string HeadingOf(int level) => string.Create(CultureInfo.InvariantCulture, $"Heading{level}");

    /// <summary>All of them, with the language that spelling is checked in.</summary>
    public static Styles Of(string locale) => new(
        new DocDefaults(
            new RunPropertiesDefault(new RunPropertiesBaseStyle(
                new RunFonts { Ascii = "Liberation Sans", HighAnsi = "Liberation Sans", ComplexScript = "Arial" },
                new FontSize { Val = "22" },
                new DocumentFormat.OpenXml.Wordprocessing.Languages { Val = locale })),
            new ParagraphPropertiesDefault(new ParagraphPropertiesBaseStyle(
                new SpacingBetweenLines { After = "120", Line = "276", LineRule = LineSpacingRuleValues.Auto }))),
        new Style(new StyleName { Val = "Normal" }, new PrimaryStyle())
        {
            Type = StyleValues.Paragraph,
            StyleId = "Normal",
            Default = true,
        },
        Paragraph(Title, "Title", new StyleParagraphProperties(
            new KeepNext(), new SpacingBetweenLines { After = "240" }), Letters("40", isBold: true)),
        Heading(1, "30"), Heading(2, "26"), Heading(3, "23"),
        Paragraph(Caption, "caption", new StyleParagraphProperties(
            new KeepNext(), new SpacingBetweenLines { Before = "120", After = "60" }), Letters("21", isBold: true)),
        Paragraph(Item, "List Paragraph", new StyleParagraphProperties(new Indentation { Left = "567" }), null),
        Paragraph(Below, "List Continue", new StyleParagraphProperties(new Indentation { Left = "567" }), null),
        TableStyle());

    private static Style Heading(int level, string size) => Paragraph(
        HeadingOf(level), string.Create(CultureInfo.InvariantCulture, $"heading {level}"),
        new StyleParagraphProperties(
            new KeepNext(), new KeepLines(),
            new NumberingProperties(
                new NumberingLevelReference { Val = level - 1 }, new NumberingId { Val = DocxNumbering.Headings }),
            new SpacingBetweenLines { Before = "240", After = "120" },
            new OutlineLevel { Val = level - 1 }),
        Letters(size, isBold: true));

    private static Style Paragraph(
        string id, string name, StyleParagraphProperties paragraph, StyleRunProperties? letters)
    {
        var style = new Style(
            new StyleName { Val = name }, new BasedOn { Val = "Normal" }, new PrimaryStyle(), paragraph)
        {
            Type = StyleValues.Paragraph,
            StyleId = id,
        };
        if (letters is not null)
            style.Append(letters);
        return style;
    }

    private static StyleRunProperties Letters(string size, bool isBold)
    {
        var letters = new StyleRunProperties();
        if (isBold)
            letters.Append(new Bold());
        letters.Append(new Color { Val = Ink }, new FontSize { Val = size });
        return letters;
    }

    private static Style TableStyle() => new(
        new StyleName { Val = "Table Grid" },
        new StyleTableProperties(
            new TableBorders(
                Line(new TopBorder()), Line(new LeftBorder()), Line(new BottomBorder()), Line(new RightBorder()),
                Line(new InsideHorizontalBorder()), Line(new InsideVerticalBorder())),
            new TableCellMarginDefault(
                new TableCellLeftMargin { Width = 85, Type = TableWidthValues.Dxa },
                new TableCellRightMargin { Width = 85, Type = TableWidthValues.Dxa })))
    {
        Type = StyleValues.Table,
        StyleId = Grid,
    };

    private static T Line<T>(T border)
        where T : BorderType
    {
        (border.Val, border.Size, border.Color) = (BorderValues.Single, 4, "767676");
        return border;
    }
}
