using static Aval.Text.Identifiers.CheckDigits;
using static Aval.Text.Identifiers.Evidence;

namespace Aval.Text.Identifiers;

/// <summary>
/// Tax numbers and VAT numbers. With the state's letters in front, letters and sum are enough; without, nine digits and
/// a sum that one number in ten has are not, and a word has to say what they are.
/// </summary>
internal static class TaxSchemes
{
    /// <summary>VAT numbers with the state's letters, grouped as anybody likes.</summary>
    public static IEnumerable<Scheme> Prefixed =>
    [
        Vat("AT", "ATU", 8, Austria), Vat("BE", "BE", 10, Belgium), Vat("BE", "BE", 9, n => Belgium(['0', .. n])),
        Vat("BG", "BG", 9, Bulgaria), Vat("BG", "BG", 10, BulgariaOther),
        Vat("CY", "CY", 8, Cyprus, "a"), Vat("CZ", "CZ", 8, Czech), Vat("CZ", "CZ", 9, CzechOther),
        Vat("CZ", "CZ", 10, NationalSchemes.Birth),
        Vat("DE", "DE", 9, Mod1110), Vat("DK", "DK", 8, Denmark), Vat("EE", "EE", 9, Estonia),
        Vat("GR", "EL", 9, Greece), Vat("GR", "GR", 9, Greece),
        Vat("ES", "ES", 8, NationalSchemes.Dni, "a"),
        new("ES", IdentifierKind.TaxId, "ESsasdddddddsx", Alone, Spain, 2),
        Vat("FI", "FI", 8, Finland), new("FR", IdentifierKind.TaxId, Loose("FR", "xx" + D(9)), Alone, France, 2),
        Vat("HR", "HR", 11, Mod1110), Vat("HU", "HU", 8, Hungary),
        Vat("IE", "IE", 7, NationalSchemes.Ireland, "aa"), Vat("IE", "IE", 7, NationalSchemes.Ireland, "a"),
        new("IE", IdentifierKind.TaxId, "IEsdaddddda", Alone, OldIreland, 2),
        Vat("IT", "IT", 11, Italy), Vat("LT", "LT", 12, Lithuania), Vat("LT", "LT", 9, Lithuania),
        Vat("LU", "LU", 8, n => Whole(n[..6]) % 89 == Whole(n[6..])), Vat("LV", "LV", 11, Latvia),
        Vat("MT", "MT", 8, n => Sum(n, 3, 4, 6, 7, 8, 9, 10, 1) % 37 == 0),
        new("NL", IdentifierKind.TaxId, Loose("NL", D(9) + "Bdd"), Alone, Netherlands, 2),
        Vat("PL", "PL", 10, Poland), Vat("PT", "PT", 9, Portugal),
        .. Enumerable.Range(4, 7).Reverse().Select(size => Vat("RO", "RO", size, Romania)),
        Vat("SE", "SE", 12, n => Luhn(n[..10]) && n[10..] is not "00"), Vat("SI", "SI", 8, Slovenia),
        Vat("SK", "SK", 10, Slovakia), Vat("GB", "GB", 12, n => Britain(n[..9])), Vat("GB", "GB", 9, Britain),
        Vat("GB", "XI", 9, Britain),
        new("CH", IdentifierKind.TaxId, Loose("CHE", D(9)), Alone, Switzerland, 3),
        new("NO", IdentifierKind.TaxId, Loose("NO", D(9) + "MVA"), Alone, n => Norway(n[..9]), 2),
        Vat("NO", "NO", 9, Norway),
    ];

