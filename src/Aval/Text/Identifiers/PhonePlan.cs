using System.Collections.Frozen;
using PhoneNumbers;

namespace Aval.Text.Identifiers;

/// <summary>
/// Whether a number is given out, by the numbering plans that libphonenumber knows. It is asked last: an answer costs
/// microseconds, and whatever cannot be a telephone number by its form has left before.
/// </summary>
internal static class PhonePlan
{
    private static readonly PhoneNumberUtil Plans = PhoneNumberUtil.GetInstance();
    private static readonly FrozenSet<string> Regions = Plans.GetSupportedRegions().ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<int> Codes = Plans.GetSupportedCallingCodes().ToFrozenSet();

    /// <summary>Whether digits behind a plus are a number of the country that they begin with.</summary>
    public static bool IsInternational(ReadOnlySpan<char> digits) =>
        digits.Length is >= 8 and <= 15 && digits[0] != '0' && HasCode(digits)
        && Parse($"+{digits}", null) is { } number && Plans.IsValidNumber(number);

    /// <summary>Whether digits are a number as it is dialled inside a country.</summary>
    public static bool IsNational(ReadOnlySpan<char> digits, string country) =>
        Parse(digits.ToString(), country) is { } number && Plans.IsValidNumberForRegion(number, country);

    /// <summary>Whether such digits are a mobile telephone's, of which nothing else has the first ones.</summary>
    public static bool IsMobile(ReadOnlySpan<char> digits, string country) =>
        Parse(digits.ToString(), country) is { } number && Plans.IsValidNumberForRegion(number, country)
        && Plans.GetNumberType(number) == PhoneNumberType.MOBILE;

    /// <summary>Whether the country's plan is known.</summary>
    public static bool Knows(string? country) => country is not null && Regions.Contains(country);

    private static bool HasCode(ReadOnlySpan<char> digits) =>
        Codes.Contains(CheckDigits.Whole(digits[..1])) || Codes.Contains(CheckDigits.Whole(digits[..2]))
        || Codes.Contains(CheckDigits.Whole(digits[..3]));

    private static PhoneNumber? Parse(string digits, string? country)
    {
        try
        {
            return Plans.Parse(digits, country);
        }
        catch (NumberParseException)
        {
            return null; // Too short once its prefixes are taken off.
        }
    }
}
