using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Aval;

/// <summary><c>links</c> of aval.yaml: which link values name no person, and how many accounts one person may have.</summary>
/// <param name="AtMost">More accounts than this are taken for one person only when it was confirmed.</param>
/// <param name="NoPerson">Link values that name nobody (<c>0</c>, <c>unknown</c>, an agency): they link no accounts.</param>
/// <param name="Confirmed">By a person's commonest link value, how many accounts it was confirmed to have.</param>
public sealed record LinkSettings(int AtMost, IReadOnlyList<string> NoPerson, IReadOnlyDictionary<string, long> Confirmed)
{
    /// <summary>Nothing stated.</summary>
    public static LinkSettings Default { get; } = new(200, [], new Dictionary<string, long>());

    /// <summary>The line of aval.yaml.</summary>
    public string ToYaml()
    {
        var members = new List<string>();
        if (AtMost != Default.AtMost)
            members.Add(string.Create(CultureInfo.InvariantCulture, $"at-most: {AtMost}"));
        if (NoPerson.Count > 0)
            members.Add($"no-person: [{string.Join(", ", NoPerson.Select(Settings.Quote))}]");
        if (Confirmed.Count > 0)
            members.Add($"confirmed: {{{string.Join(", ", Confirmed.Select(size => string.Create(CultureInfo.InvariantCulture, $"{Settings.Quote(size.Key)}: {size.Value}")))}}}");
        return $"links: {{{string.Join(", ", members)}}}";
    }

    /// <summary>Reads the value of <c>links</c>.</summary>
    /// <param name="node">The value.</param>
    /// <param name="wrong">Makes the error of a place.</param>
    internal static LinkSettings Read(YamlNode node, Func<YamlNode, string, AvalException> wrong)
    {
        if (node is not YamlMappingNode members)
            throw wrong(node, "links states at-most, no-person or confirmed, as in {no-person: [\"0\"]}");
        var links = Default;
        foreach (var (key, value) in members.Children)
        {
            links = (key as YamlScalarNode)?.Value switch
            {
                "at-most" => links with { AtMost = (int)Count(value, wrong) },
                "no-person" when value is YamlSequenceNode values =>
                    links with { NoPerson = [.. values.Select(one => Text(one, wrong)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] },
                "no-person" => throw wrong(value, "no-person is a list of link values, as in [\"0\", \"unknown\"]"),
                "confirmed" when value is YamlMappingNode sizes =>
                    links with { Confirmed = sizes.Children.ToDictionary(size => Text(size.Key, wrong), size => Count(size.Value, wrong)) },
                "confirmed" => throw wrong(value, "confirmed names link values with the number of accounts that they were confirmed to have, as in {\"7\": 450}"),
                var unknown => throw wrong(key, $"the key \"{unknown}\" is unknown; links has at-most, no-person and confirmed"),
            };
        }

        return links;
    }

    private static string Text(YamlNode node, Func<YamlNode, string, AvalException> wrong) => (node as YamlScalarNode)?.Value is { Length: > 0 } text
        ? text
        : throw wrong(node, "a link value is a text that is not empty");

    private static long Count(YamlNode node, Func<YamlNode, string, AvalException> wrong) =>
        int.TryParse((node as YamlScalarNode)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw wrong(node, "a number of accounts is a whole number above 0");
}
