namespace Aval.Text.SpecialCategories;

/// <summary>
/// A text as the lexicon is matched against it: letters without case and accents, digits, and what stands between
/// words, one byte each. By a table of ours, so that no version of Unicode and no locale shows in it.
/// </summary>
internal static class FoldedText
{
    /// <summary>a–z are 0–25, 0–9 are 26–35.</summary>
    public const byte Digits = 26;

    /// <summary>A letter of another alphabet: part of a word that no term has.</summary>
    public const byte Other = 36;

    /// <summary>Between two words.</summary>
    public const byte Space = 37;

    /// <summary>A quotation mark.</summary>
    public const byte Quote = 38;

    /// <summary>The end of a sentence.</summary>
    public const byte Stop = 39;

    /// <summary>The end of a line.</summary>
    public const byte Line = 40;

    private const byte Nothing = 255, Sharp = 254, Ae = 253, Oe = 252, Thorn = 251;

    private const string Latin1 =
        "AAAAAA1CEEEEIIII" + "DNOOOOO OUUUUY34" + "AAAAAA1CEEEEIIII" + "DNOOOOO OUUUUY3Y";

    private const string LatinA =
        "AAAAAACCCCCCCCDD" + "DDEEEEEEEEEEGGGG" + "GGGGHHHHIIIIIIII" + "IIJJJJKKKLLLLLLL"
        + "LLLNNNNNNNNNOOOO" + "OO22RRRRRRSSSSSS" + "SSTTTTTTUUUUUUUU" + "UUUUWWYYYZZZZZZS";

    private static readonly byte[] Table = MakeTable();

    /// <summary>The most bytes that a text of a length becomes.</summary>
    public static int MostBytes(int length) => 2 * length;

    /// <summary>Folds a text.</summary>
    /// <param name="text">UTF-16, however broken.</param>
    /// <param name="folded">At least <see cref="MostBytes"/>.</param>
    /// <param name="places">Where in the text each byte stands; empty = nobody asks.</param>
    /// <returns>How many bytes.</returns>
    public static int Fold(ReadOnlySpan<char> text, Span<byte> folded, Span<int> places)
    {
        var (length, table) = (0, Table);
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            var symbol = c < table.Length ? table[c] : Beyond(c);
            byte second = Nothing;
            switch (symbol)
            {
                case Nothing:
                    continue;
                case Sharp:
                    (symbol, second) = (Letter('s'), Letter('s'));
                    break;
                case Ae:
                    (symbol, second) = (Letter('a'), Letter('e'));
                    break;
                case Oe:
                    (symbol, second) = (Letter('o'), Letter('e'));
                    break;
                case Thorn:
                    (symbol, second) = (Letter('t'), Letter('h'));
                    break;
                // A quotation mark stands for itself, and a space beside one is none.
                case Space when length > 0 && folded[length - 1] == Quote:
                    continue;
                // What stands between words stands there once, the strongest of it.
                case Space or Stop or Line when length > 0 && folded[length - 1] is (Space or Stop or Line):
                    folded[length - 1] = Math.Max(folded[length - 1], symbol);
                    continue;
            }

            Put(symbol, folded, places, ref length, at);
            if (second != Nothing)
                Put(second, folded, places, ref length, at);
        }

        return length;
    }

    private static void Put(byte symbol, Span<byte> folded, Span<int> places, ref int length, int at)
    {
        folded[length] = symbol;
        if (!places.IsEmpty)
            places[length] = at;
        length++;
    }

    // Full-width forms are ASCII in other clothes; general punctuation and symbols stand between words.
    private static byte Beyond(char c) => c switch
    {
        >= '\u0300' and <= '\u036f' or >= '\u200b' and <= '\u200f' or >= '\u202a' and <= '\u202e'
            or >= '\u2060' and <= '\u206f' or '\ufeff' => Nothing,
        '\u2028' or '\u2029' => Line,
        '\u201c' or '\u201d' or '\u201e' or '\u201f' or '\u2039' or '\u203a' => Quote,
        '\u2026' or '\u3002' => Stop,
        >= '\uff01' and <= '\uff5e' => Table[c - '\uff01' + '!'],
        >= '\u2000' and <= '\u2bff' or >= '\u3000' and <= '\u303f' or >= '\ud800' and <= '\udfff' => Space,
        _ => Other,
    };

    private static byte[] MakeTable()
    {
        var table = new byte[0x180];
        Array.Fill(table, Space, 0, 0xc0);
        for (var c = 'a'; c <= 'z'; c++)
            (table[c], table[c - 'a' + 'A']) = (Letter(c), Letter(c));
        for (var c = '0'; c <= '9'; c++)
            table[c] = (byte)(Digits + c - '0');
        foreach (var c in ".!?")
            table[c] = Stop;
        foreach (var c in "\"\u00ab\u00bb")
            table[c] = Quote;
        (table['\n'], table['\r'], table['\u0085'], table['\u00ad']) = (Line, Line, Line, Nothing);
        (table['\u00aa'], table['\u00ba']) = (Letter('a'), Letter('o'));
        var letters = Latin1 + LatinA;
        for (var at = 0; at < letters.Length; at++)
        {
            table[0xc0 + at] = letters[at] switch
            {
                ' ' => Space,
                '1' => Ae,
                '2' => Oe,
                '3' => Thorn,
                '4' => Sharp,
                var letter => Letter(char.ToLowerInvariant(letter)),
            };
        }

        return table;
    }

    private static byte Letter(char c) => (byte)(c - 'a');
}
