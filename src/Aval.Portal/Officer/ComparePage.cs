using Aval.Answers;
using Aval.Policies;
using Aval.Portal.Doors;
using Aval.Storage;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>Two shipped regimes on the same content and choices: what each admits, and who moves and why.</summary>
internal static class ComparePage
{
    private const int Moves = 30;

    /// <summary><c>GET /officer/compare[?first=…&amp;second=…]</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who)
    {
        var query = visit.Http.Request.Query;
        var (first, second) = (query["first"].ToString(), query["second"].ToString());
        // By name alone: what comes from the address never becomes a path.
        var isAsked = PolicyReader.Shipped.Contains(first) && PolicyReader.Shipped.Contains(second);
        return visit.Desk.Look(
            () => OfficerPage.Of(visit, who, "Compare two policies", Html.Of($"""
                <p>Everything is decided under both, as of now. Nothing is built.</p>
                <form method="get" action="/officer/compare" class="row">
                {Choose("first", "One", first.Length == 0 ? "opt-out" : first)}
                {Choose("second", "The other", second.Length == 0 ? "opt-in" : second)}
                <p><button>Compare</button></p></form>
                {(isAsked ? Compared(visit.Desk, first, second) : Html.None)}
                """)),
            visit.Http.RequestAborted);
    }

    private static Html Compared(Desk desk, string first, string second)
    {
        var comparison = Comparison.Of(
            desk.Workspace, PolicyReader.Read(PolicyReader.Find(first)), PolicyReader.Read(PolicyReader.Find(second)),
            desk.Clock.UtcNow(), atCheckpoint: null, EngineLimits.Default);
        var (read, one, other) = (comparison.Read, comparison.Total.First, comparison.Total.Second);
        return Html.Of($"""
            <h2>What each admits</h2>
            {OfficerPage.Table("What each admits", ["", "#All", $"#{first}", "", $"#{second}", ""],
            [
                Row("People", read.People, one.People, other.People), Row("Items", read.Items, one.Items, other.Items),
                Row("Characters", read.Characters, one.Characters, other.Characters),
            ])}
            <h2>By service</h2>{Slices("By service", comparison.Services, first, second)}
            <h2>By language</h2>{Slices("By language", comparison.Languages, first, second)}
            <h2>Who moves, and why</h2>
            {OfficerPage.Table("Decisions under both", [$"Under {first}", $"Under {second}", "#People", "#Items"],
                comparison.Moves.Where(move => move.First != move.Second).Take(Moves).Select(move => new[]
                {
                    Html.Of($"{Why(move.First)}"), Html.Of($"{Why(move.Second)}"), OfficerPage.Cell(move.People),
                    OfficerPage.Cell(move.Items),
                }))}
            """);
    }

    private static Html Slices(
        string caption, IReadOnlyList<(string Slice, Admitted Read, Admitted First, Admitted Second)> slices,
        string first, string second) => OfficerPage.Table(
            caption, ["", "#Items", $"#{first}", "", $"#{second}", ""],
            slices.Select(slice => Row(slice.Slice, slice.Read.Items, slice.First.Items, slice.Second.Items)));

    private static Html[] Row(string name, long all, long first, long second) =>
    [
        OfficerPage.Cell(name), OfficerPage.Cell(all), OfficerPage.Cell(first), Charts.Bar(first, all),
        OfficerPage.Cell(second), Charts.Bar(second, all),
    ];

    private static string Why(Why? why) => why is null ? "admitted" : $"{why.Reason.ToText()}: {why.Sentence}";

    private static Html Choose(string name, string label, string chosen) => Html.Of($"""
        <p><label for="{name}">{label}</label><select id="{name}" name="{name}">{PolicyReader.Shipped.Select(policy =>
            Html.Of($"<option{(policy == chosen ? Html.Of($" selected") : Html.None)}>{policy}</option>"))}</select></p>
        """);
}
