using System.Security.Cryptography;
using System.Text;
using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// What stands for an item or an account that was erased or forgotten: HMAC-SHA256 under a key of its own, 64
/// hexadecimal digits. Who has the workspace's key can ask whether a name is the one; nobody can ask which name it was.
/// </summary>
internal static class ErasedTokens
{
    /// <summary>
    /// Registers <c>erased_author(account)</c> and <c>erased_item(service, item_id)</c>; once an engine is enough, and
    /// again does nothing.
    /// </summary>
    public static void Provide(Engine engine) => engine.Provide("erased tokens", connection =>
    {
        var key = engine.Key.Erased;
        connection.RegisterScalarFunction<string, string>("erased_author", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(OfAccount(key, columns[0].GetValue<string>(row) ?? ""), row);
        });
        connection.RegisterScalarFunction<string, string, string>("erased_item", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(
                    OfItem(key, columns[0].GetValue<string>(row) ?? "", columns[1].GetValue<string>(row) ?? ""), row);
        });
    });

    /// <summary>The token of an account, <c>service:id</c>.</summary>
    public static string OfAccount(byte[] key, string account) => Token(key, "account\0" + account);

    /// <summary>The token of an item.</summary>
    public static string OfItem(byte[] key, string service, string id) => Token(key, $"item\0{service}\0{id}");

    /// <summary>
    /// Makes <c>erased_tokens</c> (kind, token) of what was erased from the content, for whoever asks whether somebody
    /// or something that the content does not know was erased from it.
    /// </summary>
    public static void Leave(Engine engine, IReadOnlyCollection<string> files) => engine.Execute(
        "CREATE OR REPLACE TEMP TABLE erased_tokens AS "
        + (files.Count == 0
            ? "SELECT ''::VARCHAR AS kind, ''::VARCHAR AS token WHERE false"
            : $"SELECT kind, token FROM {ParquetFiles.Rows(files)}"));

    /// <summary>The tokens of items and of their authors, as <c>kind</c> (item | author) and <c>token</c>.</summary>
    /// <param name="items">SQL of <c>service, item_id, author</c>.</param>
    public static string Of(string items) => $"""
        SELECT 'author' AS kind, erased_author(author) AS token FROM (SELECT DISTINCT author FROM {items})
        UNION ALL
        SELECT 'item', erased_item(service, item_id) FROM (SELECT DISTINCT service, item_id FROM {items})
        ORDER BY ALL
        """;

    /// <summary>Of some rows those of erased items.</summary>
    /// <param name="files">The files with tokens.</param>
    /// <param name="rows">A relation with <c>service</c>, <c>item_id</c> and an author.</param>
    /// <param name="author">Its column of authors.</param>
    /// <param name="columns">What is answered of each row.</param>
    public static string Among(IReadOnlyCollection<string> files, string rows, string author, string columns) => $"""
        WITH tokens AS (SELECT kind, token FROM {ParquetFiles.Rows(files)}),
        authors AS MATERIALIZED (
            SELECT {author} FROM (SELECT DISTINCT {author} FROM {rows} WHERE {author} IS NOT NULL)
            WHERE erased_author({author}) IN (SELECT token FROM tokens WHERE kind = 'author')
        ), asked AS MATERIALIZED (
            SELECT {columns}, service, item_id FROM {rows} SEMI JOIN authors USING ({author})
            WHERE service IS NOT NULL AND item_id IS NOT NULL
        )
        SELECT * EXCLUDE (service, item_id) FROM asked
        WHERE erased_item(service, item_id) IN (SELECT token FROM tokens WHERE kind = 'item')
        """;

    /// <summary>The rows of an import that were erased before: <c>erased_rows</c>.</summary>
    public static string Rows(IReadOnlyCollection<string> files) => "CREATE OR REPLACE TEMP TABLE erased_rows AS "
        + Among(files, "(SELECT *, rowid AS rid FROM incoming)", "author", "rid, aval_file, aval_line");

    /// <summary>Leaves them out of the import.</summary>
    public const string Drop = """
        CREATE OR REPLACE TABLE incoming AS
        FROM incoming WHERE rowid NOT IN (SELECT rid FROM erased_rows)
        """;

    private static string Token(byte[] key, string name) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(name)));
}
