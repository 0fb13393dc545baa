using System.Globalization;
using Aval.Authors;
using Aval.Corpus;
using Aval.Storage;

namespace Aval.Building;

/// <summary>
/// What a task on another machine does: some parts of a build that another process planned, from the files of its
/// working folder alone. It has the keys of <see cref="TaskKeys"/> and no other, and takes no lock: the process that
/// planned holds the corpus.
/// </summary>
internal static class PartTask
{
    /// <summary>Makes the parts of one task that are not there yet.</summary>
    /// <param name="working">The build's working folder.</param>
    /// <param name="task">Which task, from 0.</param>
    /// <param name="of">Out of how many: the parts are dealt out in turn.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <param name="watch">Told how many parts are done, and of how many.</param>
    /// <returns>How many parts it made.</returns>
    /// <exception cref="AvalException">Bad input: no build is planned there, or it is of another version.</exception>
    public static int Run(string working, int task, int of, EngineLimits limits, Action<int, int> watch)
    {
        ArgumentNullException.ThrowIfNull(watch);
        var keys = TaskKeys.Read(working);
        var plan = BuildPlan.Read(working, keys.Seal);
        plan.RequireOwnVersion(working);
        var missing = plan.Parts
            .Where(part => part.Bucket % of == task && FinishedParts.Find(working, plan, part, keys.Seal) is null)
            .ToArray();
        using var engine = Engine.Open(
            Path.Combine(working, string.Create(CultureInfo.InvariantCulture, $"task-{task}")), limits);
        RowKeys.Provide(engine, keys.RowKeys);
        engine.Execute($"CREATE OR REPLACE MACRO as_of() AS {Engine.Literal(plan.Instant)}");
        AdmitStage.Run(
            engine, working, plan, plan.Decisions(), missing, keys.Seal, Outputs(plan, keys), limits.Threads,
            done => watch(done, missing.Length));
        return missing.Length;
    }

    // Where the lineage of this corpus lies, the cache lies too.
    private static AuthorOutputs Outputs(BuildPlan plan, TaskKeys keys)
    {
        var lineages = Path.GetDirectoryName(plan.Lineage)!;
        return new AuthorOutputs(
            Path.GetDirectoryName(lineages)!, CorpusName.Parse(Path.GetFileName(lineages)), plan.Buckets, keys.Vrf,
            keys.Scope);
    }
}
