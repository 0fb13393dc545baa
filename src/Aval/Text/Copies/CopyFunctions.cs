using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Aval.Storage;
using DuckDB.NET.Native;

namespace Aval.Text.Copies;

/// <summary>
/// What copies and duplicates ask of the engine: <c>keep_sketch(writer, casts, text)</c>, which adds the sketch of a
/// text to a file and answers its place there and, above the 32nd bit, how many characters the text has;
/// <c>text_overlap(first, second)</c>, how many runs two texts share, and how many each has.
/// </summary>
internal static class CopyFunctions
{
    /// <summary>Registers the functions; once an engine is enough, and again does nothing.</summary>
    public static void Provide(Engine engine) => engine.Provide("copies", connection =>
    {
        var writers = new Writers();
        engine.Leave(writers);
        TextFunctions.Register(
            connection, "keep_sketch", [DuckDBType.Integer, DuckDBType.Integer, DuckDBType.Varchar], DuckDBType.BigInt,
            batch =>
            {
                var scratch = writers.Take();
                AddTo(writers, batch, scratch);
                writers.GiveBack(scratch);
            },
            Calling.OnceARow);
        var tables = new ConcurrentBag<RunTable>();
        TextFunctions.Register(
            connection, "text_overlap", [DuckDBType.Varchar, DuckDBType.Varchar], DuckDBType.HugeInt,
            batch => Compare(tables, batch), Calling.OnceARow);
    });

    private static void Compare(ConcurrentBag<RunTable> tables, CallBatch batch)
    {
        var runs = tables.TryTake(out var free) ? free : new RunTable();
        var first = batch.Texts(0);
        var second = batch.Texts(1);
        var answers = batch.Answers<UInt128>();
        for (var row = 0; row < batch.Count; row++)
        {
            var overlap = runs.Compare(first[row], second[row]);
            answers[row] = new UInt128(
                (uint)overlap.Second, ((ulong)overlap.First << Overlap.Bits) | (uint)overlap.Shared);
        }

        if (runs.IsSmall)
            tables.Add(runs);
    }

    private static void AddTo(Writers writers, CallBatch batch, Scratch scratch)
    {
        var files = batch.Values<int>(0);
        var bands = writers.Of(files[0]).Bands;
        var (sketches, ends) = (scratch.Sketches, scratch.Ends);
        sketches.Clear();
        ends.Clear();
        var texts = batch.Texts(2);
        for (var row = 0; row < batch.Count; row++)
        {
            Sketch.Add(scratch.Text.Of(texts[row]), bands, sketches);
            ends.Add(sketches.Count);
        }

        var numbers = CollectionsMarshal.AsSpan(sketches);
        var casts = batch.Values<int>(1);
        var answers = batch.Answers<long>();
        for (var row = 0; row < batch.Count; row++)
        {
            var sketch = numbers[(row == 0 ? 0 : ends[row - 1])..ends[row]];
            var writer = writers.Of(files[row]);
            // Several threads may sketch for one file.
            lock (writer)
                answers[row] = ((long)sketch[Sketch.CharactersAt] << 32) | writer.Add(sketch, casts[row]);
        }
    }

    /// <summary>Makes a table whose <c>sketch</c> says where in a file the sketch of each row lies.</summary>
    /// <param name="engine">Where.</param>
    /// <param name="writer">The file.</param>
    /// <param name="table">The table.</param>
    /// <param name="rows">SQL of its rows, told by which number it names the file.</param>
    /// <exception cref="InvalidOperationException">A sketch was made that no row has, or that two have: one row's would
    /// be taken for another's.</exception>
    public static void Keep(Engine engine, SketchWriter writer, string table, Func<int, string> rows) =>
        KeepEach(engine, new Dictionary<int, SketchWriter> { [0] = writer }, table, rows, "0");

    /// <summary>The same, with a file a part.</summary>
    /// <param name="engine">Where.</param>
    /// <param name="files">The files by part, all of the same bands.</param>
    /// <param name="table">The table.</param>
    /// <param name="rows">SQL of its rows, told the number to which a row's part is added to name its file.</param>
    /// <param name="part">SQL of a row's part, over the table.</param>
    /// <exception cref="InvalidOperationException">As for one file.</exception>
    public static void KeepEach(
        Engine engine, IReadOnlyDictionary<int, SketchWriter> files, string table, Func<int, string> rows, string part)
    {
        Provide(engine);
        var writers = engine.Left<Writers>()!;
        var first = writers.Open(files);
        engine.Execute($"CREATE OR REPLACE TEMP TABLE {table} AS {rows(first)}");
        writers.Close(first, files);
        // Places are given out once: as many as there are, and their sum, leave no room for one that two rows have.
        var kept = engine.Query(
            $"""
            SELECT {part}, count(sketch), coalesce(sum({Sketches.Place}), 0)::BIGINT FROM {table} GROUP BY ALL
            """,
            row => (Part: row.GetInt32(0), Count: row.GetInt64(1), Sum: row.GetInt64(2)))
            .ToDictionary(of => of.Part);
        foreach (var (of, writer) in files)
        {
            var (_, count, sum) = kept.GetValueOrDefault(of);
            if (count != writer.Count || sum != count * (count - 1) / 2)
                throw new InvalidOperationException($"{writer.Count} texts were sketched for {count} rows of {table}.");
        }
    }

    /// <summary>The files that sketches go into now.</summary>
    private sealed class Writers
    {
        private readonly ConcurrentDictionary<int, SketchWriter> _open = new();
        private readonly ConcurrentBag<Scratch> _free = [];
        private int _last;

        /// <returns>The number of part 0; the others follow.</returns>
        public int Open(IReadOnlyDictionary<int, SketchWriter> files)
        {
            var size = files.Keys.Max() + 1;
            var first = Interlocked.Add(ref _last, size) - size;
            foreach (var (part, writer) in files)
                _open[first + part] = writer;
            return first;
        }

        public SketchWriter Of(int number) => _open[number];

        public void Close(int first, IReadOnlyDictionary<int, SketchWriter> files)
        {
            foreach (var part in files.Keys)
                _ = _open.TryRemove(first + part, out _);
        }

        public Scratch Take() => _free.TryTake(out var free) ? free : new Scratch();

        public void GiveBack(Scratch scratch) => _free.Add(scratch);
    }

    /// <summary>What a batch is sketched in: as large as a thousand texts, and not made anew for each.</summary>
    private sealed class Scratch
    {
        public Utf16Scratch Text { get; } = new();

        public List<ulong> Sketches { get; } = [];

        public List<int> Ends { get; } = [];
    }
}
