using System.Runtime.InteropServices;
using System.Text;
using Aval.LanguageTraining;
using Aval.Text.Languages;

namespace Aval.Benchmarks.Languages;

/// <summary>Languages: who tells them how well, how fast, and how large it is (docs/text.md).</summary>
internal static class LanguageBenchmark
{
    private const int RowsOfTime = 4_000;

    /// <summary>Measures and prints tables in Markdown.</summary>
    public static int Hold(string shared, string? translations, string? model, bool alone)
    {
        if (!Directory.Exists(Path.Combine(shared, "langid")))
        {
            Console.Error.WriteLine($"{shared} has no folder langid. Nothing was measured. Name --shared DIR.");
            return 3;
        }

        using var file = model is null ? null : File.OpenRead(model);
        var ours = file is null ? LanguageModel.Shipped : LanguageModelFile.Read(file);
        List<Detector> detectors = [Detector.Ours(ours, Size(ours))];
        if (!alone)
        {
            detectors.Add(Detector.FastText(Path.Combine(shared, "models", "lid.176.ftz"), [.. ours.Codes]));
            detectors.Add(Detector.LinguaOf([.. ours.Codes]));
        }

        var sets = EvaluationSet.All(shared, translations);
        var tables = detectors
            .Select(detector => sets.Select(set => Outcome.Of(set, detector.Ask)).ToArray()).ToArray();
        Console.WriteLine($"| macro-F1 | texts | {string.Join(" | ", detectors.Select(one => one.Name))} |");
        Console.WriteLine($"| --- | ---: | {string.Join(" | ", detectors.Select(_ => "---:"))} |");
        for (var set = 0; set < sets.Count; set++)
        {
            Console.WriteLine($"| {sets[set].Name} | {sets[set].Texts.Count} | "
                + string.Join(" | ", tables.Select(outcomes => $"{outcomes[set].Macro:0.000}")) + " |");
        }

        // Lingua knows no Maltese: the 23 that all three know, side by side.
        for (var set = 0; set < sets.Count; set++)
        {
            if (sets[set].Name.StartsWith("news", StringComparison.Ordinal))
            {
                var macros = tables.Select(outcomes => $"{outcomes[set].MacroWithout("mt"):0.000}");
                Console.WriteLine($"| {sets[set].Name}, without Maltese | | {string.Join(" | ", macros)} |");
            }
        }

        Console.WriteLine($"| size | | {string.Join(" | ", detectors.Select(one => one.Size))} |");
        Console.WriteLine($"| MB/s a core, sentences | | "
            + string.Join(" | ", detectors.Select(one => $"{Speed(sets[0], one):0.00}")) + " |");
        Console.WriteLine($"| MB/s a core, 20–60 characters | | "
            + string.Join(" | ", detectors.Select(one => $"{Speed(sets[1], one):0.00}")) + " |");
        foreach (var (detector, outcomes) in detectors.Zip(tables))
            PrintLanguages(detector, outcomes);
        return 0;
    }

    private static void PrintLanguages(Detector detector, Outcome[] outcomes)
    {
        Console.WriteLine($"\n{detector.Name}, F1 by language:\n");
        Console.WriteLine(
            $"| language | {string.Join(" | ", outcomes.Select(one => one.Set.Name))} | taken for, of 20–60 |");
        Console.WriteLine($"| --- | {string.Join(" | ", outcomes.Select(_ => "---:"))} | --- |");
        foreach (var language in outcomes.SelectMany(one => one.F1.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            var taken = string.Join(' ', outcomes.Where(one => one.Set.Name.Contains("20–60", StringComparison.Ordinal))
                .SelectMany(one => one.Taken(language)).GroupBy(one => one.Language)
                .Select(group => (Language: group.Key, Count: group.Sum(one => one.Count)))
                .OrderByDescending(one => one.Count).ThenBy(one => one.Language, StringComparer.Ordinal).Take(4)
                .Select(one => $"{one.Language} {one.Count}"));
            Console.WriteLine($"| {language} | " + string.Join(" | ", outcomes.Select(one =>
                one.F1.TryGetValue(language, out var f1) ? $"{f1:0.000}" : "–")) + $" | {taken} |");
        }
    }

    // Time of this thread, so that a busy machine does not show.
    private static double Speed(EvaluationSet set, Detector detector)
    {
        var texts = set.Texts.Select(one => one.Text).Take(RowsOfTime).ToArray();
        var bytes = texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text));
        var rounds = 0;
        foreach (var text in texts)
            detector.Ask(text);
        var from = ThreadTime();
        TimeSpan spent;
        do
        {
            foreach (var text in texts)
                detector.Ask(text);
            rounds++;
            spent = ThreadTime() - from;
        }
        while (spent < TimeSpan.FromSeconds(2));
        return bytes * rounds / spent.TotalSeconds / 1e6;
    }

    private static TimeSpan ThreadTime()
    {
        var clock = new TimeSpec();
        if (ClockGetTime(3, ref clock) != 0)
            throw new InvalidOperationException("The thread's clock cannot be read.");
        return TimeSpan.FromTicks(clock.Seconds * TimeSpan.TicksPerSecond + clock.Nanoseconds / 100);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int ClockGetTime(int clock, ref TimeSpec time);

    private static long Size(LanguageModel model)
    {
        using var packed = new MemoryStream();
        LanguageModelFile.Write(model, packed);
        return packed.Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
