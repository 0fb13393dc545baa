using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aval.Storage;
using Aval.Text;

namespace Aval.Building;

/// <summary>
/// <em>match</em>: sketches of all buckets are held against each other, and each bucket is told which of its items are
/// copies or duplicates. What it is told is a part of what it reads.
/// </summary>
internal static class MatchStage
{
    private const string Version = "match/1";

    // What is found by going over columns of numbers is held beside the engine, and where it joins and sorts as much as
    // here it takes up to a fifth more than it is allowed: together they keep what the build was given.
    private const double OfMemory = 0.7;

    /// <summary>Compares, and plans the parts anew.</summary>
    /// <param name="engine">With the content's views, in which texts are read again.</param>
    /// <param name="working">The build's working folder, with sketches and plan.</param>
    /// <param name="plan">The plan so far.</param>
    /// <param name="rules">What the policy compares.</param>
    /// <param name="seal">The key of this workspace's seal.</param>
    /// <param name="kept">Where lies what was kept of the corpus's last release.</param>
    /// <returns>The plan, and how many items were let in though they say what an excluded one says.</returns>
    public static (BuildPlan Plan, long? LetIn) Run(
        Engine engine, string working, BuildPlan plan, MatchRules rules, byte[] seal, string kept)
    {
        using var sketched = SketchStage.All(working, plan);
        if (sketched is null)
            return (plan, rules.Copies is null ? null : 0);
        var letIn = engine.WithAtMost(OfMemory, () => Matching.Run(
            engine, rules, sketched, "items_now", Matching.Table, KeptSketches.Compared(kept, seal),
            compared => KeptSketches.Compare(engine, working, compared, seal)));
        var found = $"""
            SELECT bucket_of(item.account, {plan.Buckets.ToString(CultureInfo.InvariantCulture)}) AS bucket,
                service, item_id, verdict, kept
            FROM {Matching.Table} JOIN {sketched.Rows} AS item USING (service, item_id)
            """;
        engine.Execute($"CREATE OR REPLACE TEMP TABLE match_found AS {found}");
        Planning.Spread(engine, working, AdmitStage.MatchedFolder, "FROM match_found", plan.Buckets);
        var told = Planning.SumsOf(engine, "SELECT bucket, service, item_id, verdict FROM match_found");
        var next = plan with { Parts = [.. plan.Parts.Select(part => Told(working, part, told))] };
        engine.Execute($"DROP TABLE match_found; DROP TABLE {Matching.Table}");
        next.Write(working, seal);
        return (next, letIn);
    }

    private static PlannedPart Told(string working, PlannedPart part, IReadOnlyDictionary<int, string> told)
    {
        var input = $"{Version}\n{part.Input}\n{told.GetValueOrDefault(part.Bucket)}";
        return part with
        {
            Input = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(input))),
            Facts =
            [
                .. part.Facts, .. AdmitStage.Describe(working, AdmitStage.MatchedFolder, part.Bucket),
                .. SketchStage.Decided(working, part),
            ],
        };
    }
}
