using System.Security.Cryptography;
using Aval.Corpus;
using Aval.Storage;
using DuckDB.NET.Data.Mapping;

namespace Aval.Authors;

/// <summary>
/// Each author's VRF output, kept from release to release of a corpus, since each takes a multiplication on a curve:
/// <c>lineage/NAME/authors.parquet</c> (<c>account</c>, <c>output</c>, ordered by account), restricted like all lineage.
/// It is a cache: it can be deleted at any time, and what is missing from it, or not to be trusted in it, is made again.
/// It names the authors of the release that was built last and nobody else: who left, or was erased, is gone from it too.
/// Whoever uses it holds the corpus's lock.
/// </summary>
/// <param name="lineage">The corpus's directory of lineage.</param>
/// <param name="parts">Where finished parts wait, so that a kill costs no more than the part under way; restricted too.</param>
/// <param name="key">Whose outputs.</param>
/// <param name="scope">The corpus.</param>
public sealed class AuthorOutputs(string lineage, string parts, VrfKey key, CorpusName scope)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "authors.parquet";

    /// <summary>The name of the file with its SHA-256, in the spelling of sha256sum. Parquet itself would not notice a changed bit.</summary>
    public const string SumName = "authors.sha256";

    private const int RowsSampled = 8;

    /// <summary>How many outputs a part holds: some ten seconds of work.</summary>
    internal const int PartSize = 65_536;

    private string File => Path.Combine(lineage, FileName);

    /// <summary>Makes what is missing, lets go of all others, and answers the file that then holds the output of each of some accounts.</summary>
    /// <param name="engine">Any engine of this workspace.</param>
    /// <param name="accounts">A Parquet file with a column <c>account</c>, each once.</param>
    /// <param name="threads">How many outputs are made at a time.</param>
    /// <param name="watch">Told how many are made, and of how many.</param>
    public string Bring(Engine engine, string accounts, int threads, Action<long, long> watch)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(watch);
        FileModes.MakePrivateFolder(parts);
        var known = Known(engine).ToList();
        var missing = known.Count == 0
            ? $"FROM {ParquetFiles.Rows(accounts)}"
            : $"FROM {ParquetFiles.Rows(accounts)} AS wanted ANTI JOIN {ParquetFiles.Rows(known)} AS known USING (account)";
        var total = engine.Scalar<long>($"SELECT count(*) {missing}");
        var done = 0L;
        using (var writer = engine.Fork())
        {
            foreach (var chunk in engine.Stream($"SELECT account {missing}", row => row.GetString(0)).Chunk(PartSize))
            {
                known.Add(WritePart(writer, chunk, Compute(chunk, threads, made => watch(done + made, total))));
                done += chunk.Length;
            }
        }

        if (known.Count != 1 || known[0] != File || Rows(engine, File) != Rows(engine, accounts))
            Merge(engine, known, accounts);
        System.IO.Directory.Delete(parts, recursive: true);
        FileModes.MakePrivate(File);
        return File;
    }

    /// <summary>The outputs of some accounts, in their order, on several threads.</summary>
    internal Hash[] Compute(string[] accounts, int threads, Action<long> watch)
    {
        var outputs = new Hash[accounts.Length];
        var made = 0;
        Parallel.For(0, accounts.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, at =>
        {
            outputs[at] = key.Output(AuthorTree.Alpha(scope.Text, accounts[at]));
            if (Interlocked.Increment(ref made) is var count && count % 256 == 0)
                watch(count);
        });
        return outputs;
    }

    // A part is named by what it holds: a torn one, or one whose bits have changed, is none.
    private IEnumerable<string> Known(Engine engine)
    {
        if (System.IO.File.Exists(File))
        {
            if (SumOf(File) == StatedSum() && IsOurs(engine, File))
                yield return File;
            else
                System.IO.File.Delete(File);
        }

        foreach (var part in Directory.GetFiles(parts).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(part) == SumOf(part) + ".parquet" && IsOurs(engine, part))
                yield return part;
            else
                System.IO.File.Delete(part);
        }
    }

    // Of this key and this corpus, and not only said to be: what is wrong here would go into every tree from now on.
    private bool IsOurs(Engine engine, string path)
    {
        try
        {
            var about = engine.Query(ParquetFiles.Notes(path), row => (row.GetString(0), row.GetString(1)));
            if (!about.Contains(("vrf_key", key.Public.ToString())) || !about.Contains(("scope", scope.Text)))
                return false;
            var rows = Rows(engine, path);
            return engine.Query(
                    $"SELECT account, lower(hex(output)) FROM {ParquetFiles.NumberedRows(path)} WHERE file_row_number % {Math.Max(1, rows / RowsSampled)} = 0",
                    row => (Account: row.GetString(0), Output: row.GetString(1)))
                .All(row => key.Output(AuthorTree.Alpha(scope.Text, row.Account)).ToHex() == row.Output);
        }
        catch (DuckDB.NET.Data.DuckDBException broken) when (!FileFailure.IsFull(broken))
        {
            return false; // No Parquet, or other columns: made again like anything else that is not ours.
        }
    }

    private string WritePart(Engine engine, string[] accounts, Hash[] outputs)
    {
        engine.Execute("CREATE OR REPLACE TEMP TABLE author_part (account VARCHAR, output BLOB)");
        using (var transaction = engine.Connection.BeginTransaction())
        {
            using (var appender = engine.Connection.CreateAppender<Row, RowMap>("author_part"))
                appender.AppendRecords(accounts.Zip(outputs, Row.Of));
            transaction.Commit();
        }

        var unnamed = Path.Combine(parts, "unnamed");
        engine.Execute($"COPY author_part TO {Engine.Literal(unnamed)} ({Format})");
        Durable.FlushFile(unnamed);
        var part = Path.Combine(parts, SumOf(unnamed) + ".parquet");
        System.IO.File.Move(unnamed, part, overwrite: true);
        return part;
    }

    private void Merge(Engine engine, List<string> known, string accounts)
    {
        var merged = File + ".new";
        var rows = known.Count == 0
            ? "SELECT NULL::VARCHAR AS account, NULL::BLOB AS output WHERE false"
            // A kill while the last merge removed its parts leaves some that were merged.
            : $"SELECT DISTINCT account, output FROM {ParquetFiles.Rows(known)} AS known SEMI JOIN {ParquetFiles.Rows(accounts)} AS wanted USING (account) ORDER BY account";
        engine.Execute($"COPY ({rows}) TO {Engine.Literal(merged)} ({Format})");
        Durable.FlushFile(merged);
        var sum = SumOf(merged);
        System.IO.File.Move(merged, File, overwrite: true);
        // A kill before this line makes the file one that is not trusted; the parts are still there.
        Durable.Replace(Path.Combine(lineage, SumName), System.Text.Encoding.ASCII.GetBytes($"{sum} "
            + $" {FileName}\n"), Durable.Private);
    }

    private static long Rows(Engine engine, string path) => engine.Scalar<long>(ParquetFiles.CountOf(path));

    private string Format =>
        $"FORMAT parquet, COMPRESSION {ShardFormat.Compression}, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ShardFormat.RowGroupSize}, KV_METADATA {{vrf_key: {Engine.Literal(key.Public.ToString())}, scope: {Engine.Literal(scope.Text)}}}";

    private string StatedSum()
    {
        var path = Path.Combine(lineage, SumName);
        return System.IO.File.Exists(path) ? System.IO.File.ReadAllText(path).Split(' ')[0] : "none";
    }

    private static string SumOf(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private sealed record Row(string Account, byte[] Output)
    {
        public static Row Of(string account, Hash output)
        {
            var bytes = new byte[Hash.Size];
            output.CopyTo(bytes);
            return new Row(account, bytes);
        }
    }

    private sealed class RowMap : DuckDBAppenderMap<Row>
    {
        public RowMap()
        {
            Map(row => row.Account);
            Map(row => row.Output);
        }
    }
}
