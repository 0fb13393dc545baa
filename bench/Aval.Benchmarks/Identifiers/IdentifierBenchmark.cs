using System.Diagnostics;
using System.Globalization;
using System.Text;
using Aval.Storage;
using Aval.Text.Identifiers;

namespace Aval.Benchmarks.Identifiers;

/// <summary>
/// How well and how fast identifiers are found (docs/text.md): figures a kind on generated texts and, where they lie
/// beside the checkout, on Presidio's; all kinds side by side with the engine's <c>regexp_replace</c> for three.
/// </summary>
internal static class IdentifierBenchmark
{
    private const int QualityRounds = 40;
    private const int Runs = 7;

    // Of each generated text this much stands around it that identifies nobody, as in posts.
    private const string Filler =
        "Heute war der Zug wieder zu spät, und dann hat es auch noch geregnet 🙂 but the evening was lovely anyway; on "
        + "a bien mangé, jak zwykle. Zobaczymy, co będzie jutro! Καλημέρα σε όλους, και καλή εβδομάδα… ";

    // Engine, three kinds, as a user would write them.
    private const string Simplest = """
        regexp_replace(regexp_replace(regexp_replace(text,
            '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}', '<EMAIL>', 'g'),
            '\b(?:\d{1,3}\.){3}\d{1,3}\b', '<IP>', 'g'),
            'https?://[^\s<>"]+', '<URL>', 'g')
        """;

    public static int Run(string data)
    {
        Console.WriteLine(Machine.Here());
        Quality("generated, 24 languages", GeneratedTexts.Make(QualityRounds)
            .Select(text => (text.Text, (string?)text.Country, Truth(text))));
        var presidio = Path.Combine(data, "pii", "presidio_research");
        if (Directory.Exists(presidio))
            Quality("presidio-research, no country", Presidio.Read(presidio));
        else
            Console.WriteLine($"{presidio} is absent: no figures of Presidio's set. Name another with --data DIR.");
        Speed();
        return 0;
    }

    private static List<IdentifierSpan> Truth(GeneratedText text) => text.Truth is { } span ? [span] : [];

    private static void Quality(
        string name, IEnumerable<(string Text, string? Country, List<IdentifierSpan> Truth)> texts)
    {
        var kinds = IdentifierKindNames.All.Count;
        var (hit, missed, wrong) = (new int[kinds], new int[kinds], new int[kinds]);
        var (found, count) = (new List<IdentifierSpan>(), 0);
        var masked = 0;
        foreach (var (text, country, truth) in texts)
        {
            count++;
            IdentifierFinder.Find(text, country, IdentifierKinds.All, found);
            foreach (var span in truth)
            {
                var same = found.Exists(one => one.Kind == span.Kind && one.Start < span.End && one.End > span.Start);
                (same ? hit : missed)[(int)span.Kind]++;
                masked += found.Exists(one => one.Start <= span.Start && one.End >= span.End) ? 1 : 0;
            }

            foreach (var one in found)
            {
                if (!truth.Exists(span => span.Kind == one.Kind && one.Start < span.End && one.End > span.Start))
                    wrong[(int)one.Kind]++;
            }
        }

        Console.WriteLine($"\n{name}: {count} texts; {masked} of {hit.Sum() + missed.Sum()} masked whole, "
            + "whatever the kind\n| kind | of | found | wrongly | precision | sensitivity | F1 |\n"
            + "| --- | --: | --: | --: | --: | --: | --: |");
        foreach (var kind in IdentifierKindNames.All)
        {
            var (h, m, w) = ((double)hit[(int)kind], missed[(int)kind], wrong[(int)kind]);
            if (h + m + w > 0)
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {kind.ToText()} | {h + m} | {h} | {w} | {h / (h + w):F3} | {h / (h + m):F3} | "
                    + $"{2 * h / ((2 * h) + m + w):F3} |"));
        }
    }

    private static void Speed()
    {
        // Each other than every other: the engine does not look twice at what is repeated.
        var lines = GeneratedTexts.Make(48)
            .Select((text, at) => at % 5 == 0 ? $"{Filler}{text.Text}. {Filler}" : $"{Filler}{Filler}({at})")
            .ToArray();
        var bytes = lines.Sum(line => (long)Encoding.UTF8.GetByteCount(line));
        Console.WriteLine($"\n{lines.Length} posts, {bytes / 1e6:F0} MB of UTF-8, one in five with something in it; "
            + "processor time, the best of seven runs");
        var found = new List<IdentifierSpan>();
        Tell("finder, all kinds", bytes, () =>
        {
            foreach (var line in lines)
                IdentifierFinder.Find(line, "DE", IdentifierKinds.All, found);
        });
        using var engine = Engine.Open(Path.GetTempPath(), new EngineLimits(1, 2_000_000_000));
        IdentifierFunctions.Provide(engine);
        engine.Execute("CREATE TABLE posts (text VARCHAR)");
        Fill(engine, lines);
        Tell("engine, masked_text, all kinds", bytes, () => engine.Scalar<object>(
            "SELECT sum(length(masked_text(text, 'DE', 'all')))::BIGINT FROM posts"));
        Tell("engine, mask_identifiers, all kinds and their counts", bytes, () => engine.Scalar<object>(
            "SELECT sum(length(mask_identifiers(text, 'DE', 'all')[1]))::BIGINT FROM posts"));
        Tell("engine, regexp_replace, e-mail + IP + URL", bytes, () => engine.Scalar<object>(
            $"SELECT sum(length({Simplest}))::BIGINT FROM posts"));
        Tell("engine, length(text) alone", bytes, () => engine.Scalar<object>(
            "SELECT sum(length(text))::BIGINT FROM posts"));
    }

    private static void Fill(Engine engine, string[] texts)
    {
        foreach (var some in texts.Chunk(500))
            engine.Execute($"INSERT INTO posts SELECT unnest({Engine.Literal(some)})");
    }

    private static void Tell(string what, long bytes, Action work)
    {
        var best = double.MaxValue;
        for (var run = 0; run <= Runs; run++)
        {
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            work();
            var seconds = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
            best = run == 0 ? best : Math.Min(best, seconds); // The first warms up.
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {what} | {best:F2} s | {bytes / 1e6 / best:F0} MB/s |"));
    }
}
