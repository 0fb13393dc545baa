using System.Globalization;
using Aval.Text.Identifiers;

namespace Aval.Benchmarks.Identifiers;

/// <summary>A text, its author's country, and what stands in it: null where it only looks so.</summary>
internal sealed record GeneratedText(string Text, string Language, string Country, IdentifierSpan? Truth);

/// <summary>Sentences with one identifier or with something that is none, in 24 languages; always the same.</summary>
internal static class GeneratedTexts
{
    /// <summary>So many rounds over all languages, kinds and hard negatives.</summary>
    public static List<GeneratedText> Make(int rounds)
    {
        var values = new InventedValues(20261128);
        var texts = new List<GeneratedText>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var carriers in Carriers.All)
            {
                foreach (var kind in IdentifierKindNames.All)
                {
                    if (Value(values, carriers, kind) is { } value)
                        texts.Add(Put(carriers, Carrier(carriers, kind), value, kind));
                }

                foreach (var (carrier, value) in Negatives(values, carriers))
                    texts.Add(Put(carriers, carrier, value, kind: null));
            }
        }

        return texts;
    }

    private static GeneratedText Put(Carriers carriers, string carrier, string value, IdentifierKind? kind)
    {
        var at = carrier.IndexOf('#');
        return new GeneratedText(
            string.Concat(carrier.AsSpan(0, at), value, carrier.AsSpan(at + 1)), carriers.Language, carriers.Country,
            kind is { } known ? new IdentifierSpan(known, at, value.Length) : null);
    }

    private static string Carrier(Carriers carriers, IdentifierKind kind) => kind switch
    {
        IdentifierKind.Phone => carriers.Phone,
        IdentifierKind.Email => carriers.Email,
        IdentifierKind.Iban => carriers.Iban,
        IdentifierKind.Card => carriers.Card,
        IdentifierKind.NationalId => carriers.Identity,
        IdentifierKind.TaxId => carriers.Tax,
        IdentifierKind.Plate => carriers.Plate,
        IdentifierKind.Address or IdentifierKind.Ip or IdentifierKind.Mac or IdentifierKind.Crypto
            or IdentifierKind.Coordinates or IdentifierKind.Url or IdentifierKind.Handle or IdentifierKind.Profile =>
            carriers.Here,
    };

    private static string? Value(InventedValues values, Carriers carriers, IdentifierKind kind) => kind switch
    {
        IdentifierKind.Email => values.Email(),
        IdentifierKind.Phone => values.Phone(carriers.Country),
        IdentifierKind.Iban => values.Iban(carriers.Country),
        IdentifierKind.Card => values.Card(),
        IdentifierKind.NationalId or IdentifierKind.TaxId => values.Numbered(carriers.Country, kind),
        IdentifierKind.Plate => values.Plate(carriers.Country),
        IdentifierKind.Address => carriers.Address.Replace(
            "*", values.Below(199).ToString(CultureInfo.InvariantCulture) is "0" ? "1" : $"{1 + values.Below(199)}",
            StringComparison.Ordinal),
        IdentifierKind.Ip => values.Ip(),
        IdentifierKind.Mac => values.Mac(),
        IdentifierKind.Crypto => values.Crypto(),
        IdentifierKind.Coordinates => values.Coordinates(),
        IdentifierKind.Url => values.Url(),
        IdentifierKind.Handle => values.Handle(),
        IdentifierKind.Profile => values.Profile(),
    };

    // Numbers of orders and articles, amounts, dates, versions, scores, hashes; and bare numbers of the lengths that
    // identifiers have, about which nothing is said.
    private static IEnumerable<(string Carrier, string Value)> Negatives(InventedValues values, Carriers carriers)
    {
        yield return (carriers.Order, values.Digits(8 + values.Below(9)));
        yield return (carriers.Order, $"{values.Digits(3)}-{values.Digits(7)}-{values.Digits(7)}");
        yield return (carriers.Amount, $"{values.Digits(1)} {values.Digits(3)} {values.Digits(3)}");
        yield return (carriers.Amount, values.Digits(7));
        yield return (carriers.Here, values.Digits(8 + values.Below(9)));
        yield return (carriers.Here, values.Digits(11));
        yield return (carriers.Here, $"{1 + values.Below(28):D2}.{1 + values.Below(12):D2}.20{10 + values.Below(15)}");
        yield return (carriers.Here, $"20{10 + values.Below(15)}-{1 + values.Below(12):D2}-{1 + values.Below(28):D2} "
            + $"{values.Below(24):D2}:{values.Below(60):D2}:{values.Below(60):D2}");
        yield return (carriers.Here, $"{1900 + values.Below(100)}-{2000 + values.Below(26)}");
        yield return (carriers.Here, $"{values.Below(9999)},{values.Below(100):D2} €");
        yield return (carriers.Here, $"v{values.Below(20)}.{values.Below(20)}.{values.Below(20)}.{values.Below(999)}");
        yield return (carriers.Here, $"#{values.Digits(6 + values.Below(6))}");
        yield return (carriers.Here, $"ISBN 978-3-{values.Digits(2)}-{values.Digits(6)}-{values.Below(10)}");
        yield return (carriers.Here, $"{values.Below(9)}:{values.Below(9)}, {values.Below(90)}+{values.Below(9)}");
        yield return (carriers.Here, $"https://news.example.org/2026/{values.Digits(10)}/story-{values.Digits(8)}");
        yield return (carriers.Here, Guid.ParseExact(
            values.Digits(32), "N").ToString("D", CultureInfo.InvariantCulture));
    }
}
