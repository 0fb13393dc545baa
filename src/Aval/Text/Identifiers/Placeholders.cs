namespace Aval.Text.Identifiers;

/// <summary>
/// What stands where an identifier stood. For whoever reads a masked text again, a placeholder is as opaque as what it
/// hides: it joins nothing on its left to anything on its right, and frees no neighbour that was not free before.
/// </summary>
internal static class Placeholders
{
    private const int Longest = 13; // <COORDINATES>

    /// <summary>By kind.</summary>
    public static string[] Of { get; } =
        [.. IdentifierKindNames.All.Select(kind => $"<{kind.ToText().ToUpperInvariant()}>")];

    /// <summary>Whether a placeholder ends just before <paramref name="end"/>.</summary>
    public static bool EndAt(ReadOnlySpan<char> text, int end)
    {
        if (end == 0 || text[end - 1] != '>')
            return false;
        var near = text[Math.Max(0, end - Longest)..end];
        return near.LastIndexOf('<') is >= 0 and var open && IsOne(near[open..]);
    }

    /// <summary>Whether a placeholder begins at <paramref name="start"/>.</summary>
    public static bool StartAt(ReadOnlySpan<char> text, int start)
    {
        if ((uint)start >= (uint)text.Length || text[start] != '<')
            return false;
        var near = text.Slice(start, Math.Min(Longest, text.Length - start));
        return near.IndexOf('>') is >= 0 and var close && IsOne(near[..(close + 1)]);
    }

    private static bool IsOne(ReadOnlySpan<char> text)
    {
        foreach (var placeholder in Of)
        {
            if (text.SequenceEqual(placeholder))
                return true;
        }

        return false;
    }
}
