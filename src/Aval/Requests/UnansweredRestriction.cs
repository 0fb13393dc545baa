using Aval.Content;
using Aval.People;
using Aval.Storage;

namespace Aval.Requests;

/// <summary>
/// Whether a restriction is still to be answered: it is lifted after its person was told (GDPR Art. 18(3)), and while
/// nothing was answered nobody was.
/// </summary>
internal static class UnansweredRestriction
{
    /// <summary>
    /// The open request for a restriction whose clock ends first, by this account or by another one of the same person:
    /// a restriction on one reaches all of them, and a lifting on any of them lifts it there. Null = there is none.
    /// </summary>
    /// <param name="workspace">Whose requests.</param>
    /// <param name="now">The clock's instant.</param>
    /// <param name="account">On which account the restriction would be lifted.</param>
    /// <exception cref="AvalException">Bad input: content cannot be read. Refused: links make more accounts one person
    /// than aval.yaml allows.</exception>
    public static Request? Of(Workspace workspace, DateTimeOffset now, Account account)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        using var engine = Engine.Open(workspace.Temporary, EngineLimits.Default, workspace.ReadKey());
        ContentViews.Create(engine, workspace, now);
        LinkCrowds.Require(engine, workspace.Settings.Links);
        var own = Links.Of(engine, account.ToString()).Select(linked => linked.Account).Prepend(account);
        return RequestBook.Of(workspace, [.. own])
            .FirstOrDefault(one => one.Right is Right.Restriction && one.IsOpen);
    }
}
