using System.Globalization;
using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.Corpus;
using Aval.Decisions;
using Aval.Orders;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Text;

namespace Aval.Runs;

/// <summary>What of a release is touched by one reason.</summary>
internal sealed record LateCount(Reason Reason, long Rows, long Authors);

/// <summary>
/// The rows of a release that what people have said excludes by now: said since, or reaching them since. It is decided
/// by the policy's own rules and by the engine that built the release, over the few items of those who said anything
/// that protects, so that gate, export and impact mean the same by it as the next build does; and over all items that
/// an order in force may keep out which the release does not state.
/// <para>
/// <c>late_rows</c>: row_key, service, item_id, account, reason, restricted. <c>late_said</c>: idx, received_at, of the
/// statements that the release does not honour. What others wrote about a person is not among them
/// (<see cref="LateMentions"/>).
/// </para>
/// </summary>
internal sealed class LateChoices : IDisposable
{
    private readonly Policy _policy;
    private readonly string _items;

    private LateChoices(Engine engine, Manifest manifest, DateTimeOffset now, Policy policy, string items)
    {
        (Engine, Manifest, Now, _policy, _items) = (engine, manifest, now, policy, items);
        Decisions = Treatments.Prepare(engine, policy, manifest.Buckets, items: items);
    }

    /// <summary>Where <c>late_rows</c> and <c>late_said</c> are, and the content's views as of now.</summary>
    public Engine Engine { get; }

    /// <summary>The release's manifest.</summary>
    public Manifest Manifest { get; }

    /// <summary>As of when.</summary>
    public DateTimeOffset Now { get; }

    private ItemDecisions Decisions { get; }

    /// <summary>Finds them.</summary>
    /// <param name="workspace">Whose release it is.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="now">What was made and received by then counts.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <exception cref="AvalException">Bad input: the release's lineage is gone or was changed, so nobody can tell who
    /// is in it.</exception>
    public static LateChoices Find(Workspace workspace, Manifest manifest, DateTimeOffset now, EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(manifest);
        var at = CommittedChoices.NotBefore(workspace, now);
        var engine = Today(workspace, at, limits);
        return Ownership.Hand(engine, () => In(engine, workspace, manifest, at));
    }

    /// <summary>Content and choices as of now, in an engine: what several releases can be asked of.</summary>
    public static Engine Today(Workspace workspace, DateTimeOffset now, EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
        return Ownership.Hand(engine, () =>
        {
            Inputs.Load(engine, workspace, now, atCheckpoint: null);
            return engine;
        });
    }

    /// <summary>Finds them in an engine of <see cref="Today"/>, in the place of those of another release.</summary>
    /// <inheritdoc cref="Find"/>
    public static LateChoices In(Engine engine, Workspace workspace, Manifest manifest, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(manifest);
        var lineage = Lineage.Of(workspace, manifest);
        var policy = PolicyReader.Parse(manifest.PolicyText, $"the policy of {manifest.Release}");
        var unhonoured = OrderGate.Unhonoured(workspace, policy, manifest.Orders, now);
        policy = OrderedPolicy.Again(
            workspace, WhatPeopleSay(policy), [.. unhonoured.Select(order => order.Index.Value)]).Policy;
        Stances.Resolve(engine, policy.Purpose);
        engine.Execute(Candidates(lineage, policy.Ordered));
        AddErased(engine, lineage);
        var items = $"(SELECT now.* FROM {ItemFinding.Now(engine, Named)} AS now "
            + $"SEMI JOIN ({Named}) AS named USING (service, item_id))";
        var late = new LateChoices(engine, manifest, now, policy, items);
        engine.Execute(Rows(late.Decisions));
        late.AddRevealing(workspace);
        late.FindSaid();
        return late;
    }

    /// <summary>What is touched, by reason; none = the release honours all that was said.</summary>
    public IReadOnlyList<LateCount> Counts => Engine.Query(
        "SELECT reason, count(*), count(DISTINCT account) FROM late_rows GROUP BY reason ORDER BY reason",
        row => new LateCount(
            Decisions.Grounds.Select(ground => ground.Reason).Append(Reason.DeletedAtSource)
                .First(reason => reason.ToText() == row.GetString(0)), row.GetInt64(1), row.GetInt64(2)));

    /// <summary>How many authors.</summary>
    public long Authors => Engine.Scalar<long>("SELECT count(DISTINCT account) FROM late_rows");

    /// <summary>How many authors had the use of what is theirs restricted (Art. 18), whatever else keeps it out and
    /// stands before that in the policy.</summary>
    public long RestrictedAuthors =>
        Engine.Scalar<long>("SELECT count(DISTINCT account) FROM late_rows WHERE restricted");

    /// <summary>How many rows.</summary>
    public long Total => Engine.Scalar<long>("SELECT count(*) FROM late_rows");

