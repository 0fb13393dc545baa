using Aval.Recording;

namespace Aval.Requests;

/// <summary>
/// Somebody at the controller signed an assessment: an entry of the ledger commits to who, when, to the bytes of the
/// paper and to those of the policy that it is about. Whoever is shown the act with its opening can tell that the
/// ledger's key stands for it, and that it was entered before what came later.
/// </summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Paper">Which: <c>lia</c>, <c>dpia</c>.</param>
/// <param name="Sha256">Of the paper.</param>
/// <param name="Policy">The policy's name.</param>
/// <param name="PolicySha256">Of the policy's text.</param>
internal sealed record PaperSigned(
    DateTimeOffset At, string By, string Paper, string Sha256, string Policy, string PolicySha256) : Doing(At, By);

/// <summary>The assessments that were signed.</summary>
internal static class SignedPapers
{
    /// <summary>Those of one kind, the newest first, each held against its entry.</summary>
    /// <exception cref="AvalException">Bad input: an act is not what was entered.</exception>
    public static IEnumerable<(EntryIndex Index, PaperSigned Signed)> Of(Workspace workspace, string paper) =>
        RequestBook.Trail(workspace).Where(one => one.Doing is PaperSigned signed && signed.Paper == paper)
            .Select(one => (one.Index, (PaperSigned)one.Doing));

    /// <summary>The last signature under a paper of these bytes; null = there is none.</summary>
    public static (EntryIndex Index, PaperSigned Signed)? Under(Workspace workspace, string sha256) =>
        RequestBook.Trail(workspace).Where(one => one.Doing is PaperSigned signed && signed.Sha256 == sha256)
            .Select(one => ((EntryIndex, PaperSigned)?)(one.Index, (PaperSigned)one.Doing)).FirstOrDefault();

    /// <summary>What is missing where a policy needs a signed paper, as a sentence; null = nothing is.</summary>
    /// <param name="workspace">Whose.</param>
    /// <param name="paper">Which.</param>
    /// <param name="policy">The policy's name, for the sentence.</param>
    /// <param name="policySha256">Of the text that it must have been signed for.</param>
    /// <param name="days">How old the signature may be.</param>
    /// <param name="now">The clock's instant: one that was set back makes no signature younger than what was recorded
    /// since.</param>
    public static string? Lacking(
        Workspace workspace, string paper, string policy, string policySha256, int days, DateTimeOffset now)
    {
        var signed = Of(workspace, paper).ToArray();
        if (signed.FirstOrDefault(one => one.Signed.PolicySha256 == policySha256).Signed is not { } last)
            return signed is [var (index, other), ..]
                ? $"the last {paper} (ledger entry {index}, {other.At.ToText()}) was signed for another text, of "
                    + $"the policy \"{other.Policy}\" with the SHA-256 {other.PolicySha256}"
                : $"no {paper} was ever signed";
        var latest = CommittedChoices.NotBefore(workspace, now);
        return latest - last.At <= TimeSpan.FromDays(days)
            ? null
            : $"the last {paper} for \"{policy}\" was signed on {last.At.ToText()}, more than {days} days ago";
    }
}
