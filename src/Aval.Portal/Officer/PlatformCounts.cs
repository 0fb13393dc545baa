using System.Globalization;
using Aval.Choices;
using Aval.Requests;

namespace Aval.Portal.Officer;

/// <summary>What a form of the platform counted on one day.</summary>
/// <param name="Line">In which line of the file.</param>
/// <param name="Day">The day, UTC.</param>
/// <param name="Channel">As choices state it.</param>
/// <param name="Kind">Of which kind; null = of all.</param>
/// <param name="Count">How many.</param>
internal sealed record PlatformCount(int Line, DateOnly Day, string Channel, ChoiceKind? Kind, long Count);

/// <summary>A count of the platform's beside the ledger's.</summary>
/// <param name="Day">The day.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Kind">The kind; null = all.</param>
/// <param name="Platform">The platform's; null = its file says nothing of it.</param>
/// <param name="Ledger">The ledger's.</param>
internal sealed record CountBeside(DateOnly Day, string Channel, ChoiceKind? Kind, long? Platform, long Ledger)
{
    /// <summary>How many more the platform has; what it has and the ledger has not was said and lost.</summary>
    public long Missing => (Platform ?? 0) - Ledger;
}

/// <summary>
/// The platform's own counts of what its forms sent (CSV: <c>date,channel,count</c> and, where it is known,
/// <c>kind</c>), held against what the ledger has. A choice that a form took and the ledger never got would show
/// nowhere else.
/// </summary>
internal static class PlatformCounts
{
    private const string Form = "date,channel,count, and kind where it is known";

    /// <summary>Reads the file.</summary>
    /// <exception cref="AvalException">Bad input, with line.</exception>
    public static IReadOnlyList<PlatformCount> Read(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        var head = lines[0].Split(',').Select(cell => Cell(cell).ToLowerInvariant()).ToArray();
        var (day, channel, count, kind) =
            (Array.IndexOf(head, "date"), Array.IndexOf(head, "channel"), Array.IndexOf(head, "count"),
                Array.IndexOf(head, "kind"));
        if (day < 0 || channel < 0 || count < 0
            || head.Any(one => one is not ("date" or "channel" or "count" or "kind")))
            throw Wrong(name, 1, $"the columns {Form}", lines[0]);
        var counts = new List<PlatformCount>();
        for (var at = 1; at < lines.Length; at++)
        {
            if (lines[at].Length == 0)
                continue;
            var cells = Cells(lines[at]);
            if (cells.Length != head.Length)
                throw Wrong(name, at + 1, $"{head.Length} columns", lines[at]);
            counts.Add(new PlatformCount(
                at + 1,
                DateOnly.TryParseExact(cells[day], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
                    out var date)
                        ? date
                        : throw Wrong(name, at + 1, "a day such as 2026-03-01", cells[day]),
                cells[channel],
                kind < 0 || cells[kind].Length == 0 ? null
                    : ChoiceKinds.TryParse(cells[kind], out ChoiceKind known) ? known
                    : throw Wrong(name, at + 1, "a kind of choice such as objection", cells[kind]),
                long.TryParse(cells[count], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw Wrong(name, at + 1, "a whole number", cells[count])));
        }

        var twice = counts.GroupBy(one => (one.Day, one.Channel, one.Kind)).FirstOrDefault(same => same.Count() > 1);
        return twice is null
            ? counts
            : throw Wrong(name, twice.Last().Line, $"each day and channel once; line {twice.First().Line} has it too",
                $"{RequestJson.Day(twice.Key.Day)}, {twice.Key.Channel}");
    }

    /// <summary>
    /// The file's counts beside the ledger's, and what the ledger has of the same days and channels beyond the file.
    /// Where the file gives kinds for a channel, it is held against these kinds.
    /// </summary>
    public static IReadOnlyList<CountBeside> Beside(
        IReadOnlyList<PlatformCount> platform, IReadOnlyList<ChoiceCount> ledger)
    {
        ArgumentNullException.ThrowIfNull(platform);
        if (platform.Count == 0)
            return [];
        var (first, last) = (platform.Min(one => one.Day), platform.Max(one => one.Day));
        var kinds = platform.Where(one => one.Kind is not null).Select(one => one.Channel).ToHashSet();
        var channels = platform.Select(one => one.Channel).ToHashSet();
        var there = ledger
            .Where(one => one.Day >= first && one.Day <= last && channels.Contains(one.Channel ?? ""))
            .GroupBy(one => (one.Day, Channel: one.Channel ?? "", Kind: kinds.Contains(one.Channel ?? "")
                ? one.Kind : (ChoiceKind?)null))
            .ToDictionary(same => same.Key, same => same.Sum(one => one.Count));
        var said = platform.ToDictionary(one => (one.Day, one.Channel, one.Kind), one => one.Count);
        return
        [
            .. said.Keys.Union(there.Keys)
                .Select(key => new CountBeside(
                    key.Day, key.Channel, key.Kind, said.TryGetValue(key, out var count) ? count : null,
                    there.GetValueOrDefault(key)))
                .OrderByDescending(one => one.Missing > 0).ThenByDescending(one => one.Missing != 0)
                .ThenBy(one => one.Day).ThenBy(one => one.Channel, StringComparer.Ordinal).ThenBy(one => one.Kind),
        ];
    }

    private static string[] Cells(string line)
    {
        var (cells, cell, quoted) = (new List<string>(), new System.Text.StringBuilder(), false);
        foreach (var letter in line)
        {
            if (letter == '"')
                quoted = !quoted;
            if (letter == ',' && !quoted)
            {
                cells.Add(Cell(cell.ToString()));
                cell.Clear();
            }
            else
            {
                cell.Append(letter);
            }
        }

        cells.Add(Cell(cell.ToString()));
        return [.. cells];
    }

    private static string Cell(string text) => text.Trim() is ['"', .. var inner, '"']
        ? inner.Replace("\"\"", "\"", StringComparison.Ordinal)
        : text.Trim();

    private static AvalException Wrong(string name, int line, string expected, string found) => AvalException.BadInput(
        $"{Shown.Of(name)}, line {line}: expected {expected}, but found \"{Shown.Of(found)}\". Nothing was compared. "
            + "Correct the line and send the file again.");
}
