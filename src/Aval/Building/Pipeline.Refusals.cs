using Aval.Content;
using Aval.Corpus;
using Aval.Orders;
using Aval.Policies;
using Aval.Requests;

namespace Aval.Building;

/// <summary>What is refused before anything is read.</summary>
internal static partial class Pipeline
{
    // A release is something to train on; a line in its card that says otherwise would be read by nobody.
    private static void RefuseReplayOnly(Policy policy)
    {
        if (policy.ReplayOnly)
            throw AvalException.Refused($"The policy \"{policy.Name}\" is replay-only: it can be compared, and nothing "
                + "may be trained on what it admits. No release was made. See what it would admit with: aval compare "
                + $"{policy.Name} opt-out. Decide every item with: aval decisions --policy {policy.Name} --out FILE");
    }

    /// <summary>What a court, an authority or the controller itself stopped is not made.</summary>
    internal static void RefuseOrdered(Workspace workspace, BuildRequest request)
    {
        if (!request.OnlyTakesOut)
            OrderGate.RequireBuild(workspace, request.Policy, request.Corpus.Text, request.Clock.UtcNow());
    }

    /// <summary>
    /// Where a policy needs signed assessments, nothing enters without them. A recall goes on: by it nothing enters.
    /// </summary>
    internal static void RefuseUnassessed(Workspace workspace, BuildRequest request)
    {
        var policy = request.Policy;
        if (request.OnlyTakesOut || policy.Rules.OfType<Rule.Assessment>().SingleOrDefault() is not { } rule)
            return;
        foreach (var paper in rule.Papers)
        {
            if (SignedPapers.Lacking(
                workspace, paper, policy.Name, policy.Sha256, rule.Days, request.Clock.UtcNow()) is not { } why)
                continue;
            var command = paper == Rule.Assessment.Lia ? "assessment" : "impact";
            throw AvalException.Refused($"The policy \"{policy.Name}\" (SHA-256 {policy.Sha256}) needs a signed "
                + $"{paper} of at most {rule.Days} days (rule {rule.Id}{(rule.Law is { } law ? $", {law}" : "")}), "
                + $"and {why}. No release was made. Write it (aval papers {command} --out {paper}.docx), complete "
                + $"it, and sign it: aval papers sign {paper}.docx --policy FILE --by NAME");
        }
    }

    /// <summary>A policy's dates are obeyed.</summary>
    public static void RefuseBefore(Policy policy, DateTimeOffset asOf)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (asOf < policy.AppliesFrom)
            throw AvalException.Refused(
                $"The policy \"{policy.Name}\" applies from {policy.AppliesFrom.ToText()}, and the build is as of "
                + $"{asOf.ToText()}. Nothing was built. Choose a later --as-of, or the policy that applied then.");
    }

    /// <summary>
    /// Whether an instant lies more than a day ahead of the clock: clocks differ, and by less than that.
    /// </summary>
    public static bool IsAhead(DateTimeOffset asOf, DateTimeOffset now) => asOf > now.AddDays(1);

    /// <summary>What decisions of the future are, in a sentence; null when an instant is none.</summary>
    public static string? Outlook(DateTimeOffset asOf, DateTimeOffset now) => IsAhead(asOf, now)
        ? $"This looks ahead: it is {now.ToText()} now, and until {asOf.ToText()} people may object, withdraw and "
            + "publish. Nothing can be built as of then yet."
        : null;

    // Until then people have time to object, and children to grow up: a release as of tomorrow takes that time from
    // them.
    private static void RefuseAhead(string option, DateTimeOffset asOf, DateTimeOffset now)
    {
        if (IsAhead(asOf, now))
            throw AvalException.Refused(
                $"{option} {asOf.ToText()} lies more than a day ahead of the clock, which says {now.ToText()}: "
                + "waiting periods and ages that are not over would count as over. Nothing was built. "
                + "Choose an instant that is past, set the clock, or look ahead with aval compare.");
    }

    // A release as of T honours whatever was said and found out until T.
    private static void RefuseLess(DecidedAt at)
    {
        if (at.ProtectUntil < at.AsOf)
            throw AvalException.Usage($"--protect-until {at.ProtectUntil.ToText()} lies before the instant of the "
                + $"release, {at.AsOf.ToText()}, until which everything that protects counts anyway. Nothing was "
                + "built. Say a later instant, or leave it out.");
    }

    // With another number every account's rows would be in another shard: recall and retraining go by shards.
    private static void RefuseOtherBuckets(Workspace workspace)
    {
        if (!Directory.Exists(workspace.Corpus))
            return;
        foreach (var corpus in Directory.EnumerateDirectories(workspace.Corpus))
        {
            var last = ReleaseName.Releases(corpus).MaxBy(Path.GetFileName, StringComparer.Ordinal);
            if (last is not null && Manifest.BucketsOf(last) is { } buckets && buckets != workspace.Settings.Buckets
                && !Compaction.HasSplit(workspace))
                throw AvalException.BadInput($"{Path.Combine(workspace.Root, Workspace.FileName)}: buckets "
                    + $"is {workspace.Settings.Buckets}, and the release {last} has {buckets}: a row's shard follows "
                    + $"from it, so it is not simply changed. Nothing was built. Write buckets: {buckets} again; "
                    + $"to have twice as many, run: aval compact --buckets {2 * buckets}");
        }
    }
}
