using System.Globalization;
using Aval.Corpus;
using Aval.Decisions;
using Aval.Policies;
using Aval.Storage;
using Aval.Text;

namespace Aval.Building;

/// <summary>
/// <em>gather</em>: content left in place lies by nothing, so it is decided at once, and what is admitted is brought
/// together by bucket. It is the largest part of such a build; content that lies by bucket does without it.
/// </summary>
internal static class Gathering
{
    /// <summary>Decides and gathers.</summary>
    /// <returns>The decisions on what is excluded, counted.</returns>
    public static DecisionCounts Run(
        Engine engine, string working, Policy policy, ItemDecisions decisions, int buckets,
        Action<BuildProgress> watch)
    {
        var target = Path.Combine(working, AdmitStage.GatheredFolder);
        // One open file a bucket, plus one for what is excluded; the engine's default of 100 would close and reopen
        // them.
        engine.Execute(string.Create(
            CultureInfo.InvariantCulture, $"SET partitioned_write_max_open_files = {buckets + 1}"));
        var treated = Treatments.Over(policy, decisions, decisions.From("placed_items"));
        engine.ExecuteWatched(
            $"""
            COPY ({AdmitStage.Gathered(treated, decisions.Grounds, buckets)})
            TO {Engine.Literal(target)} (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1000,
                PARTITION_BY (bucket))
            """,
            done => watch(new BuildProgress("decide", done)));
        var excluded = AdmitStage.FilesOf(working, AdmitStage.GatheredFolder, -1);
        return excluded.Length == 0 ? DecisionCounts.None : Shards.Count(engine, ParquetFiles.Rows(excluded));
    }
}
