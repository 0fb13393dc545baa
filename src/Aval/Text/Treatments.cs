using Aval.Decisions;
using Aval.Policies;
using Aval.Storage;
using Aval.Text.AboutMe;
using Aval.Text.Identifiers;
using Aval.Text.Languages;
using Aval.Text.SpecialCategories;

namespace Aval.Text;

/// <summary>Something that is done to the text of an item that every rule admits.</summary>
/// <param name="Version">Names what it does; another version makes other texts.</param>
/// <param name="Provide">Registers the functions that its SQL calls.</param>
/// <param name="Sql">Of the SQL of a text, the SQL of that text treated; beside it stand the columns of
/// <see cref="ItemDecisions.Relation"/>.</param>
internal sealed record Treatment(string Version, Action<Engine> Provide, Func<string, string> Sql);

/// <summary>
/// <em>treat</em>: what the words of an item go through between the decision and the shard. Decisions that exclude come
/// before masks; copies and duplicates see the text before masks, shards hold it after; and of what every other rule
/// admits the masked text decides whether it is empty.
/// </summary>
internal static class Treatments
{
    // Of the model that tells languages.
    private const string LanguageVersion = "language/1";

    private const string Characters = "coalesce(length(text), 0) AS characters";

    /// <summary>A policy's treatments, in the order in which they are applied. Where two would replace the same
    /// words, the first wins: a person's name is replaced as such, whatever else it looks like.</summary>
    public static IReadOnlyList<Treatment> Of(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var treatments = new List<Treatment>();
        var persons = new Treatment("about-me/2", NamedPersons.Provide, text =>
            $"CASE WHEN needles IS NULL THEN {text} ELSE mask_persons(service, {text}, needles) END");
        var masksPersons = policy.Rules.OfType<Rule.AboutMe>().Any(rule => rule.Action is MentionAction.Mask);
        if (masksPersons)
            treatments.Add(persons);

        if (policy.Rules.OfType<Rule.Identifiers>().SingleOrDefault() is { } identifiers)
        {
            var kinds = Engine.Literal(string.Join(',', identifiers.Masked));
            treatments.Add(new Treatment(
                $"identifiers/4 {kinds}", IdentifierFunctions.Provide,
                text => $"masked_text({text}, coalesce(country, ''), {kinds})"));
            // A name that ran into an address stands as a word of its own once the address is gone.
            if (masksPersons)
                treatments.Add(persons);
        }

        return treatments;
    }

    /// <summary>
    /// Makes the tables that a policy's decisions need, those on texts among them, and registers what they call.
    /// </summary>
    /// <param name="engine">Where they are made; <c>as_of()</c> is set there.</param>
    /// <param name="policy">The regime.</param>
    /// <param name="buckets">How many buckets accounts are spread over.</param>
    /// <param name="name">Tells apart the tables of two policies in one engine.</param>
    /// <param name="items">The items that are decided, as <c>items_now</c> has them.</param>
    /// <param name="protection">What was found out later (<see cref="Protect"/>); null = nothing counts that did not as
    /// of then.</param>
    public static ItemDecisions Prepare(
        Engine engine, Policy policy, int buckets, string name = "", string items = "items_now",
        Protection? protection = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Provide(engine, policy);
        var decisions = ItemDecisions.Prepare(
            engine, policy, buckets, name,
            NamedPersons.Find(engine, policy, name, items, isProtected: protection is not null), protection);
        return decisions with { Relation = Over(policy, decisions, decisions.From(items)) };
    }

    /// <summary>
    /// Keeps what protects of what is loaded, which is known until <c>protect_until</c>, while content as of the
    /// release is loaded over it.
    /// </summary>
    /// <param name="engine">Where it is loaded; <c>as_of()</c> is the release's instant.</param>
    /// <param name="policy">The regime.</param>
    /// <param name="buckets">How many buckets accounts are spread over.</param>
    public static Protection Protect(Engine engine, Policy policy, int buckets)
    {
        NamedPersons.Protect(engine, policy);
        return Protection.Keep(engine, policy, buckets);
    }

    /// <summary>Registers what a policy's decisions and treatments call.</summary>
    public static void Provide(Engine engine, Policy policy)
    {
        if (policy.Rules.OfType<Rule.Language>().Any())
            LanguageFunctions.Provide(engine);
        foreach (var treatment in Of(policy))
            treatment.Provide(engine);
        if (Reads(policy))
            SpecialCategoryFunction.Provide(engine);
        MaskCounts.Provide(engine);
    }

    /// <summary>
    /// Names what is done to texts and found in them under a policy: the same for the same policy and program.
    /// </summary>
    public static string Identity(Policy policy) => string.Join('\n', [
        LanguageVersion, .. Of(policy).Select(treatment => treatment.Version),
        Reads(policy) ? $"special-categories {Lexicon.Shipped.Sha256}" : "",
    ]);

    private static bool Reads(Policy policy) => policy.Rules.OfType<Rule.SpecialCategories>().Any();

    /// <summary>
    /// Decided items, treated: the columns of <see cref="ItemDecisions.Relation"/>, and <c>masked</c>, what was
    /// replaced (<see cref="MaskCounts"/>; null = nothing).
    /// </summary>
    public static string Over(Policy policy, ItemDecisions decisions, DecidedFrom from)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        return Over(policy, decisions.Grounds, decisions.Over(from));
    }

    /// <summary>The same of items that are decided already.</summary>
    /// <param name="policy">The regime.</param>
    /// <param name="grounds">What the bits of their masks mean.</param>
    /// <param name="decided">Rows with <c>service, mask, text, media, country, needles</c> and whatever else.</param>
    public static string Over(Policy policy, IReadOnlyList<Ground> grounds, string decided)
    {
        var treatments = Of(policy);
        var empty = (1L << grounds.Single(ground => ground.RuleId == StandingRule.Empty.Id).Bit)
            .ToString(System.Globalization.CultureInfo.InvariantCulture);
        // An erasure may have masked it in the content, and then nothing is left to be masked here.
        string Left(string text, string isMasked) => $"""
            CASE WHEN mask = 0 AND ({isMasked} OR contains({text}, '{PersonMask.Placeholder}'))
                AND is_only_placeholders({text}) AND coalesce(len(media), 0) = 0 THEN {empty} ELSE mask END
            """;
        if (treatments.Count == 0)
            return $"""
                SELECT * REPLACE ({Left("text", "false")} AS mask), {Characters}, NULL::VARCHAR AS masked
                FROM ({decided})
                """;
        var treated = treatments.Aggregate("text", (text, treatment) => treatment.Sql(text));
        return $"""
            SELECT * EXCLUDE (treated) REPLACE (
                    treated AS text, {Left("treated", "masked IS NOT NULL")} AS mask)
            FROM (
                SELECT *, {Characters}, CASE WHEN treated IS DISTINCT FROM text THEN placeholders(text, treated)
                    END AS masked
                FROM (SELECT *, CASE WHEN mask = 0 AND text <> '' THEN {treated} ELSE text END AS treated
                    FROM ({decided})))
            """;
    }
}
