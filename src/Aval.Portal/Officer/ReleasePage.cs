using System.Text.Json;
using Aval.Corpus;
using Aval.Portal.Doors;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>
/// One release, and where every item of it went: in all, by rule, and down to one service, kind or language
/// (<c>?by=by_service&amp;of=facebook</c>), as its accounting.json has it.
/// </summary>
internal static class ReleasePage
{
    private static readonly (string Member, string Name)[] Slices =
        [("by_service", "Service"), ("by_kind", "Kind"), ("by_language", "Language")];

    /// <summary><c>GET /officer/releases/CORPUS/RELEASE</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who) => visit.Desk.Look(
        () =>
        {
            var named = Path.Combine(visit.Route("corpus"), visit.Route("release"));
            // One of those that there are: what comes from the address is compared, and never made a path.
            if (ReleasesPage.All(visit.Desk.Workspace).FirstOrDefault(path =>
                Path.GetRelativePath(visit.Desk.Workspace.Corpus, path) == named) is not { } release)
                return OfficerPage.NotFound(visit, who);
            using var accounting = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(release, "accounting.json")));
            return Page(visit, who, Manifest.Read(release), accounting.RootElement);
        },
        visit.Http.RequestAborted);

    private static IResult Page(Visit visit, ShownOfficer who, Manifest manifest, JsonElement accounting)
    {
        var (by, of) = (visit.Http.Request.Query["by"].ToString(), visit.Http.Request.Query["of"].ToString());
        var path = $"/officer/releases/{manifest.Corpus}/{manifest.Release}";
        var isSlice = Slices.Any(slice => slice.Member == by)
            && accounting.GetProperty(by).TryGetProperty(of, out _);
        var slice = isSlice ? accounting.GetProperty(by).GetProperty(of) : accounting;
        return OfficerPage.Of(visit, who, $"Release {manifest.Corpus}/{manifest.Release}", Html.Of($"""
            <dl>
            <dt>As of</dt><dd>{OfficerPage.Minute(manifest.AsOf)}</dd>
            <dt>Policy</dt><dd>{manifest.PolicyName} ({manifest.Basis})</dd>
            <dt>Honours</dt><dd>{OfficerPage.Number(manifest.Choices)} choices, the ledger’s entries below
            {OfficerPage.Number(manifest.LedgerSize.Value)}</dd>
            </dl>
            <section><h2>{(isSlice ? of : "All items")}</h2>
            {(isSlice ? Html.Of($"<p><a href=\"{path}\">All items</a></p>") : Html.None)}
            <p>{OfficerPage.Number(Number(slice, "read"))} read = {OfficerPage.Number(Number(slice, "admitted"))}
            admitted + {OfficerPage.Number(Number(slice, "read") - Number(slice, "admitted"))} excluded</p>
            {Reasons(slice)}</section>
            {(isSlice ? Html.None : Html.Of($"""
                <section><h2>Rules</h2>{Rules(accounting)}</section>
                {Slices.Select(one => Html.Of(
                    $"<section><h2>By {one.Name.ToLowerInvariant()}</h2>{Slice(accounting, one, path)}</section>"))}
                """))}
            <p><a href="/officer/releases">All releases</a></p>
            """));
    }

    private static Html Reasons(JsonElement slice)
    {
        var reasons = slice.GetProperty("excluded").EnumerateObject()
            .Select(one => (one.Name, Items: one.Value.GetInt64())).OrderByDescending(one => one.Items).ToArray();
        var most = reasons.Select(one => one.Items).DefaultIfEmpty(0).Max();
        return OfficerPage.Table("Why items are out", ["Reason", "#Items", ""], reasons.Select(one =>
            new[] { OfficerPage.Cell(one.Name), OfficerPage.Cell(one.Items), Charts.Bar(one.Items, most) }));
    }

    private static Html Rules(JsonElement accounting) => OfficerPage.Table(
        "Rules", ["Rule", "Law", "#Excluded first", "#Matches", "#No other rule excludes"],
        accounting.GetProperty("rules").EnumerateArray().Select(rule => new[]
        {
            OfficerPage.Cell(rule.GetProperty("rule").GetString()),
            Html.Of($"{Text(rule, "law")}{(Text(rule, "off") is { } off ? $" off: {off}" : "")}"),
            OfficerPage.Cell(Number(rule, "excluded")), OfficerPage.Cell(Number(rule, "matches")),
            OfficerPage.Cell(Number(rule, "only")),
        }));

    private static Html Slice(JsonElement accounting, (string Member, string Name) slice, string path) =>
        OfficerPage.Table(
            $"By {slice.Name.ToLowerInvariant()}", [slice.Name, "#Read", "#Admitted", "#Excluded", "Admitted"],
            accounting.GetProperty(slice.Member).EnumerateObject().Select(one => new[]
            {
                Html.Of($"<a href=\"{path}?by={slice.Member}&amp;of={Uri.EscapeDataString(one.Name)}\">{one.Name}</a>"),
                OfficerPage.Cell(Number(one.Value, "read")), OfficerPage.Cell(Number(one.Value, "admitted")),
                OfficerPage.Cell(Number(one.Value, "read") - Number(one.Value, "admitted")),
                Charts.Bar(Number(one.Value, "admitted"), Number(one.Value, "read")),
            }));

    private static long Number(JsonElement of, string name) => of.GetProperty(name).GetInt64();

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var text) ? text.GetString() : null;
}
