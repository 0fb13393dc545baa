using System.Text;
using Aval.Storage;
using DuckDB.NET.Native;

namespace Aval.Text.Languages;

/// <summary>
/// What the engine is taught about languages: <c>language_of(text, hint)</c>, a code or <c>und</c>. Null counts as
/// empty, in both.
/// </summary>
internal static class LanguageFunctions
{
    // Of the longest code.
    private const int CodeBytes = 8;

    /// <summary>Registers the function; once an engine is enough, and again does nothing.</summary>
    public static void Provide(Engine engine) => engine.Provide("languages", connection =>
    {
        var model = LanguageModel.Shipped;
        TextFunctions.Register(
            connection, "language_of", [DuckDBType.Varchar, DuckDBType.Varchar], DuckDBType.Varchar,
            batch =>
            {
                var (text, hint) = (new Utf16Scratch(), new Utf16Scratch());
                var texts = batch.Texts(0);
                var hints = batch.Texts(1);
                Span<byte> code = stackalloc byte[CodeBytes];
                for (var row = 0; row < batch.Count; row++)
                {
                    var found = model.Detect(text.Of(texts[row]), hint.Of(hints[row]));
                    batch.Answer(row, code[..Encoding.UTF8.GetBytes(found.Code, code)]);
                }
            },
            Calling.OnceARow | Calling.WithNulls);
    });
}
