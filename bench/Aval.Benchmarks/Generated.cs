using System.Globalization;
using System.Text;
using DuckDB.NET.Data;

namespace Aval.Benchmarks;

/// <summary>
/// A made-up platform, computed from row numbers by hashing, so that the same sizes give the same rows: three services,
/// accounts of which a fifth is linked to another, a few minors and unknown ages, information notices, and what people
/// chose. A few people write most. Nobody wrote any of it.
/// </summary>
/// <param name="Folder">Where its files lie.</param>
internal sealed record Generated(string Folder)
{
    /// <summary>The instant that everything is built for; all of the content and the choices are older.</summary>
    public const string AsOf = "2026-01-15T00:00:00Z";

    // Part of the folder's name: another generator must not find the data of this one.
    private const int Version = 3;
    private const long RowsPerFile = 1_000_000;

    /// <summary>A pattern: a million items a file, as a platform hands them out.</summary>
    public string Items => Path.Combine(Folder, "items-*.parquet");

    public string Accounts => Path.Combine(Folder, "accounts.parquet");

    public string Notices => Path.Combine(Folder, "notices.parquet");

    public string Choices => Path.Combine(Folder, "choices.parquet");

    /// <summary>The data of these sizes: from an earlier run, or made now.</summary>
    public static Generated Of(Sizes sizes, string root)
    {
        var data = new Generated(Path.Combine(root, $"v{Version}-{sizes.Name}"));
        var complete = Path.Combine(data.Folder, "complete");
        if (File.Exists(complete))
            return data;
        Console.Error.WriteLine($"generating {data.Folder} …");
        if (Directory.Exists(data.Folder))
            Directory.Delete(data.Folder, recursive: true);
        Directory.CreateDirectory(data.Folder);
        var words = new Words();
        Write(words, data.PeopleSql(sizes));
        var files = (int)((sizes.Items + RowsPerFile - 1) / RowsPerFile);
        Parallel.For(0, files, new ParallelOptions { MaxDegreeOfParallelism = sizes.Threads }, file =>
            Write(words, ItemsSql(
                sizes, file * RowsPerFile, Math.Min(sizes.Items, (file + 1) * RowsPerFile),
                Path.Combine(data.Folder, $"items-{file:D4}.parquet"))));
        File.Create(complete).Dispose();
        return data;
    }

    private static void Write(Words words, string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Register(connection, words);
        using var command = connection.CreateCommand();
        command.CommandText = Macros + sql;
        command.ExecuteNonQuery();
    }

