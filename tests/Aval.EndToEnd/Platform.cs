using System.Globalization;
using DuckDB.NET.Data;

namespace Aval.EndToEnd;

/// <summary>
/// A made-up platform as files: its accounts, items, notices and choices, the same for the same size. Everything is
/// computed from row numbers, so that tests can say what must come out of it.
/// </summary>
internal static class Platform
{
    public const string AsOf = "2026-01-15T00:00:00Z";

    /// <summary>Writes items.parquet, accounts.parquet, notices.parquet and choices.csv.</summary>
    public static void Write(string directory, int items)
    {
        Directory.CreateDirectory(directory);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
            SET TimeZone = 'UTC'; SET autoload_known_extensions = false;
            CREATE MACRO account_of(n) AS (CASE n % 5 WHEN 0 THEN 'instagram' WHEN 1 THEN 'whatsapp'
                ELSE 'facebook' END) || ':' || (100000 + n);
            COPY (SELECT account_of(n) AS account, CASE WHEN n % 10 IN (0, 2) THEN 'person-' || (n // 10) END AS person,
                'DE' AS country,
                    CASE WHEN n % 17 = 0 THEN NULL ELSE 1960 + n % 50 END AS birth_year,
                    '2026-01-01T00:00:00Z' AS observed_at
                FROM range({items / 10}) t(n)) TO '{directory}/accounts.parquet' (FORMAT parquet);
            COPY (SELECT account_of(n) AS account, 'v1' AS version, 'e-mail' AS channel,
                '2025-04-14T00:00:00Z' AS delivered_at
                FROM range({items / 10}) t(n) WHERE n % 19 <> 0) TO '{directory}/notices.parquet' (FORMAT parquet);
            COPY (SELECT 'i' || n AS item_id, split_part(account_of(n * 7 % {items / 10}), ':', 1) AS service,
                ['post', 'comment', 'caption', 'reply'][1 + n % 4] AS kind,
                    account_of(n * 7 % {items / 10}) AS author,
                    ['public', 'public', 'public', 'friends', 'unknown'][1 + n % 5] AS audience,
                    '20' || (10 + n % 15) || '-03-04T05:06:07Z' AS created_at,
                    'text number ' || n || ' — ünïcode 🙂' AS text,
                    ['en', 'de', 'mt', NULL][1 + n % 4] AS language_hint, '2026-01-01T00:00:00Z' AS observed_at
                FROM range({items}) t(n)) TO '{directory}/items.parquet' (FORMAT parquet);
            COPY (SELECT CASE WHEN n % 40 = 0 THEN 'consent' WHEN n % 60 = 5 THEN 'erasure'
                ELSE 'objection' END AS kind, account_of(n) AS account,
                    '2025-06-01T00:00:00Z' AS made_at, '2025-06-01T00:00:00Z' AS received_at,
                    CASE WHEN n % 40 = 0 THEN 'v1' END AS notice
                FROM range(0, {items / 10}, 5) t(n)) TO '{directory}/choices.csv' (FORMAT csv, HEADER true);
            """);
        command.ExecuteNonQuery();
    }

    /// <summary>A workspace that holds all of it.</summary>
    public static void Import(string workspace, string files)
    {
        AvalProcess.Run(workspace, "init", "--buckets", "4").Done();
        AvalProcess.Run(workspace, "import", "table", Path.Combine(files, "items.parquet"), "--as", "items").Done();
        AvalProcess.Run(workspace, "import", "table", Path.Combine(files, "accounts.parquet"), "--as", "accounts")
            .Done();
        AvalProcess.Run(workspace, "import", "table", Path.Combine(files, "notices.parquet"), "--as", "notices").Done();
        AvalProcess.Run(workspace, "choose", "--from", Path.Combine(files, "choices.csv")).Done();
    }

    /// <summary>The answer of one SQL query over files, as text.</summary>
    public static string Ask(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>
    /// Every file of a release and its lineage with its bytes' hash, but what is not pure: the manifest's imports.
    /// </summary>
    public static SortedDictionary<string, string> Bytes(string workspace)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var root in new[] { "corpus", "lineage" })
        {
            foreach (var file in Directory
                .EnumerateFiles(Path.Combine(workspace, root), "*", SearchOption.AllDirectories)
                .Where(file => Path.GetFileName(file) is not (".lock" or "manifest.sig" or "manifest.tlog-proof"
                    or "checkpoint" or "parts.json")
                    && !file.Contains("/sketched/", StringComparison.Ordinal)))
            {
                var bytes = File.ReadAllBytes(file);
                if (Path.GetFileName(file) == "manifest.json")
                {
                    var text = System.Text.Encoding.UTF8.GetString(bytes);
                    bytes = System.Text.Encoding.UTF8.GetBytes(
                        text[..text.IndexOf("\"imports\"", StringComparison.Ordinal)]);
                }

                files.Add(
                    Path.GetRelativePath(workspace, file),
                    Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes)));
            }
        }

        return files;
    }
}
