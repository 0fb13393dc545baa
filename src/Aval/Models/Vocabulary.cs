namespace Aval.Models;

/// <summary>Over what the probabilities of a model sum up to one.</summary>
internal static class Vocabulary
{
    // 00–7F, 80–BF and C2–F4 occur in UTF-8.
    private const int BytesOfUtf8 = 0x80 + 0x40 + (0xF5 - 0xC2);

    // U+0000–U+10FFFF without the surrogates.
    private const int ScalarValues = 0x110000 - 0x800;

    /// <summary>How many symbols may follow a context, the end of the text among them. Of words, those that were read
    /// and one for all others.</summary>
    public static int SizeOf(ModelForm form, Lexicon? lexicon) => 1 + (form.Unit switch
    {
        TextUnit.Byte => BytesOfUtf8,
        TextUnit.Char => ScalarValues,
        _ => lexicon!.Words.Count + 1,
    });

    /// <summary>Every symbol that may follow a context.</summary>
    public static IEnumerable<uint> Of(ModelForm form, Lexicon? lexicon)
    {
        var last = form.Unit == TextUnit.Word ? (uint)lexicon!.Symbols : form.End + 1;
        for (var symbol = 0u; symbol < last; symbol++)
        {
            if (symbol != form.Start && (symbol == form.End || Holds(form.Unit, symbol)))
                yield return symbol;
        }
    }

    private static bool Holds(TextUnit unit, uint symbol) => unit switch
    {
        TextUnit.Byte => symbol is < 0xC0 or (>= 0xC2 and < 0xF5),
        TextUnit.Char => symbol is < 0xD800 or (>= 0xE000 and < 0x110000),
        _ => true,
    };
}
