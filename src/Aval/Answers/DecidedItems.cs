using System.Globalization;
using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.Corpus;
using Aval.Decisions;
using Aval.Orders;
using Aval.Policies;
using Aval.Storage;
using Aval.Text;

namespace Aval.Answers;

/// <summary>Every item with its decision, as a table of an engine: of a release that is decided again, or of a policy
/// that makes none.</summary>
internal static class DecidedItems
{
    /// <summary>Decides the content as of an instant under any policy, a replay-only one too; nothing is
    /// written.</summary>
    /// <exception cref="AvalException">Refused: the policy did not apply yet.</exception>
    public static Engine Under(
        Workspace workspace, Policy policy, DateTimeOffset asOf, TreeSize? atCheckpoint, EngineLimits limits)
    {
        Pipeline.RefuseBefore(policy, asOf);
        var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
        return Ownership.Hand(engine, () =>
        {
            Inputs.Load(engine, workspace, asOf, atCheckpoint);
            Stances.Resolve(engine, policy.Purpose);
            RowKeys.Provide(engine);
            var ordered = OrderedPolicy.Of(workspace, policy, asOf, asOf).Policy;
            var decisions = Matching.Prepare(engine, ordered, workspace.Settings.Buckets);
            Keep(engine, decisions.Relation);
            NameMasks(engine, decisions);
            PlacedFiles.RequireUnchanged(engine, workspace);
            return engine;
        });
    }

    /// <summary>Keeps decisions as <c>decided</c>: one row an item with its mask.</summary>
    /// <param name="engine">Where they are made.</param>
    /// <param name="decisions">SQL of them, as <see cref="ItemDecisions.Relation"/> is of all.</param>
    public static void Keep(Engine engine, string decisions)
    {
        RowKeys.Provide(engine);
        engine.Execute($"""
            CREATE TEMP TABLE decided AS
            SELECT service, item_id, kind, author AS account, language, bucket, mask, masked
            FROM ({decisions})
            """);
    }

    /// <summary>Names what each mask means: <c>masks(mask, decision, reason, rule, rules)</c>.</summary>
    public static void NameMasks(Engine engine, ItemDecisions decisions)
    {
        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE masks
                (mask BIGINT, decision VARCHAR, reason VARCHAR, rule VARCHAR, rules VARCHAR)
            """);
        foreach (var mask in engine.Query("SELECT DISTINCT mask FROM decided", row => row.GetInt64(0)))
        {
            var first = decisions.First(mask);
            engine.Execute(
                "INSERT INTO masks VALUES ($mask, $decision, $reason, $rule, $rules)",
                ("mask", mask),
                ("decision", first is null ? "admitted" : "excluded"),
                ("reason", first?.Reason.ToText()),
                ("rule", first?.RuleId),
                ("rules", first is null ? null : string.Join(';', decisions.RulesOf(mask))));
        }
    }

    /// <summary>Every item with its decision; needs <c>decided</c> and <c>masks</c>.</summary>
    /// <param name="buckets">How many buckets accounts are spread over.</param>
    public static string Sql(int buckets) => $"""
        SELECT service, item_id, account, decision, reason, rule, rules,
            CASE WHEN mask = 0 THEN row_key(service, item_id) END AS row_key,
            coalesce(bucket, bucket_of(account, {buckets.ToString(CultureInfo.InvariantCulture)})) AS bucket
        FROM decided JOIN masks USING (mask)
        """;
}
