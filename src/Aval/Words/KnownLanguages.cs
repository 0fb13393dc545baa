namespace Aval;

/// <summary>The languages that Aval tells apart, as ISO 639-1 codes.</summary>
internal static class KnownLanguages
{
    /// <summary>What stands where nobody can tell (ISO 639-2).</summary>
    public const string Undetermined = "und";

    /// <summary>The official languages of the EU.</summary>
    public static IReadOnlyList<string> Official { get; } =
    [
        "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl",
        "pl", "pt", "ro", "sk", "sl", "sv",
    ];

    /// <summary>All of them, and their neighbours.</summary>
    public static IReadOnlyList<string> Known { get; } =
    [
        .. Official.Concat(["ar", "bs", "ca", "eu", "gl", "is", "no", "ru", "sr", "tr", "uk"])
            .Order(StringComparer.Ordinal),
    ];
}
