using System.Globalization;
using Aval.Storage;

namespace Aval.Policies;

/// <summary>What a ground's predicate may look at.</summary>
public enum GroundReach
{
    /// <summary>The author's facts alone: decided once an account, not once an item.</summary>
    Author,

    /// <summary>The item's own columns, and the author's facts.</summary>
    Item,
}

/// <summary>
/// One way in which a rule excludes: a reason and the predicate that gives it. Each ground owns one bit of a decision's
/// mask, in the policy's order, so the lowest set bit is the first exclusion, a mask of zero is an admission, and what
/// each rule would have done alone can be counted from the masks.
/// </summary>
/// <param name="Bit">Its place in the mask, 0–62.</param>
/// <param name="RuleId">The rule it belongs to.</param>
/// <param name="Reason">The reason it gives.</param>
/// <param name="Reach">What the predicate looks at.</param>
/// <param name="Predicate">SQL, true = excluded. NULL counts as true: unknown never means allowed.</param>
public sealed record Ground(int Bit, string RuleId, Reason Reason, GroundReach Reach, string Predicate);

/// <summary>
/// The one place that says what each rule means, as SQL over named facts, so that decisions are made set-wise by the
/// engine and are still readable by one person in one sitting.
/// <para>
/// The author's facts (null = unknown): <c>birth_year, country, delivered_at</c> (first delivery of an information
/// notice), <c>author_unreadable</c>, and what the choices add up to (<see cref="Choices.Stances"/>): <c>objected_since, restricted_at, erased_to,
/// consent_kind, consent_until, may_combine, removed</c>. The item's columns: <c>service, kind, audience, created_at,
/// public_since, text, media, deleted, unreadable, observed_at</c>, and <c>erased_before</c>: an erasure took an earlier version of it
/// (<see cref="Choices.Stances"/>). <c>as_of()</c> is the instant of the build.
/// </para>
/// </summary>
public static class Grounds
{
    /// <summary>What is gone where it was published is gone here, under every policy.</summary>
    public const string DeletedAtSource = "deleted-at-source";

    /// <summary>Of what was last observed and could not be read, nobody knows that it may be used: under every policy.</summary>
    public const string UnreadableUpdate = "unreadable-update";

    /// <summary>What holds nothing teaches nothing, under every policy.</summary>
    public const string Empty = "empty";

    // Unicode White_Space. The first character is looked at before the regular expression runs: it runs on one text in a million.
    private const string NothingWritten = """
        (text IS NULL OR text = ''
         OR ((unicode(text) <= 32 OR unicode(text) IN (133, 160) OR unicode(text) BETWEEN 5760 AND 12288)
             AND regexp_full_match(text, '[\t-\r\x{85}\p{Z}]*')))
        AND coalesce(len(media), 0) = 0
        """;

    /// <summary>All grounds of a policy, in order.</summary>
    public static IReadOnlyList<Ground> Of(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var grounds = new List<Ground>();
        void Add(string rule, Reason reason, GroundReach reach, string predicate) =>
            grounds.Add(new Ground(grounds.Count, rule, reason, reach, predicate));

        Add(DeletedAtSource, Reason.DeletedAtSource, GroundReach.Item, "deleted");
        Add(UnreadableUpdate, Reason.UnreadableUpdate, GroundReach.Author, "coalesce(author_unreadable, false)");
        Add(UnreadableUpdate, Reason.UnreadableUpdate, GroundReach.Item, "unreadable");
        foreach (var rule in policy.Rules)
        {
            foreach (var (reason, reach, predicate) in Of(rule, policy))
                Add(rule.Id, reason, reach, predicate);
        }

        Add(Empty, Reason.Empty, GroundReach.Item, NothingWritten);
        return grounds.Count <= 62 ? grounds : throw new InvalidOperationException($"{grounds.Count} grounds do not fit into a mask of 62.");
    }

