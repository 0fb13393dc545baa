using Aval.Corpus;
using Aval.Portal.Doors;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>The releases that are there, and which of them may be used.</summary>
internal static class ReleasesPage
{
    /// <summary><c>GET /officer/releases</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who) => visit.Desk.Look(
        () => OfficerPage.Of(visit, who, "Releases", Html.Of($"""
            {OfficerPage.Table(
                "Releases, the newest of each corpus first",
                ["Release", "As of", "Policy", "#Read", "#Admitted", "Share", "#Choices honoured", "May be used"],
                Corpora(visit.Desk.Workspace).SelectMany(StatedRelease.In)
                    .OrderBy(one => one.Manifest.Corpus, StringComparer.Ordinal)
                    .ThenByDescending(one => one.Manifest.ProtectUntil)
                    .ThenByDescending(one => one.Manifest.LedgerSize.Value)
                    .Select(one => Row(one.Manifest, one.Withdrawn)))}
            """)),
        visit.Http.RequestAborted);

    /// <summary>The folders of all releases.</summary>
    public static IEnumerable<string> All(Workspace workspace) =>
        Corpora(workspace).SelectMany(ReleaseName.Releases);

    private static IEnumerable<string> Corpora(Workspace workspace) => !Directory.Exists(workspace.Corpus)
        ? []
        : Directory.EnumerateDirectories(workspace.Corpus).Order(StringComparer.Ordinal);

    private static Html[] Row(Manifest manifest, Withdrawal? withdrawn)
    {
        var name = $"{manifest.Corpus}/{manifest.Release}";
        return
        [
            Html.Of($"<a href=\"/officer/releases/{name}\">{name}</a>"),
            OfficerPage.Date(OfficerPage.Day(manifest.AsOf)), OfficerPage.Cell(manifest.PolicyName),
            OfficerPage.Cell(manifest.ItemsRead), OfficerPage.Cell(manifest.Admitted),
            Charts.Bar(manifest.Admitted, manifest.ItemsRead), OfficerPage.Cell(manifest.Choices),
            withdrawn is null
                ? OfficerPage.Cell(manifest.ReplayOnly ? "no: to compare only" : "yes")
                : Html.Of($"<strong>withdrawn</strong> {OfficerPage.Day(withdrawn.At)}{(withdrawn.Successor is { } next
                    ? Html.Of($", take <a href=\"/officer/releases/{next}\">{next}</a>") : Html.None)}"),
        ];
    }
}
