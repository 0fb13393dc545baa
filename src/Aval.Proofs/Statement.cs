using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Aval.Proofs;

/// <summary>What a person can say (docs/formats/receipt.md).</summary>
public enum StatementKind
{
    /// <summary>GDPR Art. 21.</summary>
    Objection,

    /// <summary>The person's own lifting of an objection.</summary>
    ObjectionLifted,

    /// <summary>GDPR Art. 6(1)(a), 7.</summary>
    Consent,

    /// <summary>Of a consent, GDPR Art. 7(3).</summary>
    Withdrawal,

    /// <summary>A no to the question; counts as a withdrawal.</summary>
    Refusal,

    /// <summary>GDPR Art. 18.</summary>
    Restriction,

    /// <summary>The controller's lifting of a restriction, GDPR Art. 18(3).</summary>
    RestrictionLifted,

    /// <summary>GDPR Art. 17.</summary>
    Erasure,

    /// <summary>By anyone, about items, GDPR Art. 9, 17.</summary>
    Removal,

    /// <summary>An association may act for the person, GDPR Art. 80(1).</summary>
    Mandate,

    /// <summary>The end of mandates.</summary>
    MandateRevoked,
}

/// <summary>A choice as its receipt holds it: canonical JSON (RFC 8785), of which there is one spelling.</summary>
/// <param name="Account">On which account, <c>service:id</c>.</param>
/// <param name="Actor">Who said it: person, agent, controller or anyone.</param>
/// <param name="Kind">What was said.</param>
/// <param name="MadeAt">When it was said, UTC.</param>
/// <param name="Purpose">About which purpose.</param>
/// <param name="ReceivedAt">When it reached the controller, UTC.</param>
/// <param name="Scope">About what: parts joined by <c>;</c>.</param>
/// <param name="Until">When a consent or a mandate ends; null for all else.</param>
/// <param name="Json">The bytes that the ledger's entry commits to.</param>
public sealed record Statement(
    string Account, string Actor, StatementKind Kind, DateTimeOffset MadeAt, string Purpose, DateTimeOffset ReceivedAt,
    string Scope, DateTimeOffset? Until, ReadOnlyMemory<byte> Json)
{
    /// <summary>Of a mandate: to whom; of a revocation: whose, null = all.</summary>
    public string? Association { get; init; }

    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
    private static readonly string[] Members = [
        "account", "actor", "association", "channel", "evidence", "kind", "made_at", "notice", "purpose",
        "received_at", "scope", "until",
    ];

    /// <summary>
    /// Reads a statement: the known members only, each once and in order, all values text; anything else, a space
    /// included, is refused.
    /// </summary>
    /// <exception cref="ProofException">Malformed.</exception>
    public static Statement Parse(ReadOnlySpan<byte> json)
    {
        var values = Values(json);
        string Required(string name) =>
            values.TryGetValue(name, out var value) ? value : throw Broken($"it has no {name}");
        DateTimeOffset At(string name) => TryInstant(Required(name), out var instant)
            ? instant
            : throw Broken($"its {name} is not an instant (2025-05-27T00:00:00.000000Z)");
        var (account, name) = (Required("account"), Required("kind"));
        if (account.Split(':', 2) is not [{ Length: > 0 }, { Length: > 0 }])
            throw Broken("its account is not service:id");
        var kind = Array.FindIndex(Enum.GetValues<StatementKind>(), known => known.ToText() == name);
        var scope = Required("scope");
        if (!scope.Split(';')
            .All(part => part is "everything" or "about-me" || part.StartsWith("service:", StringComparison.Ordinal)
                || part.StartsWith("item:", StringComparison.Ordinal)))
            throw Broken("its scope has a part that is none");
        return kind >= 0
            ? new Statement(
                account, Required("actor"), (StatementKind)kind, At("made_at"), Required("purpose"), At("received_at"),
                scope, values.ContainsKey("until") ? At("until") : null, json.ToArray())
            {
                Association = values.GetValueOrDefault("association"),
            }
            : throw Broken("its kind is none that a choice has");
    }

    /// <summary>Reads an instant in its one spelling.</summary>
    internal static bool TryInstant(string? text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(
            text, Instant, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant)
        && ToText(instant) == text;

    /// <summary>The one spelling of an instant.</summary>
    internal static string ToText(DateTimeOffset instant) => instant.ToString(Instant, CultureInfo.InvariantCulture);

    private static SortedDictionary<string, string> Values(ReadOnlySpan<byte> json)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var document = StrictJson.Parse(json, "The choice");
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw Broken("it is not an object");
        foreach (var member in document.RootElement.EnumerateObject())
        {
            var name = StrictJson.Name(member);
            if (!Members.Contains(name) || member.Value.ValueKind != JsonValueKind.String
                || StrictJson.Text(member.Value) is not { Length: > 0 } value || value.Any(char.IsControl))
                throw Broken("it has a member that is unknown, empty, not text, or holds a control character");
            values.Add(name, value);
        }

        // Written again and compared: order, spaces and escapes are then what RFC 8785 has, whatever the parser lets
        // pass.
        var canonical =
            "{" + string.Join(',', values.Select(pair => $"\"{pair.Key}\":\"{Escaped(pair.Value)}\"")) + "}";
        return Encoding.UTF8.GetBytes(canonical).AsSpan().SequenceEqual(json)
            ? values
            : throw Broken("it is not canonical JSON (RFC 8785)");
    }

    // Control characters were refused above; everything else stands as it is.
    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static ProofException Broken(string why) =>
        ProofException.Malformed($"Not the canonical JSON of a choice: {why}.");
}

/// <summary>How kinds are written.</summary>
public static class StatementKinds
{
    /// <summary>The stable, kebab-case name.</summary>
    public static string ToText(this StatementKind kind) => kind switch
    {
        StatementKind.Objection => "objection",
        StatementKind.ObjectionLifted => "objection-lifted",
        StatementKind.Consent => "consent",
        StatementKind.Withdrawal => "withdrawal",
        StatementKind.Refusal => "refusal",
        StatementKind.Restriction => "restriction",
        StatementKind.RestrictionLifted => "restriction-lifted",
        StatementKind.Erasure => "erasure",
        StatementKind.Removal => "removal",
        StatementKind.Mandate => "mandate",
        StatementKind.MandateRevoked => "mandate-revoked",
    };
}