    private static IEnumerable<(Reason, GroundReach, string)> Of(Rule rule, Policy policy) => rule switch
    {
        Rule.Off => [],
        Rule.Erasure =>
        [
            // Unknown when it was written: nobody can say it came after the erasure.
            // What was observed at an instant was there then, whatever date it bears; what an erasure took once stays out.
            (Reason.Erased, GroundReach.Item, """
                erased_before
                OR (erased_to IS NOT NULL AND (created_at IS NULL OR created_at <= erased_to OR observed_at <= erased_to))
                """),
        ],
        Rule.Restriction => [(Reason.Restricted, GroundReach.Author, "restricted_at IS NOT NULL")],
        Rule.Objection { ForwardFrom: null } => [(Reason.Objected, GroundReach.Author, "objected_since IS NOT NULL")],
        Rule.Objection { ForwardFrom: { } from } =>
        [
            (Reason.Objected, GroundReach.Item, $"objected_since IS NOT NULL AND (objected_since < {Engine.Literal(from)} OR created_at IS NULL OR created_at >= objected_since)"),
        ],
        Rule.Withdrawal =>
        [
            (Reason.ConsentWithdrawn, GroundReach.Author, "consent_kind IS NOT DISTINCT FROM 'withdrawal'"),
            (Reason.Refused, GroundReach.Author, "consent_kind IS NOT DISTINCT FROM 'refusal'"),
        ],
        Rule.Consent =>
        [
            (Reason.ConsentWithdrawn, GroundReach.Author, "consent_kind IS NOT DISTINCT FROM 'withdrawal'"),
            (Reason.Refused, GroundReach.Author, "consent_kind IS NOT DISTINCT FROM 'refusal'"),
            // A consent that ends at the very instant of the build has ended: "until midnight" must not reach midnight's release.
            (Reason.ConsentExpired, GroundReach.Author, "consent_kind IS NOT DISTINCT FROM 'consent' AND consent_until IS NOT NULL AND consent_until <= as_of()"),
            (Reason.NoConsent, GroundReach.Author, "consent_kind IS NULL"),
        ],
        Rule.Removal => [(Reason.RemovalRequested, GroundReach.Item, "coalesce(removed, false)")],
        Rule.Services services => [(Reason.ServiceNotAdmitted, GroundReach.Item, $"service NOT IN {List(services.Admit)}")],
        Rule.Kinds kinds => [(Reason.KindNotAdmitted, GroundReach.Item, $"kind NOT IN {List(kinds.Admit)}")],
        Rule.Audience audience =>
        [
            (Reason.AudienceUnknown, GroundReach.Item, "audience IS NULL OR audience = 'unknown'"),
            (Reason.NotPublic, GroundReach.Item, $"audience IS NOT NULL AND audience <> 'unknown' AND audience NOT IN {List(audience.Admit)}"),
        ],
        Rule.Age age => Of(age),
        Rule.Informed => [(Reason.NotInformed, GroundReach.Author, "delivered_at IS NULL")],
        Rule.WaitingPeriod waiting =>
        [
            (Reason.WaitingPeriod, GroundReach.Author, $"delivered_at IS NULL OR delivered_at + to_days({Number(waiting.Days)}) > as_of()"),
        ],
        Rule.CombineServices { Reading: CombineReading.SamePerson } => [],
        Rule.CombineServices { Primary: var primary } when MixesServices(policy) =>
        [
            (Reason.ServicesCombined, GroundReach.Item, $"service <> {Engine.Literal(primary ?? "")} AND NOT coalesce(may_combine, false)"),
        ],
        Rule.CombineServices => [],
        Rule.Residence residence =>
        [
            (Reason.ResidenceUnknown, GroundReach.Author, "country IS NULL"),
            (Reason.OutsideScope, GroundReach.Author, $"country IS NOT NULL AND country NOT IN {List(residence.Admit)}"),
        ],
        Rule.PublicSince since => [(Reason.PublicBeforeCutoff, GroundReach.Item, $"public_since IS NULL OR public_since < {Engine.Literal(since.From)}")],
        _ => throw new InvalidOperationException($"The rule \"{rule.Id}\" has no grounds: it must not pass the policy reader."),
    };

    private static IEnumerable<(Reason, GroundReach, string)> Of(Rule.Age age)
    {
        // A birth year is taken as its 31 December, so nobody is thought older than they may be.
        var adultFrom = $"make_date(birth_year + {Number(age.AtLeast)}, 12, 31)";
        if (age.AtBuild)
            yield return (Reason.Minor, GroundReach.Author, $"birth_year IS NOT NULL AND as_of() < {adultFrom}");
        if (age.WhenWritten)
            yield return (Reason.Minor, GroundReach.Item, $"birth_year IS NOT NULL AND created_at IS NOT NULL AND created_at < {adultFrom}");
        yield return (Reason.AgeUnknown, GroundReach.Author, "birth_year IS NULL");
        if (age.WhenWritten)
            yield return (Reason.AgeUnknown, GroundReach.Item, "created_at IS NULL");
    }

    // A release of one service combines nothing, whatever its policy says about combining.
    private static bool MixesServices(Policy policy) =>
        policy.Rules.OfType<Rule.Services>().All(services => services.Admit.Distinct().Count() > 1);

    // Of nothing, nothing is admitted: x NOT IN (NULL) is NULL, which excludes.
    private static string List(IReadOnlyList<string> values) => "(" + string.Join(", ", values.Select(Engine.Literal).DefaultIfEmpty("NULL")) + ")";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
