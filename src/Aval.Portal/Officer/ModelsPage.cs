using System.Globalization;
using Aval.Portal.Doors;
using Aval.Portal.Person;
using Aval.Requests;
using Aval.Runs;
using Aval.Storage;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>
/// Which releases are behind what was said, which models were made of what, and what can honestly be said of each.
/// </summary>
internal static class ModelsPage
{
    /// <summary><c>GET /officer/models[?since=ENTRY]</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who) => visit.Desk.Look(
        () =>
        {
            var (workspace, now) = (visit.Desk.Workspace, visit.Desk.Clock.UtcNow());
            var register = Register.Read(workspace);
            var models = Aval.Runs.RegisteredModels.Of(register);
            var since = visit.Http.Request.Query["since"].ToString();
            return OfficerPage.Of(visit, who, "Models and recalls", Html.Of($"""
                <section><h2>Recalls outstanding</h2>
                {Recalls(visit.Desk.Figures.Figures(), now)}</section>
                <section><h2>Models</h2>
                {OfficerPage.Table(
                    "Registered models",
                    ["Model", "Registered", "Made of", "From models", "In its place", "Given to"],
                    models.All.Select(model => Row(models, model)))}</section>
                <section><h2>Impact</h2>
                <p>What the choices from one entry of the ledger on mean for releases, exports, runs and models.</p>
                <form method="get" action="/officer/models">
                <p><label for="since">From entry</label>
                <input id="since" name="since" type="text" inputmode="numeric" pattern="[0-9]+" value="{since}"
                    required></p><button>Show</button></form>
                {(since.Length == 0 ? Html.None : Impacted(workspace, models, since, now))}</section>
                """));
        },
        visit.Http.RequestAborted);

    private static Html Recalls(Figures figures, DateTimeOffset now) => OfficerPage.Table(
        "The newest release of each corpus",
        ["Release", "#Rows excluded by now", "#Authors", "#Rows that name who objected", "Why", "Recall by"],
        figures.Recalls.Select(one => new[]
        {
            Html.Of($"<a href=\"/officer/releases/{one.Release}\">{one.Release}</a>"),
            OfficerPage.Cell(one.Rows), OfficerPage.Cell(one.Authors), OfficerPage.Cell(one.Naming),
            OfficerPage.Cell(one.Unknown ?? string.Join(", ", one.Reasons.Select(reason =>
                $"{reason.Reason.ToText()} {OfficerPage.Number(reason.Rows)}"))),
            one.LastDay is not { } last ? OfficerPage.Cell(one.IsBehind ? "" : "nothing to do")
                : Html.Of($"<span class=\"{(Deadline.End(last) <= now ? "bad" : "")}\">{RequestJson.Day(last)}</span>"),
        }));

    private static Html[] Row(RegisteredModels models, Model model) =>
    [
        OfficerPage.Cell(model.Name), OfficerPage.Date(OfficerPage.Day(model.Registered.At)),
        OfficerPage.Cell(string.Join(", ", models.Sources(model).Select(source => source.Release).Distinct())),
        OfficerPage.Cell(string.Join(", ", model.Registered.From)),
        OfficerPage.Cell(models.SuccessorOf(model)?.Name),
        OfficerPage.Cell(model.Recipients.Count == 0 ? RequestWords.Kebab(model.Widest)
            : $"{string.Join(", ", model.Recipients)} ({RequestWords.Kebab(model.Widest)})"),
    ];

    private static Html Impacted(Workspace workspace, RegisteredModels models, string since, DateTimeOffset now)
    {
        if (!long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var entry))
            throw AvalException.Usage("The entry is a whole number. Nothing was looked up.");
        var impact = Impact.Of(
            workspace, new ImpactQuestion.Since(new EntryIndex(entry)), now, EngineLimits.Default);
        return Html.Of($"""
            <h3>Of {impact.Question}</h3>
            <div class="wide impact" tabindex="0" role="region" aria-label="The impact, drawn">
            {Html.Trusted(ImpactPage.Drawing(impact, models))}</div>
            {OfficerPage.Table("Releases", ["Release", "#Rows"], impact.Releases.Select(one =>
                new[] { OfficerPage.Cell(one.Name), Rows(one.Rows) }))}
            {OfficerPage.Table("Exports", ["Export", "Of", "To", "#Rows"], impact.Exports.Select(one => new[]
            {
                OfficerPage.Cell(one.Export.Export), OfficerPage.Cell(one.Export.Release),
                OfficerPage.Cell(one.Export.Recipient), Rows(one.Rows),
            }))}
            {OfficerPage.Table("Runs", ["Run", "Of", "#Rows"], impact.Runs.Select(one => new[]
            {
                OfficerPage.Cell(one.Run.Name), OfficerPage.Cell(one.Run.Release), Rows(one.Rows),
            }))}
            {OfficerPage.Table("Models", ["Model", "What can be said", "#Rows", "In its place"],
                impact.Models.Select(one => new[]
                {
                    OfficerPage.Cell(one.Model.Name), OfficerPage.Cell(OutcomeText.Of(one.Outcome)), Rows(one.Rows),
                    OfficerPage.Cell(one.Successor?.Name),
                }))}
            {OfficerPage.Table("Who is owed a notice (Art. 17(2), 19)", ["Recipient", "About"],
                impact.Notices.Select(one =>
                    new[] { OfficerPage.Cell(one.Recipient), OfficerPage.Cell(one.About) }))}
            """);
    }

    private static Html Rows(long? rows) => rows is { } known ? OfficerPage.Cell(known) : OfficerPage.Cell("unknown");
}
