using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aval.Content;
using Aval.Corpus;
using Aval.Decisions;
using Aval.Storage;
using Aval.Text;

namespace Aval.Building;

/// <summary>
/// <em>plan</em>: the facts about accounts and items, which are computed once, are laid out by bucket, so that a part
/// reads its slice and nothing else; and each part is named by what it reads (docs/formats/stages.md).
/// </summary>
internal static class Planning
{
    // A change of what a part does makes older parts others.
    private const string Version = "admit/5";

    /// <summary>Lays out and plans.</summary>
    /// <param name="engine">With the content's views and the tables of <paramref name="decisions"/>.</param>
    /// <param name="request">What is built.</param>
    /// <param name="folder">Where.</param>
    /// <param name="buckets">Into how many buckets accounts are spread.</param>
    /// <param name="content">Where the items lie.</param>
    /// <param name="decisions">The decisions that the parts carry out.</param>
    /// <param name="seal">The key of this workspace's seal.</param>
    /// <param name="touched">The buckets that are planned; null = all.</param>
    public static BuildPlan Run(
        Engine engine, BuildRequest request, BuildFolder folder, int buckets, ItemsLayout content,
        ItemDecisions decisions, byte[] seal, IReadOnlySet<int>? touched)
    {
        var plan = new BuildPlan(
            EngineVersion.Text, request.AsOf.ToText(), buckets, request.Policy.Text, request.Policy.Name,
            decisions.Nobody,
            decisions.Erasure.ToString(), decisions.NamedTable is not null,
            engine.Scalar<bool>("SELECT EXISTS (FROM contested_items)"), content.IsLater, folder.Release,
            folder.Lineage, null, [])
        {
            Policy = request.Policy,
            Ordered = request.Policy.Ordered,
            Common = Common(request.Policy, buckets, decisions),
            Program = EngineVersion.Program,
        };
        if (content.Layout.Files.Count > 0)
            LayOutFacts(engine, folder.Working, plan, decisions);
        var facts = AdmitStage.Describe(folder.Working, buckets);
        plan = plan with { Erased = facts.Erased };
        plan = plan with
        {
            Parts = [.. Parts(engine, plan, decisions, content, facts.ByBucket)
                .Where(part => touched?.Contains(part.Bucket) ?? true)],
        };
        plan.Write(folder.Working, seal);
        return plan;
    }

    /// <summary>What each part's input begins with, whatever its bucket.</summary>
    public static string Common(Policies.Policy policy, int buckets, ItemDecisions decisions) =>
        string.Join('\n', [
            Version, EngineVersion.Program, Number(buckets), Number(ShardFormat.RowGroupSize),
            ShardFormat.Compression, decisions.Identity, Treatments.Identity(policy),
        ]);

    private static void LayOutFacts(Engine engine, string working, BuildPlan plan, ItemDecisions decisions)
    {
        Spread(engine, working, AdmitStage.AccountsFolder, "FROM authors", plan.Buckets);
        if (plan.HasNamed)
            Spread(engine, working, AdmitStage.NamedFolder, Named(plan.Buckets), plan.Buckets);
        if (plan.HasContested)
        {
            // An item whose versions name several authors lies in several buckets, and is one of them: the one of the
            // version that counts. Each bucket is told which of its rows are not for it to say.
            Spread(engine, working, AdmitStage.ContestedFolder, $"""
                SELECT DISTINCT bucket_of(author, {Number(plan.Buckets)}) AS bucket, service, item_id
                FROM {ItemFinding.Laid(engine, "FROM contested_items")} AS version
                SEMI JOIN contested_items USING (service, item_id)
                """, plan.Buckets);
            Spread(engine, working, AdmitStage.ResolvedFolder, $"""
                SELECT bucket_of(author, {Number(plan.Buckets)}) AS bucket,
                    {CanonicalColumns.ForFile(ContentKind.Items)}, unreadable
                FROM laid_resolved
                """, plan.Buckets);
        }

        if (decisions.MentionsTable is { } mentions)
            Spread(engine, working, AdmitStage.MentionsFolder, Mentions(mentions, plan.Buckets), plan.Buckets);
        if (decisions.LateTable is { } late)
            Spread(engine, working, AdmitStage.LateFolder, Late(late, plan.Buckets), plan.Buckets);
        if (engine.Scalar<bool>("SELECT EXISTS (FROM erased_items)"))
            engine.Execute($"COPY erased_items TO {Engine.Literal(Path.Combine(working, AdmitStage.ErasedFile))} "
                + "(FORMAT parquet)");
    }

