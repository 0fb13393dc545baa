using System.Security.Cryptography;
using System.Text;
using Aval.Storage;

namespace Aval.Content;

/// <summary>Of which items it is remembered that they say what was erased.</summary>
/// <param name="Rows">The rows that are kept of erasures.</param>
internal sealed record RememberedCopies(string Rows)
{
    /// <summary>SQL of the columns of some items and <c>shared, first, source</c> for those of them that are such
    /// copies (source: null = a quote); needs the engine's functions of content and of tokens.</summary>
    /// <param name="items">A relation with <c>service</c> and <c>item_id</c>.</param>
    public string Among(string items) => $"""
        SELECT asked.* EXCLUDE (hashed), low AS shared, high AS first, fp AS source
        FROM (SELECT *, item_hash(service || ':' || item_id) AS hashed FROM {items}) AS asked
        JOIN (SELECT place AS hashed, token, low, high, fp FROM {Rows} WHERE kind = 'copy') AS copy USING (hashed)
        WHERE erased_item(service, item_id) = token
        """;
}

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
    /// Makes <c>erased_tokens</c> (kind, token, person) of what was erased from the content, for whoever asks whether
    /// somebody or something that the content does not know was erased from it; and <c>restated_items</c> (place,
    /// again): what others' items say where somebody was taken out of them.
    /// </summary>
    public static void Leave(Engine engine, IReadOnlyCollection<string> files)
    {
        var rows = files.Count == 0 ? $"({Nothing})" : ParquetFiles.Rows(files);
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE erased_tokens AS
            SELECT kind, token, person FROM {rows} WHERE token IS NOT NULL;

            CREATE OR REPLACE TEMP TABLE restated_items AS
            SELECT DISTINCT place, again FROM {rows} WHERE kind = 'restated' AND person = 'named'
            """);
        if (files.Count > 0)
            engine.Leave(new RememberedCopies(rows));
    }

    private const string Nothing = """
        SELECT ''::VARCHAR AS kind, ''::VARCHAR AS token, ''::VARCHAR AS person, 0::BIGINT AS place, NULL::UUID AS again
        WHERE false
        """;

    /// <summary>
    /// What is kept of an erasure, as <c>kind, token, person, until, place, fp, again, low, high</c>:
    /// <c>item</c> and <c>author</c>, the tokens of items and of who wrote them; <c>account</c>, <c>link</c> and
    /// <c>handle</c>, those of persons of whom everything was erased (person: one token for all of one person; until:
    /// what they wrote until then is erased); <c>restated</c>, what others' items said before and after somebody was
    /// taken out of them, as keyed hashes (place: of the item); <c>observed</c>, what observations that are gone were
    /// in the sum of what an import observed (person: the import); <c>gone</c>, what of it snapshots had deleted since
    /// an instant (until), in the content's hash; <c>copy</c>, an item of somebody else that says what
    /// was erased (low of the high runs of that are in it; fp: the same of all copies of one text, null = a quote).
    /// </summary>
    /// <param name="items">SQL of <c>service, item_id, author</c>.</param>
    public static string Of(string items) => $"""
        SELECT 'author' AS kind, erased_author(author) AS token, NULL::VARCHAR AS person, NULL::TIMESTAMPTZ AS until,
            NULL::BIGINT AS place, NULL::UUID AS fp, NULL::UUID AS again, NULL::UBIGINT AS low, NULL::UBIGINT AS high
        FROM (SELECT DISTINCT author FROM {items})
        UNION ALL BY NAME
        SELECT 'item' AS kind, erased_item(service, item_id) AS token
        FROM (SELECT DISTINCT service, item_id FROM {items})
        """;

    /// <summary>The rest of <see cref="Of"/>, where everything of somebody is erased.</summary>
    public const string OfPersons = """
        SELECT 'account' AS kind, erased_author(account) AS token, erased_author(coalesce(label, account)) AS person,
            make_timestamptz(epoch_us(until)) AS until
        FROM erasing_accounts LEFT JOIN erasing_persons ON node = account
        UNION ALL BY NAME
        SELECT 'link' AS kind, erased_author(node) AS token, erased_author(label) AS person
        FROM erasing_persons ANTI JOIN erasing_accounts ON account = node
        UNION ALL BY NAME
        SELECT 'handle' AS kind, erased_author(handle) AS token FROM erasing_handles
        UNION ALL BY NAME
        SELECT 'restated' AS kind, CASE WHEN is_named THEN 'named' END AS person, item_hash(key) AS place, fp, again
        FROM erasing_prints
        UNION ALL BY NAME
        SELECT 'copy' AS kind, erased_item(service, item_id) AS token, item_hash(service || ':' || item_id) AS place,
            CASE WHEN is_near THEN left(source, 32)::UUID END AS fp, shared AS low, first AS high
        FROM erasing_copies
        UNION ALL BY NAME
        SELECT 'observed' AS kind, import_id AS person, observed_at AS until, low, high FROM erasing_observed
        """;

    /// <summary>Of some rows those of erased items.</summary>
    /// <param name="files">The files with tokens.</param>
    /// <param name="rows">A relation with <c>service</c>, <c>item_id</c> and an author.</param>
    /// <param name="author">Its column of authors.</param>
    /// <param name="columns">What is answered of each row.</param>
    public static string Among(
        IReadOnlyCollection<string> files, string rows, string author, string columns) =>
        Among(ParquetFiles.Rows(files), rows, author, columns);

    /// <inheritdoc cref="Among(IReadOnlyCollection{string}, string, string, string)"/>
    /// <param name="tokens">A relation with <c>kind</c> and <c>token</c>.</param>
    /// <param name="rows">A relation with <c>service</c>, <c>item_id</c> and an author.</param>
    /// <param name="author">Its column of authors.</param>
    /// <param name="columns">What is answered of each row.</param>
    public static string Among(string tokens, string rows, string author, string columns) => $"""
        WITH tokens AS (SELECT kind, token FROM {tokens}),
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

    /// <summary>And what snapshots had deleted of it (<see cref="Resolution.GoneSums"/>).</summary>
    public static string OfGone(string sums) => $"""
        (SELECT 'gone' AS kind, make_timestamptz(epoch_us(since)) AS until, low, high FROM ({sums}))
        """;

    /// <summary>
    /// The rows of an import that were erased before: <c>erased_rows</c>. Of persons of whom everything was erased,
    /// also what the content never had: what they wrote until then, their rows, their notices. That something is gone
    /// is let in: it says nothing of when it was written.
    /// </summary>
    public static string Rows(IReadOnlyCollection<string> files, ContentKind kind)
    {
        const string incoming = "(SELECT *, rowid AS rid FROM incoming)";
        var owner = ContentLayout.Owner(kind);
        var persons = $"""
            SELECT rid, aval_file, aval_line FROM {incoming} JOIN (
                SELECT {owner}, until FROM (SELECT DISTINCT {owner} FROM incoming WHERE {owner} IS NOT NULL)
                JOIN (SELECT token, make_timestamp(epoch_us(max(until))) AS until FROM {ParquetFiles.Rows(files)}
                      WHERE kind = 'account' GROUP BY token) ON token = erased_author({owner})
            ) USING ({owner})
            """;
        return "CREATE OR REPLACE TEMP TABLE erased_rows AS " + (kind is not ContentKind.Items ? persons : $"""
            SELECT DISTINCT * FROM (
                ({Among(files, incoming, "author", "rid, aval_file, aval_line")})
                UNION ALL
                {persons}
                WHERE created_at <= until OR observed_at <= until OR (created_at IS NULL AND deleted IS NOT TRUE)
            )
            """);
    }

    /// <summary>Leaves them out of the import.</summary>
    public const string Drop = """
        CREATE OR REPLACE TABLE incoming AS
        FROM incoming WHERE rowid NOT IN (SELECT rid FROM erased_rows)
        """;

    private static string Token(byte[] key, string name) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(name)));
}
