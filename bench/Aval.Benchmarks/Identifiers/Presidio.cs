using System.Text.Json;
using Aval.Text.Identifiers;

namespace Aval.Benchmarks.Identifiers;

/// <summary>Presidio-research's synthetic sentences (MIT), of which the kinds that are ours are read.</summary>
internal static class Presidio
{
    private static readonly Dictionary<string, IdentifierKind> Kinds = new()
    {
        ["EMAIL_ADDRESS"] = IdentifierKind.Email,
        ["PHONE_NUMBER"] = IdentifierKind.Phone,
        ["CREDIT_CARD"] = IdentifierKind.Card,
        ["IBAN_CODE"] = IdentifierKind.Iban,
        ["IP_ADDRESS"] = IdentifierKind.Ip,
        ["US_SSN"] = IdentifierKind.NationalId,
        ["STREET_ADDRESS"] = IdentifierKind.Address,
        ["ADDRESS"] = IdentifierKind.Address,
    };

    public static IEnumerable<(string Text, string? Country, List<IdentifierSpan> Truth)> Read(string folder)
    {
        foreach (var name in (string[])["generated_small.json", "synth_dataset_v2.json"])
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, name)));
            foreach (var text in document.RootElement.EnumerateArray())
            {
                var truth = new List<IdentifierSpan>();
                foreach (var span in text.GetProperty("spans").EnumerateArray())
                {
                    if (!Kinds.TryGetValue(span.GetProperty("entity_type").GetString()!, out var kind))
                        continue;
                    var start = span.GetProperty("start_position").GetInt32();
                    truth.Add(new IdentifierSpan(kind, start, span.GetProperty("end_position").GetInt32() - start));
                }

                yield return (text.GetProperty("full_text").GetString()!, null, truth);
            }
        }
    }
}
