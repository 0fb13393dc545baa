using Aval.Storage;
using DuckDB.NET.Data.Mapping;

namespace Aval.Text.Copies;

/// <summary>
/// The bands that different texts have in common, with these texts. Of a band most values are one text's alone, and
/// nothing is asked of these.
/// </summary>
internal static class SharedBands
{
    /// <summary>
    /// A row a value and text: <c>band, low, high</c>, and the most characters of an item that says so and is admitted
    /// (<c>admitted</c>) or casts a shadow (<c>shadow</c>); 0 = none does.
    /// </summary>
    public const string Table = "match_bands";

    private static readonly Comparison<SketchHead> ByText =
        (one, other) => (one.Low, one.High).CompareTo((other.Low, other.High));

    // Each append is a transaction of its own.
    private const int Batch = 100_000;

    // Each holds bits of its own beside the engine's memory.
    private const string MostThreads = "4";

    /// <summary>Makes the table.</summary>
    /// <param name="engine">Where.</param>
    /// <param name="sketched">All items.</param>
    /// <param name="bands">How they were sketched.</param>
    /// <param name="skipped">What is not looked at.</param>
    /// <param name="met">Marks the items of these texts.</param>
    public static void Find(
        Engine engine, SketchedItems sketched, Bands bands, ItemMarks skipped, ItemMarks met)
    {
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {Table}
                (band UBIGINT, low UBIGINT, high UBIGINT, admitted BIGINT, shadow BIGINT)
            """);
        var threads = (int)engine.Scalar<long>(
            $"SELECT least(current_setting('threads')::BIGINT, {MostThreads}::BIGINT)");
        using var numbers = new ThreadLocal<SameNumbers>(() => new SameNumbers(sketched, skipped));
        Parallel.For(0, bands.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, band =>
        {
            var found = new List<SharedBand>();
            numbers.Value!.In(SketchFile.FirstBand + band, (value, items, heads) =>
            {
                Take(value, items, heads, met, found);
                if (found.Count >= Batch)
                    KeepAll(found);
            });
            KeepAll(found);
        });

        void KeepAll(List<SharedBand> found)
        {
            lock (met)
                Keep(engine, found);
            found.Clear();
        }
    }

    private static void Take(
        ulong band, ReadOnlySpan<uint> items, Span<SketchHead> told, ItemMarks met, List<SharedBand> found)
    {
        if (!AreSeveral(told))
            return;
        told.Sort(ByText);
        foreach (var item in items)
            met.Set(item);
        for (int from = 0, to; from < told.Length; from = to)
        {
            var (admitted, shadow) = (0L, 0L);
            for (to = from; to < told.Length && IsSame(told[from], told[to]); to++)
            {
                admitted = told[to].IsShadow ? admitted : Math.Max(admitted, told[to].Characters);
                shadow = told[to].IsShadow ? Math.Max(shadow, told[to].Characters) : shadow;
            }

            found.Add(new SharedBand(band, told[from].Low, told[from].High, admitted, shadow));
        }
    }

    private static bool AreSeveral(ReadOnlySpan<SketchHead> told)
    {
        foreach (var one in told)
        {
            if (!IsSame(one, told[0]))
                return true;
        }

        return false;
    }

    private static bool IsSame(SketchHead one, SketchHead other) => one.Low == other.Low && one.High == other.High;

    private static void Keep(Engine engine, List<SharedBand> found)
    {
        using var transaction = engine.Connection.BeginTransaction();
        using (var appender = engine.Connection.CreateAppender<SharedBand, SharedBandMap>(Table))
            appender.AppendRecords(found);
        transaction.Commit();
    }

    private sealed record SharedBand(ulong Band, ulong Low, ulong High, long Admitted, long Shadow);

    private sealed class SharedBandMap : DuckDBAppenderMap<SharedBand>
    {
        public SharedBandMap()
        {
            Map(row => row.Band);
            Map(row => row.Low);
            Map(row => row.High);
            Map(row => row.Admitted);
            Map(row => row.Shadow);
        }
    }
}