    // By the author that the table itself tells: it has items that were named by what is known later, too.
    private static string Named(int buckets) =>
        $"SELECT bucket_of(author, {Number(buckets)}) AS bucket, * EXCLUDE (author) FROM named";

    private static string Mentions(string table, int buckets) =>
        $"SELECT bucket_of(author, {Number(buckets)}) AS bucket, * EXCLUDE (author) FROM {table}";

    private static string Late(string table, int buckets) =>
        $"SELECT bucket_of(author, {Number(buckets)}) AS bucket, service, item_id, late_mask FROM {table}";

    // An erasure touches the bucket of what it took, and no other.
    private static string Erased(Engine engine, string table, int buckets) => $"""
        SELECT DISTINCT bucket_of(author, {Number(buckets)}) AS bucket, service, item_id, 'erased'
        FROM {ItemFinding.Now(engine, $"FROM {table}")} AS now SEMI JOIN {table} USING (service, item_id)
        """;

    /// <summary>Lays rows out by their bucket.</summary>
    public static void Spread(Engine engine, string working, string name, string rows, int buckets)
    {
        engine.Execute($"SET partitioned_write_max_open_files = {Number(buckets + 1)}");
        engine.Execute($"""
            COPY ({rows}) TO {Engine.Literal(Path.Combine(working, name))}
            (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1000, PARTITION_BY (bucket),
                WRITE_PARTITION_COLUMNS true)
            """);
    }

    // The input of a part: the content's files by their recorded hashes, and its slice of the facts by a keyed sum of
    // its rows, in whatever order they lie. Content left in place has none, and such parts are always made.
    private static IReadOnlyList<PlannedPart> Parts(
        Engine engine, BuildPlan plan, ItemDecisions decisions, ItemsLayout content, IReadOnlyList<FactsFile>[] facts)
    {
        var common = $"{plan.Common}\n{(content.InPlace ? Guid.NewGuid().ToString("N") : "")}";
        // Keyed, so that nobody who chooses names of accounts can choose sums.
        engine.Execute("SET VARIABLE slice_key = fingerprint('aval/slice/v1')::VARCHAR");
        var slices = new Dictionary<int, StringBuilder>();
        void Add(string rows)
        {
            foreach (var (bucket, sum) in SumsOf(engine, rows))
                (slices.TryGetValue(bucket, out var slice) ? slice : slices[bucket] = new StringBuilder())
                    .Append(sum)
                    .Append('\n');
        }

        if (content.Layout.Files.Count > 0)
        {
            Add("FROM authors");
            if (decisions.MentionsTable is { } mentions)
                Add(Mentions(mentions, plan.Buckets));
            if (plan.HasNamed)
                Add(Named(plan.Buckets));
            if (decisions.ErasedTable is { } erased)
                Add(Erased(engine, erased, plan.Buckets));
            if (decisions.LateTable is { } late)
                Add(Late(late, plan.Buckets));
            if (plan.HasContested)
            {
                Add($"SELECT DISTINCT bucket_of(author, {Number(plan.Buckets)}) AS bucket, service, item_id, "
                    + $"'contested' FROM {ItemFinding.Laid(engine, "FROM contested_items")} AS version "
                    + "SEMI JOIN contested_items USING (service, item_id)");
                Add($"SELECT bucket_of(author, {Number(plan.Buckets)}) AS bucket, * FROM laid_resolved");
            }
        }

        return [.. Enumerable.Range(0, plan.Buckets).Select(bucket =>
        {
            var files = content.Layout.Of(bucket).ToArray();
            var input = string.Join('\n', [
                common, Number(bucket), .. files.Select(rows => rows.File.Sha256),
                // What was written or observed by then is the same to every later instant.
                content.IsSettled(files, plan.Instant) ? "settled" : plan.AsOf,
                slices.TryGetValue(bucket, out var slice) ? slice.ToString() : "",
            ]);
            return new PlannedPart(
                bucket, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(input))),
                [.. files.Select(content.PathOf)],
                facts[bucket],
                files.Sum(rows => rows.File.Bytes / rows.File.Buckets!.Count));
        })];
    }

    /// <summary>A keyed sum over each bucket's rows, in whatever order they lie.</summary>
    public static IReadOnlyDictionary<int, string> SumsOf(Engine engine, string rows) => engine.Query(
        $"""
        SELECT bucket, bit_xor(md5_number(getvariable('slice_key') || to_json(facts)::VARCHAR))::VARCHAR || '/'
            || count(*)
        FROM ({rows}) AS facts GROUP BY bucket ORDER BY bucket
        """,
        row => (Bucket: row.GetInt32(0), Sum: row.GetString(1))).ToDictionary(row => row.Bucket, row => row.Sum);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
