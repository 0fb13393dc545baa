using Npgsql;

namespace Aval.Choices.Stores.Postgres;

// What several callers bring at once, with the keys under which they bring it.
internal sealed partial class PostgresChoices
{
    /// <inheritdoc/>
    public IReadOnlyList<AppendedParcel> AppendParcels(IReadOnlyList<Parcel> parcels, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(parcels);
        return InTransaction<IReadOnlyList<AppendedParcel>>((connection, commit) =>
        {
            var (first, known) = Lock(connection, parcels);
            var (appended, keys, entries) = (new List<AppendedParcel>(parcels.Count),
                new List<(ParcelKey Key, EntryRange Entries)>(), new List<NewEntry>());
            foreach (var parcel in parcels)
            {
                if (parcel.Key is { } brought && known.TryGetValue(brought.Key, out var before))
                {
                    appended.Add(new AppendedParcel(
                        before.Body is not { } body ? ParcelOutcome.Forgotten
                            : body == brought.Body ? ParcelOutcome.Repeated : ParcelOutcome.KeyOfAnother,
                        before.Entries));
                    continue;
                }

                if (parcel.Entries.Count == 0)
                {
                    appended.Add(new AppendedParcel(ParcelOutcome.NotThere, default));
                    continue;
                }

                var range = new EntryRange(new EntryIndex(first + entries.Count), parcel.Entries.Count);
                entries.AddRange(parcel.Entries);
                appended.Add(new AppendedParcel(ParcelOutcome.Recorded, range));
                if (parcel.Key is not { } key)
                    continue;
                keys.Add((key, range));
                known.Add(key.Key, (key.Body, range));
            }

            if (entries.Count > 0)
            {
                Insert(connection, entries, keys, first, now);
                commit();
            }

            return appended;
        });
    }

    // The counter's row is ours before the keys are looked at: whoever had it has committed by then.
    private static (long First, Dictionary<Hash, (Hash? Body, EntryRange Entries)> Known) Lock(
        NpgsqlConnection connection, IReadOnlyList<Parcel> parcels)
    {
        var keys = parcels.Select(parcel => parcel.Key).OfType<ParcelKey>()
            .Select(key => PostgresRows.Bytes(key.Key)).ToArray();
        using var batch = connection.CreateBatch();
        Add(batch, PostgresRows.LockCounter);
        Add(batch, PostgresRows.SelectParcelKeys, ("keys", keys));
        using var rows = batch.ExecuteReader();
        if (!rows.Read())
            throw new InvalidOperationException("The counter has no row.");
        var first = rows.GetInt64(0);
        var known = new Dictionary<Hash, (Hash? Body, EntryRange Entries)>();
        rows.NextResult();
        while (rows.Read())
        {
            var (key, body, entries) = PostgresRows.ReadParcelKey(rows);
            known.Add(key, (body, entries));
        }

        return (first, known);
    }

    private static void Insert(
        NpgsqlConnection connection, List<NewEntry> entries, List<(ParcelKey Key, EntryRange Entries)> keys, long first,
        DateTimeOffset now)
    {
        using var batch = connection.CreateBatch();
        Add(
            batch, PostgresRows.InsertEntries, ("idx", entries.Select((_, at) => first + at).ToArray()),
            ("kind", entries.Select(entry => (short)entry.Entry.Kind).ToArray()),
            ("digest", entries.Select(entry => PostgresRows.Bytes(entry.Entry.Digest)).ToArray()));
        AddChoices(batch, [.. entries.Index().Where(one => one.Item.Choice is not null)
            .Select(one => (first + one.Index, one.Item.Choice!))]);
        if (keys.Count > 0)
        {
            Add(
                batch, PostgresRows.InsertParcelKeys,
                ("key", keys.Select(one => PostgresRows.Bytes(one.Key.Key)).ToArray()),
                ("body", keys.Select(one => PostgresRows.Bytes(one.Key.Body)).ToArray()),
                ("first", keys.Select(one => one.Entries.First.Value).ToArray()),
                ("count", keys.Select(one => one.Entries.Count).ToArray()), ("at", now.ToMicroseconds()));
            Add(
                batch, PostgresRows.DeleteOldParcelKeys, ("most", 16 + (2 * keys.Count)),
                ("before", (now - ParcelKeys.Life).ToMicroseconds()));
        }

        Add(batch, PostgresRows.MoveCounter, ("next", first + entries.Count), ("first", first));
        batch.ExecuteNonQuery();
        var acts = entries.Index().Where(one => one.Item.Act is not null);
        if (acts.Any())
            Copy(connection, PostgresRows.CopyActs, acts, (copy, row) => PostgresRows.Write(
                copy, first + row.Index, row.Item.Act!));
    }

    private static void AddChoices(NpgsqlBatch batch, (long Index, SealedChoice Sealed)[] choices)
    {
        if (choices.Length == 0)
            return;
        T[] All<T>(Func<Choice, T> column) => [.. choices.Select(one => column(one.Sealed.Choice))];
        Add(
            batch, PostgresRows.InsertChoices, ("idx", choices.Select(one => one.Index).ToArray()),
            ("kind", All(choice => (short)ChoiceCodes.Of(choice.Kind))),
            ("account", All(choice => choice.Account.ToString())),
            ("purpose", All(choice => (short)ChoiceCodes.Of(choice.Purpose))),
            ("scope", All(choice => choice.Scope.Equals(Scope.Everything) ? null : choice.Scope.ToString())),
            ("made_at", All(choice => choice.MadeAt.ToMicroseconds())),
            ("received_at", All(choice => choice.ReceivedAt.ToMicroseconds())),
            ("until", All(choice => choice.Until?.ToMicroseconds())),
            ("actor", All(choice => (short)ChoiceCodes.Of(choice.Actor))),
            ("channel", All(choice => choice.Channel)),
            ("evidence", All(choice => choice.Evidence is { } hex ? Convert.FromHexString(hex) : null)),
            ("notice", All(choice => choice.Notice)),
            ("association", All(choice => choice.Association)),
            ("opening", choices.Select(one => one.Sealed.Opening.Bytes).ToArray()));
    }

    private static void Add(
        NpgsqlBatch batch, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            ((NpgsqlBatchCommand)command).Parameters.AddWithValue(name, value);
        batch.BatchCommands.Add((NpgsqlBatchCommand)command);
    }
}
