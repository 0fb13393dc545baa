using Aval.Ledger;
using Aval.Portal.Doors;
using Aval.Portal.Person;
using Aval.Recording;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>How the ledger is, without verifying all of it.</summary>
/// <param name="Published">The checkpoint's size; null = there is none yet.</param>
/// <param name="At">When the checkpoint was written.</param>
/// <param name="Now">The clock's instant.</param>
/// <param name="Unpublished">Entries of the store that no checkpoint covers.</param>
/// <param name="LastCheck">When the whole was verified last, and what came of it.</param>
internal sealed record LedgerHealth(
    TreeSize? Published, DateTimeOffset? At, DateTimeOffset Now, long Unpublished, LedgerVerified? LastCheck)
{
    /// <summary>How old the checkpoint is.</summary>
    public string Age => At is not { } at ? "none yet" : (Now - at) switch
    {
        { TotalMinutes: < 1 } => "less than a minute old",
        { TotalHours: < 1 } old => $"{(int)old.TotalMinutes} minutes old",
        { TotalDays: < 2 } old => $"{(int)old.TotalHours} hours old",
        var old => $"{(int)old.TotalDays} days old",
    };

    /// <summary>What is wrong, or that nothing is known to be.</summary>
    public string Sentence => (Unpublished, LastCheck) switch
    {
        ( > 0, _) => $"{Unpublished} entries are not under a checkpoint yet",
        (_, null) => "not verified as a whole yet",
        (_, { IsWhole: false } check) => $"the check of {OfficerPage.Day(check.At)} found it broken",
        (_, { } check) => $"verified as a whole on {OfficerPage.Day(check.At)}",
    };

    /// <summary>Somebody has to look.</summary>
    public bool IsBad => LastCheck is { IsWhole: false };

    /// <summary>Looks.</summary>
    public static LedgerHealth Of(Desk desk)
    {
        var published = PublishedCheckpoint.Read(desk.Workspace, desk.LedgerKey);
        using var choices = CommittedChoices.Open(desk.Workspace);
        return new LedgerHealth(
            published?.Size,
            published is null ? null : File.GetLastWriteTimeUtc(PublishedCheckpoint.PathIn(desk.Workspace)),
            desk.Clock.UtcNow(), Math.Max(0, choices.Store.Size.Value - (published?.Size.Value ?? 0)),
            RequestBook.Trail(desk.Workspace).Select(one => one.Doing).OfType<LedgerVerified>().FirstOrDefault());
    }
}

/// <summary>The ledger: its checkpoint, and whether the whole of it verifies.</summary>
internal static class LedgerPage
{
    /// <summary><c>GET /officer/ledger</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who) => visit.Desk.Look(
        () =>
        {
            var health = LedgerHealth.Of(visit.Desk);
            return OfficerPage.Of(visit, who, "Ledger", Html.Of($"""
                <dl>
                <dt>Origin</dt><dd>{visit.Desk.Workspace.Settings.Origin}</dd>
                <dt>Key</dt><dd><code>{visit.Desk.LedgerKey.ToString()}</code></dd>
                <dt>Checkpoint</dt><dd>{(health.Published is { } size
                    ? $"{OfficerPage.Number(size.Value)} entries, {health.Age} ({OfficerPage.Minute(health.At!.Value)})"
                    : "there is none yet: the first choice makes one")}</dd>
                <dt>Not published yet</dt><dd>{health.Unpublished}</dd>
                <dt>Last check</dt><dd class="{(health.IsBad ? "bad" : "")}">{Last(health.LastCheck)}</dd>
                </dl>
                <p class="note">A checkpoint is made when something is recorded; its age says when that was last. The
                check reads every entry, tile and choice, and takes its time with a large ledger. aval check looks at
                the rest of the workspace, too.</p>
                {(who.MayAct ? Html.Of($"""
                    <form method="post" action="/officer/ledger/check">{Forms.Field(visit)}
                    <button>Check the whole ledger</button></form>
                    """) : Html.None)}
                """));
        },
        visit.Http.RequestAborted);

    /// <summary><c>POST /officer/ledger/check</c>.</summary>
    public static async Task<IResult> Check(Visit visit, ShownOfficer who)
    {
        var (size, wrong) = await visit.Desk.Look(
            () =>
            {
                try
                {
                    return (LedgerCheck.Require(visit.Desk.Workspace, visit.Desk.LedgerKey).Published.Size,
                        (string?)null);
                }
                catch (Exception broken) when (broken is AvalException or ProofException)
                {
                    return (new TreeSize(0), broken.Message);
                }
            },
            visit.Http.RequestAborted).ConfigureAwait(false);
        await visit.Desk.Enter(new LedgerVerified(visit.Desk.Clock.UtcNow(), who.By, size.Value, wrong is null))
            .ConfigureAwait(false);
        return wrong is null
            ? new Redirect("/officer/ledger")
            : OfficerPage.Problem(
                visit, who, "The ledger does not verify", wrong, StatusCodes.Status200OK);
    }

    private static string Last(LedgerVerified? check) => check is null ? "never on this side"
        : $"{OfficerPage.Minute(check.At)} by {check.By}: {(check.IsWhole
            ? $"{OfficerPage.Number(check.Size)} entries, all as they were signed"
            : "broken; see docs/operations.md, “When the ledger does not check”")}";
}
