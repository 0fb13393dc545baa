using System.Globalization;
using Aval.Corpus;
using Aval.Storage;

namespace Aval.Building;

/// <summary>
/// What a task on another machine does: some parts of a build that another process planned, from the files of its
/// working folder alone. It has the keys of row keys and of the seal and no other, and takes no lock: the process that
/// planned holds the corpus.
/// </summary>
internal static class PartTask
{
    private const string KeysName = "task.keys";

    /// <summary>Leaves in a working folder the keys that tasks need: of row keys, and of the seal.</summary>
    internal static void KeepKeys(string working, WorkspaceKey key) => Durable.Replace(
        Path.Combine(working, KeysName),
        System.Text.Encoding.ASCII.GetBytes($"{RowKeys.Derive(key)}\n"
            + $"{Convert.ToHexStringLower(FinishedParts.Seal(key))}\n"), Durable.Private);

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
        var keys = File.Exists(Path.Combine(working, KeysName))
            ? File.ReadAllLines(Path.Combine(working, KeysName))
            : ["", ""];
        var seal = Convert.FromHexString(keys[1]);
        var plan = BuildPlan.Read(working, seal);
        if (plan.Engine != EngineVersion.Text)
            throw AvalException.BadInput(
                $"{Path.Combine(working, BuildPlan.FileName)}: the build was planned by {plan.Engine}, and this is "
                + $"{EngineVersion.Text}. Nothing was done. Give every task the same program (--program).");
        var missing = plan.Parts
            .Where(part => part.Bucket % of == task && FinishedParts.Find(working, plan, part, seal) is null)
            .ToArray();
        using var engine = Engine.Open(
            Path.Combine(working, string.Create(CultureInfo.InvariantCulture, $"task-{task}")), limits);
        RowKeys.Provide(engine, keys[0]);
        engine.Execute($"CREATE OR REPLACE MACRO as_of() AS {Engine.Literal(plan.Instant)}");
        AdmitStage.Run(
            engine, working, plan, plan.Decisions(), missing, seal, limits.Threads,
            done => watch(done, missing.Length));
        return missing.Length;
    }
}
