using System.Security.Cryptography;
using System.Text;
using Aval.Portal.Doors;
using Aval.Portal.Person;
using Aval.Recording;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>The platform's own counts held against the ledger's: whether everything that was said arrived.</summary>
internal static class ReconcilePage
{
    private const int MostRows = 1_000;

    /// <summary><c>GET /officer/reconcile</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who) => Task.FromResult(OfficerPage.Of(
        visit, who, "Reconcile with the platform’s forms", Html.Of($"""
        <p>Every form counts what it sends. A file of those counts, by day (UTC) and channel, shows whether each of them
        is in the ledger: what a form sent and the ledger has not was said, and has no effect.</p>
        <pre tabindex="0">date,channel,kind,count
        2026-03-01,settings form,objection,1204</pre>
        <p class="note">kind may be left out; then choices of all kinds are counted together. The channel is written as
        choices state it.</p>
        {(who.MayAct ? Html.Of($"""
            <form method="post" action="/officer/reconcile" enctype="multipart/form-data">{Forms.Field(visit)}
            <p><label for="file">The file (CSV, at most 1 MiB)</label>
            <input id="file" name="file" type="file" accept=".csv,text/csv" required></p>
            <button>Compare</button></form>
            """) : Html.None)}
        """)));

    /// <summary><c>POST /officer/reconcile</c>.</summary>
    public static async Task<IResult> Compare(Visit visit, ShownOfficer who)
    {
        var sent = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted).ConfigureAwait(false);
        if (sent.Files.GetFile("file") is not { } file)
            throw AvalException.Usage("No file came along. Nothing was compared.");
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, visit.Http.RequestAborted).ConfigureAwait(false);
        var platform = PlatformCounts.Read(Encoding.UTF8.GetString(bytes.ToArray()), file.FileName);
        var (beside, size) = await visit.Desk.Look(
            () =>
            {
                var counts = visit.Desk.Figures.Choices();
                using var choices = CommittedChoices.Open(visit.Desk.Workspace);
                return (PlatformCounts.Beside(platform, counts), choices.Store.ChoicesSize);
            },
            visit.Http.RequestAborted).ConfigureAwait(false);
        var differing = beside.Count(one => one.Missing != 0);
        await visit.Desk.Enter(new CountsReconciled(
            visit.Desk.Clock.UtcNow(), who.By, Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())),
            beside.Count, differing, size.Value)).ConfigureAwait(false);
        return OfficerPage.Of(visit, who, "The platform’s counts beside the ledger’s", Html.Of($"""
            {Verdict(beside, differing)}
            {OfficerPage.Table(
                "Counts by day and channel", ["Day", "Channel", "Kind", "#Platform", "#Ledger", "Difference"],
                beside.Take(MostRows).Select(Row))}
            {(beside.Count > MostRows ? Html.Of($"<p>{beside.Count - MostRows} more are not shown; those that differ "
                + $"stand first.</p>") : Html.None)}
            <p><a href="/officer/reconcile">Another file</a></p>
            """));
    }

    private static Html Verdict(IReadOnlyList<CountBeside> beside, int differing)
    {
        var missing = beside.Where(one => one.Missing > 0).Sum(one => one.Missing);
        return differing == 0
            ? Html.Of($"<p class=\"said good\">{beside.Count} counts, and none differs.</p>")
            : Html.Of($"""
                <p class="said bad" role="alert">{differing} of {beside.Count} counts differ{(missing > 0
                    ? $"; {OfficerPage.Number(missing)} choices that forms sent are not in the ledger"
                    : "")}.</p>
                """);
    }

    private static Html[] Row(CountBeside one) =>
    [
        OfficerPage.Date(RequestJson.Day(one.Day)), OfficerPage.Cell(one.Channel),
        OfficerPage.Cell(one.Kind?.ToText() ?? "all"),
        OfficerPage.Cell(one.Platform is { } platform ? OfficerPage.Number(platform) : "not in the file"),
        OfficerPage.Cell(one.Ledger),
        one.Missing switch
        {
            0 => OfficerPage.Cell("none"),
            > 0 => Html.Of($"<strong class=\"bad\">{OfficerPage.Number(one.Missing)} missing here</strong>"),
            _ => Html.Of($"{OfficerPage.Number(-one.Missing)} more here"),
        },
    ];
}
