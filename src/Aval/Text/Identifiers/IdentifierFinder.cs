using System.Buffers;

namespace Aval.Text.Identifiers;

/// <summary>
/// Finds what identifies or reaches a person in a text: by form, by check digits, and by the words around it. Pure,
/// over spans of UTF-16; docs/text.md has each kind's rule and figures.
/// <para>
/// One pass: a vector search stops at digits, at signs, slashes and colons, and whatever begins there is looked at in a
/// bounded surrounding, so the time is linear in the text. Where two findings overlap, the one that holds the other
/// wins; where neither does, they become one, of the longer's kind, and of the first's where they are as long.
/// </para>
/// <para>
/// A text that was masked holds nothing more to mask: where a finding hides, its neighbours are looked at again, as
/// they would be by whoever masks the masked text, and what shows then is found, too.
/// </para>
/// </summary>
internal static class IdentifierFinder
{
    private static readonly SearchValues<char> Triggers = SearchValues.Create("0123456789@/:");
    private static readonly SearchValues<byte> TriggerBytes = SearchValues.Create("0123456789@/:"u8);

    /// <summary>Whether a text, as UTF-8, has any of the signs at which something may be found.</summary>
    public static bool MayHold(ReadOnlySpan<byte> text) => text.ContainsAny(TriggerBytes);

    /// <summary>Finds the kinds that are asked for.</summary>
    /// <param name="text">Any UTF-16, whether it is well-formed or not.</param>
    /// <param name="country">Where its author lives (ISO 3166, two capitals); null where that is not known.</param>
    /// <param name="kinds">What is looked for. What is not is still told apart: a telephone that is kept is no
    /// card.</param>
    /// <param name="found">Gets what was found, in order and without overlap; what it held is dropped.</param>
    public static void Find(
        ReadOnlySpan<char> text, string? country, IdentifierKinds kinds, List<IdentifierSpan> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        found.Clear();
        if (text.IndexOfAny(Triggers) < 0)
            return;
        Pass(text, country, kinds, found);
        if (found.Count > 0)
            FindAgain(text, country, kinds, found);
    }

    // Each turn hides at least one trigger, and placeholders have none, so this ends; in ordinary text after one turn.
    private static void FindAgain(
        ReadOnlySpan<char> text, string? country, IdentifierKinds kinds, List<IdentifierSpan> found)
    {
        var again = new List<IdentifierSpan>();
        while (true)
        {
            Pass(IdentifierMask.Apply(text, found), country, kinds, again);
            if (again.Count == 0)
                return;
            Insert(found, again);
        }
    }

    // Brings findings in the masked text back to the text itself.
    private static void Insert(List<IdentifierSpan> found, List<IdentifierSpan> again)
    {
        var all = new List<IdentifierSpan>(found.Count + again.Count);
        var (next, shift) = (0, 0); // shift: a place in the masked text + shift = the place in the text.
        foreach (var span in again)
        {
            while (next < found.Count && found[next].Start - shift < span.Start)
            {
                shift += found[next].Length - found[next].Kind.ToPlaceholder().Length;
                all.Add(found[next++]);
            }

            all.Add(span with { Start = span.Start + shift });
        }

        all.AddRange(found[next..]);
        found.Clear();
        found.AddRange(all);
    }

    private static void Pass(
        ReadOnlySpan<char> text, string? country, IdentifierKinds kinds, List<IdentifierSpan> found)
    {
        found.Clear();
        var passage = new Passage(text, country, kinds);
        var at = 0;
        while (at < text.Length && text[at..].IndexOfAny(Triggers) is >= 0 and var ahead)
        {
            at += ahead;
            var next = at + 1;
            if (Look(ref passage, at, ref next, out var finding))
            {
                Add(found, finding);
                passage.Floor = finding.End;
                next = Math.Max(next, finding.End);
            }

            at = next;
        }

        found.RemoveAll(span => !kinds.Contains(span.Kind));
    }

    private static bool Look(ref Passage passage, int at, ref int next, out Finding found)
    {
        switch (passage.Text[at])
        {
            case '@':
                return Emails.TryEmail(ref passage, at, out found) || Emails.TryHandle(ref passage, at, out found);
            case '/':
                return Links.TryUrl(ref passage, at, out found, out next);
            case ':':
                found = default;
                return (char.IsAsciiHexDigit(passage.At(at + 1)) || passage.At(at + 1) == ':')
                    && (Network.TryV6(ref passage, at, out found)
                        || (at >= 2 && Network.TryMac(ref passage, at - 2, out found)));
            default:
                return AtDigit(ref passage, at, ref next, out found);
        }
    }

