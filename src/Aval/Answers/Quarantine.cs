using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.Corpus;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Answers;

/// <summary>
/// Whose words are not to be read any more: of what is restricted (GDPR Art. 18), and of what is to be erased and has
/// not been destroyed yet (Art. 17). That holds from the moment on at which it was recorded, before anything is built
/// or erased, whatever release or instant is asked about. That the items are there, and what was decided of them, may
/// be told: it is how their controller finds them.
/// <para>
/// <c>quarantined_items</c> (service, item_id), <c>quarantined_rows</c> (row_key), <c>quarantined_accounts</c>
/// (account).
/// </para>
/// </summary>
internal static class Quarantine
{
    /// <summary>Finds them in an engine that has content and choices as of now.</summary>
    /// <returns>How many items and accounts.</returns>
    public static long Find(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        RowKeys.Provide(engine);
        var any = engine.Scalar<bool>("SELECT EXISTS (FROM statements WHERE kind IN ('restriction', 'erasure'))");
        if (any)
            Stances.Resolve(engine, Purpose.TrainGenerativeAi);
        engine.Execute(any ? Items(ItemFinding.By(engine, Holders)) : Nothing);
        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE quarantined_rows AS
            SELECT row_key(service, item_id) AS row_key FROM quarantined_items
            """);
        return engine.Scalar<long>(
            "SELECT (SELECT count(*) FROM quarantined_items) + (SELECT count(*) FROM quarantined_accounts)");
    }

    /// <summary>Finds them in an engine of its own, and brings them into one that is of another instant.</summary>
    /// <inheritdoc cref="Find"/>
    public static long Bring(Engine engine, Workspace workspace, DateTimeOffset now, EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(workspace);
        var folder = Folder(workspace.Temporary);
        try
        {
            using var today = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
            Inputs.Load(today, workspace, CommittedChoices.NotBefore(workspace, now), atCheckpoint: null);
            var found = Find(today);
            foreach (var table in (string[])["quarantined_items", "quarantined_rows", "quarantined_accounts"])
            {
                var file = Path.Combine(folder, $"{table}.parquet");
                today.Execute($"COPY {table} TO {Engine.Literal(file)} (FORMAT parquet)");
                engine.Execute($"CREATE OR REPLACE TEMP TABLE {table} AS FROM {ParquetFiles.Rows([file])}");
            }

            return found;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Adds the rows of what was erased that releases hold still, of another corpus or after a kill: the
    /// content knows nothing of them any more, and their tokens do.</summary>
    public static void AddErased(Engine engine, Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(workspace);
        if (!Directory.Exists(workspace.Lineage)
            || !engine.Scalar<bool>("SELECT EXISTS (FROM erased_tokens WHERE kind = 'item')"))
            return;
        ErasedTokens.Provide(engine);
        foreach (var lineage in Directory.EnumerateDirectories(workspace.Lineage)
            .SelectMany(corpus => Directory.EnumerateDirectories(corpus, "2*")))
        {
            string[] files = [.. Directory.EnumerateFiles(lineage, "b*.parquet").Order(StringComparer.Ordinal)];
            if (files.Length > 0)
                engine.Execute("INSERT INTO quarantined_rows "
                    + ErasedTokens.Among("erased_tokens", ParquetFiles.Rows(files), "account", "row_key"));
        }
    }

    // A workspace that cannot be written can be asked all the same.
    private static string Folder(string temporary)
    {
        if (!FileModes.CanBeMade(temporary))
            return Directory.CreateTempSubdirectory("aval-quarantine-").FullName;
        FileModes.MakePrivateFolder(temporary);
        var folder = Path.Combine(temporary, $"quarantine-{Guid.NewGuid():N}");
        FileModes.MakePrivateFolder(folder);
        return folder;
    }

    private const string Holders =
        "SELECT DISTINCT holder AS account FROM holding WHERE kind IN ('restriction', 'erasure')";

    private const string Covers = """
        (scope = 'everything' OR (scope = 'service' AND scope_service = service)
            OR (scope = 'item' AND scope_service = service AND scope_item = item_id))
        """;

    private const string Nothing = """
        CREATE OR REPLACE TEMP TABLE quarantined_items AS
        SELECT ''::VARCHAR AS service, ''::VARCHAR AS item_id WHERE false;
        CREATE OR REPLACE TEMP TABLE quarantined_accounts AS SELECT ''::VARCHAR AS account WHERE false
        """;

    // For whatever purpose something was restricted; and what has no date may be as old as any.
    private static string Items(string by) => $"""
        CREATE OR REPLACE TEMP TABLE quarantined_items AS
        WITH versions AS MATERIALIZED (
            SELECT service, item_id, author, created_at, observed_at FROM {by} AS own
            SEMI JOIN ({Holders}) AS holders ON own.author = holders.account
        )
        SELECT service, item_id FROM (
            SELECT service, item_id, author, purpose,
                max(made_at) FILTER (WHERE kind = 'restriction') AS restricted_at,
                max(made_at) FILTER (WHERE kind = 'restriction-lifted') AS lifted_at
            FROM (SELECT DISTINCT service, item_id, author FROM versions) JOIN holding ON holder = author
            WHERE kind IN ('restriction', 'restriction-lifted') AND {Covers}
            GROUP BY ALL
        ) WHERE restricted_at >= coalesce(lifted_at, restricted_at)
        UNION
        SELECT service, item_id FROM versions JOIN holding ON holder = author
        WHERE kind = 'erasure' AND {Covers}
            AND (created_at IS NULL OR created_at <= made_at OR observed_at <= made_at);

        CREATE OR REPLACE TEMP TABLE quarantined_accounts AS
        SELECT holder AS account FROM (
            SELECT holder, purpose, max(made_at) FILTER (WHERE kind = 'restriction') AS restricted_at,
                max(made_at) FILTER (WHERE kind = 'restriction-lifted') AS lifted_at
            FROM holding WHERE kind IN ('restriction', 'restriction-lifted') AND scope = 'everything' GROUP BY ALL
        ) WHERE restricted_at >= coalesce(lifted_at, restricted_at)
        UNION
        SELECT holder FROM holding WHERE kind = 'erasure' AND scope = 'everything'
        """;
}
