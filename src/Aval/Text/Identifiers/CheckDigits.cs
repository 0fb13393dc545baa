namespace Aval.Text.Identifiers;

/// <summary>
/// The sums that numbers carry so that a slip of the pen shows. All take what they check without separators, digits in
/// ASCII and letters in capitals.
/// </summary>
internal static class CheckDigits
{
    private static readonly byte[][] VerhoeffProduct = Dihedral();

    private static readonly byte[] VerhoeffTurn = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

    /// <summary>ISO/IEC 7812-1, annex B.</summary>
    public static bool Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var value = digits[digits.Length - 1 - i] - '0';
            sum += i % 2 == 0 ? value : value > 4 ? (value * 2) - 9 : value * 2;
        }

        return sum % 10 == 0;
    }

    /// <summary>The remainder by a modulus, letters as two digits (A = 10), as ISO 7064 MOD 97-10 counts.</summary>
    public static int Remainder(ReadOnlySpan<char> text, int modulus)
    {
        var remainder = 0;
        foreach (var c in text)
        {
            remainder = char.IsAsciiDigit(c)
                ? ((remainder * 10) + c - '0') % modulus
                : ((remainder * 100) + c - 'A' + 10) % modulus;
        }

        return remainder;
    }

    /// <summary>Σ digit × weight, over as many as there are weights.</summary>
    public static int Sum(ReadOnlySpan<char> digits, params ReadOnlySpan<int> weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
            sum += (digits[i] - '0') * weights[i];
        return sum;
    }

    /// <summary>The value of a digit.</summary>
    public static int Value(char digit) => digit - '0';

    /// <summary>ISO 7064 MOD 11,10: Germany's and Croatia's tax numbers.</summary>
    public static bool Mod1110(ReadOnlySpan<char> digits)
    {
        var check = 10;
        foreach (var digit in digits[..^1])
        {
            check = (check + Value(digit)) % 10;
            check = (check == 0 ? 10 : check) * 2 % 11;
        }

        return (check + Value(digits[^1])) % 10 == 1;
    }

    /// <summary>Verhoeff's sum, which Luxembourg uses.</summary>
    public static bool Verhoeff(ReadOnlySpan<char> digits)
    {
        var check = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var value = Value(digits[digits.Length - 1 - i]);
            for (var turn = 0; turn < i % 8; turn++)
                value = VerhoeffTurn[value];
            check = VerhoeffProduct[check][value];
        }

        return check == 0;
    }

    /// <summary>Whether two, two and two digits are a day, a month and a year of some century.</summary>
    public static bool IsDate(ReadOnlySpan<char> year, ReadOnlySpan<char> month, ReadOnlySpan<char> day, int ahead = 0)
    {
        var m = Whole(month) - ahead;
        var d = Whole(day);
        var y = Whole(year);
        // A year of two digits is taken as one in which 29 February may be, wherever some century has it.
        return m is >= 1 and <= 12 && d >= 1
            && d <= (m is 4 or 6 or 9 or 11 ? 30 : m == 2 ? y % 4 == 0 ? 29 : 28 : 31);
    }

    /// <summary>The number that digits write.</summary>
    public static int Whole(ReadOnlySpan<char> digits)
    {
        var value = 0;
        foreach (var digit in digits)
            value = (value * 10) + Value(digit);
        return value;
    }

    private static byte[][] Dihedral()
    {
        // The group of the pentagon's turns and mirrors: 0–4 turn, 5–9 mirror.
        var product = new byte[10][];
        for (var a = 0; a < 10; a++)
        {
            product[a] = new byte[10];
            for (var b = 0; b < 10; b++)
            {
                product[a][b] = (byte)((a < 5, b < 5) switch
                {
                    (true, true) => (a + b) % 5,
                    (true, false) => 5 + (a + b) % 5,
                    (false, true) => 5 + (a - b + 5) % 5,
                    (false, false) => (a - b + 5) % 5,
                });
            }
        }

        return product;
    }
}
