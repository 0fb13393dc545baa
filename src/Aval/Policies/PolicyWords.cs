using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Aval.Policies;

/// <summary>
/// A whole policy in words, for lawyers, and as JSON, for scripts: what <c>aval policy show</c> prints.
/// </summary>
internal static class PolicyWords
{
    private const int Width = 100;

    /// <summary>The policy as plain text, wrapped at 100 columns.</summary>
    public static string ToWords(this Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var words = new StringBuilder();
        Append(words, "", policy.Title);
        words.Append('\n');
        Append(words, "Policy:       ", policy.Name);
        Append(words, "Purpose:      ", policy.Purpose.Name);
        Append(words, "Basis:        ", policy.Basis.ToSentence());
        var day = Wording.Day(policy.AppliesFrom);
        Append(words, "Applies from: ", $"{day}; a build as of an earlier instant is refused");
        Append(words, "Replay only:  ", policy.ReplayOnly ? "yes; it may be compared with others, and no release is "
            + "made of it" : "no");
        if (policy.MaxLag > TimeSpan.Zero)
            Append(words, "Max. lag:     ", $"{policy.MaxLag.TotalDays} days; no run uses a release that does not "
                + "honour what one of its authors said longer ago");
        Append(words, "SHA-256:      ", policy.Sha256);
        words.Append('\n');
        Append(words, "", "An item enters only when no rule excludes it; the first rule that does gives the reason. "
            + "Unknown never means allowed: where a rule needs what is not known, the item stays out. "
            + "Under every policy, what was deleted where it was published stays out first, and what holds nothing "
            + "stays out last.");
        Rules(words, policy);
        if (policy.Sources.Count > 0)
            words.Append("\nSources\n\n");
        foreach (var source in policy.Sources)
            Append(words, "  - ", source);
        return words.ToString();
    }

    /// <summary>The policy as JSON.</summary>
    public static void WriteTo(this Policy policy, Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteString("policy", policy.Name);
        json.WriteString("title", policy.Title);
        json.WriteString("purpose", policy.Purpose.Name);
        json.WriteString("basis", policy.Basis.ToText());
        json.WriteString("applies_from", policy.AppliesFrom.ToText());
        json.WriteBoolean("replay_only", policy.ReplayOnly);
        if (policy.MaxLag > TimeSpan.Zero)
            json.WriteNumber("max_lag_days", (int)policy.MaxLag.TotalDays);
        json.WriteString("sha256", policy.Sha256);
        json.WriteStartArray("sources");
        foreach (var source in policy.Sources)
            json.WriteStringValue(source);
        json.WriteEndArray();
        json.WriteStartArray("rules");
        foreach (var rule in policy.Rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            if (rule.Law is not null)
                json.WriteString("law", rule.Law);
            if (rule is Rule.Off off)
                json.WriteString("off", off.Because);
            else
                json.WriteString("sentence", rule.ToSentence());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A basis as policies spell it.</summary>
    public static string ToText(this LegalBasis basis) => basis switch
    {
        LegalBasis.LegitimateInterest => "legitimate-interest",
        LegalBasis.Consent => "consent",
    };

    /// <summary>A basis with its article.</summary>
    public static string ToSentence(this LegalBasis basis) => basis switch
    {
        LegalBasis.LegitimateInterest => "legitimate interest (GDPR Art. 6(1)(f))",
        LegalBasis.Consent => "consent (GDPR Art. 6(1)(a))",
    };

    private static void Rules(StringBuilder words, Policy policy)
    {
        words.Append("\nRules, in their order\n");
        foreach (var (rule, number) in policy.Rules.Where(rule => rule is not Rule.Off)
            .Select((rule, at) => (rule, at + 1)))
        {
            words.Append(CultureInfo.InvariantCulture, $"\n{number,3}. {rule.Id}\n");
            Append(words, "     ", rule.ToSentence());
            Append(words, "     Law: ", rule.Law ?? "the policy names none");
        }

        var off = policy.Rules.OfType<Rule.Off>().ToArray();
        if (off.Length == 0)
            return;
        words.Append("\nNot done: rules that are switched off, with the reason that every card prints\n\n");
        foreach (var rule in off)
            Append(words, "  - ", $"{rule.Id}: {rule.Because}{(rule.Law is null ? "" : $" [{rule.Law}]")}");
    }

    // Later lines hang under the first one's text.
    private static void Append(StringBuilder words, string label, string text)
    {
        var line = new StringBuilder(label);
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length + word.Length > Width && line.Length > label.Length)
            {
                words.Append(line.ToString().TrimEnd()).Append('\n');
                line.Clear().Append(' ', label.Length);
            }

            line.Append(word).Append(' ');
        }

        words.Append(line.ToString().TrimEnd()).Append('\n');
    }
}
