using System.Globalization;
using System.Text.RegularExpressions;
using Aval.Storage;

namespace Aval.Text;

/// <summary>What stands in a text in the place of what was masked: <c>&lt;PERSON&gt;</c>, <c>&lt;EMAIL&gt;</c> and so
/// on.</summary>
internal static partial class MaskCounts
{
    /// <summary>
    /// Registers <c>placeholders(text, treated)</c>, how many of each kind a treated text has more than the text,
    /// ordered: <c>email:2 person:1</c>; and <c>is_only_placeholders(text)</c>, whether nothing but them and white
    /// space is left.
    /// </summary>
    public static void Provide(Engine engine) => engine.Provide("placeholders", connection =>
    {
        connection.RegisterScalarFunction<string, string, string>("placeholders", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(
                    Added(columns[0].GetValue<string>(row) ?? "", columns[1].GetValue<string>(row) ?? ""), row);
        });
        connection.RegisterScalarFunction<string, bool>("is_only_placeholders", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(Only().IsMatch(columns[0].GetValue<string>(row) ?? ""), row);
        });
    });

    /// <summary>How many of each kind a treated text has more than the text.</summary>
    public static string Added(string text, string treated)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        Count(treated, 1);
        Count(text, -1);
        return string.Join(' ', counts.Where(count => count.Value > 0).Select(count =>
            string.Create(CultureInfo.InvariantCulture, $"{count.Key}:{count.Value}")));

        void Count(string where, int step)
        {
            foreach (var match in One().EnumerateMatches(where))
            {
                var kind = where.AsSpan(match.Index + 1, match.Length - 2).ToString().ToLowerInvariant();
                counts[kind] = counts.GetValueOrDefault(kind) + step;
            }
        }
    }

    /// <summary>Reads <c>email:2 person:1</c>.</summary>
    public static IEnumerable<(string Kind, long Count)> Read(string masked) =>
        masked.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split(':'))
            .Select(pair => (pair[0], long.Parse(pair[1], CultureInfo.InvariantCulture)));

    [GeneratedRegex("<[A-Z][A-Z-]*>", RegexOptions.CultureInvariant)]
    private static partial Regex One();

    [GeneratedRegex(@"^(?>(?:<[A-Z][A-Z-]*>|[\s\p{Z}])*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Only();
}
