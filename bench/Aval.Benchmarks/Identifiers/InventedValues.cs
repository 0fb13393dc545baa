using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using Aval.Text.Identifiers;
using PhoneNumbers;

namespace Aval.Benchmarks.Identifiers;

/// <summary>
/// Identifiers of nobody: random, and valid by their check digits. Telephone numbers are valid by their plans, and may
/// be somebody's as any random number may.
/// </summary>
internal sealed class InventedValues(int seed)
{
    private static readonly PhoneNumberUtil Plans = PhoneNumberUtil.GetInstance();

    private static readonly string[] Names =
        ["kim", "lee", "alexis", "sascha", "noa", "robin", "luca", "mika", "andrea", "dominique", "nikola", "saša"];

    private static readonly string[] Issuers = ["4", "51", "55", "2223", "37"];

    private static readonly Dictionary<string, string[]> Plates = new()
    {
        ["DE"] = ["B-LL DDDD", "M-L DDD"],
        ["FR"] = ["LL-DDD-LL"],
        ["IT"] = ["LL DDD LL"],
        ["ES"] = ["DDDD LLL"],
        ["NL"] = ["LL-DDD-L", "DD-LL-LL"],
        ["PL"] = ["WA DDDDD"],
        ["SE"] = ["LLL DDD"],
        ["PT"] = ["LL-DD-LL"],
    };

    private readonly Random _random = new(seed);

    public int Below(int limit) => _random.Next(limit);

    public string Digits(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(at => (char)('0' + _random.Next(at == 0 ? 1 : 0, 10))));

    public string Email() => $"{Of(Names)}.{Of(Names)}{_random.Next(100)}@{Of(["example.org", "mail.example.com"])}";

    public string Handle() => $"@{Of(Names)}_{Of(Names)}{_random.Next(100)}";

    public string Phone(string country)
    {
        var example = Plans.GetExampleNumberForType(
            country, _random.Next(2) == 0 ? PhoneNumberType.MOBILE : PhoneNumberType.FIXED_LINE);
        var size = example.NationalNumber.ToString(CultureInfo.InvariantCulture).Length;
        for (var most = 10_000; most > 0; most--)
        {
            var tail = (ulong)Math.Pow(10, size - 2);
            var national = (example.NationalNumber / tail * tail) + (ulong)_random.NextInt64((long)tail);
            var number = new PhoneNumber.Builder().MergeFrom(example).SetNationalNumber(national).Build();
            if (Plans.IsValidNumberForRegion(number, country))
                return Plans.Format(number, _random.Next(3) switch
                {
                    0 => PhoneNumberFormat.INTERNATIONAL,
                    1 => PhoneNumberFormat.E164,
                    _ => PhoneNumberFormat.NATIONAL,
                });
        }

        throw new InvalidOperationException($"No telephone number of {country} was found.");
    }

    public string Iban(string country)
    {
        var size = country switch { "FR" => 27, "DE" or "IE" => 22, "NL" => 18, "PL" => 28, "IT" => 27, _ => 24 };
        country = country is "FR" or "DE" or "IE" or "NL" or "PL" or "IT" ? country : "ES";
        var account = country switch
        {
            "IE" or "NL" => "BANK" + Digits(size - 8),
            "IT" => "X" + Digits(size - 5),
            _ => Digits(size - 4),
        };
        var check = 98 - CheckDigits.Remainder(account + country + "00", 97);
        var iban = $"{country}{check:D2}{account}";
        return _random.Next(2) == 0 ? iban : string.Join(' ', iban.Chunk(4).Select(four => new string(four)));
    }

    public string Card()
    {
        var issuer = Of(Issuers);
        var size = issuer == "37" ? 15 : 16;
        var number = issuer + Digits(size - issuer.Length - 1);
        var check = "0123456789".First(digit => CheckDigits.Luhn(number + digit));
        number += check;
        return size == 16 && _random.Next(2) == 0
            ? string.Join(' ', number.Chunk(4).Select(four => new string(four)))
            : number;
    }

    /// <summary>A number that one of the country's schemes accepts; null where it has none.</summary>
    public string? Numbered(string country, IdentifierKind kind)
    {
        var schemes = NationalSchemes.All.Concat(TaxSchemes.Prefixed).Concat(TaxSchemes.Bare)
            .Where(scheme => scheme.Country == country && scheme.Kind == kind).ToArray();
        Span<char> number = stackalloc char[40];
        for (var most = 3_000_000; schemes.Length > 0 && most > 0; most--)
        {
            var scheme = Of(schemes);
            var written = string.Concat(scheme.Pattern.Select(symbol => symbol switch
            {
                'd' or 'x' => ((char)('0' + _random.Next(10))).ToString(),
                'a' => ((char)('A' + _random.Next(26))).ToString(),
                's' => "",
                _ => symbol.ToString(),
            }));
            if (scheme.Read(written, 0, number) == written.Length
                && scheme.IsValid(number[scheme.Prefix..scheme.Size]))
                return written;
        }

        return null;
    }

    public string? Plate(string country) => !Plates.TryGetValue(country, out var shapes) ? null
        : string.Concat(Of(shapes).Select(symbol => symbol switch
        {
            'L' => "ABCDEHJKLNPRSTVX"[_random.Next(16)],
            'D' => (char)('1' + _random.Next(9)),
            _ => symbol,
        }));

    public string Ip() => _random.Next(2) == 0
        ? $"{_random.Next(11, 224)}.{_random.Next(256)}.{_random.Next(256)}.{_random.Next(1, 255)}"
        : $"2001:db8:{_random.Next(65536):x}::{_random.Next(1, 65536):x}";

    public string Mac() => string.Join(':', Enumerable.Range(0, 6).Select(_ => $"{_random.Next(256):x2}"));

    public string Coordinates() => string.Create(
        CultureInfo.InvariantCulture, $"{35 + (_random.NextDouble() * 30):F5}, {_random.NextDouble() * 25:F5}");

    public string Crypto()
    {
        Span<byte> bytes = stackalloc byte[25];
        _random.NextBytes(bytes[1..21]);
        if (_random.Next(2) == 0)
            return "0x" + Convert.ToHexStringLower(bytes[1..21]);
        bytes[0] = 0;
        SHA256.HashData(SHA256.HashData(bytes[..21])).AsSpan(0, 4).CopyTo(bytes[21..]);
        var value = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var text = "";
        for (; value > 0; value /= 58)
            text = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[(int)(value % 58)] + text;
        return "1" + text;
    }

    public string Url() => _random.Next(3) switch
    {
        0 => $"https://example.org/~{Of(Names)}",
        1 => $"https://forum.example.com/users/{Of(Names)}{_random.Next(100)}/posts",
        _ => $"https://example.org/unsubscribe?email={Of(Names)}@example.org",
    };

    public string Profile() =>
        Of(["https://www.instagram.com/", "https://x.com/", "facebook.com/", "https://t.me/"])
        + $"{Of(Names)}.{Of(Names)}";

    public T Of<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];
}
