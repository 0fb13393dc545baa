using static Aval.Text.Identifiers.CheckDigits;
using static Aval.Text.Identifiers.Evidence;

namespace Aval.Text.Identifiers;

/// <summary>
/// The numbers that states give to persons. Where the sum lets one in ten pass and the number has no form of its own, a
/// word has to say what it is; where it holds a date besides, the author's country is enough.
/// </summary>
internal static class NationalSchemes
{
    private const string SpanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
    private const string FinnishLetters = "0123456789ABCDEFHJKLMNPRSTUVWXY";

    /// <summary>Every form, the more particular first.</summary>
    public static IEnumerable<Scheme> All =>
    [
        Of("AT", "dddd dddddd", Country, Austria), Of("AT", "dddddddddd", Word, Austria),
        Of("BE", "ddsddsddsdddsdd", Alone, Belgium),
        Of("BG", "dddddddddd", Country, Bulgaria), Of("BG", "dddddddddd", Word, BulgariaForeigner),
        Of("HR", "ddddddddddd", Word, Mod1110),
        Of("CZ", "dddddd/dddd", Alone, Birth), Of("CZ", "dddddddddd", Word, Birth),
        Of("CZ", "dddddd/ddd", Word, OldBirth),
        Of("DK", "dddddd-dddd", Alone, n => Denmark(n) && Sum(n, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0),
        Of("DK", "dddddd-dddd", Country, Denmark), Of("DK", "dddddddddd", Word, Denmark),
        Of("EE", "ddddddddddd", Country, Baltic), Of("LT", "ddddddddddd", Country, Baltic),
        Of("LT", "ddddddddddd", Word, n => n[0] == '9' && BalticSum(n)),
        Of("FI", "dddddd-dddx", Alone, Finland), Of("FI", "dddddd+dddx", Alone, Finland),
        Of("FI", "ddddddadddx", Alone, n => "ABCDEFYXWVU".Contains(n[6]) && Finland([.. n[..6], .. n[7..]])),
        Of("FR", "dsddsddsdxsdddsdddsdd", Alone, France),
        Of("DE", "ddsddddddsasddd", Alone, Pension), Of("DE", "xxxxxxxxxd", Word, IdentityCard),
        Of("GR", "ddddddddddd", Country, n => IsDate(n[4..6], n[2..4], n[..2]) && Luhn(n)),
        Of("HU", "dsddddddsdddd", Country, Hungary), Of("HU", "dddsdddsddd", Word, HungaryInsurance),
        Of("IE", "dddddddaa", Country, Ireland), Of("IE", "ddddddda", Country, Ireland),
        Of("IT", "aaasaaasxxaxxsaxxxa", Alone, Fiscale),
        Of("LV", "dddddd-ddddd", Alone, Latvia), Of("LV", "ddddddddddd", Word, Latvia),
        Of("LU", "ddddddddddddd", Alone, Luxembourg),
        Of("MT", "ddddddda", Word, n => "MGAPLHBZ".Contains(n[7])),
        Of("NL", "ddddsddsddd", Word, Netherlands), Of("NL", "dddsdddsddd", Word, Netherlands),
        Of("PL", "ddddddddddd", Country, Poland),
        Of("PT", "ddddddddsdsxxsd", Alone, PortugalCard), Of("PT", "ddddddddddd", Word, PortugalInsurance),
        Of("RO", "ddddddddddddd", Alone, Romania),
        Of("SI", "ddddddddddddd", Alone, Jmbg),
        Of("ES", "dddddddd-a", Alone, Dni), Of("ES", "dddddddda", Alone, Dni), Of("ES", "dd.ddd.ddd-a", Alone, Dni),
        Of("ES", "dd.ddd.ddda", Alone, Dni), Of("ES", "dddddddd a", Country, Dni), Of("ES", "asdddddddsa", Alone, Nie),
        Of("SE", "dddddd-dddd", Alone, Sweden), Of("SE", "dddddd+dddd", Alone, Sweden),
        Of("SE", "ddddddddsdddd", Alone, n => n[..2] is "18" or "19" or "20" && Sweden(n[2..])),
        Of("SE", "dddddddddd", Country, Sweden),
        Of("NO", "dsdsdsdsdsdsdsdsdsdsd", Alone, Norway), Of("IS", "dddddd-dddd", Alone, Iceland),
        Of("IS", "dddddddddd", Country, Iceland),
        Of("CH", "756sddddsddddsdd", Alone, Ean13),
        Of("GB", "aasddsddsddsa", Alone, Nino), Of("GB", "dddsdddsdddd", Word, Health),
        Of("TR", "ddddddddddd", Country, Turkey), Of("UA", "dddddddddd", Word, Ukraine),
        Of("US", "ddd-dd-dddd", Alone, UnitedStates), Of("US", "ddd dd dddd", Word, UnitedStates),
    ];

    /// <summary>Spain's number and letter.</summary>
    public static bool Dni(ReadOnlySpan<char> n) => SpanishLetters[Whole(n[..8]) % 23] == n[8];

    /// <summary>Spain's number for foreigners.</summary>
    public static bool Nie(ReadOnlySpan<char> n) =>
        "XYZ".IndexOf(n[0]) is >= 0 and var first && n[1..8].IndexOfAnyExceptInRange('0', '9') < 0
        && SpanishLetters[((first * 10_000_000) + Whole(n[1..8])) % 23] == n[8];

    /// <summary>The check letter of Ireland's numbers of seven digits, with the second letter or without.</summary>
    public static bool Ireland(ReadOnlySpan<char> n)
    {
        var sum = Sum(n, 8, 7, 6, 5, 4, 3, 2);
        if (n.Length == 9)
        {
            if (n[8] is not ((>= 'A' and <= 'I') or 'W' or 'T' or 'X'))
                return false;
            sum += n[8] is 'W' or 'T' or 'X' ? 0 : 9 * (n[8] - 'A' + 1);
        }

        return "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23] == n[7];
    }

    /// <summary>The test of eleven: Σ from nine down to two, and the last digit once, negative.</summary>
    public static bool Netherlands(ReadOnlySpan<char> n) =>
        n.IndexOfAnyExcept('0') >= 0 && Sum(n, 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 == 0;

    /// <summary>Whether ten digits, or six and four, are Sweden's number of a person.</summary>
    public static bool Sweden(ReadOnlySpan<char> n)
    {
        // A coordination number's day is 60 ahead.
        var day = Whole(n[4..6]);
        return day is not (0 or (> 31 and < 61) or > 91) && Luhn(n)
            && (day <= 31 ? IsDate(n[..2], n[2..4], n[4..6]) : Whole(n[2..4]) is >= 1 and <= 12);
    }

    /// <summary>Spain's, Greece's and others' sums are in <see cref="TaxSchemes"/>; these are the births.</summary>
    public static bool Birth(ReadOnlySpan<char> n) =>
        BirthDate(n) && (Remainder(n, 11) == 0 || (Remainder(n[..9], 11) == 10 && n[9] == '0'));

    /// <summary>EAN-13's sum, which Switzerland's insurance number uses.</summary>
    public static bool Ean13(ReadOnlySpan<char> n) => Sum(n, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1) % 10 == 0;

    private static Scheme Of(string country, string pattern, Evidence evidence, Check check) =>
        new(country, IdentifierKind.NationalId, pattern, evidence, check);

    private static bool Austria(ReadOnlySpan<char> n) =>
        n[0] != '0' && (Whole(n[6..8]) is >= 13 and <= 15 || IsDate(n[8..10], n[6..8], n[4..6]))
        && Sum(n, 3, 7, 9, 0, 5, 8, 4, 2, 1, 6) % 11 == Value(n[3]);

    private static bool Belgium(ReadOnlySpan<char> n)
    {
        var month = Whole(n[2..4]);
        // Unknown months and days are zero; a number for foreigners is 20 or 40 ahead.
        var known = month % 20 is >= 0 and <= 12 && month < 53 && Whole(n[4..6]) <= 31;
        var born = Whole(n[..9]);
        var check = Whole(n[9..]);
        var old = 97 - (born % 97);
        var young = 97 - (int)((2_000_000_000L + born) % 97);
        return known && (check == old || check == young);
    }

    public static bool Bulgaria(ReadOnlySpan<char> n)
    {
        var month = Whole(n[2..4]);
        return IsDate(n[..2], n[2..4], n[4..6], month > 40 ? 40 : month > 20 ? 20 : 0)
            && Sum(n, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 % 10 == Value(n[9]);
    }

    public static bool BulgariaForeigner(ReadOnlySpan<char> n) =>
        Sum(n, 21, 19, 17, 13, 11, 9, 7, 3, 1) % 10 == Value(n[9]);

    private static bool BirthDate(ReadOnlySpan<char> n)
    {
        var month = Whole(n[2..4]);
        return IsDate(n[..2], n[2..4], n[4..6], month > 70 ? 70 : month > 50 ? 50 : month > 20 ? 20 : 0);
    }

    public static bool OldBirth(ReadOnlySpan<char> n) => Whole(n[..2]) <= 53 && BirthDate(n);

    private static bool Denmark(ReadOnlySpan<char> n) => IsDate(n[4..6], n[2..4], n[..2]);

    private static bool Baltic(ReadOnlySpan<char> n)
    {
        if (n[0] is < '1' or > '8' || !IsDate(n[1..3], n[3..5], n[5..7]))
            return false;
        return BalticSum(n);
    }

    private static bool BalticSum(ReadOnlySpan<char> n)
    {
        var check = Sum(n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11;
        if (check == 10)
            check = Sum(n, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11;
        return check % 10 == Value(n[10]);
    }

    private static bool Finland(ReadOnlySpan<char> n) =>
        IsDate(n[4..6], n[2..4], n[..2]) && Whole(n[6..9]) >= 2
        && FinnishLetters[(int)(((Whole(n[..6]) * 1000L) + Whole(n[6..9])) % 31)] == n[9];

    private static bool France(ReadOnlySpan<char> n)
    {
        if (!"123478".Contains(n[0]) || Whole(n[3..5]) is 0 or (> 12 and not 20))
            return false;
        if (char.IsAsciiLetter(n[6]) && (n[5] != '2' || n[6] is not ('A' or 'B')))
            return false;
        var number = 0L;
        foreach (var c in n[..13])
            number = (number * 10) + (char.IsAsciiDigit(c) ? Value(c) : 0);
        number -= n[6] == 'A' ? 1_000_000 : n[6] == 'B' ? 2_000_000 : 0; // Corsica: 2A counts as 19, 2B as 18.
        return 97 - (number % 97) == Whole(n[13..]);
    }

    private static bool Pension(ReadOnlySpan<char> n)
    {
        var letter = n[8] - 'A' + 1;
        ReadOnlySpan<int> weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
        Span<char> digits = [.. n[..8], (char)('0' + (letter / 10)), (char)('0' + (letter % 10)), .. n[9..11]];
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            var product = Value(digits[i]) * weights[i];
            sum += (product / 10) + (product % 10);
        }

        return sum % 10 == Value(n[11]) && Whole(n[4..6]) is >= 1 and <= 12 && Whole(n[2..4]) is >= 1 and <= 92;
    }

    private static bool IdentityCard(ReadOnlySpan<char> n)
    {
        if (!"CFGHJKLMNPRTVWXYZL".Contains(n[0]))
            return false;
        var sum = 0;
        for (var i = 0; i < 9; i++)
            sum += (char.IsAsciiDigit(n[i]) ? Value(n[i]) : n[i] - 'A' + 10) * (i % 3 == 0 ? 7 : i % 3 == 1 ? 3 : 1);
        return sum % 10 == Value(n[9]);
    }

    private static bool Hungary(ReadOnlySpan<char> n) =>
        n[0] is >= '1' and <= '8' && IsDate(n[1..3], n[3..5], n[5..7])
        && (Sum(n, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 11 == Value(n[10])
            || Sum(n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) % 11 == Value(n[10]));

    private static bool HungaryInsurance(ReadOnlySpan<char> n) => Sum(n, 3, 7, 3, 7, 3, 7, 3, 7) % 10 == Value(n[8]);

    private static bool Fiscale(ReadOnlySpan<char> n)
    {
        // Twins have letters in place of digits (omocodia), at the places of digits only.
        foreach (var place in (ReadOnlySpan<int>)[6, 7, 9, 10, 12, 13, 14])
        {
            if (!char.IsAsciiDigit(n[place]) && !"LMNPQRSTUV".Contains(n[place]))
                return false;
        }

        if (!"ABCDEHLMPRST".Contains(n[8]))
            return false;
        var sum = 0;
        for (var i = 0; i < 15; i++)
        {
            var value = char.IsAsciiDigit(n[i]) ? Value(n[i]) : n[i] - 'A';
            sum += i % 2 == 1 ? value : Odd[value];
        }

        return n[15] - 'A' == sum % 26;
    }

    private static ReadOnlySpan<byte> Odd =>
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    private static bool Latvia(ReadOnlySpan<char> n) =>
        n[..2] is "32" || (IsDate(n[4..6], n[2..4], n[..2]) && n[6] is >= '0' and <= '2'
            && (1101 - Sum(n, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11 % 10 == Value(n[10]));

    private static bool Luxembourg(ReadOnlySpan<char> n) =>
        n[..2] is "18" or "19" or "20" && IsDate(n[2..4], n[4..6], n[6..8]) && Luhn(n[..12])
        && Verhoeff([.. n[..11], n[12]]);

    private static bool Poland(ReadOnlySpan<char> n)
    {
        var month = Whole(n[2..4]);
        return IsDate(n[..2], n[2..4], n[4..6], month / 20 * 20)
            && Sum(n, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 == 0;
    }

    private static bool PortugalCard(ReadOnlySpan<char> n)
    {
        if (!char.IsAsciiLetter(n[9]) && !char.IsAsciiLetter(n[10]))
            return false;
        var sum = 0;
        for (var i = 0; i < 12; i++)
        {
            var value = char.IsAsciiDigit(n[i]) ? Value(n[i]) : n[i] - 'A' + 10;
            sum += i % 2 == 1 ? value : value * 2 > 9 ? (value * 2) - 9 : value * 2;
        }

        return sum % 10 == 0;
    }

    private static bool PortugalInsurance(ReadOnlySpan<char> n) =>
        n[0] is '1' or '2' && 9 - (Sum(n, 29, 23, 19, 17, 13, 11, 7, 5, 3, 2) % 10) == Value(n[10]);

    private static bool Romania(ReadOnlySpan<char> n) =>
        n[0] != '0' && IsDate(n[1..3], n[3..5], n[5..7])
        && Whole(n[7..9]) is (>= 1 and <= 52) or 70 or (>= 80 and <= 83)
        && Sum(n, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11 is var check && (check == 10 ? 1 : check) == Value(n[12]);

    private static bool Jmbg(ReadOnlySpan<char> n) =>
        IsDate(n[5..7], n[2..4], n[..2]) && n[4] is '9' or '0' && Whole(n[7..9]) <= 96
        && (11 - (Sum(n, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11)) % 11 is var check && check % 10 == Value(n[12]);

    private static bool Norway(ReadOnlySpan<char> n)
    {
        var month = Whole(n[2..4]);
        var day = Whole(n[..2]);
        // Numbers for foreigners are 40 ahead in the day, synthetic and auxiliary ones in the month.
        return month % 40 is >= 1 and <= 12 && month < 93 && day % 40 is >= 1 and <= 31 && day < 72
            && Sum(n, 3, 7, 6, 1, 8, 9, 4, 5, 2, 1) % 11 == 0 && Sum(n, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
    }

    private static bool Iceland(ReadOnlySpan<char> n) =>
        IsDate(n[4..6], n[2..4], n[..2]) && n[9] is '8' or '9' or '0'
        && Sum(n, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;

    private static bool Nino(ReadOnlySpan<char> n) =>
        !"DFIQUV".Contains(n[0]) && !"DFIOQUV".Contains(n[1]) && n[8] is >= 'A' and <= 'D'
        && n[..2] is not ("BG" or "GB" or "KN" or "NK" or "NT" or "TN" or "ZZ");

    private static bool Health(ReadOnlySpan<char> n) => Sum(n, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;

    private static bool Turkey(ReadOnlySpan<char> n)
    {
        var odd = Sum(n, 1, 0, 1, 0, 1, 0, 1, 0, 1);
        var even = Sum(n, 0, 1, 0, 1, 0, 1, 0, 1);
        return n[0] != '0' && (((odd * 7) - even) % 10 + 10) % 10 == Value(n[9])
            && (odd + even + Value(n[9])) % 10 == Value(n[10]);
    }

    private static bool Ukraine(ReadOnlySpan<char> n) =>
        ((Sum(n, -1, 5, 7, 9, 4, 6, 10, 5, 7) % 11) + 11) % 11 % 10 == Value(n[9]);

    private static bool UnitedStates(ReadOnlySpan<char> n) =>
        n[0] != '9' && n[..3] is not ("000" or "666") && n[3..5] is not "00" && n[5..] is not "0000";
}
