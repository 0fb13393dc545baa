using System.Text;
using Aval.People;

namespace Aval.Text.AboutMe;

/// <summary>
/// Replaces what names protected persons in a text by <c>&lt;PERSON&gt;</c>: where it points at one of their accounts
/// (<see cref="Mentions"/>), and where their display name or handle stands as words of its own. Whom to look for is
/// known before, for each text: its <em>needles</em>, one a line: <c>#service:id</c>, <c>@service@handle</c> (folded),
/// and <c>=name</c>.
/// </summary>
internal static class PersonMask
{
    /// <summary>What stands in their place.</summary>
    public const string Placeholder = "<PERSON>";

    // A shorter handle is a word of some language.
    internal const int ShortestFreeHandle = 4;

    /// <summary>The text without them; the same text where it has none.</summary>
    public static string Mask(string service, string text, string needles)
    {
        // Where a name went, what stood before it may read otherwise: of x@kim.fictive-Kim Fictive an address is left
        // that is none any more, and a handle in it. Each pass takes names and brings none, so this ends.
        for (var before = text; ;)
        {
            var masked = MaskOnce(service, before, needles);
            if (masked == before)
                return before;
            before = masked;
        }
    }

    private static string MaskOnce(string service, string text, string needles)
    {
        var lines = needles.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var keys =
            lines.Where(line => line[0] is '#' or '@').Select(line => line[1..]).ToHashSet(StringComparer.Ordinal);
        var spans = Mentions.In(service, text).Where(mention => keys.Contains(mention.Key))
            .Select(mention => (mention.Start, End: mention.Start + mention.Length)).ToList();
        var shown = lines.Where(line => line[0] == '=').Select(line => line[1..]).ToArray();
        var names = shown.Select(SpelledText.Fold).Concat(shown.Select(SpelledText.Plain))
            .Concat(lines.Where(line => line[0] == '@').Select(line => line[(line.IndexOf('@', 1) + 1)..])
                .Where(handle => handle.Length >= ShortestFreeHandle).Select(SpelledText.Fold))
            .Where(name => name.Length > 1).Distinct().ToArray();
        if (names.Length > 0)
            new SpelledText(text).FindWords(names, spans);
        return spans.Count == 0 ? text : Replace(text, spans);
    }

    private static string Replace(string text, List<(int Start, int End)> spans)
    {
        spans.Sort();
        var (masked, at) = (new StringBuilder(text.Length), 0);
        foreach (var (start, end) in Merged(spans))
        {
            masked.Append(text, at, start - at).Append(Placeholder);
            at = end;
        }

        return masked.Append(text, at, text.Length - at).ToString();
    }

    private static IEnumerable<(int Start, int End)> Merged(List<(int Start, int End)> spans)
    {
        var whole = spans[0];
        foreach (var span in spans)
        {
            if (span.Start > whole.End)
            {
                yield return whole;
                whole = span;
            }
            else
            {
                whole.End = Math.Max(whole.End, span.End);
            }
        }

        yield return whole;
    }
}
