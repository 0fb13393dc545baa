namespace Aval.Choices.Stores.Postgres;

// Acts, and what is counted.
internal sealed partial class PostgresChoices
{
    /// <inheritdoc/>
    public IEnumerable<KeptAct> Acts(TreeSize below) =>
        Paged(PostgresRows.SelectActs, new EntryIndex(0), below, PostgresRows.ReadAct);

    /// <inheritdoc/>
    public IReadOnlyList<KeptAct> LastActs(TreeSize below, int most) => Guarded(() =>
    {
        using var connection = _source.OpenConnection();
        return Rows(connection, PostgresRows.SelectLastActs, PostgresRows.ReadAct, ("below", below.Value), ("most",
            most));
    });

    /// <inheritdoc/>
    public IReadOnlyList<KeptAct> ActsOf(IReadOnlyCollection<Account> accounts) => Guarded(() =>
    {
        using var connection = _source.OpenConnection();
        return Rows(connection, PostgresRows.SelectActsOfAccounts, PostgresRows.ReadAct, ("accounts",
            accounts.Select(account => account.ToString()).Distinct().ToArray()));
    });

    /// <inheritdoc/>
    public IReadOnlyList<KeptAct> ActsOf(EntryIndex request) => Guarded(() =>
    {
        using var connection = _source.OpenConnection();
        return Rows(connection, PostgresRows.SelectActsOfRequest, PostgresRows.ReadAct, ("request", request.Value));
    });

    /// <inheritdoc/>
    public IEnumerable<Recorded> Asking(TreeSize below) =>
        Paged(PostgresRows.SelectAsking, new EntryIndex(0), below, PostgresRows.Read);

    /// <inheritdoc/>
    public IEnumerable<Suppression> AskingForgotten(TreeSize below) =>
        Paged(PostgresRows.SelectAskingForgotten, new EntryIndex(0), below, PostgresRows.ReadSuppression);

    /// <inheritdoc/>
    public void ForgetActs(IReadOnlyCollection<EntryIndex> acts)
    {
        ArgumentNullException.ThrowIfNull(acts);
        if (acts.Count == 0)
            return;
        Guarded(() =>
        {
            using var connection = _source.OpenConnection();
            Run(connection, PostgresRows.ForgetActs, ("acts", acts.Select(act => act.Value).ToArray()));
            Run(connection, "VACUUM aval.acts");
            return true;
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<ChoiceCount> Count(EntryIndex from, TreeSize below) => Guarded(() =>
    {
        using var connection = _source.OpenConnection();
        return Rows(connection, PostgresRows.SelectCounts, PostgresRows.ReadCount, ("from", from.Value), ("below",
            below.Value));
    });
}
