using System.Collections.Concurrent;
using Aval.Storage;
using DuckDB.NET.Data.DataChunk.Reader;

namespace Aval.Text.Identifiers;

/// <summary>
/// What identifiers ask of the engine: <c>mask_identifiers(text, country, kinds)</c>, vectorised, where
/// <c>country</c> is the author's (an empty text: not known) and <c>kinds</c> are names with commas between them, or
/// <c>all</c>. It answers a list: the masked text, and behind it the kind of each span that was masked, so that
/// <c>unnest(masked[2:])</c> counts kinds over a table in one statement. A text without identifiers is a list of one.
/// <c>masked_text(text, country, kinds)</c> answers the masked text alone, in half the time.
/// </summary>
internal static class IdentifierFunctions
{
    /// <summary>Registers the function; once an engine is enough, and again does nothing.</summary>
    public static void Provide(Engine engine) => engine.Provide("identifiers", connection =>
    {
        var sets = new ConcurrentDictionary<string, IdentifierKinds>(StringComparer.Ordinal);
        connection.RegisterScalarFunction<string, string, string, string>("masked_text", (columns, result, rows) =>
        {
            var found = new List<IdentifierSpan>();
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(Masked(columns, row, sets, found), row);
        });
        connection.RegisterScalarFunction<string, string, string, List<string>>(
            "mask_identifiers", (columns, result, rows) =>
            {
                var found = new List<IdentifierSpan>();
                var answer = new List<string>();
                for (ulong row = 0; row < rows; row++)
                {
                    answer.Clear();
                    answer.Add(Masked(columns, row, sets, found));
                    foreach (var span in found)
                        answer.Add(span.Kind.ToText());
                    result.WriteValue(answer, row);
                }
            });
    });

    private static string Masked(
        IReadOnlyList<IDuckDBDataReader> columns, ulong row, ConcurrentDictionary<string, IdentifierKinds> sets,
        List<IdentifierSpan> found)
    {
        var text = columns[0].GetValue<string>(row);
        var country = columns[1].GetValue<string>(row);
        var kinds = sets.GetOrAdd(columns[2].GetValue<string>(row), Kinds);
        IdentifierFinder.Find(text, country.Length == 0 ? null : country, kinds, found);
        return found.Count == 0 ? text : IdentifierMask.Apply(text, found);
    }

    private static IdentifierKinds Kinds(string text) => IdentifierKinds.TryParse(text, out var kinds, out var unknown)
        ? kinds
        : throw new InvalidOperationException(
            $"mask_identifiers was asked for kinds \"{text}\", and \"{unknown}\" is none.");
}
