using System.Globalization;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>What a run was let through with.</summary>
/// <param name="Release">The release, every byte of which was verified.</param>
/// <param name="Unhonoured">How many authors have said since what it does not honour, within the policy's lag.</param>
internal sealed record GatePassed(VerifiedRelease Release, long Unhonoured);

/// <summary>
/// What is asked before anything is trained on a release. A gate that anybody's restriction anywhere shut would never
/// open: it is asked of the authors of that release alone, and a recall opens it. Whoever is meant is not told here,
/// only how many: whose turn it is finds out with <c>aval impact</c>.
/// </summary>
internal static class RunGate
{
    /// <summary>Lets a run through, or refuses it and says why.</summary>
    /// <param name="workspace">Whose release it is.</param>
    /// <param name="release">As on the command line.</param>
    /// <param name="now">What was received by then counts.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <exception cref="AvalException">Refused: the release was withdrawn, is replay-only, does not verify, or an
    /// author in it, or somebody whom others name in it, has said what it does not honour for longer than the policy's
    /// lag.</exception>
    public static GatePassed Require(Workspace workspace, string? release, DateTimeOffset now, EngineLimits limits)
    {
        var verified = VerifiedRelease.Require(workspace, release, "Nothing was started.", now);
        var lag = PolicyReader.Parse(verified.Manifest.PolicyText, verified.Name).MaxLag;
        using var late = LateChoices.Find(workspace, verified.Manifest, now, limits);
        if (late.RestrictedAuthors is > 0 and var restricted)
            throw Refused(
                verified, $"{Authors(restricted)} had the use of what is theirs restricted (GDPR Art. 18)");
        if (late.Counts.FirstOrDefault(count => count.Reason is Reason.Ordered) is { } ordered)
            throw Refused(verified, $"an order holds what {Authors(ordered.Authors)} wrote");
        if (LateMentions.OfRestricted(late, workspace, verified) is > 0 and var naming)
            throw Refused(verified, $"others name in {Rows(naming)} somebody who had the use of what is about them "
                + "restricted (GDPR Art. 18)");
        if (late.AuthorsSince(late.Now - lag) is > 0 and var authors)
        {
            var reasons = string.Join(", ", late.Counts.Select(count => count.Reason.ToText()));
            throw Refused(verified, $"{Authors(authors)} have said what it does not honour ({reasons})"
                + (lag > TimeSpan.Zero
                    ? $" longer ago than the policy's max-lag, {lag.TotalDays.ToString(CultureInfo.InvariantCulture)} "
                        + "days"
                    : "; its policy states no max-lag, so none is allowed"));
        }

        if (LateMentions.Since(late, workspace, verified, late.Now - lag) is > 0 and var named)
            throw Refused(verified, $"others name in {Rows(named)} somebody who has said since that they are not to be "
                + "named, or whose consent to that has ended since (about-me)");
        return new GatePassed(verified, late.Authors);
    }

    private static string Rows(long rows) => string.Create(CultureInfo.InvariantCulture, $"{rows} of its rows");

    private static string Authors(long authors) =>
        string.Create(CultureInfo.InvariantCulture, $"{authors} of its authors");

    private static AvalException Refused(VerifiedRelease release, string why) => AvalException.Refused(
        $"{release.Name}: {why}. Nothing was started. Make a release that honours it, which opens the gate: aval "
        + $"recall --corpus {release.Manifest.Corpus}, or aval build. What is touched: aval impact --since "
        + $"{release.Manifest.LedgerSize}");
}
