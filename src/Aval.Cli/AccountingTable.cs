using System.Globalization;
using Aval.Decisions;

namespace Aval.Cli;

/// <summary>Accounting for a terminal or a log.</summary>
internal static class AccountingTable
{
    public static void Print(TextWriter output, Accounting accounting)
    {
        output.WriteLine($"{accounting.Total.Read} items read = {accounting.Total.Admitted} admitted + "
            + $"{accounting.Total.Read - accounting.Total.Admitted} excluded");
        output.WriteLine();
        Reasons(output, accounting);
        output.WriteLine();
        TextTable.Print(
            output, ["rule", "first", "matches", "only", "law"],
            accounting.Rules.Where(rule => rule.Off is null).Select(rule =>
                new[] { rule.Rule, Number(rule.Excluded), Number(rule.Matches), Number(rule.Only), rule.Law ?? "" }),
            lastIsText: true);
        foreach (var rule in accounting.Rules.Where(rule => rule.Off is not null))
            output.WriteLine($"off: {rule.Rule}: {rule.Off}");
        foreach (var rule in accounting.Rules.Where(rule => rule.LetIn > 0))
            output.WriteLine($"{rule.Rule}: {rule.LetIn} items are in though an excluded item says the same: "
                + "so many unrelated people do that it is nobody's.");
        output.WriteLine();
        Slices(output, "service", accounting.Services);
        Slices(output, "kind", accounting.Kinds);
        Slices(output, "language", accounting.Languages);
        if (accounting.Masked.Count > 0)
            output.WriteLine(
                "Replaced in texts: " + string.Join(", ", accounting.Masked.GroupBy(one => one.Kind).Select(
                    kind => $"{kind.Key} {Number(kind.Sum(one => one.Count))} times")) + ".");
        if (accounting.RejectedLines > 0)
            output.WriteLine($"{accounting.RejectedLines} lines could not be taken by an import; content/rejects lists "
                + "them with file and line.");
        if (Unmatched(accounting.UnmatchedChoices) is { } unmatched)
            output.WriteLine(unmatched);
    }

    /// <summary>That choices have no effect yet, and how to see which; null when all have.</summary>
    public static string? Unmatched(long count) => count == 0
        ? null
        : $"{count} choice{(count == 1 ? " names" : "s name")} an account, or a service or an item of theirs, that the "
            + $"content does not know, and {(count == 1 ? "has" : "have")} no effect there yet. "
            + $"List {(count == 1 ? "it" : "them")} with: aval choices unmatched";

    private static void Reasons(TextWriter output, Accounting accounting) => TextTable.Print(
        output, ["reason", "items"],
        accounting.Total.Excluded.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Select(
            pair => new[] { pair.Key.ToText(), Number(pair.Value) }));

    private static void Slices(TextWriter output, string name, IReadOnlyDictionary<string, Tally> slices)
    {
        TextTable.Print(output, [name, "read", "admitted", "excluded"], slices.Select(slice => new[]
        {
            slice.Key,
            Number(slice.Value.Read),
            Number(slice.Value.Admitted),
            Number(slice.Value.Read - slice.Value.Admitted),
        }));
        output.WriteLine();
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
