using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Text.Languages;

/// <summary>
/// What the engine is taught about languages: <c>language_of(text, hint)</c>, a code or <c>und</c>. Null counts as
/// empty, in both.
/// </summary>
internal static class LanguageFunctions
{
    /// <summary>Registers the function; once an engine is enough, and again does nothing.</summary>
    public static void Provide(Engine engine) => engine.Provide("languages", connection =>
    {
        var model = LanguageModel.Shipped;
        connection.RegisterScalarFunction<string, string, string>(
            "language_of",
            (columns, result, rows) =>
            {
                for (ulong row = 0; row < rows; row++)
                {
                    var text = columns[0].IsValid(row) ? columns[0].GetValue<string>(row) : "";
                    var hint = columns[1].IsValid(row) ? columns[1].GetValue<string>(row) : "";
                    result.WriteValue(model.Detect(text, hint).Code, row);
                }
            },
            new ScalarFunctionOptions { HandlesNulls = true });
    });
}
