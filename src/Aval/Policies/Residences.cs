namespace Aval.Policies;

/// <summary>
/// What a residence can be: an ISO 3166-1 alpha-2 code, or a group that is written out when the policy is read.
/// </summary>
internal static class Residences
{
    /// <summary>Every code, and XK for Kosovo: ISO reserves it for users, and platforms use it.</summary>
    public static IReadOnlyList<string> Codes { get; } =
        """
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
        CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
        FR
        GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT
        JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY
        MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM
        PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST
        SV SX SY SZ
        TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    private static readonly string[] Eu =
        [
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
            "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
        ];

    private static readonly string[] EeaBeyondEu = ["IS", "LI", "NO"];

    // What people write for what ISO writes: UK is reserved for GB, and the EU itself writes EL for GR.
    private static readonly Dictionary<string, string> Mistaken =
        new(StringComparer.Ordinal) { ["UK"] = "GB", ["EL"] = "GR" };

    /// <summary>A residence, as a policy may write it.</summary>
    public static WordForm Form { get; } = new(Refusal, () => WordForm.Enum(["EU", "EEA", .. Codes]));

    /// <summary>What is wrong with a word; null when it is a residence.</summary>
    public static string? Refusal(string word)
    {
        if (word is "EU" or "EEA")
            return null;
        return CountryRefusal(word) is null
            ? null
            : $"a residence is EU, EEA or a country's two capital letters (ISO 3166), but {Found.Quote(word)} was "
                + $"found{Meant(word)}";
    }

    /// <summary>What is wrong with a word where one country is meant; null when it is one.</summary>
    public static string? CountryRefusal(string word) => Codes.Contains(word)
        ? null
        : $"a country is two capital letters of ISO 3166, such as DE, but {Found.Quote(word)} was found{Meant(word)}";

    private static string Meant(string word)
    {
        var meant = Mistaken.GetValueOrDefault(word)
            ?? (Codes.Contains(word.ToUpperInvariant()) || word.ToUpperInvariant() is "EU" or "EEA"
                ? word.ToUpperInvariant()
                : null);
        return meant is null ? "" : $" (did you mean \"{meant}\"?)";
    }

    /// <summary>The countries that residences stand for, each once, in the order of their codes.</summary>
    public static IReadOnlyList<string> WrittenOut(IEnumerable<string> words) =>
        [.. words.SelectMany(Countries).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Countries(string word) => word switch
    {
        "EU" => Eu,
        "EEA" => [.. Eu, .. EeaBeyondEu],
        _ => [word],
    };
}
