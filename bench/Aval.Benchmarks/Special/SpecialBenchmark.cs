using System.Diagnostics;
using System.Globalization;
using System.Text;
using Aval.Text.SpecialCategories;

namespace Aval.Benchmarks.Special;

/// <summary>What the lexicons of special categories find, and how fast (docs/text.md).</summary>
internal static class SpecialBenchmark
{
    private static readonly IReadOnlyList<SpecialCategory> Categories = SpecialCategories.All;

    /// <summary>Prints the tables of docs/text.md; with misses, also what was wrong in the half that was worked
    /// on.</summary>
    public static int Hold(bool misses)
    {
        var texts = LabelledText.All.Select(text => new Judged(
            text, [.. Categories.Where(category => Points(text, category) >= SpecialCategoryFinder.Threshold)]))
            .ToList();
        if (misses)
            Misses(texts.Where(judged => !judged.Text.HeldOut));
        foreach (var (half, name) in new[] { (true, "held out"), (false, "worked on") })
            Table(name, [.. texts.Where(judged => judged.Text.HeldOut == half)]);
        Speed();
        return 0;
    }

    private static int Points(LabelledText text, SpecialCategory category) =>
        SpecialCategoryFinder.Find(text.Text, text.Language)
            .FirstOrDefault(found => found.Category == category)?.Points ?? 0;

    private static void Misses(IEnumerable<Judged> texts)
    {
        foreach (var (text, found) in texts.Select(judged => (judged.Text, judged.Found)))
        {
            if (text.Reveals is { } reveals ? !found.Contains(reveals) || found.Count > 1 : found.Count > 0)
            {
                Console.WriteLine($"{text.Language} {text.Reveals?.ToText() ?? text.Kind}: {text.Text} -> "
                    + string.Join(", ", found.Select(category => category.ToText())));
            }
        }
    }

    private static void Table(string half, IReadOnlyList<Judged> texts)
    {
        var languages = SpecialCategories.Languages;
        Console.WriteLine($"\n{half}: {texts.Count} texts; sensitivity / precision\n");
        Console.WriteLine($"| category | {string.Join(" | ", languages)} | all |");
        Console.WriteLine($"| --- |{string.Concat(Enumerable.Repeat(" --- |", languages.Count + 1))}");
        foreach (var category in Categories)
            Row(category.ToText(), texts, text => text.Reveals == category, found => found.Contains(category));
        Row("any of them", texts, text => text.Reveals is not null, found => found.Count > 0);
        Console.WriteLine("\nnegatives that were let in:");
        foreach (var kind in texts.Where(judged => judged.Text.Reveals is null).GroupBy(judged => judged.Text.Kind))
            Console.WriteLine($"- {kind.Key}: {kind.Count(judged => judged.Found.Count == 0)} of {kind.Count()}");
    }

    private static void Row(
        string name, IReadOnlyList<Judged> texts, Func<LabelledText, bool> reveals,
        Func<IReadOnlyList<SpecialCategory>, bool> found)
    {
        string Cell(IEnumerable<Judged> some)
        {
            var (right, wrong, missed) = (0, 0, 0);
            foreach (var judged in some)
            {
                right += reveals(judged.Text) && found(judged.Found) ? 1 : 0;
                wrong += !reveals(judged.Text) && found(judged.Found) ? 1 : 0;
                missed += reveals(judged.Text) && !found(judged.Found) ? 1 : 0;
            }

            return $"{Share(right, right + missed)} / {Share(right, right + wrong)}";
        }

        Console.WriteLine($"| {name} | " + string.Join(" | ", SpecialCategories.Languages.Select(
            language => Cell(texts.Where(judged => judged.Text.Language == language)))) + $" | {Cell(texts)} |");
    }

    private static string Share(int part, int whole) =>
        whole == 0 ? "–" : ((double)part / whole).ToString("0.00", CultureInfo.InvariantCulture);

    private static void Speed()
    {
        var texts = LabelledText.All.Select(text => text.Text).ToArray();
        var bytes = texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text));
        var scan = new SpecialCategoryScan();
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < 30; round++)
        {
            var clock = Stopwatch.StartNew();
            foreach (var text in texts)
                scan.Run(text, null, null);
            best = clock.Elapsed < best ? clock.Elapsed : best;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{bytes / best.TotalSeconds / 1e6:0} MB/s on one core, {Lexicon.Shipped.Terms.Count} terms"));
    }

    private sealed record Judged(LabelledText Text, IReadOnlyList<SpecialCategory> Found);
}