    /// <summary>
    /// The authors of whom something was received before an instant. A row that is out by what the release honours
    /// (over a link that was learned since, for want of a consent that ended since) counts from the release on,
    /// whatever was said later.
    /// </summary>
    public long AuthorsSince(DateTimeOffset before)
    {
        if (before >= Now || Total == 0)
            return Authors;
        FindUnsaid();
        return Engine.Scalar<long>($"""
            SELECT count(DISTINCT account) FROM (
                SELECT account, CASE WHEN row_key IN (FROM late_unsaid) THEN {Engine.Literal(Manifest.AsOf)}
                    ELSE coalesce(min(received_at), {Engine.Literal(Manifest.AsOf)}) END AS since
                FROM late_rows LEFT JOIN ({Covering}) USING (row_key) GROUP BY row_key, account)
            WHERE since <= {Engine.Literal(before)}
            """);
    }

    /// <summary>SQL of <c>row_key, idx, received_at</c>: which statements stand against which rows.</summary>
    public const string Covering = """
        SELECT row_key, said.idx, said.received_at
        FROM late_rows AS late
        JOIN holding ON holder = late.account
        JOIN late_said AS said ON said.idx = holding.idx
        WHERE holding.scope = 'everything' OR (holding.scope = 'service' AND scope_service = late.service)
           OR (holding.scope = 'item' AND scope_service = late.service AND scope_item = late.item_id)
        UNION
        SELECT row_key, said.idx, said.received_at
        FROM late_rows AS late
        JOIN holding ON holding.scope = 'item' AND scope_service = late.service AND scope_item = late.item_id
            AND kind = 'removal'
        JOIN late_said AS said ON said.idx = holding.idx
        """;

    /// <inheritdoc/>
    public void Dispose() => Engine.Dispose();

    private const string Named = "SELECT DISTINCT service, item_id FROM late_candidates";

    // Only what people say: content, ages and waiting periods are reckoned at the release's own instant. A restriction
    // holds at the next read (Art. 18), whatever the policy's rules are.
    private static Policy WhatPeopleSay(Policy policy)
    {
        var rules = policy.Rules.Where(rule => rule is Rule.Erasure or Rule.Restriction or Rule.Objection
            or Rule.Removal or Rule.Withdrawal or Rule.Consent or Rule.Services or Rule.CombineServices
            or Rule.SpecialCategories { Action: RevealingAction.KeepWithExplicitConsent }).ToList();
        // What a text reveals is looked for in the language that the build found.
        if (rules.OfType<Rule.SpecialCategories>().Any())
            rules.AddRange(policy.Rules.OfType<Rule.Language>());
        if (!rules.OfType<Rule.Restriction>().Any())
            rules.Add(new Rule.Restriction(Law: null));
        return policy with { Rules = rules };
    }

    private static bool IsSaid(Reason reason) => reason is Reason.Erased or Reason.Restricted or Reason.Objected
        or Reason.ConsentWithdrawn or Reason.Refused or Reason.NoConsent or Reason.ConsentExpired or Reason.Ordered
        or Reason.RemovalRequested or Reason.ServicesCombined or Reason.SpecialCategory;

    // Those of whom anything that protects stands, or whose permission ended; nearly nobody of them is in the release.
    // What an order may keep out can be any row, of its services if it names any.
    private static string Candidates(string lineage, IReadOnlyList<OrderedOut> orders) => $"""
        CREATE OR REPLACE TEMP TABLE late_candidates AS
        FROM (SELECT row_key, service, item_id, account FROM {lineage}) AS lineage
        SEMI JOIN (
            SELECT subject AS account FROM account_stances
            WHERE objected_since IS NOT NULL OR restricted_at IS NOT NULL OR erased_to IS NOT NULL
               OR consent_kind <> 'consent' OR consent_until <= as_of() OR NOT may_combine OR NOT may_reveal
               OR combining_refused OR revealing_refused) AS holders USING (account)
        UNION
        FROM (SELECT row_key, service, item_id, account FROM {lineage}) AS lineage
        SEMI JOIN named_items USING (service, item_id)
        {(orders.Count == 0 ? "" : $"""
            UNION
            SELECT row_key, service, item_id, account FROM {lineage} WHERE {string.Join(" OR ", orders
                .SelectMany(order => order.Items).Select(items => items.Services.Count == 0
                    ? "true"
                    : $"list_contains({Engine.Literal(items.Services)}, service)").Distinct())}
            """)}
        """;

    // What an erasure took out of the content is found by its tokens alone, once the choice itself is forgotten.
    private static void AddErased(Engine engine, string lineage)
    {
        if (!engine.Scalar<bool>("SELECT EXISTS (FROM erased_tokens WHERE kind = 'item')"))
            return;
        ErasedTokens.Provide(engine);
        var erased = ErasedTokens.Among("erased_tokens", lineage, "account", "row_key");
        engine.Execute($"""
            INSERT INTO late_candidates
            SELECT row_key, service, item_id, account FROM {lineage} SEMI JOIN ({erased}) AS erased USING (row_key)
            WHERE row_key NOT IN (SELECT row_key FROM late_candidates)
            """);
    }

