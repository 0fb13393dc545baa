using Aval.Storage;

namespace Aval.Text.Copies;

/// <summary>
/// What copies and duplicates ask of the engine: <c>text_sketch(text, bands, rows)</c>, the list of
/// <see cref="Sketch.Write"/>; <c>text_overlap(first, second)</c>, how many runs two texts share, and how many each
/// has.
/// </summary>
internal static class CopyFunctions
{
    /// <summary>Registers the functions; once an engine is enough, and again does nothing.</summary>
    public static void Provide(Engine engine) => engine.Provide("copies", connection =>
    {
        connection.RegisterScalarFunction<string, int, int, List<ulong>>("text_sketch", (columns, result, rows) =>
        {
            var sketch = new List<ulong>();
            for (ulong row = 0; row < rows; row++)
            {
                // Of an entry of a dictionary that no row has, which may be null, the answer goes nowhere.
                var text = columns[0].GetValue<string>(row) ?? "";
                var bands = new Bands(columns[1].GetValue<int>(row), columns[2].GetValue<int>(row));
                Sketch.Write(text, bands, sketch);
                result.WriteValue(sketch, row);
            }
        });
        connection.RegisterScalarFunction<string, string, List<long>>("text_overlap", (columns, result, rows) =>
        {
            var (last, first) = ("", Array.Empty<ulong>());
            for (ulong row = 0; row < rows; row++)
            {
                var text = columns[0].GetValue<string>(row) ?? "";
                if (text != last)
                    (last, first) = (text, Shingles.SetOf(text));
                var overlap = Shingles.Compare(first, Shingles.SetOf(columns[1].GetValue<string>(row) ?? ""));
                result.WriteValue(new List<long> { overlap.Shared, overlap.First, overlap.Second }, row);
            }
        });
    });
}
