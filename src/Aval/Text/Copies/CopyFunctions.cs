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
                AddTo(writers.Of(batch.Values<int>(0)[0]), batch, scratch);
                writers.GiveBack(scratch);
            },
            Calling.OnceARow);
        connection.RegisterScalarFunction<string, string, List<long>>("text_overlap", (columns, result, rows) =>
        {
            var runs = new RunTable();
            for (ulong row = 0; row < rows; row++)
            {
                // Of an entry of a dictionary that no row has, which may be null, the answer goes nowhere.
                var overlap = runs.Compare(
                    columns[0].GetValue<string>(row) ?? "", columns[1].GetValue<string>(row) ?? "");
                result.WriteValue(new List<long> { overlap.Shared, overlap.First, overlap.Second }, row);
            }
        });
    });

    private static void AddTo(SketchWriter writer, CallBatch batch, Scratch scratch)
    {
        var (sketches, ends) = (scratch.Sketches, scratch.Ends);
        sketches.Clear();
        ends.Clear();
        var texts = batch.Texts(2);
        for (var row = 0; row < batch.Count; row++)
        {
            Sketch.Add(scratch.Text.Of(texts[row]), writer.Bands, sketches);
            ends.Add(sketches.Count);
        }

        var numbers = CollectionsMarshal.AsSpan(sketches);
        var casts = batch.Values<int>(1);
        var answers = batch.Answers<long>();
        // Several threads may sketch for one file.
        lock (writer)
        {
            for (var row = 0; row < batch.Count; row++)
            {
                var sketch = numbers[(row == 0 ? 0 : ends[row - 1])..ends[row]];
                answers[row] = ((long)sketch[Sketch.CharactersAt] << 32) | writer.Add(sketch, casts[row]);
            }
        }
    }

    /// <summary>Makes a table whose <c>sketch</c> says where in a file the sketch of each row lies.</summary>
    /// <param name="engine">Where.</param>
    /// <param name="writer">The file.</param>
    /// <param name="table">The table.</param>
    /// <param name="rows">SQL of its rows, told by which number it names the file.</param>
    /// <exception cref="InvalidOperationException">A sketch was made that no row has, or that two have: one row's would
    /// be taken for another's.</exception>
    public static void Keep(Engine engine, SketchWriter writer, string table, Func<int, string> rows)
    {
        Provide(engine);
        var writers = engine.Left<Writers>()!;
        var number = writers.Open(writer);
        engine.Execute($"CREATE OR REPLACE TEMP TABLE {table} AS {rows(number)}");
        writers.Close(number);
        // Places are given out once: as many as there are, and their sum, leave no room for one that two rows have.
        var (kept, sum) = engine.Query(
            $"SELECT count(sketch), coalesce(sum({Sketches.Place}), 0)::BIGINT FROM {table}",
            row => (row.GetInt64(0), row.GetInt64(1))).Single();
        if (kept != writer.Count || sum != kept * (kept - 1) / 2)
            throw new InvalidOperationException($"{writer.Count} texts were sketched for {kept} rows of {table}.");
    }

    /// <summary>The files that sketches go into now.</summary>
    private sealed class Writers
    {
        private readonly ConcurrentDictionary<int, SketchWriter> _open = new();
        private readonly ConcurrentBag<Scratch> _free = [];
        private int _last;

        public int Open(SketchWriter writer)
        {
            var number = Interlocked.Increment(ref _last);
            _open[number] = writer;
            return number;
        }

        public SketchWriter Of(int number) => _open[number];

        public void Close(int number) => _ = _open.TryRemove(number, out _);

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