    // What the content no longer knows was taken out of it since.
    private static string Rows(ItemDecisions decisions)
    {
        var said = decisions.Grounds.Where(ground => IsSaid(ground.Reason)).ToArray();
        var reasons = string.Concat(said.Select(ground =>
            $"WHEN (mask & {Number(1L << ground.Bit)}) <> 0 THEN {Engine.Literal(ground.Reason.ToText())} "));
        return $"""
            CREATE OR REPLACE TEMP TABLE late_rows AS
            SELECT row_key, service, item_id, account,
                CASE WHEN mask IS NULL THEN {Engine.Literal(Reason.DeletedAtSource.ToText())} {reasons} END AS reason,
                mask IS NOT NULL AND (mask & {Bits(said, Reason.Restricted)}) <> 0 AS restricted
            FROM late_candidates LEFT JOIN (SELECT service, item_id, mask FROM ({decisions.Relation}))
                USING (service, item_id)
            WHERE mask IS NULL OR (mask & {Bits(said)}) <> 0
            """;
    }

    private static string Bits(IEnumerable<Ground> grounds, Reason? reason = null) => Number(grounds
        .Where(ground => reason is null || ground.Reason == reason)
        .Aggregate(0L, (all, ground) => all | (1L << ground.Bit)));

    // Where an item was changed since, its text of now may not reveal what the release has, in the language that the
    // build found: whoever took the explicit consent back, or whose consent has ended since, is asked for with that.
    private void AddRevealing(Workspace workspace)
    {
        var release = Path.Combine(workspace.Corpus, Manifest.Corpus, Manifest.Release);
        string[] shards = [.. Manifest.Files.Where(file => file.Rows is not null)
            .Select(file => Path.Combine(release, file.Path)).Where(File.Exists)];
        var until = Engine.Literal(Manifest.ProtectUntil);
        var holders = $"""
            SELECT holder FROM holding
            WHERE purpose = getvariable('special_categories') AND ((protective AND {Unhonoured})
                OR (kind = 'consent' AND until > {until} AND until <= as_of()))
            """;
        if (shards.Length == 0 || Decisions.Grounds.All(ground => ground.Reason is not Reason.SpecialCategory)
            || !Engine.Scalar<bool>($"SELECT EXISTS (FROM late_candidates WHERE account IN ({holders}))"))
            return;
        var released = $"""
            (SELECT now.* REPLACE (shard.text AS text, shard.language AS language_hint)
             FROM {ItemFinding.Now(Engine, Named)} AS now
             JOIN (SELECT row_key, service, item_id FROM late_candidates WHERE account IN ({holders})) AS asked
                 USING (service, item_id)
             JOIN (SELECT row_key, text, language FROM {ParquetFiles.Rows(shards)}) AS shard USING (row_key))
            """;
        var rules = _policy.Rules.Where(rule => rule is Rule.SpecialCategories).ToList();
        var decisions = Treatments.Prepare(
            Engine, _policy with { Rules = rules }, Manifest.Buckets, "_revealing", released);
        Engine.Execute($"""
            INSERT INTO late_rows
            SELECT row_key, service, item_id, account, {Engine.Literal(Reason.SpecialCategory.ToText())}, false
            FROM late_candidates SEMI JOIN (
                SELECT service, item_id FROM ({decisions.Relation})
                WHERE (mask & {Bits(decisions.Grounds, Reason.SpecialCategory)}) <> 0) USING (service, item_id)
            WHERE row_key NOT IN (SELECT row_key FROM late_rows)
            """);
    }

    // Decided once more, as if nothing that protects had been said since.
    private void FindUnsaid()
    {
        Engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE late_statements AS FROM statements WHERE protective AND {Unhonoured};
            DELETE FROM statements WHERE protective AND {Unhonoured}
            """);
        try
        {
            Stances.Resolve(Engine, _policy.Purpose);
            var honoured = Treatments.Prepare(Engine, _policy, Manifest.Buckets, "_unsaid", _items);
            Engine.Execute($"""
                CREATE OR REPLACE TEMP TABLE late_unsaid AS
                SELECT row_key FROM late_rows SEMI JOIN (
                    SELECT service, item_id FROM ({honoured.Relation})
                    WHERE (mask & {Bits(honoured.Grounds.Where(ground => IsSaid(ground.Reason)))}) <> 0)
                    USING (service, item_id)
                """);
        }
        finally
        {
            Engine.Execute("INSERT INTO statements FROM late_statements");
            Stances.Resolve(Engine, _policy.Purpose);
        }
    }

    // Of a statement, that the release does not honour it.
    private string Unhonoured
    {
        get
        {
            var until = Engine.Literal(Manifest.ProtectUntil);
            return $"(idx >= {Number(Manifest.LedgerSize.Value)} OR made_at > {until} OR received_at > {until})";
        }
    }

    // Of those that reach the rows.
    private void FindSaid() => Engine.Execute($"""
        CREATE OR REPLACE TEMP TABLE late_said AS
        SELECT DISTINCT idx, received_at
        FROM (
            FROM holding SEMI JOIN (SELECT account FROM late_rows) AS authors ON holder = authors.account
            WHERE protective
            UNION ALL
            FROM holding SEMI JOIN late_rows AS late ON scope_service = late.service AND scope_item = late.item_id
            WHERE kind = 'removal'
        )
        WHERE {Unhonoured}
        """);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