    /// <summary>Numbers without letters in front.</summary>
    public static IEnumerable<Scheme> Bare =>
    [
        Of("DE", "dd ddd ddd ddd", Alone, Germany), Of("DE", "ddddddddddd", Country, Germany),
        Of("DE", "ddsdddsdddsddd", Word, Germany), Of("DE", "ddd/dddd/dddd", Word, Any),
        Of("DE", "ddd/ddd/ddddd", Word, Any), Of("DE", "dd/ddd/ddddd", Word, Any),
        Of("DE", "ddd ddd ddddd", Word, Any), Of("DE", "dd ddd ddddd", Word, Any), Of("DE", "ddddd/ddddd", Word, Any),
        Of("DE", "ddd/dddd/ddd", Word, Any),
        Of("DE", D(13), Word, n => n[4] == '0'),
        Of("AT", "ddsdddsdddd", Word, Luhnlike), Of("BE", "dddd.ddd.ddd", Alone, Belgium),
        Of("BE", D(10), Word, Belgium),
        Of("PL", "ddd-ddd-dd-dd", Alone, Poland), Of("PL", "ddd-dd-dd-ddd", Alone, Poland),
        Of("PL", D(10), Word, Poland),
        Of("PL", D(9), Word, Regon),
        Of("IT", D(11), Word, Italy),
        new("ES", IdentifierKind.TaxId, "asdddddddsx", Country, Cif),
        Of("PT", "dddsdddsddd", Word, Portugal), Of("GB", D(10), Word, BritainUtr),
        Of("GB", "dddsddddsdd", Word, Britain),
        Of("FR", "ddsddsdddsdddsddd", Word, n => Whole(n[..9]) is var head && FrenchTax(n, head)),
        Of("FR", "dddsdddsdddsddddd", Word, Luhn), Of("FR", "dddsdddsddd", Word, Luhn),
        new("FR", IdentifierKind.TaxId, "xxsdddsdddsddd", Word, France),
        Of("FI", "ddddddd-d", Country, Finland), Of("SE", "dddddd-dddd", Country, Sweden),
        Of("SE", D(12), Word, n => Luhn(n[..10])), Of("SE", D(10), Word, Sweden),
        Of("HU", "dddddddd-d-dd", Alone, Hungary), Of("HU", "dsdddsdddsddd", Word, HungaryPerson),
        Of("HU", "dddddddd", Word, Hungary),
        Of("GR", D(9), Word, Greece), Of("BG", D(9), Word, Bulgaria), Of("SI", D(8), Word, Slovenia),
        Of("SK", D(10), Word, Slovakia), Of("CZ", D(8), Word, Czech), Of("CZ", D(9), Word, CzechOther),
        Of("DK", "ddsddsddsdd", Word, Denmark),
        Of("EE", D(9), Word, Estonia), Of("EE", D(8), Word, EstoniaRegister), Of("LT", D(9), Word, Lithuania),
        Of("LT", D(12), Word, Lithuania),
        Of("LV", "ddddsddddsddd", Word, Latvia), Of("LU", "dddsdddsdd", Word, n => Whole(n[..6]) % 89 == Whole(n[6..])),
        Of("MT", "ddddsdddd", Word, n => Sum(n, 3, 4, 6, 7, 8, 9, 10, 1) % 37 == 0),
        new("NL", IdentifierKind.TaxId, "dddddddddsBdd", Alone, Netherlands),
        new("CY", IdentifierKind.TaxId, "dddddddda", Word, Cyprus), Of("DE", "dddsdddsddd", Word, Mod1110),
        Of("HR", D(11), Word, Mod1110), Of("NO", "dddsdddsddd", Word, Norway),
        .. Enumerable.Range(7, 4).Reverse().Select(size => Of("RO", D(size), Word, Romania)),
        Of("RO", "dddsdddsdd", Word, Romania),
    ];

    private static string D(int digits) => new('d', digits);

    private static string Loose(string letters, string rest) => letters + string.Concat(rest.Select(c => "s" + c));

    private static Scheme Vat(string country, string letters, int digits, Check check, string end = "") =>
        new(country, IdentifierKind.TaxId, Loose(letters, D(digits) + end), Alone, check, letters.Length);

    private static Scheme Of(string country, string pattern, Evidence evidence, Check check) =>
        new(country, IdentifierKind.TaxId, pattern, evidence, check);

    private static bool Any(ReadOnlySpan<char> n) => true;

    // Digits at odd places of what the weights double are added up, as Luhn does.
    private static int Doubled(ReadOnlySpan<char> n, int count)
    {
        var sum = 0;
        for (var i = 0; i < count; i++)
        {
            var value = Value(n[i]);
            sum += i % 2 == 0 ? value : value > 4 ? (value * 2) - 9 : value * 2;
        }

        return sum;
    }

    private static bool Austria(ReadOnlySpan<char> n) => (106 - Doubled(n, 7)) % 10 == Value(n[7]);

    private static bool Luhnlike(ReadOnlySpan<char> n) =>
        Value(n[8]) == (10 - (Doubled(n, 8) % 10)) % 10;

    private static bool Belgium(ReadOnlySpan<char> n) =>
        n[0] is '0' or '1' && Whole(n[..8]) > 0 && 97 - (Whole(n[..8]) % 97) == Whole(n[8..]);

