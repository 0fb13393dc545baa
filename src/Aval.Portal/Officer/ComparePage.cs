using Aval.Answers;
using Aval.Policies;
using Aval.Portal.Doors;
using Aval.Storage;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>
/// Two regimes on the same content and choices: what each admits, and who moves and why. The shipped ones, and the
/// controller's own: files of policies in the workspace's folder <c>policies</c>.
/// </summary>
internal static class ComparePage
{
    private const int Moves = 30;
    private const string FolderName = "policies";

    /// <summary><c>GET /officer/compare[?first=…&amp;second=…]</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who)
    {
        var query = visit.Http.Request.Query;
        var (first, second) = (query["first"].ToString(), query["second"].ToString());
        // By name alone: what comes from the address is compared with what there is, and never becomes a path.
        var known = Known(visit.Desk.Workspace);
        var isAsked = known.ContainsKey(first) && known.ContainsKey(second);
        return visit.Desk.Look(
            () => OfficerPage.Of(visit, who, "Compare two policies", Html.Of($"""
                <p>Everything is decided under both, as of now. Nothing is built.</p>
                <form method="get" action="/officer/compare" class="row">
                {Choose("first", "One", known.Keys, first.Length == 0 ? "opt-out" : first)}
                {Choose("second", "The other", known.Keys, second.Length == 0 ? "opt-in" : second)}
                <p><button>Compare</button></p></form>
                <p class="note">The shipped policies, and files in the workspace's folder policies.</p>
                {(isAsked ? Read(visit.Desk, (first, known[first]), (second, known[second])) : Html.None)}
                """)),
            visit.Http.RequestAborted);
    }

    // The path of each by the name that it is chosen by.
    private static SortedDictionary<string, string> Known(Workspace workspace)
    {
        var known = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in PolicyReader.Shipped)
            known[name] = PolicyReader.Find(name);
        var own = Path.Combine(workspace.Root, FolderName);
        foreach (var file in Directory.Exists(own) ? Directory.EnumerateFiles(own, "*.yaml") : [])
            known[$"{FolderName}/{Path.GetFileName(file)}"] = file;
        return known;
    }

    // A policy of one's own may be at fault, and its author is who reads this.
    private static Html Read(Desk desk, (string Name, string Path) first, (string Name, string Path) second)
    {
        var policies = new List<Policy>();
        foreach (var (name, path) in new[] { first, second })
        {
            var reading = PolicyReader.Check(path);
            if (reading is PolicyReading.Faulty faulty)
            {
                var told = faulty.ToException().Message.Replace(path, name, StringComparison.Ordinal);
                return Html.Of($"<p class=\"bad lines\">{told}</p>");
            }

            policies.Add(((PolicyReading.Sound)reading).Policy);
        }

        return Compared(
            Comparison.Of(
                desk.Workspace, policies[0], policies[1], desk.Clock.UtcNow(), atCheckpoint: null,
                EngineLimits.Default),
            first.Name, second.Name);
    }

    private static Html Compared(Comparison comparison, string first, string second)
    {
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

    private static Html Choose(string name, string label, IEnumerable<string> known, string chosen) => Html.Of($"""
        <p><label for="{name}">{label}</label><select id="{name}" name="{name}">{known.Select(policy =>
            Html.Of($"<option{(policy == chosen ? Html.Of($" selected") : Html.None)}>{policy}</option>"))}</select></p>
        """);
}