    private static bool AtDigit(ref Passage passage, int digit, ref int next, out Finding found)
    {
        var text = passage.Text;
        var start = digit;
        while (start > passage.Floor && char.IsAsciiLetterOrDigit(text[start - 1]))
            start--;
        var end = digit + 1;
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
            end++;
        next = end;
        if (start < digit && passage.At(end) == '@' && Emails.TryEmail(ref passage, end, out found))
            return true;
        return InWord(ref passage, start, digit, end, out found)
            || (start == digit && InNumber(ref passage, digit, end, out found));
    }

    // What letters may stand in.
    private static bool InWord(ref Passage passage, int start, int digit, int end, out Finding found)
    {
        var text = passage.Text;
        if (end - start >= 25 && CryptoAddresses.TryAddress(ref passage, start, end, out found))
            return true;
        if (text.Length > end && text[end] is ':' or '-' or '.' && (Network.TryMac(ref passage, start, out found)
            || (text[end] == ':' && Network.TryV6(ref passage, digit, out found))))
            return true;
        // "DE 136695976", "ES A-28184661": the longer beginning is the whole number.
        var near = Lead(ref passage, start);
        var far = near < start ? Lead(ref passage, near) : start;
        if ((far < near && Numbers.TryScheme(ref passage, far, out found))
            || (near < start && (Accounts.TryIban(ref passage, near, out found)
                || Numbers.TryScheme(ref passage, near, out found))))
            return true;
        if (start < digit && (Accounts.TryIban(ref passage, start, out found)
            || Numbers.TryScheme(ref passage, start, out found)))
            return true;
        found = default;
        return end - start <= 9 && Plates.TryPlate(ref passage, start, out found);
    }

    // A word of up to four letters before a separator: "DE 136695976", "CHE-107…".
    private static int Lead(ref Passage passage, int start)
    {
        var gap = start;
        while (start - gap < 3 && (Chars.Groups(passage.At(gap - 1)) || passage.At(gap - 1) == ':'))
            gap--;
        if (gap == start)
            return start;
        var lead = gap;
        while (lead > passage.Floor && gap - lead < 5 && char.IsAsciiLetter(passage.At(lead - 1)))
            lead--;
        return lead < gap && gap - lead <= 4 && passage.OpensAt(lead) ? lead : start;
    }

    // What begins with a digit.
    private static bool InNumber(ref Passage passage, int digit, int end, out Finding found)
    {
        var text = passage.Text;
        var after = passage.At(end);
        if (after is '.' or '°' or 'º' && (Network.TryV4(ref passage, digit, out found)
            || Places.TryCoordinates(ref passage, digit, out found)))
            return true;
        if (after == ',' && end - digit <= 3 && char.IsAsciiDigit(passage.At(end + Places.Precise))
            && Places.TryCoordinates(ref passage, digit, out found))
            return true;
        if (end - digit <= 6 && PostalAddresses.TryAddress(ref passage, digit, end, out found))
            return true;
        found = default;
        if (Numbers.Reach(text, digit) < 6)
            return false;
        var first = passage.At(digit - 1) == '+';
        if ((first || passage.Around(digit, end).Prefers(Topic.Phone, Topic.Identity))
            && Phones.TryPhone(ref passage, digit, out found))
            return true;
        return Accounts.TryCard(ref passage, digit, out found) || Numbers.TryScheme(ref passage, digit, out found)
            || (!first && Phones.TryPhone(ref passage, digit, out found));
    }

    private static void Add(List<IdentifierSpan> found, Finding finding)
    {
        while (found.Count > 0 && found[^1].End > finding.Start)
        {
            var before = found[^1];
            found.RemoveAt(found.Count - 1);
            var kind = before.Length >= finding.End - finding.Start ? before.Kind : finding.Kind;
            finding = new Finding(
                kind, Math.Min(before.Start, finding.Start), Math.Max(before.End, finding.End));
        }

        found.Add(new IdentifierSpan(finding.Kind, finding.Start, finding.End - finding.Start));
    }
}