    private static void Register(DuckDBConnection connection, Words words)
    {
        connection.RegisterScalarFunction<long, string>("text_of", (columns, result, rows) =>
        {
            Span<byte> text = new byte[Words.Longest];
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(
                    Encoding.UTF8.GetString(text[..words.Write(columns[0].GetValue<long>(row), text)]), row);
        });
        connection.RegisterScalarFunction<long, string>("language_of", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(words.LanguageOf(columns[0].GetValue<long>(row)), row);
        });
    }

    // roll: 0 ≤ x < 1; pick: 0–99. The second argument tells apart what is asked about the same number.
    private const string Macros = """
        SET TimeZone = 'UTC'; SET threads = 1;
        CREATE MACRO roll(n, what) AS (hash(n * 64 + what) >> 11)::DOUBLE / 9007199254740992.0;
        CREATE MACRO pick(n, what) AS (hash(n * 64 + what) % 100)::BIGINT;
        CREATE MACRO service_of(a) AS CASE WHEN pick(a, 1) < 68 THEN 'facebook' WHEN pick(a, 1) < 95 THEN 'instagram'
            ELSE 'whatsapp' END;
        CREATE MACRO account_of(a) AS service_of(a) || ':' || (100000000000 + a);
        CREATE MACRO seconds_after(start, n, what, span) AS start + to_seconds(floor(roll(n, what) * span)::BIGINT);
        """;

    // Objections are some of the choices; so are consents to combination (without one, the shipped policy admits
    // nothing from Instagram), restrictions, erasures, and removals of single items.
    private string PeopleSql(Sizes sizes) => string.Create(CultureInfo.InvariantCulture, $"""
        COPY (
            SELECT account_of(a) AS account, CASE WHEN pick(a // 2, 2) < 20 THEN account_of(a - a % 2) END AS person,
                ['DE', 'FR', 'IT', 'ES', 'PL', 'RO', 'NL', 'BE', 'GR', 'PT'][1 + pick(a, 3) // 10] AS country,
                CASE WHEN pick(a, 4) < 3 THEN NULL WHEN pick(a, 4) < 8 THEN 2009 + pick(a, 5) % 5 ELSE 1945 + pick(a, 5)
                    * 60 // 100 END::INTEGER AS birth_year,
                TIMESTAMPTZ '2026-01-01 00:00:00+00' AS observed_at
            FROM range({sizes.Authors}) AS accounts(a)
        ) TO '{Accounts}' (FORMAT parquet, COMPRESSION zstd);
        COPY (
            SELECT account_of(a) AS account, '2025-04' AS version, 'in-app' AS channel,
                TIMESTAMPTZ '2025-04-14 00:00:00+00' AS sent_at,
                CASE WHEN pick(a, 6) < 97 THEN seconds_after(TIMESTAMPTZ '2025-04-14 01:00:00+00', a, 7, 1000000)
                    WHEN pick(a, 6) < 98 THEN TIMESTAMPTZ '2026-01-02 00:00:00+00' END AS delivered_at
            FROM range({sizes.Authors}) AS accounts(a)
        ) TO '{Notices}' (FORMAT parquet, COMPRESSION zstd);
        COPY (
            SELECT *, made_at AS received_at FROM (
                SELECT 'objection' AS kind, account_of(a) AS account, 'train-generative-ai' AS purpose,
                    'everything' AS scope,
                    seconds_after(TIMESTAMPTZ '2025-05-01 00:00:00+00', a, 11, 15000000) AS made_at,
                    NULL::VARCHAR AS notice
                FROM range({sizes.Authors}) AS accounts(a) WHERE roll(a, 10) < {sizes.Objectors}
                UNION ALL
                SELECT 'objection-lifted', account_of(a), 'train-generative-ai', 'everything',
                    seconds_after(TIMESTAMPTZ '2025-12-01 00:00:00+00', a, 12, 1000000), NULL
                FROM range({sizes.Authors}) AS accounts(a) WHERE roll(a, 10) < {sizes.Objectors} * 0.02
                UNION ALL
                SELECT 'consent', account_of(a), 'combine-services', 'everything',
                    seconds_after(TIMESTAMPTZ '2025-05-01 00:00:00+00', a, 14, 15000000), '2025-04'
                FROM range({sizes.Authors}) AS accounts(a) WHERE pick(a, 13) < 50 AND service_of(a) = 'instagram'
                UNION ALL
                SELECT CASE WHEN pick(a, 17) < 50 THEN 'restriction' ELSE 'erasure' END, account_of(a),
                    'train-generative-ai', 'everything',
                    seconds_after(TIMESTAMPTZ '2025-05-01 00:00:00+00', a, 16, 15000000), NULL
                FROM range({sizes.Authors}) AS accounts(a) WHERE roll(a, 15) < 0.002
                UNION ALL
                SELECT 'removal', account_of(a), 'train-generative-ai', 'item:' || service_of(author) || ':' || item_id,
                    seconds_after(TIMESTAMPTZ '2025-05-01 00:00:00+00', i, 19, 15000000), NULL
                FROM (SELECT i, {ItemId}, {Author(sizes)} AS author, floor(roll(i, 18) * {sizes.Authors})::BIGINT AS a
                    FROM range(0, {sizes.Items}, 10007) AS items(i))
            )
        ) TO '{Choices}' (FORMAT parquet, COMPRESSION zstd);
        """);

    private static string ItemsSql(Sizes sizes, long from, long to, string file) =>
        string.Create(CultureInfo.InvariantCulture, $$"""
            COPY (
                SELECT item_id, service, kind, account_of(author) AS author, audience, created_at,
                    CASE WHEN audience = 'public' THEN created_at END AS public_since,
                    text, language_hint,
                    CASE WHEN pick(i, 31)
                        < 4 THEN [{account: account_of(floor(roll(i, 32) * {{sizes.Authors}})::BIGINT),
                    role: 'mentioned'}] ELSE [] END AS persons,
                    CASE WHEN kind IN ('reply', 'comment') THEN '7' || lpad((i // 2)::VARCHAR, 11, '0')
                        END AS in_reply_to,
                    CASE WHEN kind = 'caption' OR pick(i, 33)
                        < 8 THEN [{uri: 'media/' || hash(i), sha256: NULL::VARCHAR,
                    kind: 'photo'}] ELSE [] END AS media,
                    pick(i, 34) < 1 AS deleted, TIMESTAMPTZ '2026-01-01 00:00:00+00' AS observed_at
                FROM (
                    SELECT *, service_of(author) AS service,
                        CASE WHEN service_of(author) = 'whatsapp' THEN 'private' WHEN kind = 'ai-interaction' THEN
                            'assistant'
                             WHEN pick(i, 26) < 82 THEN 'public' WHEN pick(i, 26) < 93 THEN 'friends' WHEN pick(i, 26)
                                 < 97 THEN 'followers'
                             WHEN pick(i, 26) < 98 THEN 'group' WHEN pick(i, 26) < 99 THEN 'private'
                                 ELSE 'unknown' END AS audience
                    FROM (
                        SELECT i, {{ItemId}}, {{Author(sizes)}} AS author,
                            CASE WHEN pick(i, 25) < 50 THEN 'post' WHEN pick(i, 25) < 80 THEN 'comment' WHEN pick(i, 25)
                                < 88 THEN 'caption' WHEN pick(i, 25) < 98 THEN 'reply'
                                    ELSE 'ai-interaction' END AS kind,
                            seconds_after(TIMESTAMPTZ '2012-01-01 00:00:00+00', i, 27, 440000000) AS created_at,
                            CASE WHEN pick(i, 28) < 1 THEN '' ELSE text_of(i) END AS text,
                            language_of(i) AS language_hint
                        FROM range({{from}}, {{to}}) AS items(i)
                    )
                )
            ) TO '{{file}}' (FORMAT parquet, COMPRESSION zstd)
            """);

    private const string ItemId = "'7' || lpad(i::VARCHAR, 11, '0') AS item_id";

    // The square of an even draw: one account in a hundred writes a tenth of everything.
    private static string Author(Sizes sizes) =>
        string.Create(CultureInfo.InvariantCulture, $"floor(pow(roll(i, 24), 2) * {sizes.Authors})::BIGINT");
}
