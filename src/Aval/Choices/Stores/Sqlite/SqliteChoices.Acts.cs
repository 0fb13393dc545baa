using Microsoft.Data.Sqlite;

namespace Aval.Choices.Stores.Sqlite;

// Acts, and what is counted. They are few beside choices, so a command for each question will do.
internal sealed partial class SqliteChoices
{
    private static readonly EntryRange NoEntries = new(new EntryIndex(0), 0);

    /// <inheritdoc/>
    public IEnumerable<KeptAct> Acts(TreeSize below) =>
        Guarded(_path, () => Rows(ChoiceRows.SelectActs, ReadAct, ("$below", below.Value)));

    /// <inheritdoc/>
    public IReadOnlyList<KeptAct> LastActs(TreeSize below, int most) => Guarded(_path, () => Rows(
        ChoiceRows.SelectLastActs, ReadAct, ("$below", below.Value), ("$most", most)));

    /// <inheritdoc/>
    public IReadOnlyList<KeptAct> ActsOf(IReadOnlyCollection<Account> accounts) => Guarded(_path, () => accounts
        .Distinct().SelectMany(account =>
            Rows(ChoiceRows.SelectActsOfAccount, ReadAct, ("$account", account.ToString())))
        .OrderBy(act => act.Index.Value).ToArray());

    /// <inheritdoc/>
    public IReadOnlyList<KeptAct> ActsOf(EntryIndex request) =>
        Guarded(_path, () => Rows(ChoiceRows.SelectActsOfRequest, ReadAct, ("$request", request.Value)));

    /// <inheritdoc/>
    public IEnumerable<Recorded> Asking(TreeSize below)
    {
        using var rows = Statement(ChoiceRows.SelectAsking);
        BindBelow(rows, below);
        var services = new ChoiceRows.ServiceNames();
        while (Step(rows))
            yield return Row(rows, services);
    }

    /// <inheritdoc/>
    public IEnumerable<Suppression> AskingForgotten(TreeSize below) =>
        Suppressions(ChoiceRows.SelectAskingForgotten, below);

    /// <inheritdoc/>
    public void ForgetActs(IReadOnlyCollection<EntryIndex> acts)
    {
        ArgumentNullException.ThrowIfNull(acts);
        RequireWritable();
        if (acts.Count == 0)
            return;
        Guarded(_path, () =>
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            foreach (var act in acts)
                Execute(ChoiceRows.ForgetAct, ("$idx", act.Value));
            Execute("UPDATE counter SET unfinished = 1");
            transaction.Commit();
            return true;
        });
        Finish(NoEntries);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ChoiceCount> Count(EntryIndex from, TreeSize below) => Guarded(_path, () => Rows(
        ChoiceRows.SelectCounts,
        row => new ChoiceCount(
            DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(row.GetInt64(0))), ChoiceCodes.ReadKind(row.GetInt64(1)),
            row.IsDBNull(2) ? null : row.GetString(2), row.GetInt64(3)),
        ("$from", from.Value), ("$below", below.Value)));

    private static KeptAct ReadAct(SqliteDataReader row)
    {
        var (index, request) = (new EntryIndex(row.GetInt64(0)), row.IsDBNull(1) ? (EntryIndex?)null
            : new EntryIndex(row.GetInt64(1)));
        return new KeptAct(
            index, request,
            row.IsDBNull(3)
                ? null
                : new SealedAct(
                    new Act(row.IsDBNull(2) ? null : Account.Parse(row.GetString(2)), request, row.GetString(3)),
                    new Opening(row.GetFieldValue<byte[]>(4))),
            Hash.From(row.GetFieldValue<byte[]>(5)));
    }

    private List<T> Rows<T>(
        string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }
}
