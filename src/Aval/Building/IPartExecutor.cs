using Aval.Authors;
using Aval.Decisions;
using Aval.Leases;
using Aval.Storage;

namespace Aval.Building;

/// <summary>Parts that are to be made.</summary>
/// <param name="Working">The build's working folder, with the plan's files.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Decisions">The decisions that are carried out.</param>
/// <param name="Missing">Which of its parts.</param>
/// <param name="Seal">The key of this workspace's seal.</param>
/// <param name="Outputs">The outputs of their authors.</param>
/// <param name="Engine">The build's engine.</param>
/// <param name="Held">The corpus's lease: whoever gives parts to others says so in it first.</param>
/// <param name="Limits">How much of this machine may be used.</param>
internal sealed record PartsToMake(
    string Working, BuildPlan Plan, ItemDecisions Decisions, IReadOnlyList<PlannedPart> Missing, byte[] Seal,
    AuthorOutputs Outputs, Engine Engine, HeldLease Held, EngineLimits Limits);

/// <summary>
/// Who makes a build's parts: this process, or jobs of a scheduler. Nothing of it shows in a release.
/// </summary>
internal interface IPartExecutor
{
    /// <summary>Makes parts; returns when all of them are on disk.</summary>
    /// <param name="work">Which.</param>
    /// <param name="watch">Told how many are done.</param>
    /// <exception cref="AvalException">A part could not be made.</exception>
    internal IReadOnlyList<FinishedPart> Make(PartsToMake work, Action<int> watch);
}

/// <summary>Makes parts in this process, as many at a time as it may use threads.</summary>
internal sealed class LocalExecutor : IPartExecutor
{
    /// <summary>The one there is.</summary>
    public static LocalExecutor Instance { get; } = new();

    IReadOnlyList<FinishedPart> IPartExecutor.Make(PartsToMake work, Action<int> watch) => AdmitStage.Run(
        work.Engine, work.Working, work.Plan, work.Decisions, work.Missing, work.Seal, work.Outputs,
        work.Limits.Threads, watch);
}
