using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Text.SpecialCategories;

/// <summary>
/// What decisions ask of the engine: <c>special_points(text, language, categories)</c>, the points that the surest of
/// some categories (a bit each) has in a text, 0 = none. It says how sure and never which, so that no category of an
/// item or a person comes to lie in a table, a stage's file or a spill.
/// </summary>
internal static class SpecialCategoryFunction
{
    private static readonly ScalarFunctionOptions Pure = new() { IsPureFunction = true };

    /// <summary>Registers it; once an engine is enough, and again does nothing.</summary>
    public static void Provide(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        engine.Provide("special categories", connection =>
            connection.RegisterScalarFunction<string, string, int, int>(
                "special_points",
                (columns, result, rows) =>
                {
                    var scan = new SpecialCategoryScan();
                    for (ulong row = 0; row < rows; row++)
                    {
                        scan.Run(columns[0].GetValue<string>(row), columns[1].GetValue<string>(row), null);
                        result.WriteValue(scan.MostPoints(columns[2].GetValue<int>(row)), row);
                    }
                },
                Pure));
    }
}
