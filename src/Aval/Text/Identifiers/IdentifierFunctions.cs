using System.Collections.Concurrent;
using System.Text;
using Aval.Storage;
using DuckDB.NET.Data.DataChunk.Reader;
using DuckDB.NET.Native;

namespace Aval.Text.Identifiers;

/// <summary>
/// What identifiers ask of the engine: <c>mask_identifiers(text, country, kinds)</c>, vectorised, where
/// <c>country</c> is the author's (an empty text: not known) and <c>kinds</c> are names with commas between them, or
/// <c>all</c>. It answers a list: the masked text, and behind it the kind of each span that was masked, so that
/// <c>unnest(masked[2:])</c> counts kinds over a table in one statement. A text without identifiers is a list of one.
/// <c>masked_text(text, country, kinds)</c> answers the masked text alone, in less time.
/// </summary>
internal static class IdentifierFunctions
{
    private static readonly ConcurrentDictionary<int, string> Countries = new();

    /// <summary>Registers the functions; once an engine is enough, and again does nothing.</summary>
    public static void Provide(Engine engine) => engine.Provide("identifiers", connection =>
    {
        var sets = new ConcurrentDictionary<string, IdentifierKinds>(StringComparer.Ordinal);
        TextFunctions.Register(
            connection, "masked_text", [DuckDBType.Varchar, DuckDBType.Varchar, DuckDBType.Varchar],
            DuckDBType.Varchar, batch => Mask(batch, sets));
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

    // What holds none of the signs by which anything is found is handed back as it lies.
    private static void Mask(CallBatch batch, ConcurrentDictionary<string, IdentifierKinds> sets)
    {
        var (scratch, found, masked) = (new Utf16Scratch(), new List<IdentifierSpan>(), new byte[4096]);
        var texts = batch.Texts(0);
        var countries = batch.Texts(1);
        var named = batch.Texts(2);
        var (last, kinds) = ("", default(IdentifierKinds));
        for (var row = 0; row < batch.Count; row++)
        {
            if (!IdentifierFinder.MayHold(texts[row]))
            {
                batch.Answer(row, texts[row]);
                continue;
            }

            if (last.Length == 0 || !named[row].SequenceEqual(Encoding.UTF8.GetBytes(last)))
            {
                last = Encoding.UTF8.GetString(named[row]);
                kinds = last.Length == 0 ? default : sets.GetOrAdd(last, Kinds);
            }

            var text = scratch.Of(texts[row]);
            IdentifierFinder.Find(text, Country(countries[row]), kinds, found);
            if (found.Count == 0)
            {
                batch.Answer(row, texts[row]);
                continue;
            }

            var replaced = IdentifierMask.Apply(text, found);
            if (masked.Length < 3 * replaced.Length)
                masked = new byte[6 * replaced.Length];
            batch.Answer(row, masked.AsSpan(0, Encoding.UTF8.GetBytes(replaced, masked)));
        }
    }

    // Where nobody knows, nothing is said.
    private static string? Country(ReadOnlySpan<byte> code) => code.Length switch
    {
        0 => null,
        2 => Countries.GetOrAdd((code[0] << 8) | code[1], both => $"{(char)(both >> 8)}{(char)(both & 255)}"),
        _ => Encoding.UTF8.GetString(code),
    };

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
