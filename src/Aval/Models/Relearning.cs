using Aval.Corpus;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Models;

/// <summary>What became of a reference model whose release was withdrawn or dropped.</summary>
/// <param name="Model">Its name.</param>
/// <param name="By">The one that stands in its place now; null = none does yet.</param>
/// <param name="Release">The release that it was to unlearn to, or the corpus of which the newest; null = nothing
/// stands in the place of its own.</param>
/// <param name="Why">Why nothing stands in its place; null = it unlearned.</param>
internal sealed record Relearned(string Model, string? By, string? Release, string? Why)
{
    /// <summary>Other models were being made, and it waited in vain.</summary>
    public bool IsBusy { get; init; }
}

/// <summary>
/// Reference models follow their releases: one that was trained on a release that was withdrawn unlearns to the release
/// that stands in its place. One whose release was dropped follows with an erasure, to the newest release of its
/// corpus: nobody can tell any more whether what is erased was in it. Nothing is remembered between calls, so what a
/// kill left undone the next call does.
/// </summary>
internal static class Relearning
{
    /// <summary>Has every such model unlearn that nothing has replaced yet.</summary>
    /// <param name="workspace">Whose models they are.</param>
    /// <param name="corpus">Only those of this corpus, for a recall; null = all, for an erasure.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <param name="watch">Told what is done, and how much of it (0–1).</param>
    public static IReadOnlyList<Relearned> Run(
        Workspace workspace, string? corpus, TimeProvider clock, EngineLimits limits, Action<string, double> watch)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var models = RegisteredModels.Of(Register.Read(workspace));
        var done = new List<Relearned>();
        foreach (var (model, folder) in Kept(workspace, models, done)
            .Where(one => models.SuccessorOf(one.Model) is null).ToArray())
        {
            if (NextOf(workspace, folder.Statement.Release, corpus) is { } next)
                done.Add(Relearn(workspace, model.Name, next, clock, limits, watch));
        }

        return done;
    }

    /// <summary>The names of the models that an erasure has follow and that nothing has replaced yet.</summary>
    public static IReadOnlyList<string> Waiting(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var models = RegisteredModels.Of(Register.Read(workspace));
        return
        [
            .. Kept(workspace, models)
                .Where(one => models.SuccessorOf(one.Model) is null
                    && NextOf(workspace, one.Folder.Statement.Release, corpus: null) is not null)
                .Select(one => one.Model.Name),
        ];
    }

    /// <summary>
    /// Destroys the files of every model that another one has replaced and whose release was withdrawn or dropped: its
    /// counts may be of texts that are to be nowhere any more.
    /// </summary>
    /// <returns>Their names.</returns>
    /// <exception cref="AvalException">Busy: models are being made; nothing was destroyed.</exception>
    public static IReadOnlyList<string> DestroyReplaced(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        if (!Directory.Exists(workspace.Models))
            return [];
        using var held = Training.Lock(workspace);
        var models = RegisteredModels.Of(Register.Read(workspace));
        var (destruction, destroyed) = (new Destruction(workspace.Temporary), new List<string>());
        // A run that was killed may have left files that it had condemned, and counts that nobody else would find.
        destruction.Finish();
        foreach (var left in Directory.GetDirectories(workspace.Models).Where(path => IsLeft(workspace, models, path)))
            destruction.DestroyFolder(left);
        foreach (var (model, folder) in Kept(workspace, models).Where(one => models.SuccessorOf(one.Model) is not null))
        {
            if (NextOf(workspace, folder.Statement.Release, corpus: null) is null)
                continue;
            // As a whole: without its statement, and by its own name, it would be nobody's when this is killed.
            var condemned = Path.Combine(workspace.Models, $".destroyed-{model.Name}");
            Durable.MoveDirectory(folder.Path, condemned);
            destruction.DestroyFolder(condemned);
            destroyed.Add(model.Name);
        }

        return destroyed;
    }

    // Registered nowhere, or what versions before this one left of a model that they were killed over: its statement
    // went first. Whatever else somebody keeps here is theirs.
    private static bool IsLeft(Workspace workspace, RegisteredModels models, string path) =>
        models.Find(Path.GetFileName(path)) is not { } model
        || (!File.Exists(Path.Combine(path, ModelStatement.FileName))
            && ModelFolder.Parts.Any(part => Directory.Exists(Path.Combine(path, part)))
            && models.SuccessorOf(model) is not null
            && models.Sources(model).Any(source => NextOf(workspace, source.Release, corpus: null) is not null));

    private static Relearned Relearn(
        Workspace workspace, string model, Next next, TimeProvider clock, EngineLimits limits,
        Action<string, double> watch)
    {
        if (next.Release is not { } release)
            return new Relearned(
                model, By: null, Release: null,
                $"nothing stands in the place of its release. Build one, then: aval model unlearn {model} --release "
                    + "NAME");
        try
        {
            var unlearned = Training.Unlearn(workspace, model, release, name: null, clock, limits, watch);
            return new Relearned(model, unlearned.Name, unlearned.Folder.Statement.Release, Why: null);
        }
        catch (Exception failure) when (FileFailure.Is(failure) || failure is AvalException
        { Exit: ExitCode.Refused or ExitCode.BadInput or ExitCode.Usage or ExitCode.Busy })
        {
            var refused = failure as AvalException ?? FileFailure.ToException(failure);
            return new Relearned(
                model, By: null, release, next.IsDropped
                    ? "its release was dropped, so nobody can tell whether what is erased was in it, and it cannot "
                        + $"follow to another one of {release}: {refused.Message} Build a release of {release}, and "
                        + "run aval erase again"
                    : refused.Message)
            {
                IsBusy = refused.Exit is ExitCode.Busy,
            };
        }
    }

    // One whose statement cannot be read keeps no other from following: it is told of where models follow.
    private static (Model Model, ModelFolder Folder)[] Kept(
        Workspace workspace, RegisteredModels models, List<Relearned>? unread = null)
    {
        var kept = new List<(Model, ModelFolder)>();
        foreach (var model in models.All)
        {
            var path = ModelFolder.Of(workspace, model.Name);
            if (!File.Exists(Path.Combine(path, ModelStatement.FileName)))
                continue;
            try
            {
                kept.Add((model, new ModelFolder(path, ModelStatement.Read(path))));
            }
            catch (AvalException broken)
            {
                unread?.Add(new Relearned(
                    model.Name, By: null, Release: null,
                    "what it was trained on cannot be read, so nobody can tell whether it is to follow: "
                        + broken.Message));
            }
        }

        return [.. kept];
    }

    // null = it stays.
    private static Next? NextOf(Workspace workspace, string trainedOn, string? corpus)
    {
        if (trainedOn.Split('/') is not [var own, var release] || (corpus is not null && own != corpus))
            return null;
        var folder = Path.Combine(workspace.Corpus, own);
        if (Withdrawal.Of(folder, release) is { } withdrawn)
            return new Next(withdrawn.Successor, IsDropped: false);
        return corpus is null && DroppedRelease.Of(Path.Combine(folder, release)) is not null
            ? new Next(own, IsDropped: true)
            : null;
    }

    private sealed record Next(string? Release, bool IsDropped);
}
