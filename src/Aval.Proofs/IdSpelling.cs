using System.Buffers;
using System.Globalization;
using System.Text;

namespace Aval.Proofs;

/// <summary>
/// How the id of an account or an item is spelled: 1–256 bytes of UTF-8 in Unicode's normal form C, without white space
/// and without characters that nobody sees. What looks like one id is one id then, byte for byte.
/// </summary>
internal static class IdSpelling
{
    /// <summary>The longest id, in bytes.</summary>
    public const int MaxBytes = 256;

    /// <summary>What should stand in a text's place, to be read after "should hold"; null = it is an id.</summary>
    public static string? Expected(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > MaxBytes)
            return Length;
        if (!text.ContainsAnyExceptInRange('!', '~'))
            return null;
        if (Hidden(text) is { } hidden)
            return hidden;
        if (Encoding.UTF8.GetByteCount(text) > MaxBytes)
            return Length;
        return UnicodeText.IsNormal(text.ToString())
            ? null
            : "an id in Unicode's normal form C (the same letters are there in another spelling: normalise it, "
                + "in a mapping with nfc_normalize)";
    }

    /// <summary>What is wrong with a text that holds white space or what nobody sees; null = it holds none.</summary>
    public static string? Hidden(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length;)
        {
            var whole = Rune.DecodeFromUtf16(text[at..], out var rune, out var length) == OperationStatus.Done;
            if (!whole || !UnicodeText.IsSeen(rune.Value))
            {
                var place = at == 0 ? "at its beginning" : at + length == text.Length ? "at its end" : "inside it";
                var code = whole ? rune.Value : text[at];
                return "an id without white space or invisible characters "
                    + $"(U+{code.ToString("X4", CultureInfo.InvariantCulture)} stands {place}: remove it where the id "
                    + "comes from)";
            }

            at += length;
        }

        return null;
    }

    /// <summary>
    /// What is wrong with an id that other programs made of a number; null = nothing is. Two such ids are one account
    /// that nobody finds, or two accounts in one.
    /// </summary>
    public static string? Damaged(ReadOnlySpan<char> id)
    {
        var digits = id.IndexOfAnyExceptInRange('0', '9');
        if (digits > 0)
        {
            var rest = id[digits..];
            var fraction = rest[0] == '.' ? rest[1..].IndexOfAnyExceptInRange('0', '9') : -1;
            if (rest[0] == '.' && rest.Length > 1 && !rest[1..].ContainsAnyExcept('0'))
            {
                return "a whole number (a program wrote this id as one with a fraction: give it as text or as "
                    + "an integer)";
            }

            var exponent = rest[0] == '.' ? (fraction > 0 ? rest[(1 + fraction)..] : []) : rest;
            if (IsExponent(exponent, signed: rest[0] != '.'))
            {
                return "all digits of the id (a spreadsheet rounded this one and its last digits are lost: "
                    + "export the column again, as text)";
            }
        }

        return !id.IsEmpty && IsForeignNumber(id)
            ? "a number in the digits 0–9 (these are others that only look alike: write them in ASCII)"
            : null;
    }

    // "E5" alone ends many a product's id; with a sign, or after a fraction, it is an exponent.
    private static bool IsExponent(ReadOnlySpan<char> text, bool signed)
    {
        if (text.Length < 2 || text[0] is not ('e' or 'E'))
            return false;
        var sign = text[1] is '+' or '-' ? 1 : 0;
        var digits = text[(1 + sign)..];
        return (sign == 1 || !signed) && !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9');
    }

    private static bool IsForeignNumber(ReadOnlySpan<char> id)
    {
        if (Ascii.IsValid(id))
            return false;
        foreach (var rune in id.EnumerateRunes())
        {
            if (!Rune.IsDigit(rune))
                return false;
        }

        return true;
    }

    private static readonly string Length = $"an id of 1–{MaxBytes} bytes";
}
