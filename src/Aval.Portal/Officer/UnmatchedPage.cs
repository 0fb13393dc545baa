using Aval.Building;
using Aval.Choices;
using Aval.Portal.Doors;
using Aval.Requests;
using Aval.Storage;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>
/// Choices that name what the content does not know: somebody said something, and nothing follows from it yet.
/// </summary>
internal static class UnmatchedPage
{
    /// <summary><c>GET /officer/unmatched</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who) => visit.Desk.Look(
        () =>
        {
            var figures = visit.Desk.Figures.Figures();
            return OfficerPage.Of(visit, who, "Choices without effect", Html.Of($"""
                <p>{OfficerPage.Number(figures.Unmatched)} choices name an account, or a service or an item of
                theirs, that the content does not know. They stay recorded, and count there as soon as an import brings
                it. Where an account is spelled alike, somebody may have mistyped it: type the choice again for the right
                one.
                <a href="/officer/unmatched.csv" download>All as CSV</a></p>
                {Table(figures.FirstUnmatched)}
                """));
        },
        visit.Http.RequestAborted);

    /// <summary><c>GET /officer/unmatched.csv</c>: it names people, so that taking it is an act.</summary>
    public static async Task<IResult> Csv(Visit visit, ShownOfficer who)
    {
        await visit.Desk.Enter(new ListTaken(visit.Desk.Clock.UtcNow(), who.By, "unmatched")).ConfigureAwait(false);
        return await visit.Desk.Look(
            () =>
            {
                var (workspace, now) = (visit.Desk.Workspace, visit.Desk.Clock.UtcNow());
                using var engine = Engine.Open(workspace.Temporary, EngineLimits.Default, workspace.ReadKey());
                Inputs.Load(engine, workspace, now, atCheckpoint: null);
                Stances.NameItems(engine);
                string?[][] rows = UnmatchedChoices.Find(engine) == 0 ? [] :
                [
                    .. UnmatchedChoices.List(engine).Select(one => new[]
                    {
                        one.Index.ToString(), one.Kind.ToText(), one.Account, one.MadeAt.ToText(), one.Parts,
                        string.Join(' ', one.Nearest),
                    }),
                ];
                return OfficerPage.Csv(
                    "unmatched.csv", ["entry", "kind", "account", "made_at", "parts", "spelled_alike"], rows);
            },
            visit.Http.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>A table of them.</summary>
    public static Html Table(IEnumerable<UnmatchedChoice> choices) => OfficerPage.Table(
        "Unmatched choices", ["#Entry", "Made", "What", "Account", "No effect by", "Spelled alike"],
        choices.Select(one => new[]
        {
            OfficerPage.Cell(one.Index.Value), OfficerPage.Date(OfficerPage.Day(one.MadeAt)),
            OfficerPage.Cell(one.Kind.ToText()), OfficerPage.Cell(one.Account ?? "a forgotten choice"),
            OfficerPage.Cell(one.Parts), OfficerPage.Cell(string.Join(", ", one.Nearest)),
        }));
}
