using System.Globalization;
using DuckDB.NET.Data;

namespace Aval.Benchmarks;

/// <summary>
/// A made-up platform, computed from row numbers by hashing, so that the same sizes give the same rows. Its words are
/// drawn with a skew, so that its text compresses about as social text does. Nobody wrote it.
/// </summary>
internal sealed record Generated(string Folder)
{
    public string Items => Path.Combine(Folder, "items.parquet");

    public string Accounts => Path.Combine(Folder, "accounts.parquet");

    public string Notices => Path.Combine(Folder, "notices.parquet");

    public string Choices => Path.Combine(Folder, "choices.parquet");

    public static Generated Of(Sizes sizes, string root)
    {
        var data = new Generated(Path.Combine(root, sizes.Name));
        var done = Path.Combine(data.Folder, "complete");
        if (File.Exists(done))
            return data;
        Console.Error.WriteLine($"generating {data.Folder} …");
        Directory.CreateDirectory(data.Folder);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Sql(sizes, data);
        command.ExecuteNonQuery();
        File.Create(done).Dispose();
        return data;
    }

    private static string Sql(Sizes sizes, Generated data) => string.Create(CultureInfo.InvariantCulture, $"""
        SET TimeZone = 'UTC'; SET preserve_insertion_order = false; SET memory_limit = '8GB';
        CREATE MACRO service_of(a) AS CASE WHEN hash(a * 13) % 100 < 50 THEN 'facebook' WHEN hash(a * 13) % 100 < 92 THEN 'instagram' ELSE 'whatsapp' END;
        CREATE MACRO account_of(a) AS service_of(a) || ':' || (100000000000 + a);
        CREATE TABLE words AS SELECT i, substr(translate(md5(i::VARCHAR), '0123456789', 'eaionrtsul'), 1, (2 + hash(i) % 8)::INTEGER) AS word FROM range(20000) t(i);
        CREATE TABLE sentences AS
        SELECT s, string_agg(word, ' ') AS sentence
        FROM (SELECT s, (20000 * pow((hash(s * 1000 + k) % 1000000) / 1000000.0, 3))::BIGINT % 20000 AS i FROM range(400000) a(s), range(19) b(k)) JOIN words USING (i) GROUP BY s;
        COPY (SELECT account_of(a) AS account, CASE WHEN a % 10 < 3 THEN 'person-' || (a // 10) END AS person, 'DE' AS country,
                CASE WHEN hash(a * 5) % 100 < 97 THEN (1950 + hash(a * 3) % 50)::INTEGER END AS birth_year, make_timestamptz(1767225600000000::BIGINT) AS observed_at
            FROM range({sizes.Authors}) t(a)) TO '{data.Accounts}' (FORMAT parquet, COMPRESSION zstd);
        COPY (SELECT account_of(a) AS account, 'v1' AS version, make_timestamptz(1744588800000000::BIGINT) AS delivered_at
            FROM range({sizes.Authors}) t(a) WHERE hash(a * 17) % 100 < 97) TO '{data.Notices}' (FORMAT parquet, COMPRESSION zstd);
        COPY (SELECT 'objection' AS kind, account_of(a) AS account, make_timestamptz(1747699200000000::BIGINT) AS made_at, make_timestamptz(1747699200000000::BIGINT) AS received_at
            FROM range({sizes.Authors}) t(a) WHERE hash(a * 23) % 1000 < {(int)(sizes.Objectors * 1000)}) TO '{data.Choices}' (FORMAT parquet, COMPRESSION zstd);
        COPY (SELECT '9' || i AS item_id, service_of(a) AS service, ['post', 'comment', 'caption'][1 + (hash(i) % 3)::INTEGER] AS kind, account_of(a) AS author,
                CASE WHEN hash(i * 3) % 100 < 85 THEN 'public' WHEN hash(i * 3) % 100 < 98 THEN 'friends' ELSE 'unknown' END AS audience,
                make_timestamptz((1420070400 + hash(i * 5) % 340000000)::BIGINT * 1000000) AS created_at, sentence || ' ' || i AS text,
                ['bg','cs','da','de','el','en','es','et','fi','fr','ga','hr','hu','it','lt','lv','mt','nl','pl','pt','ro','sk','sl','sv'][1 + (pow((hash(i * 11) % 1000) / 1000.0, 2) * 24)::INTEGER % 24] AS language_hint,
                make_timestamptz(1767225600000000::BIGINT) AS observed_at
            FROM (SELECT i, (hash(i * 7) % {sizes.Authors})::BIGINT AS a, (hash(i * 19) % 400000)::BIGINT AS s FROM range({sizes.Items}) t(i)) JOIN sentences USING (s))
            TO '{data.Items}' (FORMAT parquet, COMPRESSION zstd)
        """);
}
