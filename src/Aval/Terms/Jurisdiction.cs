namespace Aval.Terms;

/// <summary>Whose public holidays count: a member state's, or those of the Union's institutions.</summary>
internal enum Jurisdiction
{
    /// <summary>AT.</summary>
    Austria,

    /// <summary>DE: those of the whole country; what a Land adds stands in <c>holidays</c>.</summary>
    Germany,

    /// <summary>FR: those of the whole country; what Alsace and Moselle add stands in <c>holidays</c>.</summary>
    France,

    /// <summary>IE.</summary>
    Ireland,

    /// <summary>EU: the institutions', which publish a list for each year.</summary>
    Institutions,
}

/// <summary>How these are written.</summary>
internal static class Jurisdictions
{
    /// <summary>The codes, in order.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Enum.GetValues<Jurisdiction>().Select(ToText).Order(StringComparer.Ordinal)];

    /// <summary>The code: of ISO 3166, or EU.</summary>
    public static string ToText(this Jurisdiction jurisdiction) => jurisdiction switch
    {
        Jurisdiction.Austria => "AT",
        Jurisdiction.Germany => "DE",
        Jurisdiction.France => "FR",
        Jurisdiction.Ireland => "IE",
        Jurisdiction.Institutions => "EU",
    };

    /// <summary>Reads a code.</summary>
    public static bool TryParse(string? text, out Jurisdiction jurisdiction)
    {
        foreach (var known in Enum.GetValues<Jurisdiction>())
        {
            if (known.ToText() == text)
            {
                jurisdiction = known;
                return true;
            }
        }

        jurisdiction = default;
        return false;
    }
}
