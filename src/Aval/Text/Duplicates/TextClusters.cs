using System.Globalization;
using Aval.Policies;
using Aval.Storage;
using Aval.Text.Copies;
using DuckDB.NET.Data.Mapping;

namespace Aval.Text.Duplicates;

/// <summary>A text that says what an earlier one says.</summary>
/// <param name="Text">The text.</param>
/// <param name="Overlap">What it shares with the first of its cluster, which may be less than the similarity: a third
/// text can hold two together.</param>
internal readonly record struct RepeatedText(PlacedText Text, Overlap Overlap);

/// <summary>Texts that say the same.</summary>
/// <param name="First">The one that was read first.</param>
/// <param name="Again">The others, in the order in which they were read.</param>
internal sealed record TextCluster(PlacedText First, IReadOnlyList<RepeatedText> Again);

/// <summary>
/// Clusters of texts that no workspace holds, by what the rule <c>duplicates</c> goes by. The engine keeps them, so
/// there may be more than memory holds.
/// </summary>
internal static class TextClusters
{
    // Texts are handed over in batches: each appender has its own transaction.
    private const int Batch = 10_000;

    // An item as the comparison knows it: its place is its id, and its order.
    private const string Identity = """
        'text' AS service, number::VARCHAR AS item_id, printf('%032x', number)::UUID AS row_key,
            NULL::VARCHAR AS account, NULL::TIMESTAMP AS created_at, 0 AS casts
        """;

    /// <summary>Finds them; those that stand alone are in none. Ordered by their first texts.</summary>
    /// <param name="engine">An engine of its own.</param>
    /// <param name="texts">Read once.</param>
    /// <param name="similarity">From which part on two are alike.</param>
    public static IEnumerable<TextCluster> Find(Engine engine, IEnumerable<PlacedText> texts, Ratio similarity)
    {
        Keep(engine, texts);
        var (rule, bands) = (new Rule.Duplicates(null, KeptDuplicates.First, similarity), Bands.For(similarity));
        using var sketched = Sketched(engine, bands);
        SharedTexts.Find(engine, sketched, bands, minCharacters: null);
        engine.Execute($"""
            CREATE TEMP TABLE match_items AS {SharedTexts.Items(sketched)};
            CREATE TEMP TABLE match_left AS FROM match_items
            """);
        if (DuplicateMatching.Texts(rule) is { } wanted)
            Candidates.Read(
                engine, "(SELECT 'text' AS service, place::VARCHAR AS item_id, text FROM texts)", wanted);
        DuplicateMatching.Run(engine, rule);
        return Clusters(engine);
    }

    private static SketchedItems Sketched(Engine engine, Bands bands)
    {
        var path = Path.Combine(engine.Room(), "texts.sketches");
        using var writer = new SketchWriter(path, bands);
        CopyFunctions.Keep(engine, writer, "text_sketches", number => string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT place AS number, keep_sketch({number}, 0, text) AS sketch FROM texts"));
        _ = writer.Complete();
        return new SketchedItems(
            $"(SELECT 0 AS part, {Sketches.PlaceAndCharacters}, {Identity} FROM text_sketches)", [(0, path)]);
    }

    private static void Keep(Engine engine, IEnumerable<PlacedText> texts)
    {
        engine.Execute("CREATE TEMP TABLE texts (place BIGINT, file VARCHAR, line BIGINT, text VARCHAR)");
        var place = 0L;
        foreach (var some in texts.Chunk(Batch))
        {
            using var transaction = engine.Connection.BeginTransaction();
            using (var appender = engine.Connection.CreateAppender<KeptText, KeptTextMap>("texts"))
                appender.AppendRecords(some.Select(text => new KeptText(place++, text)));
            transaction.Commit();
        }
    }

    private static IEnumerable<TextCluster> Clusters(Engine engine)
    {
        var rows = engine.Stream(
            """
            SELECT first.place, first.file, first.line, first.text, again.file, again.line, again.text
            FROM match_duplicates AS found
            JOIN match_left AS kept ON kept.row_key = found.kept
            JOIN texts AS first ON first.place = kept.item_id::BIGINT
            JOIN texts AS again ON again.place = found.item_id::BIGINT
            ORDER BY first.place, again.place
            """,
            row => (Place: row.GetInt64(0), First: new PlacedText(row.GetString(1), row.GetInt64(2), row.GetString(3)),
                Again: new PlacedText(row.GetString(4), row.GetInt64(5), row.GetString(6))));
        var (place, first, runs, again) = (-1L, default(PlacedText), Array.Empty<ulong>(), new List<RepeatedText>());
        foreach (var row in rows)
        {
            if (row.Place != place)
            {
                if (again.Count > 0)
                    yield return new TextCluster(first, again);
                (place, first, runs, again) = (row.Place, row.First, Shingles.SetOf(row.First.Text), []);
            }

            again.Add(new RepeatedText(row.Again, Shingles.Compare(runs, Shingles.SetOf(row.Again.Text))));
        }

        if (again.Count > 0)
            yield return new TextCluster(first, again);
    }

    private sealed record KeptText(long Place, PlacedText Text);

    private sealed class KeptTextMap : DuckDBAppenderMap<KeptText>
    {
        public KeptTextMap()
        {
            Map(row => row.Place);
            Map(row => row.Text.File);
            Map(row => row.Text.Number);
            Map(row => row.Text.Text);
        }
    }
}
