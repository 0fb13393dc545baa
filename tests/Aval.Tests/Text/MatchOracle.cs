namespace Aval.Tests.Texts;

/// <summary>
/// What copies and duplicates mean, read again from the design and written as plainly as can be: every text is held
/// against every other. It shares no line with the program.
/// </summary>
/// <param name="Items">What is there.</param>
/// <param name="Objectors">Accounts that objected.</param>
/// <param name="People">Accounts that are one person under another name.</param>
/// <param name="CommonAfter">As the policy has it.</param>
internal sealed record MatchOracle(
    IReadOnlyList<Posted> Items, IReadOnlySet<string> Objectors, IReadOnlyDictionary<string, string> People,
    int CommonAfter)
{
    private const int MinCharacters = 60;
    private readonly Dictionary<string, HashSet<string>> _runs = [];

    /// <summary>Why each item is out; null = it is in.</summary>
    public IReadOnlyDictionary<string, string?> Reasons(Func<Posted, Guid> rowKey)
    {
        var reasons = Items.ToDictionary(item => item.Id, First);
        var left = Items.Where(item => reasons[item.Id] is null).ToList();
        foreach (var copy in left.Where(item => IsCopy(item)).ToList())
        {
            reasons[copy.Id] = "copy-of-excluded";
            left.Remove(copy);
        }

        while (left.Count > 0)
        {
            var cluster = Grown(left[0], left);
            left.RemoveAll(cluster.Contains);
            // A key's order is that of its sixteen bytes.
            var kept = cluster.OrderBy(item => item.Day ?? int.MaxValue)
                .ThenBy(item => rowKey(item).ToString("N"), StringComparer.Ordinal).First();
            foreach (var again in cluster.Where(item => item != kept))
                reasons[again.Id] = "duplicate";
        }

        return reasons;
    }

    /// <summary>Whether a text is somebody's own that cannot occur: not written by too many.</summary>
    public bool IsProtected(Posted item) =>
        Objectors.Contains(item.Account.ToString()) && item.Text.Trim().Length >= MinCharacters && !IsCommon(item);

    private string? First(Posted item) =>
        Objectors.Contains(item.Account.ToString()) ? "objected" : item.Audience != "public" ? "not-public" : null;

    private bool IsCopy(Posted item) => item.Text.Trim().Length >= MinCharacters && Items.Any(other =>
        First(other) is not null && other.Text.Trim().Length >= MinCharacters && Person(other) != Person(item)
        && (IsNear(other, item) || IsQuoted(other, item)) && !IsCommon(other));

    private bool IsCommon(Posted shadow)
    {
        var owners = Items.Where(item => First(item) is not null && Letters(item) == Letters(shadow))
            .Select(Person).ToHashSet();
        var people = Items
            .Where(item => Letters(item) == Letters(shadow) || (First(item) is null && IsNear(shadow, item)))
            .Where(item => item.ReplyTo is null && item.Kind != "reply")
            .Where(item => item.Tagged is null || !owners.Contains(People.GetValueOrDefault(item.Tagged, item.Tagged)))
            .Select(Person).ToHashSet();
        return people.Count - (people.Overlaps(owners) ? 1 : 0) > CommonAfter;
    }

    private HashSet<Posted> Grown(Posted first, List<Posted> among)
    {
        var cluster = new HashSet<Posted> { first };
        while (among.Where(item => !cluster.Contains(item) && cluster.Any(inside => IsNear(inside, item))).ToList()
            is { Count: > 0 } more)
            cluster.UnionWith(more);
        return cluster;
    }

    private string Person(Posted item) =>
        People.GetValueOrDefault(item.Account.ToString(), item.Account.ToString());

    private bool IsNear(Posted one, Posted other)
    {
        var (first, second) = (Runs(one), Runs(other));
        var shared = first.Count(second.Contains);
        return shared * 10 >= (first.Count + second.Count - shared) * 8;
    }

    private bool IsQuoted(Posted quote, Posted whole) =>
        Runs(quote).Count(Runs(whole).Contains) * 10 >= Runs(quote).Count * 8;

    private HashSet<string> Runs(Posted item)
    {
        var letters = Letters(item);
        if (!_runs.TryGetValue(letters, out var runs))
        {
            _runs[letters] = runs = letters.Length < 5
                ? [letters]
                : [.. Enumerable.Range(0, letters.Length - 4).Select(at => letters.Substring(at, 5))];
        }

        return runs;
    }

    // Tests write in letters that have no marks.
    private static string Letters(Posted item) =>
        string.Concat(item.Text.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
