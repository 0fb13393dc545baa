using Aval.Runs;
using Aval.Storage;

namespace Aval.Models;

/// <summary>
/// Whether the words that a reference model counted may leave this workspace: as those of the release that it was
/// trained on may be trained on.
/// </summary>
internal static class ModelGate
{
    /// <summary>Asks the gate of runs for the model's release.</summary>
    /// <param name="workspace">Whose releases are asked; a model that was brought from elsewhere is asked of whoever
    /// trained it.</param>
    /// <param name="model">The model.</param>
    /// <param name="now">What was received by then counts.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <exception cref="AvalException">Refused: as <see cref="RunGate.Require"/> refuses; or the release of a model of
    /// this workspace is not here any more.</exception>
    public static void Require(Workspace workspace, ModelFolder model, DateTimeOffset now, EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(model);
        if (Directory.Exists(Path.Combine(workspace.Corpus, model.Statement.Release)))
            RunGate.Require(workspace, model.Statement.Release, now, limits);
        else if (Path.GetFullPath(model.Path).StartsWith(
            Path.GetFullPath(workspace.Models) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw AvalException.Refused($"{model.Path}: the release {model.Statement.Release} that it was trained on "
                + "is not here any more, so nobody can tell what it must not say. Nothing was written. Train it on one "
                + "that is: aval model unlearn --help");
    }
}