    private static bool Bulgaria(ReadOnlySpan<char> n)
    {
        var check = Sum(n, 1, 2, 3, 4, 5, 6, 7, 8) % 11;
        if (check == 10)
            check = Sum(n, 3, 4, 5, 6, 7, 8, 9, 10) % 11 % 10;
        return check == Value(n[8]);
    }

    // A person's number, or another's, which has a sum of its own.
    private static bool BulgariaOther(ReadOnlySpan<char> n) => Sum(n, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0
        || NationalSchemes.Bulgaria(n) || NationalSchemes.BulgariaForeigner(n);

    private static bool CzechOther(ReadOnlySpan<char> n) => NationalSchemes.OldBirth(n)
        || (n[0] == '6' && (8 + (Sum(n[1..], 8, 7, 6, 5, 4, 3, 2) % 11)) % 10 == Value(n[8]));

    private static bool Cyprus(ReadOnlySpan<char> n)
    {
        if (n[..2] is "12")
            return false;
        ReadOnlySpan<byte> odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
        var sum = 0;
        for (var i = 0; i < 8; i++)
            sum += i % 2 == 0 ? odd[Value(n[i])] : Value(n[i]);
        return n[8] - 'A' == sum % 26;
    }

    private static bool Czech(ReadOnlySpan<char> n)
    {
        var check = (11 - (Sum(n, 8, 7, 6, 5, 4, 3, 2) % 11)) % 11;
        return n[0] != '9' && check % 10 == Value(n[7]);
    }

    private static bool Denmark(ReadOnlySpan<char> n) => n[0] != '0' && Sum(n, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;

    private static bool Estonia(ReadOnlySpan<char> n) => Sum(n, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0;

    private static bool EstoniaRegister(ReadOnlySpan<char> n)
    {
        var check = Sum(n, 1, 2, 3, 4, 5, 6, 7) % 11;
        if (check == 10)
            check = Sum(n, 3, 4, 5, 6, 7, 8, 9) % 11 % 10;
        return n[0] is '1' or '7' or '8' or '9' && check == Value(n[7]);
    }

    private static bool Greece(ReadOnlySpan<char> n) =>
        n.IndexOfAnyExcept('0') >= 0 && Sum(n, 256, 128, 64, 32, 16, 8, 4, 2) % 11 % 10 == Value(n[8]);

    private static bool Spain(ReadOnlySpan<char> n) => NationalSchemes.Nie(n) || Cif(n)
        || (n[0] is 'K' or 'L' or 'M' && n[1..8].IndexOfAnyExceptInRange('0', '9') < 0
            && NationalSchemes.Dni(['0', .. n[1..]]));

    private static bool Cif(ReadOnlySpan<char> n)
    {
        if (!"ABCDEFGHJNPQRSUVW".Contains(n[0]))
            return false;
        var check = (10 - (Doubled(['0', .. n[1..8]], 8) % 10)) % 10;
        // Doubled counts from the left, and here the first digit behind the letter is doubled.
        return n[8] == '0' + check || n[8] == "JABCDEFGHI"[check];
    }

    private static bool Finland(ReadOnlySpan<char> n) => Sum(n, 7, 9, 10, 5, 8, 4, 2, 1) % 11 == 0;

    private static bool France(ReadOnlySpan<char> n)
    {
        if (n[2..].IndexOfAnyExceptInRange('0', '9') >= 0 || !(Luhn(n[2..]) || n[2..5] is "000"))
            return false;
        if (char.IsAsciiDigit(n[0]) && char.IsAsciiDigit(n[1]))
            return Whole(n[..2]) == (int)(((Whole(n[2..]) * 100L) + 12) % 97);
        const string Alphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        var (first, second) = (Alphabet.IndexOf(n[0]), Alphabet.IndexOf(n[1]));
        var check = char.IsAsciiDigit(n[0]) ? (first * 24) + second - 10 : (first * 34) + second - 100;
        return first >= 0 && second >= 0 && (Whole(n[2..]) + 1 + (check / 11)) % 11 == check % 11;
    }

    private static bool FrenchTax(ReadOnlySpan<char> n, int head) =>
        n[0] is >= '0' and <= '3' && (int)(((head * 10L) + Value(n[9])) % 511) == Whole(n[10..]);

    private static bool Germany(ReadOnlySpan<char> n)
    {
        if (n[0] == '0' || !Mod1110(n))
            return false;
        // Of the first ten digits exactly one occurs twice or three times.
        Span<int> counts = stackalloc int[10];
        counts.Clear();
        foreach (var digit in n[..10])
            counts[Value(digit)]++;
        var repeated = 0;
        foreach (var count in counts)
            repeated += count > 3 ? 2 : count > 1 ? 1 : 0;
        return repeated == 1;
    }

    private static bool Hungary(ReadOnlySpan<char> n) => Sum(n, 9, 7, 3, 1, 9, 7, 3, 1) % 10 == 0;

    private static bool HungaryPerson(ReadOnlySpan<char> n) =>
        n[0] == '8' && Sum(n, 1, 2, 3, 4, 5, 6, 7, 8, 9) % 11 == Value(n[9]);

    private static bool OldIreland(ReadOnlySpan<char> n) =>
        NationalSchemes.Ireland(['0', .. n[2..7], n[0], n[7]]);

    private static bool Italy(ReadOnlySpan<char> n) => n[..7].IndexOfAnyExcept('0') >= 0 && Luhn(n)
        && Whole(n[7..10]) is (>= 1 and <= 100) or 120 or 121 or 888 or 999;

    private static bool Lithuania(ReadOnlySpan<char> n)
    {
        var body = n[..^1];
        if (n[^2] != '1')
            return false;
        var (one, three) = (0, 0);
        for (var i = 0; i < body.Length; i++)
        {
            one += Value(body[i]) * (1 + (i % 9));
            three += Value(body[i]) * (1 + ((i + 2) % 9));
        }

        return (one % 11 == 10 ? three % 11 % 10 : one % 11) == Value(n[^1]);
    }

    private static bool Latvia(ReadOnlySpan<char> n) =>
        n[0] > '3' && Sum(n, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1) % 11 == 3;

    private static bool Netherlands(ReadOnlySpan<char> n) =>
        NationalSchemes.Netherlands(n[..9]) || Remainder(['N', 'L', .. n[..9], 'B', .. n[^2..]], 97) == 1;

    private static bool Poland(ReadOnlySpan<char> n) => Sum(n, 6, 5, 7, 2, 3, 4, 5, 6, 7, -1) % 11 == 0;

    private static bool Regon(ReadOnlySpan<char> n) => Sum(n, 8, 9, 2, 3, 4, 5, 6, 7) % 11 % 10 == Value(n[8]);

    private static bool Portugal(ReadOnlySpan<char> n) =>
        n[0] != '0' && (11 - (Sum(n, 9, 8, 7, 6, 5, 4, 3, 2) % 11)) % 11 % 10 == Value(n[8]);

    private static bool Romania(ReadOnlySpan<char> n)
    {
        Span<char> padded = stackalloc char[10];
        padded.Fill('0');
        n.CopyTo(padded[(10 - n.Length)..]);
        return n[0] != '0' && Sum(padded, 7, 5, 3, 2, 1, 7, 5, 3, 2) * 10 % 11 % 10 == Value(padded[9]);
    }

    private static bool Sweden(ReadOnlySpan<char> n) => n[2] >= '2' && n[0] != '0' && Luhn(n);

    private static bool Slovenia(ReadOnlySpan<char> n) =>
        n[0] != '0' && 11 - (Sum(n, 8, 7, 6, 5, 4, 3, 2) % 11) is var check and < 11 && check % 10 == Value(n[7]);

    private static bool Slovakia(ReadOnlySpan<char> n) =>
        n[0] != '0' && n[2] is '2' or '3' or '4' or '7' or '8' or '9' && long.Parse(n, null) % 11 == 0;

    private static bool Britain(ReadOnlySpan<char> n)
    {
        var sum = Sum(n, 8, 7, 6, 5, 4, 3, 2) + Whole(n[7..9]);
        return n[..3] is not "000" && (sum % 97 == 0 || (sum + 55) % 97 == 0 || (sum + 42) % 97 == 0);
    }

    private static bool BritainUtr(ReadOnlySpan<char> n) =>
        "21987654321"[Sum(n[1..], 6, 7, 8, 9, 10, 5, 4, 3, 2) % 11] == n[0];

    private static bool Switzerland(ReadOnlySpan<char> n) =>
        (11 - (Sum(n, 5, 4, 3, 2, 7, 6, 5, 4) % 11)) % 11 == Value(n[8]);

    private static bool Norway(ReadOnlySpan<char> n) => Sum(n, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
}
