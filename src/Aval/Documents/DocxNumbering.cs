using DocumentFormat.OpenXml.Wordprocessing;

namespace Aval.Documents;

/// <summary>The numbers that a word processor counts: of headings, of each numbered list anew; and bullets.</summary>
internal static class DocxNumbering
{
    /// <summary>Of headings.</summary>
    public const int Headings = 1;

    /// <summary>Bullets.</summary>
    public const int Bullets = 2;

    /// <summary>Of the first numbered list; the next one has the next.</summary>
    public const int FirstList = 3;

    private const int Lists = 3;

    /// <summary>All of them.</summary>
    /// <param name="lists">How many numbered lists there are.</param>
    public static Numbering Of(int lists)
    {
        var numbering = new Numbering(
            Abstract(Headings, MultiLevelValues.Multilevel,
                Enumerable.Range(1, HeadingNumbers.Levels).Select(HeadingLevel)),
            Abstract(Bullets, MultiLevelValues.HybridMultilevel, [Level(0, NumberFormatValues.Bullet, "•")]),
            Abstract(Lists, MultiLevelValues.HybridMultilevel, [Level(0, NumberFormatValues.Decimal, "%1.")]),
            Instance(Headings, Headings), Instance(Bullets, Bullets));
        for (var list = 0; list < lists; list++)
        {
            var instance = Instance(FirstList + list, Lists);
            // Each list begins with 1: without this a processor goes on from the list before.
            instance.Append(
                new LevelOverride(new StartOverrideNumberingValue { Val = 1 }) { LevelIndex = 0 });
            numbering.Append(instance);
        }

        return numbering;
    }

    private static AbstractNum Abstract(int id, MultiLevelValues kind, IEnumerable<Level> levels)
    {
        var numbers = new AbstractNum(new MultiLevelType { Val = kind }) { AbstractNumberId = id };
        numbers.Append(levels);
        return numbers;
    }

    private static NumberingInstance Instance(int id, int of) =>
        new(new AbstractNumId { Val = of }) { NumberID = id };

    private static Level HeadingLevel(int level) => new(
        new StartNumberingValue { Val = 1 }, new NumberingFormat { Val = NumberFormatValues.Decimal },
        new ParagraphStyleIdInLevel { Val = DocxStyles.HeadingOf(level) },
        new LevelSuffix { Val = LevelSuffixValues.Space },
        new LevelText { Val = string.Join('.', Enumerable.Range(1, level).Select(one => $"%{one}")) },
        new LevelJustification { Val = LevelJustificationValues.Left },
        new PreviousParagraphProperties(new Indentation { Left = "0", FirstLine = "0" }))
    {
        LevelIndex = level - 1,
    };

    private static Level Level(int level, NumberFormatValues format, string text) => new(
        new StartNumberingValue { Val = 1 }, new NumberingFormat { Val = format }, new LevelText { Val = text },
        new LevelJustification { Val = LevelJustificationValues.Left },
        new PreviousParagraphProperties(new Indentation { Left = "567", Hanging = "425" }))
    {
        LevelIndex = level,
    };
}
