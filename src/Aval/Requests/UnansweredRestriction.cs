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
    public static Request? Of(Workspace workspace, DateTimeOffset now, Account account) =>
        Among(workspace, now, [account]) is [var first, ..] ? first : null;

    /// <summary>The same of several accounts: all open requests for a restriction that would be lifted on one of them,
    /// those whose clock ends first at the front.</summary>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlyList<Request> Among(
        Workspace workspace, DateTimeOffset now, IReadOnlyCollection<Account> accounts)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(accounts);
        using var engine = Loaded(workspace, now);
        var own = accounts.SelectMany(account =>
            Links.Of(engine, account.ToString()).Select(linked => linked.Account).Prepend(account));
        return
        [
            .. RequestBook.Of(workspace, [.. own.Distinct()])
                .Where(one => one.Right is Right.Restriction && one.IsOpen),
        ];
    }

    private static Engine Loaded(Workspace workspace, DateTimeOffset now)
    {
        var engine = Engine.Open(workspace.Temporary, EngineLimits.Default, workspace.ReadKey());
        return Ownership.Hand(engine, () =>
        {
            ContentViews.Create(engine, workspace, now);
            LinkCrowds.Require(engine, workspace.Settings.Links);
            return engine;
        });
    }
}
