using System.Globalization;

namespace Aval;

/// <summary>
/// <c>links</c> of aval.yaml: which link values name no person, and how many accounts one person may have.
/// </summary>
/// <param name="AtMost">More accounts than this are taken for one person only when it was confirmed.</param>
/// <param name="NoPerson">Link values that name nobody (<c>0</c>, <c>unknown</c>, an agency): they link no
/// accounts.</param>
/// <param name="Confirmed">By a person's commonest link value, how many accounts it was confirmed to have.</param>
public sealed record LinkSettings(
    int AtMost, IReadOnlyList<string> NoPerson, IReadOnlyDictionary<string, long> Confirmed)
{
    private const string LinkValue = "a link value is a text that is not empty";

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
            members.Add("confirmed: "
                + "{" + string.Join(", ", Confirmed.Select(size =>
                    string.Create(CultureInfo.InvariantCulture, $"{Settings.Quote(size.Key)}: {size.Value}"))) + "}");
        return $"links: {{{string.Join(", ", members)}}}";
    }

    /// <summary>Reads the value of <c>links</c>.</summary>
    internal static LinkSettings Read(SettingsNode value)
    {
        var links = Default;
        foreach (var (key, at, member) in value.Members(
            "links states at-most, no-person or confirmed, as in {no-person: [\"0\"]}"))
        {
            links = key switch
            {
                "at-most" => links with { AtMost = Count(member) },
                "no-person" => links with { NoPerson = Values(member) },
                "confirmed" => links with { Confirmed = Sizes(member) },
                _ => throw at.Wrong(
                    $"the key \"{Shown.Of(key)}\" is unknown; links has at-most, no-person and confirmed"),
            };
        }

        return links;
    }

    private static string[] Values(SettingsNode list) =>
    [
        .. list.Items("no-person is a list of link values, as in [\"0\", \"unknown\"]")
            .Select(one => one.Text(LinkValue)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    private static Dictionary<string, long> Sizes(SettingsNode sizes) => sizes
        .Members("confirmed names link values with the number of accounts that they were confirmed to have, "
            + "as in {\"7\": 450}")
        .ToDictionary(size => size.At.Text(LinkValue), size => (long)Count(size.Value), StringComparer.Ordinal);

    private static int Count(SettingsNode number) =>
        number.Whole(1, int.MaxValue, "a number of accounts is a whole number above 0");
}
