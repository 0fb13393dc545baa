using Aval.Storage;
using DuckDB.NET.Native;

namespace Aval.Text.SpecialCategories;

/// <summary>
/// What decisions ask of the engine: <c>special_points(text, language, categories)</c>, the points that the surest of
/// some categories (a bit each) has in a text, 0 = none. It says how sure and never which, so that no category of an
/// item or a person comes to lie in a table, a stage's file or a spill.
/// </summary>
internal static class SpecialCategoryFunction
{
    /// <summary>Registers it; once an engine is enough, and again does nothing.</summary>
    public static void Provide(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        engine.Provide("special categories", connection => TextFunctions.Register(
            connection, "special_points", [DuckDBType.Varchar, DuckDBType.Varchar, DuckDBType.Integer],
            DuckDBType.Integer, batch =>
            {
                var (text, language, scan) = (new Utf16Scratch(), new Utf16Scratch(), new SpecialCategoryScan());
                var texts = batch.Texts(0);
                var languages = batch.Texts(1);
                var categories = batch.Values<int>(2);
                var answers = batch.Answers<int>();
                for (var row = 0; row < batch.Count; row++)
                {
                    scan.Run(text.Of(texts[row]), language.Of(languages[row]), null);
                    answers[row] = scan.MostPoints(categories[row]);
                }
            }));
    }
}
