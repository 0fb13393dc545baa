using System.Collections.Frozen;

namespace Aval.Text.Identifiers;

/// <summary>How streets are called in the languages of the EU, by where the word stands.</summary>
internal static class StreetWords
{
    /// <summary>Before the name, and the number behind it: <c>via Garibaldi 12</c>.</summary>
    public static FrozenSet<string> Before { get; } = Set("""
        via viale piazza piazzale corso largo vicolo contrada lungomare calle c avenida avda av plaza pza paseo ronda
        camino carrer passeig rua travessa praça praca estrada alameda ul ulica ulicy aleja aleje al plac pl os
        osiedle ulice náměstí nám třída tř námestie trg cesta obala strada str bulevardul b-dul bd calea aleea șoseaua
        şoseaua soseaua piața piaţa οδός οδος οδοσ λεωφόρος λεωφοροσ λεωφ πλατεία πλατεια ул улица бул булевард площад
        пл вул вулиця просп rue avenue boulevard place chemin allée quai route chaussée triq sqaq vjal pjazza
        """);

    /// <summary>Behind a number, with the name behind it: <c>12 rue de la Paix</c>.</summary>
    public static FrozenSet<string> AfterNumber { get; } = Set("""
        rue avenue av boulevard bd place chemin allée allee impasse quai route cours square passage sentier faubourg
        triq sqaq vjal sráid bóthar ascaill lána calle via
        """);

    /// <summary>Behind a number and a name: <c>12 High Street</c>.</summary>
    public static FrozenSet<string> English { get; } = Set("""
        street st road rd avenue ave lane ln drive dr close court ct crescent terrace gardens grove way place square
        hill mews row walk parade boulevard blvd highway parkway park green quay
        """);

    /// <summary>A word of its own behind the name, and the number behind it: <c>Brīvības iela 12</c>.</summary>
    public static FrozenSet<string> Behind { get; } = Set("""
        straße strasse str weg allee utca út útja tér tere körút krt u iela bulvāris prospekts gatve gatvė g
        prospektas alėja katu tänav tee mnt pst puiestee maantee ulica cesta trg gata gatan vägen
        """);

    /// <summary>Between a street and its number.</summary>
    public static FrozenSet<string> Number { get; } = Set("nr no n nº č čp бр num number");

    /// <summary>Before a flat's number.</summary>
    public static FrozenSet<string> Flat { get; } =
        Set("m lok apt suite flat unit bus bte ap ет кв top wohnung porte piso bl sc");

    /// <summary>Between the words of a name.</summary>
    public static FrozenSet<string> Joining { get; } = Set("""
        de du des la le les l d da do dos das del della dei degli delle di san van den der ten ter het 't von zum zur
        am an im auf św gen ks dr prof sv sf al ale na nad pod pri pe és i y e ir il na h-éireann an και της του των
        на и св maja maggio aprile giugno settembre novembre
        """);

    /// <summary>Before a hyphen and a name: <c>Triq ix-Xatt</c>.</summary>
    public static FrozenSet<string> Articles { get; } = Set("id il in ir is it ix iz iċ iż l");

    // Whole words end so and are the name and the kind of street in one. What many other words end with, too, holds
    // only where a postcode and a town follow.
    private static readonly FrozenDictionary<char, (string Ending, bool Weak)[]> Endings = Group(
        """
        straße strasse str weg allee gasse damm ufer chaussee pfad platz straat laan plein gracht singel dijk steeg
        gatan gata vägen väg gränd vej vænget stræde veien vegen katu polku kuja tänav puiestee maantee utca
        """,
        "ring hof markt steig kade dreef baan gade plads torget backen stigen tie tee tori gate stieg weide berg");

    // A place that one sits, stands or works at.
    private static readonly string[] Seats =
        ["sitzpl", "arbeitspl", "stellpl", "parkpl", "stehpl", "startpl", "tabellenpl", "studienpl", "unterweg"];

    /// <summary>Whether a word ends like a street's name.</summary>
    public static bool EndsAsStreet(ReadOnlySpan<char> word, out bool weak)
    {
        weak = false;
        if (word.Length < 6 || !char.IsUpper(word[0])
            || !Endings.TryGetValue(char.ToLowerInvariant(word[^1]), out var endings))
            return false;
        foreach (var (ending, isWeak) in endings)
        {
            if (word.Length >= ending.Length + 3 && word.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                weak = isWeak;
                foreach (var seat in Seats)
                {
                    if (word.StartsWith(seat, StringComparison.OrdinalIgnoreCase))
                        return false;
                }

                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a set has a word, whatever its capitals.</summary>
    public static bool Has(this FrozenSet<string> words, ReadOnlySpan<char> word)
    {
        Span<char> lower = stackalloc char[16];
        if (word.Length > lower.Length)
            return false;
        word.ToLowerInvariant(lower);
        return words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(lower[..word.Length]);
    }

    private static FrozenSet<string> Set(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<char, (string, bool)[]> Group(string strong, string weak) =>
        Set(strong).Select(word => (Word: word, Weak: false)).Concat(Set(weak).Select(word => (Word: word, Weak: true)))
            .OrderByDescending(entry => entry.Word.Length).ThenBy(entry => entry.Word, StringComparer.Ordinal)
            .GroupBy(entry => entry.Word[^1])
            .ToFrozenDictionary(group => group.Key, group => group.ToArray());
}
