using System.Runtime.CompilerServices;
using System.Text;

namespace Aval.Text.Copies;

/// <summary>
/// A text as its letters and digits alone, in lower case and without accents: what is left when somebody posts it again
/// with other capitals, spaces, punctuation, emoji or line breaks. Each character is looked at by itself, so where one
/// text stands in another, its letters stand in the other's letters; nothing that is composed across characters could
/// promise that.
/// <para>
/// Dropped: white space, punctuation, symbols, emoji with their joiners and selectors, and the marks that people leave
/// out when they type (U+0300–U+036F, Hebrew points, Arabic vowels, the Japanese sound marks). Kept apart: letters
/// that no mark tells apart (<c>ø</c> and <c>o</c>, <c>ß</c> and <c>ss</c>), and the marks of all other scripts. The
/// fancy letters of U+1D400, their like of U+2100 (<c>ℎ</c>) and the wide ones of U+FF00 are the plain ones. All of
/// it is listed here, or in Aval's own table of Unicode 17.0, and nothing is asked of the runtime: its tables grow,
/// and a release would change with them.
/// </para>
/// </summary>
internal static class PlainLetters
{
    // Ranges of what is no letter and no digit, and of marks that are left out when typing.
    private static readonly (int From, int To)[] Dropped =
    [
        (0x00, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0xA9), (0xAB, 0xB4), (0xB6, 0xB9), (0xBB, 0xBF), (0xD7, 0xD7),
        (0xF7, 0xF7), (0x2C2, 0x2CF), (0x2D2, 0x2DF), (0x2E5, 0x36F), (0x375, 0x375), (0x37E, 0x37E), (0x384, 0x385),
        (0x387, 0x387), (0x482, 0x489), (0x55A, 0x55F), (0x589, 0x5CF), (0x5F3, 0x61F), (0x640, 0x640), (0x64B, 0x65F),
        (0x66A, 0x66D), (0x670, 0x670), (0x6D4, 0x6D4), (0x6D6, 0x6ED), (0x6FD, 0x6FE), (0x700, 0x70F), (0x964, 0x965),
        (0x970, 0x970), (0xDF4, 0xDF4), (0xE3F, 0xE3F), (0xE4F, 0xE4F), (0xE5A, 0xE5B), (0xF01, 0xF17), (0xF3A, 0xF3D),
        (0x104A, 0x104F), (0x10FB, 0x10FB), (0x1360, 0x1368), (0x1400, 0x1400), (0x166D, 0x166E), (0x17D4, 0x17DB),
        (0x1800, 0x180F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x1FBD, 0x1FC1), (0x1FCD, 0x1FCF), (0x1FDD, 0x1FDF),
        (0x1FED, 0x1FEF), (0x1FFD, 0x206F), (0x2070, 0x20FF), (0x2100, 0x2BFF), (0x2E00, 0x2E7F), (0x2FF0, 0x3004),
        (0x3008, 0x3030), (0x3036, 0x303F), (0x3099, 0x309C), (0x30A0, 0x30A0), (0x30FB, 0x30FB), (0x3200, 0x33FF),
        (0x4DC0, 0x4DFF), (0xA4FE, 0xA4FF), (0xA60D, 0xA60F), (0xD800, 0xF8FF), (0xFD3E, 0xFD4F), (0xFE00, 0xFE6F),
        (0xFEFF, 0xFF0F), (0xFF1A, 0xFF20), (0xFF3B, 0xFF40), (0xFF5B, 0xFF65), (0xFFE0, 0xFFFF),
    ];

    // Italic, script, black-letter and double-struck letters that Unicode had before U+1D400, which has holes in their
    // places: who writes in such letters writes these, too.
    private const string Letterlike = "ℂℊℋℌℍℎℐℑℒℓℕℙℚℛℜℝℤℨℬℭℯℰℱℳℴⅅⅆⅇⅈⅉ";
    private const string LetterlikePlain = "cghhhhiillnpqrrrzzbceefmoddeij";

    // What a UTF-16 unit becomes; 0 = dropped, or half of a pair.
    private static readonly char[] Of = Table();

    /// <summary>Writes the letters of a text.</summary>
    /// <param name="text">Any text, lone surrogates too: these are dropped.</param>
    /// <param name="letters">At least as long as the text.</param>
    /// <returns>How many there are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Write(ReadOnlySpan<char> text, Span<char> letters)
    {
        var table = Of;
        var count = 0;
        for (var at = 0; at < text.Length; at++)
        {
            // Written whatever it is, and kept where it is a letter: where words end nobody can guess.
            var unit = text[at];
            var letter = table[unit];
            letters[count] = letter;
            count += letter != 0 ? 1 : 0;
            if (char.IsHighSurrogate(unit) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                Supplementary(char.ConvertToUtf32(unit, text[++at]), letters, ref count);
        }

        return count;
    }

    private static char[] Table()
    {
        var table = new char[char.MaxValue + 1];
        var dropped = new bool[table.Length];
        foreach (var (from, to) in Dropped)
            Array.Fill(dropped, true, from, to - from + 1);
        for (var unit = 0; unit < table.Length; unit++)
        {
            if (!dropped[unit] && UnicodeText.IsSeen(unit))
                table[unit] = Plain((char)unit, dropped);
        }

        // The end of a word in Greek, and the wide forms.
        table['ς'] = 'σ';
        for (var wide = 0xFF10; wide <= 0xFF5A; wide++)
        {
            if (!dropped[wide])
                table[wide] = table[wide - 0xFEE0];
        }

        for (var at = 0; at < Letterlike.Length; at++)
            table[Letterlike[at]] = LetterlikePlain[at];
        return table;
    }

    // The letter below the marks, where these are among those that are dropped.
    private static char Plain(char unit, bool[] dropped)
    {
        var apart = UnicodeText.Apart(unit);
        var bare = apart.Skip(1).All(mark => mark <= char.MaxValue && dropped[mark]) ? apart[0] : unit;
        var lower = UnicodeText.Lower(bare);
        return lower <= char.MaxValue ? (char)lower : unit;
    }

    private static void Supplementary(int code, Span<char> letters, ref int count)
    {
        switch (code)
        {
            // Bold, italic, script and their like: 52 letters each, then the digits. Greek ones are kept as they are.
            case >= 0x1D400 and <= 0x1D6A3:
                letters[count++] = (char)('a' + ((code - 0x1D400) % 26));
                break;
            case >= 0x1D7CE and <= 0x1D7FF:
                letters[count++] = (char)('0' + ((code - 0x1D7CE) % 10));
                break;
            case (>= 0x1D000 and <= 0x1D2FF) or (>= 0x1F000 and <= 0x1FAFF) or >= 0xE0000:
                break;
            default:
                if (!UnicodeText.IsSeen(code))
                    break;
                var lower = new Rune(UnicodeText.Lower(code));
                count += lower.EncodeToUtf16(letters[count..]);
                break;
        }
    }
}
