using Aval.Storage;
using DuckDB.NET.Data.Mapping;

namespace Aval.Text.Copies;

/// <summary>
/// What sketches have in common: found by going over columns of numbers, and told to the engine of the few items that
/// share anything with another. Nothing else of any item is asked.
/// </summary>
internal static class SharedTexts
{
    /// <summary>The items that share something: <c>part, place, low, high</c>.</summary>
    private const string Table = "match_rows";

    // Each append is a transaction of its own.
    private const int Batch = 100_000;

    // Of fewer items nothing is held that would be worth the time of giving it back.
    private const long Many = 1_000_000;

    /// <summary>
    /// Makes <see cref="SharedBands.Table"/>, the tables of <see cref="SharedPrints"/>, and what <see cref="Items"/>
    /// reads.
    /// </summary>
    /// <param name="engine">Where.</param>
    /// <param name="sketched">All items.</param>
    /// <param name="bands">How they were sketched.</param>
    /// <param name="minCharacters">Of quotes; null = nobody asks for quotes.</param>
    public static void Find(Engine engine, SketchedItems sketched, Bands bands, int? minCharacters)
    {
        var met = new ItemMarks(sketched.Count);
        var skipped = RepeatedTexts.Find(sketched, met);
        SharedBands.Find(engine, sketched, bands, skipped, met);
        if (minCharacters is { } least)
            SharedPrints.Find(engine, sketched, least, skipped, met);
        // What comes next is the engine's work, which needs what the finding held.
        if (sketched.Count >= Many)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {Table} (part INTEGER, place BIGINT, low UBIGINT, high UBIGINT)
            """);
        foreach (var some in Marked(sketched, met).Chunk(Batch))
        {
            using var transaction = engine.Connection.BeginTransaction();
            using (var appender = engine.Connection.CreateAppender<SketchRow, SketchRowMap>(Table))
                appender.AppendRecords(some);
            transaction.Commit();
        }
    }

    /// <summary>SQL of the items that share something with another: the columns of their rows, and <c>low,
    /// high</c>.</summary>
    public static string Items(SketchedItems sketched) => $"""
        SELECT item.* EXCLUDE (part, place), low, high
        FROM {sketched.Rows} AS item JOIN {Table} AS shared USING (part, place)
        WHERE characters > 0
        """;

    private static IEnumerable<SketchRow> Marked(SketchedItems sketched, ItemMarks met)
    {
        var (low, high) = (new ulong[SketchWriter.BlockItems], new ulong[SketchWriter.BlockItems]);
        foreach (var (file, block, part, place, first) in sketched.Pieces)
        {
            file.Read(block, SketchFile.Low, low);
            file.Read(block, SketchFile.High, high);
            for (var at = 0; at < block.Items; at++)
            {
                if (met[first + (uint)at])
                    yield return new SketchRow(part, place + at, low[at], high[at]);
            }
        }
    }

    private sealed record SketchRow(int Part, long Place, ulong Low, ulong High);

    private sealed class SketchRowMap : DuckDBAppenderMap<SketchRow>
    {
        public SketchRowMap()
        {
            Map(row => row.Part);
            Map(row => row.Place);
            Map(row => row.Low);
            Map(row => row.High);
        }
    }
}
