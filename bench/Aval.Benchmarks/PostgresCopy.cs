using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace Aval.Benchmarks;

/// <summary>
/// What an engineer would otherwise write: the same rows into one PostgreSQL table with an index on the account, by
/// binary COPY, as many rows a transaction as Aval's recorder takes when it is busy, each commit on disk. No tree, no
/// signature, no receipt.
/// </summary>
internal static class PostgresCopy
{
    private const int Batch = 8192;

    /// <summary>Rows a second.</summary>
    public static double Hold(string connection, int seconds)
    {
        using var source = NpgsqlDataSource.Create(connection);
        using var open = source.OpenConnection();
        Execute(open, """
            SET synchronous_commit = on;
            DROP TABLE IF EXISTS aval_bench;
            CREATE TABLE aval_bench (idx bigint PRIMARY KEY, kind smallint NOT NULL, account text NOT NULL,
                purpose smallint NOT NULL, scope text, made_at bigint NOT NULL, received_at bigint NOT NULL,
                actor smallint NOT NULL, channel text, opening bytea NOT NULL);
            CREATE INDEX ON aval_bench (account);
            """);
        var random = new Random(7);
        var now = TimeProvider.System.UtcNow().ToMicroseconds();
        var rows = 0L;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            using var copy = open.BeginBinaryImport("COPY aval_bench (idx, kind, account, purpose, scope, made_at, "
                + "received_at, actor, channel, opening) FROM STDIN (FORMAT BINARY)");
            for (var at = 0; at < Batch; at++)
            {
                copy.StartRow();
                copy.Write(rows++, NpgsqlDbType.Bigint);
                copy.Write((short)1, NpgsqlDbType.Smallint);
                copy.Write(
                    "facebook:" + random.NextInt64(100_000_000_000).ToString(CultureInfo.InvariantCulture),
                    NpgsqlDbType.Text);
                copy.Write((short)1, NpgsqlDbType.Smallint);
                copy.WriteNull();
                copy.Write(now, NpgsqlDbType.Bigint);
                copy.Write(now, NpgsqlDbType.Bigint);
                copy.Write((short)1, NpgsqlDbType.Smallint);
                copy.Write("portal", NpgsqlDbType.Text);
                copy.Write(RandomNumberGenerator.GetBytes(32), NpgsqlDbType.Bytea);
            }

            copy.Complete();
        }

        var elapsed = clock.Elapsed.TotalSeconds;
        Execute(open, "DROP TABLE aval_bench");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| PostgreSQL COPY, {Batch} rows a commit | {elapsed:F1} | {rows} | {rows / elapsed:F0} | | | | | | |"));
        return rows / elapsed;
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }
}
