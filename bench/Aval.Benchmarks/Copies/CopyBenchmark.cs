using System.Diagnostics;
using System.Globalization;
using Aval.Policies;
using Aval.Storage;
using Aval.Text;
using Aval.Text.Copies;
using Aval.Text.Duplicates;
using DuckDB.NET.Data.Mapping;

namespace Aval.Benchmarks.Copies;

/// <summary>
/// How well copies and duplicates are found, beside a comparison of every text with every other, and how fast
/// (docs/text.md).
/// </summary>
internal static class CopyBenchmark
{
    private const int QualityTexts = 20_000;
    private const long Megabyte = 1_000_000;
    private static readonly Ratio Similarity = new(8, 10);
    private static readonly PlantedEdit[] Edits = Enum.GetValues<PlantedEdit>();
    private static readonly Rule.Copies Copies = new(null, Similarity, 60, 50);
    private static readonly Rule.Duplicates Duplicates = new(null, KeptDuplicates.First, Similarity);

    /// <summary>Prints the tables of docs/text.md.</summary>
    /// <param name="data">Where the real texts lie.</param>
    /// <param name="folder">Where files may be written.</param>
    /// <param name="items">How many texts speed is measured on.</param>
    /// <param name="memory">The engine's limit, in MB.</param>
    public static int Hold(string data, string folder, int items, int memory)
    {
        Directory.CreateDirectory(folder);
        Console.WriteLine(Machine.Here());
        var originals = RealTexts.Read(data, QualityTexts / 2);
        var texts = originals.Concat(Planted(originals, originals.Count)).ToList();
        var truth = new TrueOverlaps(texts);
        OfDuplicates(texts, truth);
        OfCopies(texts, truth, originals.Count, folder);
        Translations.Hold(Path.Combine(data, "ntrex128"), Similarity, Copies.MinCharacters);
        Speed(data, folder, items, memory * Megabyte);
        return 0;
    }

    private static IEnumerable<string> Planted(List<string> originals, int count)
    {
        var planter = new EditPlanter(1);
        return Enumerable.Range(0, count).Select(at => planter.Plant(
            Edits[at % Edits.Length], originals[at % originals.Count], originals[(at + 7) % originals.Count]));
    }

    private static bool IsNear(TrueOverlaps truth, (int First, int Second, int Shared) pair) => Similarity.IsReached(
        pair.Shared, truth.CountOf(pair.First) + truth.CountOf(pair.Second) - pair.Shared);

    private static void OfDuplicates(List<string> texts, TrueOverlaps truth)
    {
        using var engine = Engine.Open(Path.GetTempPath(), EngineLimits.Default);
        var clusters = TextClusters.Find(
            engine, texts.Select((text, at) => new PlacedText("-", at, text)), Similarity).Count();
        var sketch = new List<ulong>();
        var keys = texts.Select(text =>
        {
            Aval.Text.Copies.Sketch.Write(text, Bands.For(Similarity), sketch);
            return (sketch[0], sketch[1]);
        }).ToList();
        var edges = engine.Query(
            $"SELECT low, high, by_low, by_high FROM match_compared WHERE {Candidates.IsNear(Similarity)}",
            row => ((row.GetFieldValue<ulong>(0), row.GetFieldValue<ulong>(1)),
                (row.GetFieldValue<ulong>(2), row.GetFieldValue<ulong>(3)))).ToHashSet();
        var (hit, missed) = (0L, 0L);
        foreach (var pair in truth.Where(pair => IsNear(truth, pair)))
        {
            var (one, other) = (keys[pair.First], keys[pair.Second]);
            if (one == other || edges.Contains((one, other)) || edges.Contains((other, one)))
                hit++;
            else
                missed++;
        }

        var places = keys.Select((key, at) => (key, at)).ToLookup(one => one.key, one => one.at);
        var found = edges.Sum(edge => (long)places[edge.Item1].Count() * places[edge.Item2].Count())
            + places.Sum(same => same.Count() * (same.Count() - 1L) / 2);
        Console.WriteLine($"\nduplicates: {texts.Count} texts, {hit + missed} pairs alike in 80 % of their runs by a "
            + $"comparison of all; found {found} in {clusters} clusters: sensitivity {Share(hit, hit + missed)}, "
            + $"precision {Share(hit, found)}");
    }

    private static void OfCopies(List<string> texts, TrueOverlaps truth, int originals, string folder)
    {
        // Whether a text says, by a comparison of all, what one of the originals says.
        var isCopy = new bool[texts.Count];
        foreach (var pair in truth.Where(pair => pair.First < originals && pair.Second >= originals))
            isCopy[pair.Second] |= Similarity.IsReached(pair.Shared, truth.CountOf(pair.First));
        using var engine = Engine.Open(Path.GetTempPath(), EngineLimits.Default);
        var rows = Keep(engine, texts, folder, at => at < originals);
        var rules = new MatchRules(Copies, null);
        using var sketched = Sketch(engine, rules, rows, folder);
        Matching.Run(engine, rules, sketched, rows, "found");
        var found = engine.Query("SELECT item_id::INTEGER FROM found", row => row.GetInt32(0)).ToHashSet();
        Console.WriteLine($"\ncopies of {originals} excluded texts:\n| edit | texts | alike or quoted, by a comparison "
            + "of all | found of these | of all planted | found wrongly |\n| --- | --: | --: | --: | --: | --: |");
        foreach (var edit in Edits)
        {
            var planted = Enumerable.Range(originals, texts.Count - originals)
                .Where(at => Edits[(at - originals) % Edits.Length] == edit).ToArray();
            var (true_, hit) = (planted.Count(at => isCopy[at]), planted.Count(at => isCopy[at] && found.Contains(at)));
            Console.WriteLine($"| {edit.ToString().ToLowerInvariant()} | {planted.Length} | {true_} | "
                + $"{Share(hit, true_)} | {Share(planted.Count(found.Contains), planted.Length)} | "
                + $"{planted.Count(at => !isCopy[at] && found.Contains(at))} |");
        }
    }

