namespace Aval.Portal.Words;

/// <summary>
/// Which form a word takes beside a whole number: the cardinal rules of Unicode CLDR (UTS #35, Language Plural Rules)
/// for the official languages of the European Union, for whole numbers.
/// </summary>
internal static class PluralForm
{
    /// <summary>one, two, few, many or other.</summary>
    public static string Of(string language, long number)
    {
        var (ones, hundreds) = (number % 10, number % 100);
        return language switch
        {
            "cs" or "sk" => number == 1 ? "one" : number is >= 2 and <= 4 ? "few" : "other",
            "pl" => number == 1 ? "one" : IsFew(ones, hundreds) ? "few" : "many",
            "hr" => ones == 1 && hundreds != 11 ? "one" : IsFew(ones, hundreds) ? "few" : "other",
            "lt" => ones == 0 || hundreds is >= 11 and <= 19 ? "other" : ones == 1 ? "one" : "few",
            "lv" => ones == 0 || hundreds is >= 11 and <= 19 ? "zero" : ones == 1 ? "one" : "other",
            "sl" => hundreds == 1 ? "one" : hundreds == 2 ? "two" : hundreds is 3 or 4 ? "few" : "other",
            "ro" => number == 1 ? "one" : number == 0 || hundreds is >= 1 and <= 19 ? "few" : "other",
            "ga" => number switch
            {
                1 => "one",
                2 => "two",
                >= 3 and <= 6 => "few",
                >= 7 and <= 10 => "many",
                _ => "other",
            },
            "mt" => number == 1 ? "one" : number == 2 ? "two" : number == 0 || hundreds is >= 3 and <= 10 ? "few"
                : hundreds is >= 11 and <= 19 ? "many" : "other",
            "fr" or "pt" => number is 0 or 1 ? "one" : IsMillions(number) ? "many" : "other",
            "es" or "it" => number == 1 ? "one" : IsMillions(number) ? "many" : "other",
            _ => number == 1 ? "one" : "other",
        };
    }

    private static bool IsFew(long ones, long hundreds) => ones is >= 2 and <= 4 && hundreds is not (>= 12 and <= 14);

    private static bool IsMillions(long number) => number != 0 && number % 1_000_000 == 0;
}
