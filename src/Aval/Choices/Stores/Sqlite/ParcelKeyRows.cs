using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Aval.Choices.Stores.Sqlite;

/// <summary>The keys of parcels within one transaction: looked up and added.</summary>
internal sealed class ParcelKeyRows : IDisposable
{
    private readonly sqlite3 _database;
    private readonly Func<int, AvalException> _failure;
    private readonly sqlite3_stmt _find;
    private readonly sqlite3_stmt _add;

    public ParcelKeyRows(SqliteConnection connection, Func<int, AvalException> failure)
    {
        (_database, _failure) = (connection.Handle!, failure);
        _find = Prepare(ChoiceRows.SelectParcelKey);
        _add = Prepare(ChoiceRows.InsertParcelKey);
    }

    /// <summary>How many were added.</summary>
    public int Added { get; private set; }

    /// <summary>What was recorded under a key; null = nothing.</summary>
    public AppendedParcel? Find(ParcelKey key)
    {
        var name = key.Key;
        raw.sqlite3_bind_blob(_find, 1, name);
        var result = raw.sqlite3_step(_find);
        try
        {
            return result switch
            {
                raw.SQLITE_DONE => null,
                raw.SQLITE_ROW => new AppendedParcel(
                    Outcome(key), new EntryRange(
                        new EntryIndex(raw.sqlite3_column_int64(_find, 1)), raw.sqlite3_column_int64(_find, 2))),
                _ => throw _failure(result),
            };
        }
        finally
        {
            raw.sqlite3_reset(_find);
        }
    }

    /// <summary>Adds a key.</summary>
    public void Add(ParcelKey key, EntryRange entries, DateTimeOffset at)
    {
        var (name, body) = (key.Key, key.Body);
        raw.sqlite3_bind_blob(_add, 1, name);
        raw.sqlite3_bind_blob(_add, 2, body);
        raw.sqlite3_bind_int64(_add, 3, entries.First.Value);
        raw.sqlite3_bind_int64(_add, 4, entries.Count);
        raw.sqlite3_bind_int64(_add, 5, at.ToMicroseconds());
        var result = raw.sqlite3_step(_add);
        raw.sqlite3_reset(_add);
        if (result != raw.SQLITE_DONE)
            throw _failure(result);
        Added++;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _find.Dispose();
        _add.Dispose();
    }

    private ParcelOutcome Outcome(ParcelKey key)
    {
        var body = key.Body;
        return raw.sqlite3_column_type(_find, 0) == raw.SQLITE_NULL ? ParcelOutcome.Forgotten
            : raw.sqlite3_column_blob(_find, 0).SequenceEqual((ReadOnlySpan<byte>)body) ? ParcelOutcome.Repeated
            : ParcelOutcome.KeyOfAnother;
    }

    private sqlite3_stmt Prepare(string sql) =>
        raw.sqlite3_prepare_v2(_database, sql, out var statement) is var result and not raw.SQLITE_OK
            ? throw _failure(result)
            : statement;
}