    private static void Speed(string data, string folder, int items, long memory)
    {
        var texts = RealTexts.Read(data, items - (items / 10));
        var edits = Planted(texts, items - texts.Count).ToList();
        using var engine = Engine.Open(folder, new EngineLimits(1, memory));
        // One in fifty is out by its author's will.
        var rows = Keep(engine, texts.Concat(edits), folder, at => at % 50 == 0);
        (texts, edits) = ([], []);
        var bytes = engine.Scalar<long>($"SELECT sum(strlen(text))::BIGINT FROM {rows}");
        var rules = new MatchRules(Copies, Duplicates);
        SketchedItems? sketched = null;
        var sketching = Seconds(() => sketched = Sketch(engine, rules, rows, folder));
        var matching = Seconds(() => Matching.Run(engine, rules, sketched!, rows, "found"));
        sketched!.Dispose();
        var (copies, again) = engine.Query(
            "SELECT count(*) FILTER (verdict = 'copy'), count(*) FILTER (verdict = 'duplicate') FROM found",
            row => (row.GetInt64(0), row.GetInt64(1))).Single();
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            speed, one thread, seconds of a processor: {items} texts of {bytes / Megabyte} MB;
            {copies} copies, {again} duplicates
            sketch: {sketching:0.0} s, {bytes / sketching / Megabyte:0} MB/s
            match: {matching:0.0} s, {bytes / matching / Megabyte:0} MB/s
            both: {bytes / (sketching + matching) / Megabyte:0} MB/s a core
            memory: the engine's limit {memory / Megabyte} MB, the process at most {self.PeakWorkingSet64 / Megabyte} MB
            """));
    }

    // Of the processor, so that what else the machine does counts less.
    private static double Seconds(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    // Items of as many accounts; the answer is a relation with the columns that the comparison reads.
    private static string Keep(Engine engine, IEnumerable<string> texts, string folder, Func<int, bool> isOut)
    {
        CopyFunctions.Provide(engine);
        engine.Execute("""
            CREATE TEMP TABLE account_versions (account VARCHAR, person VARCHAR);
            CREATE TEMP TABLE co_authors
                (service VARCHAR, item_id VARCHAR, author VARCHAR, current_author VARCHAR);
            CREATE TEMP TABLE last_words (service VARCHAR, item_id VARCHAR, text VARCHAR);
            CREATE TEMP TABLE kept (place INTEGER, is_out BOOLEAN, text VARCHAR)
            """);
        var at = 0;
        foreach (var some in texts.Chunk(10_000))
        {
            using var transaction = engine.Connection.BeginTransaction();
            using (var appender = engine.Connection.CreateAppender<Row, RowMap>("kept"))
                appender.AppendRecords(some.Select(text => new Row(at, isOut(at++), text)));
            transaction.Commit();
        }

        var file = Path.Combine(folder, "copies-texts.parquet");
        engine.Execute($"""
            COPY (SELECT 'facebook' AS service, place::VARCHAR AS item_id, printf('%032x', place)::UUID AS row_key,
                    'facebook:' || (place // 3) AS account, is_out::TINYINT AS casts, text
                  FROM kept ORDER BY place)
            TO {Engine.Literal(file)} (FORMAT parquet);
            DROP TABLE kept
            """);
        return ParquetFiles.Rows(file);
    }

    // In a file, as a build has them.
    private static SketchedItems Sketch(Engine engine, MatchRules rules, string rows, string folder)
    {
        var (file, numbers) =
            (Path.Combine(folder, "copies-sketches.parquet"), Path.Combine(folder, "copies.sketches"));
        using var writer = new SketchWriter(numbers, rules.Bands);
        CopyFunctions.Keep(
            engine, writer, "sketched",
            number => $"SELECT * EXCLUDE (text), keep_sketch({number}, casts, text) AS sketch FROM {rows}");
        _ = writer.Complete();
        engine.Execute($"""
            COPY (SELECT 0 AS part, {Sketches.PlaceAndCharacters}, service, item_id, row_key, account,
                      NULL::TIMESTAMP AS created_at, casts, true AS counts, false AS is_reply, NULL::VARCHAR[] AS named
                  FROM sketched)
            TO {Engine.Literal(file)} (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1000);
            DROP TABLE sketched
            """);
        return new SketchedItems(ParquetFiles.Rows(file), [(0, numbers)]);
    }

    private static string Share(long part, long whole) =>
        whole == 0 ? "–" : ((double)part / whole).ToString("0.0000", CultureInfo.InvariantCulture);

    private sealed record Row(int Place, bool IsOut, string Text);

    private sealed class RowMap : DuckDBAppenderMap<Row>
    {
        public RowMap()
        {
            Map(row => row.Place);
            Map(row => row.IsOut);
            Map(row => row.Text);
        }
    }
}
