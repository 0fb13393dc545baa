using System.Runtime.CompilerServices;

namespace Aval.Text.Identifiers;

/// <summary>What a word near a number says that the number is.</summary>
internal enum Topic
{
    /// <summary>A telephone number.</summary>
    Phone,

    /// <summary>A payment card.</summary>
    Card,

    /// <summary>A person's number with a state.</summary>
    Identity,

    /// <summary>A tax or VAT number.</summary>
    Tax,

    /// <summary>A licence plate.</summary>
    Plate,

    /// <summary>An IP address.</summary>
    Network,

    /// <summary>A number of something: an order, an invoice, a parcel, an article.</summary>
    Thing,

    /// <summary>A version, a section.</summary>
    Version,
}

/// <summary>
/// How far from a candidate the nearest word of each topic is, in characters: up to <see cref="Before"/> on the left,
/// up to <see cref="After"/> on the right, where a word counts as <see cref="Penalty"/> further away, since people
/// announce a number more often than they explain it.
/// </summary>
internal struct Vicinity
{
    private const int Before = 48;
    private const int After = 24;
    private const int Penalty = 12;
    private const byte Nowhere = byte.MaxValue;

    private Distances _distances;

    /// <summary>Reads the words around what stands from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public static Vicinity Of(ReadOnlySpan<char> text, int start, int end)
    {
        var vicinity = new Vicinity();
        ((Span<byte>)vicinity._distances).Fill(Nowhere);
        var from = Math.Max(0, start - Before);
        // A word that the window cuts is not read: half of it may be another word.
        while (from > 0 && from < start && char.IsLetter(text[from - 1]) && char.IsLetter(text[from]))
            from++;
        vicinity.Read(text, from, start, start, -1);
        var to = Math.Min(text.Length, end + After);
        while (to < text.Length && to > end && char.IsLetter(text[to - 1]) && char.IsLetter(text[to]))
            to--;
        vicinity.Read(text, end, to, Penalty - end, 1);
        if (start > 0 && text[start - 1] == '#')
            vicinity.Note(Topic.Thing, 8); // "card # 5213…" is a card, "#5213…" alone is none.
        return vicinity;
    }

    /// <summary>Whether a word of the topic is near, and no nearer one says that it is a thing's number.</summary>
    public readonly bool Says(Topic topic) =>
        _distances[(int)topic] != Nowhere && _distances[(int)topic] <= _distances[(int)Topic.Thing];

    /// <summary>Whether a word of the topic is near at all.</summary>
    public readonly bool Mentions(Topic topic) => _distances[(int)topic] != Nowhere;

    /// <summary>
    /// Whether the nearest word says that it is a thing's number: then it is no identifier that has no form of its own.
    /// </summary>
    public readonly bool IsThing
    {
        get
        {
            var thing = _distances[(int)Topic.Thing];
            return thing != Nowhere && thing < _distances[(int)Topic.Phone] && thing < _distances[(int)Topic.Card]
                && thing < _distances[(int)Topic.Identity] && thing < _distances[(int)Topic.Tax];
        }
    }

    /// <summary>Whether one topic's word is nearer than the other's.</summary>
    public readonly bool Prefers(Topic one, Topic other) => _distances[(int)one] < _distances[(int)other];

    // The distance of a word at i is origin + step · i.
    private void Read(ReadOnlySpan<char> text, int from, int to, int origin, int step)
    {
        Span<char> lower = stackalloc char[ContextWords.Longest];
        for (var i = from; i < to;)
        {
            if (!char.IsLetter(text[i]))
            {
                i++;
                continue;
            }

            var end = i + 1;
            while (end < to && (char.IsLetter(text[end]) || IsInner(text, end)))
                end++;
            // What is masked says nothing: <PHONE> announces no telephone.
            if (!Placeholders.StartAt(text, i - 1) && !(end < text.Length && Placeholders.EndAt(text, end + 1)))
            {
                var word = lower[..Math.Min(end - i, lower.Length)];
                text.Slice(i, word.Length).ToLowerInvariant(word);
                foreach (var topic in ContextWords.Of(word))
                {
                    // "4111… order it now": what is no person's number is said before it.
                    if (step < 0 || topic is not (Topic.Thing or Topic.Version))
                        Note(topic, origin + (step * i));
                }
            }

            i = end;
        }
    }

    // Letters that are written as two code points, and the points of "p.iva".
    private static bool IsInner(ReadOnlySpan<char> text, int at) =>
        char.GetUnicodeCategory(text[at]) == System.Globalization.UnicodeCategory.NonSpacingMark
        || (text[at] == '.' && at + 1 < text.Length && char.IsLetter(text[at + 1]));

    private void Note(Topic topic, int distance) =>
        _distances[(int)topic] = Math.Min(_distances[(int)topic], (byte)Math.Min(distance, Nowhere - 1));

    [InlineArray(8)]
    private struct Distances
    {
        private byte _first;
    }
}
