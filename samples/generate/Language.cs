namespace Aval.Sample;

/// <summary>A language of the European Union.</summary>
/// <param name="Tag">BCP 47.</param>
/// <param name="Weight">Its share of the sample's persons. Small languages have more than their share, so that each is seen.</param>
/// <param name="Countries">Where its speakers in the sample live, the frequent ones repeated.</param>
/// <param name="FamilyNames">The language's own words for "example", "sample" and "made up": nobody can take these people for real ones.</param>
internal sealed record Language(string Tag, int Weight, string[] Countries, string[] FamilyNames)
{
    /// <summary>The 24.</summary>
    public static IReadOnlyList<Language> All { get; } =
    [
        new("bg", 30, ["BG", "BG", "BG", "DE"], ["Пример", "Образец", "Измислица"]),
        new("cs", 40, ["CZ", "CZ", "CZ", "SK"], ["Příklad", "Ukázka", "Vzorek"]),
        new("da", 30, ["DK", "DK", "DK", "SE"], ["Eksempel", "Prøve", "Opdigtet"]),
        new("de", 140, ["DE", "DE", "DE", "DE", "AT", "AT", "CH", "LI", "BE"], ["Beispiel", "Muster", "Erfunden"]),
        new("el", 40, ["GR", "GR", "GR", "CY"], ["Παράδειγμα", "Δείγμα", "Επινόηση"]),
        new("en", 80, ["IE", "IE", "IE", "MT", "GB", "US", "NO"], ["Example", "Sample", "Invented"]),
        new("es", 100, ["ES", "ES", "ES", "ES", "FR", "AR"], ["Ejemplo", "Muestra", "Inventado"]),
        new("et", 15, ["EE", "EE", "EE", "FI"], ["Näide", "Näidis", "Väljamõeldis"]),
        new("fi", 30, ["FI", "FI", "FI", "SE"], ["Esimerkki", "Näyte", "Keksitty"]),
        new("fr", 130, ["FR", "FR", "FR", "FR", "BE", "LU", "CH"], ["Exemple", "Échantillon", "Imaginaire"]),
        new("ga", 12, ["IE"], ["Sampla", "Eiseamláir", "Cumtha"]),
        new("hr", 25, ["HR", "HR", "HR", "AT"], ["Primjer", "Uzorak", "Izmišljeni"]),
        new("hu", 40, ["HU", "HU", "HU", "RO"], ["Példa", "Minta", "Kitalált"]),
        new("it", 110, ["IT", "IT", "IT", "IT", "CH", "DE"], ["Esempio", "Prova", "Inventato"]),
        new("lt", 20, ["LT", "LT", "LT", "IE"], ["Pavyzdys", "Bandinys", "Išgalvotas"]),
        new("lv", 15, ["LV", "LV", "LV", "IE"], ["Piemērs", "Paraugs", "Izdomāts"]),
        new("mt", 10, ["MT"], ["Eżempju", "Kampjun", "Ivvintat"]),
        new("nl", 55, ["NL", "NL", "NL", "BE"], ["Voorbeeld", "Proef", "Verzonnen"]),
        new("pl", 90, ["PL", "PL", "PL", "PL", "DE", "GB"], ["Przykład", "Próbka", "Zmyślony"]),
        new("pt", 50, ["PT", "PT", "PT", "BR"], ["Exemplo", "Amostra", "Inventado"]),
        new("ro", 50, ["RO", "RO", "RO", "IT"], ["Exemplu", "Mostră", "Inventat"]),
        new("sk", 28, ["SK", "SK", "SK", "CZ"], ["Príklad", "Ukážka", "Vzorka"]),
        new("sl", 20, ["SI", "SI", "SI", "AT"], ["Primer", "Vzorec", "Izmišljen"]),
        new("sv", 40, ["SE", "SE", "SE", "FI", "NO"], ["Exempel", "Prov", "Påhittad"]),
    ];

    /// <summary>The language with a tag.</summary>
    public static Language Of(string tag) => All.First(language => language.Tag == tag);

    /// <summary>One of the 24, by weight.</summary>
    public static Language Draw(Draw draw) => draw.Weighted(Weights);

    private static readonly (Language, int)[] Weights = [.. All.Select(language => (language, language.Weight))];
}

/// <summary>Names that nobody bears: a given name of invented syllables before a family name that says "example".</summary>
internal static class Names
{
    private static readonly string[] Starts = ["Bralv", "Dexim", "Fump", "Glim", "Hovv", "Jupt", "Kelb", "Lorv", "Mizt", "Nolp", "Orx", "Plim", "Quelv", "Rulk", "Snev", "Trob", "Ulx", "Vomb", "Wixt", "Yorv", "Zald"];
    private static readonly string[] Ends = ["abo", "ezi", "ilu", "omi", "uva", "indo", "upa", "erix"];

    // Letter by letter is enough for names that mean nothing.
    private const string Latin = "abdefghijklmnopqrstuvwxyz";
    private const string Cyrillic = "абдефгхийклмнопкрстувшкйз";
    private const string Greek = "αβδεφγχιικλμνοπκρστυββξυζ";

    /// <summary>A given name in Latin letters.</summary>
    public static string Given(Draw draw) => draw.Pick(Starts) + draw.Pick(Ends);

    /// <summary>The whole name as its language writes it.</summary>
    public static string Display(string given, Language language, Draw draw)
    {
        var written = language.Tag switch
        {
            "bg" => Spell(given, Cyrillic),
            "el" => Spell(given, Greek),
            _ => given,
        };
        // Hungarian puts the family's name first.
        var family = draw.Pick(language.FamilyNames);
        return language.Tag == "hu" ? $"{family} {written}" : $"{written} {family}";
    }

    private static string Spell(string given, string letters)
    {
        var spelled = string.Concat(given.ToLowerInvariant().Select(c => letters[Latin.IndexOf(c, StringComparison.Ordinal)]));
        return char.ToUpperInvariant(spelled[0]) + spelled[1..];
    }
}
