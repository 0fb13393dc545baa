namespace Aval.Text.Languages;

/// <summary>The writing that a letter belongs to, as far as languages are told apart by it.</summary>
internal enum Script : byte
{
    /// <summary>Not a letter.</summary>
    None,

    /// <summary>Latin.</summary>
    Latin,

    /// <summary>Greek: one language.</summary>
    Greek,

    /// <summary>Cyrillic.</summary>
    Cyrillic,

    /// <summary>Arabic.</summary>
    Arabic,

    /// <summary>Any other: none of our languages is written in it.</summary>
    Other,
}

/// <summary>
/// Every UTF-16 unit as one of fewer than 1,024 letters in lower case, so that five of them fit into 50 bits. A unit
/// that ends a word (a space, a digit, half a surrogate pair) is 0. The units are listed by range: the runtime is asked
/// for pairs of case alone, which Unicode never changes, so that a text's language does not change with it.
/// </summary>
internal static class Letters
{
    /// <summary>Bits that hold any letter.</summary>
    public const int Bits = 10;

    /// <summary>Where a word begins or ends.</summary>
    public const ushort Edge = 1;

    /// <summary>An apostrophe inside a word: <c>l'eau</c>, <c>ta' ħuti</c>.</summary>
    public const ushort Apostrophe = 2;

    private const ushort GreekLetter = 3;
    private const ushort OtherLetter = 4;
    private const ushort First = 5;

    /// <summary>The letter of each UTF-16 unit.</summary>
    public static readonly ushort[] Of = new ushort[char.MaxValue + 1];

    /// <summary>The script of each letter.</summary>
    public static readonly Script[] Scripts = new Script[1 << Bits];

    /// <summary>A base and a mark behind it, as the one unit that means both.</summary>
    public static readonly Dictionary<(char Base, char Mark), char> Composed = [];

    static Letters()
    {
        Scripts[GreekLetter] = Script.Greek;
        Scripts[OtherLetter] = Script.Other;
        var next = First;
        Lettered(
            Script.Latin,
            [('a', 'z'), ('\u00DF', '\u00F6'), ('\u00F8', '\u024F'), ('\u0259', '\u0259'), ('\u1E01', '\u1EFF')],
            ref next);
        Lettered(Script.Cyrillic, [('\u0430', '\u052F')], ref next);
        Lettered(
            Script.Arabic,
            [('\u0621', '\u063A'), ('\u0641', '\u064A'), ('\u066E', '\u06D5'), ('\u06EE', '\u06FC')], ref next);
        Fill(GreekLetter, [
            ('\u0370', '\u0373'), ('\u0376', '\u0377'), ('\u0386', '\u0386'), ('\u0388', '\u03FF'),
            ('\u1F00', '\u1FFC'),
        ]);
        // Armenian and Hebrew; Syriac to Cherokee and on; kana, Hangul and Han.
        Fill(OtherLetter, [
            ('\u0531', '\u0586'), ('\u05D0', '\u05EA'), ('\u0700', '\u1DBF'), ('\u2D00', '\u2DDF'),
            ('\u3041', '\u30FF'), ('\u3105', '\u318F'), ('\u3400', '\u4DBF'), ('\u4E00', '\uA4CF'),
            ('\uA800', '\uD7FF'), ('\uF900', '\uFAFF'), ('\uFF66', '\uFFDC'),
        ]);
        foreach (var mark in "'\u2019\u02BC\u02BB\u00B4")
            Of[mark] = Apostrophe;
        // Turkish has two letters for İ and I; in lower case the former is the common one.
        Of['İ'] = Of['i'];
        Of['ẞ'] = Of['ß'];
        // Romanian with the cedilla of older keyboards.
        Of['ş'] = Of['Ş'] = Of['ș'];
        Of['ţ'] = Of['Ţ'] = Of['ț'];
        for (var composed = '\u00C0'; composed < '\u2000'; composed++)
        {
            if (composed.ToString().Normalize(System.Text.NormalizationForm.FormD) is [var bare, var mark]
                && mark is >= '\u0300' and <= '\u036F')
            {
                Composed.TryAdd((bare, mark), composed);
            }
        }
    }

    private static void Fill(ushort letter, (char From, char To)[] ranges)
    {
        foreach (var (from, to) in ranges)
            Array.Fill(Of, letter, from, to - from + 1);
    }

    private static void Lettered(Script script, (char From, char To)[] ranges, ref ushort next)
    {
        foreach (var (from, to) in ranges)
        {
            for (var unit = from; unit <= to; unit++)
            {
                var lower = char.ToLowerInvariant(unit);
                if (lower != unit || Of[unit] != 0 || unit is '÷' or '×')
                    continue;
                Of[unit] = next;
                Scripts[next] = script;
                if (char.ToUpperInvariant(unit) is var upper && upper != unit && Of[upper] == 0)
                    Of[upper] = next;
                next++;
            }
        }
    }
}
