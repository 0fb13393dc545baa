using System.Globalization;
using System.Text.Json;
using Aval.Answers;

namespace Aval.Cli;

/// <summary>What a sample bounds, and what became of planted accounts, as it is told.</summary>
internal static class AuditStatement
{
    /// <summary>How many of a population may be wrong.</summary>
    /// <param name="stratum">What was drawn.</param>
    /// <param name="wrong">How many of these are wrong.</param>
    public static string Of(AuditStratum stratum, int wrong)
    {
        var (one, many) = stratum.Name == AuditSample.Admitted ? ("row", "rows") : ("exclusion", "exclusions");
        if (stratum.Drawn == 0)
            return $"No {one} was drawn: nothing is bounded.";
        var most = AuditBound.AtMost(stratum.Population, stratum.Drawn, wrong);
        return string.Create(CultureInfo.InvariantCulture, $"If {wrong} of the {stratum.Drawn} drawn {many} "
            + $"{(wrong == 1 ? "is" : "are")} wrong, then with 95 % confidence at most {most} of all "
            + $"{stratum.Population} are ({Share(stratum, most)}).");
    }

    /// <summary>What became of a planted account.</summary>
    public static string Of(string account, PlantedOutcome outcome) => $"{Shown.Of(account)}: " + outcome switch
    {
        PlantedOutcome.Excluded => "excluded; what it published is out, and what it said is in the ledger.",
        PlantedOutcome.Found => "FOUND: something of it is in the release.",
        PlantedOutcome.Unheard => "UNHEARD: it is out for other reasons, and nothing that it said is shown to count.",
        PlantedOutcome.Unread => "UNREAD: what it said counts, and nothing that it published was read.",
        PlantedOutcome.Unknown => "UNKNOWN: the release knows neither what it published nor what it said.",
    };

    /// <summary>As JSON: <c>strata</c>.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<AuditStratum> strata, IReadOnlyList<int> wrong)
    {
        json.WriteStartArray("strata");
        foreach (var (stratum, found) in strata.Zip(wrong))
        {
            json.WriteStartObject();
            json.WriteString("stratum", stratum.Name);
            json.WriteNumber("population", stratum.Population);
            json.WriteNumber("drawn", stratum.Drawn);
            json.WriteNumber("wrong", found);
            if (stratum.Drawn > 0)
                json.WriteNumber(
                    "at_most_wrong", AuditBound.AtMost(stratum.Population, stratum.Drawn, found));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>As JSON: <c>planted</c>.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<(string Account, PlantedOutcome Outcome)> planted)
    {
        json.WriteStartArray("planted");
        foreach (var (account, outcome) in planted)
        {
            json.WriteStartObject();
            json.WriteString("account", account);
            json.WriteString("outcome", outcome.ToText());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>What is not shown of an account that the list spells in another way than the release's forms.</summary>
    /// <param name="written">As the list has it.</param>
    /// <param name="followed">As the manifest's forms make it.</param>
    public static string Respelled(string written, Account followed) => $"{Shown.Of(written)} of the list is followed "
        + $"as {Shown.Of(followed.ToString())}, as the manifest's forms spell it. Not shown: that nothing under the "
        + "first spelling is in the release.";

    /// <summary>As JSON: <c>respelled</c>.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<(string Written, Account Followed)> respelled)
    {
        json.WriteStartArray("respelled");
        foreach (var (written, followed) in respelled)
        {
            json.WriteStartObject();
            json.WriteString("written", written);
            json.WriteString("followed", followed.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Share(AuditStratum stratum, long most) => string.Create(
        CultureInfo.InvariantCulture, $"{100.0 * most / stratum.Population:0.####} %");
}
