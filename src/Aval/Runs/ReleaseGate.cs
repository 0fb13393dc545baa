using Aval.Corpus;

namespace Aval.Runs;

/// <summary>
/// Whether a release may leave this workspace or be trained on at all: what every export and every run asks first, and
/// nothing goes past.
/// </summary>
internal static class ReleaseGate
{
    /// <summary>Refuses a release that may not be used, whoever wants it and for whatever.</summary>
    /// <param name="workspace">Whose release it is, wherever the copy lies that is to be used.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="undone">What therefore did not happen, as a sentence.</param>
    /// <exception cref="AvalException">Refused: it was withdrawn, or its policy is replay-only. Bad input: nobody can
    /// tell.</exception>
    public static void Require(Workspace workspace, Manifest manifest, string undone)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(manifest);
        var name = $"{manifest.Corpus}/{manifest.Release}";
        if (manifest.ReplayOnly)
            throw AvalException.Refused($"{name}: its policy \"{manifest.PolicyName}\" is replay-only: it may be "
                + $"compared, never trained on. {undone} Compare it with: aval compare {manifest.PolicyName} opt-out");
        var corpus = Path.Combine(workspace.Corpus, manifest.Corpus);
        if (DroppedRelease.Of(Path.Combine(corpus, manifest.Release)) is { } dropped)
            throw AvalException.Refused($"{name}: this release was dropped on {dropped.At.ToText()}: its rows are not "
                + $"kept any longer. {undone} Take another one: aval release list");
        if (Withdrawal.Of(corpus, manifest.Release) is { } withdrawn)
            throw AvalException.Refused($"{name}: this release was withdrawn on {withdrawn.At.ToText()}, because "
                + $"something that it does not honour was said or found out since. {undone} "
                + (withdrawn.Successor is { } successor
                    ? $"Take its successor: {successor}"
                    : "There is no successor; build a new release."));
    }
}
