namespace Aval.Policies;

/// <summary>"Did you mean …?"</summary>
internal static class NearestWord
{
    // No known word is longer than this and no suggestion is worth comparing a megabyte.
    private const int Longest = 64;

    /// <summary><c> (did you mean "…"?)</c>, or nothing when no known word is near.</summary>
    public static string Suggest(string found, IEnumerable<string> known)
    {
        if (found.Length > Longest)
            return "";
        var (word, distance) = known
            .Select(word => (word, Distance(found.ToLowerInvariant().Replace('_', '-'), word.ToLowerInvariant())))
            .DefaultIfEmpty(("", int.MaxValue))
            .MinBy(pair => pair.Item2);
        return distance <= Math.Max(1, found.Length / 3) ? $" (did you mean \"{word}\"?)" : "";
    }

    /// <summary>
    /// How many letters must be added, dropped, replaced or swapped with their neighbour (optimal string alignment).
    /// </summary>
    public static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= right.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[left.Length, right.Length];
    }
}
