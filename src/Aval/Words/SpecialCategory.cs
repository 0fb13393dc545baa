namespace Aval;

/// <summary>
/// What personal data may reveal so that it is protected apart (GDPR Art. 9(1), and Art. 10 for crimes). Genetic data
/// stand with health: in words they are told as such.
/// </summary>
public enum SpecialCategory
{
    /// <summary>Illness, disability, treatment, genes.</summary>
    Health,

    /// <summary>Religious or philosophical belief, or its absence.</summary>
    Religion,

    /// <summary>Political opinion.</summary>
    Politics,

    /// <summary>Membership of a trade union.</summary>
    UnionMembership,

    /// <summary>Sex life and sexual orientation.</summary>
    Sexuality,

    /// <summary>Racial or ethnic origin.</summary>
    Ethnicity,

    /// <summary>Biometric data of somebody.</summary>
    Biometrics,

    /// <summary>Convictions and offences (Art. 10).</summary>
    CriminalRecord,
}

/// <summary>How special categories are written, and sets of them.</summary>
internal static class SpecialCategories
{
    /// <summary>All of them, in their order.</summary>
    public static IReadOnlyList<SpecialCategory> All { get; } = Enum.GetValues<SpecialCategory>();

    /// <summary>The languages that are looked through; what is written in others is not.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["de", "en", "es", "fr", "it", "pl"];

    /// <summary>The kebab-case name.</summary>
    public static string ToText(this SpecialCategory category) => category switch
    {
        SpecialCategory.Health => "health",
        SpecialCategory.Religion => "religion",
        SpecialCategory.Politics => "politics",
        SpecialCategory.UnionMembership => "union-membership",
        SpecialCategory.Sexuality => "sexuality",
        SpecialCategory.Ethnicity => "ethnicity",
        SpecialCategory.Biometrics => "biometrics",
        SpecialCategory.CriminalRecord => "criminal-record",
    };

    /// <summary>Reads a name; <see langword="false"/> when it is none.</summary>
    public static bool TryParse(string text, out SpecialCategory category)
    {
        var at = All.ToList().FindIndex(known => known.ToText() == text);
        category = at < 0 ? default : All[at];
        return at >= 0;
    }

    /// <summary>A set as one number, a bit a category.</summary>
    public static int Bits(IEnumerable<SpecialCategory> categories) =>
        categories.Aggregate(0, (bits, category) => bits | (1 << (int)category));
}
