using System.Text.Json;
using Aval.Building;
using Aval.Choices;
using Aval.Corpus;
using Aval.Recording;
using Aval.Storage;
using DuckDB.NET.Data.Mapping;

namespace Aval.Answers;

/// <summary>
/// Content, choices, decisions and shards as read-only relations, for those who know SQL: <c>items, accounts, notices,
/// choices, decisions, shards</c>. One SELECT of these and of what it names itself, by functions of a closed list: it
/// can read nothing else, can write nothing and can set nothing.
/// </summary>
internal sealed class OpenQuery : IDisposable
{
    private static readonly HashSet<string> Relations =
        new(StringComparer.OrdinalIgnoreCase) { "items", "accounts", "notices", "choices", "decisions", "shards" };

    // Beside the pure ones: what adds up or looks around, what makes rows, and what only this workspace knows.
    private static readonly HashSet<string> Functions = new(
        [
            .. PureFunctions.Names,
            .. PureFunctions.Words("""
                any_value approx_count_distinct approx_quantile approx_top_k arbitrary arg_max arg_max_null arg_min
                arg_min_null argmax argmin array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count count_if
                count_star countif covar_pop covar_samp entropy favg first fsum geomean geometric_mean group_concat
                json_group_array json_group_object kahan_sum kurtosis kurtosis_pop last list listagg mad max max_by mean
                median min min_by mode product quantile quantile_cont quantile_disc regr_avgx regr_avgy regr_count
                regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy sem skewness stddev stddev_pop stddev_samp
                string_agg sum sum_no_overflow sumkahan var_pop var_samp variance wavg weighted_avg

                cume_dist dense_rank fill first_value lag last_value lead nth_value ntile percent_rank rank rank_dense
                row_number

                unnest range generate_series

                as_of bucket_of row_key
                """),
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly Engine _engine;

    private OpenQuery(Engine engine, long quarantined) => (_engine, Quarantined) = (engine, quarantined);

    /// <summary>How many items and accounts are told of without their words (<see cref="Quarantine"/>).</summary>
    public long Quarantined { get; }

    /// <summary>Prepares the relations that a query names.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="sql">The query: <c>decisions</c> are made again only when it names them.</param>
    /// <param name="release">Whose decisions, and as of when; null = the latest release for decisions, and now for
    /// everything else.</param>
    /// <param name="now">The instant for content when no decisions are asked for.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <exception cref="AvalException">Usage: not one SELECT.</exception>
    public static OpenQuery Prepare(
        Workspace workspace, string sql, string? release, DateTimeOffset now, EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(sql);
        var isDecided = sql.Contains("decisions", StringComparison.OrdinalIgnoreCase) || release is not null;
        now = CommittedChoices.NotBefore(workspace, now);
        var engine = isDecided ? WithDecisions(workspace, release, limits) : AsOf(workspace, now, limits);
        return Ownership.Hand(engine, () =>
        {
            RefuseAllButSelect(engine, sql);
            LoadChoices(engine, workspace);
            var quarantined =
                isDecided ? Quarantine.Bring(engine, workspace, now, limits) : Quarantine.Find(engine);
            if (sql.Contains("shards", StringComparison.OrdinalIgnoreCase))
                Quarantine.AddErased(engine, workspace);
            engine.Execute(quarantined == 0 ? Whole : Silenced);
            engine.Execute(Shards(workspace));
            engine.Execute($"""
                SET allowed_directories
                    = {Engine.Literal(ParquetFiles.Spellings([workspace.Content, workspace.Corpus]))};
                SET allowed_paths
                    = {Engine.Literal(ParquetFiles.Spellings(Content.ContentViews.InPlaceFiles(workspace)))};
                SET enable_external_access = false;
                SET lock_configuration = true;
                """);
            return new OpenQuery(engine, quarantined);
        });
    }

    private const string Whole = """
        CREATE OR REPLACE TEMP VIEW items AS FROM items_now;
        CREATE OR REPLACE TEMP VIEW accounts AS FROM accounts_now;
        CREATE OR REPLACE TEMP VIEW notices AS FROM notices_now
        """;

    private const string Silenced = """
        CREATE OR REPLACE TEMP VIEW items AS
        SELECT * EXCLUDE (silent) REPLACE (
            CASE WHEN silent THEN NULL ELSE text END AS text, CASE WHEN silent THEN NULL ELSE media END AS media,
            CASE WHEN silent THEN NULL ELSE persons END AS persons)
        FROM (SELECT *, (service, item_id) IN (SELECT (service, item_id) FROM quarantined_items) AS silent
              FROM items_now);
        CREATE OR REPLACE TEMP VIEW accounts AS
        SELECT * EXCLUDE (silent) REPLACE (
            CASE WHEN silent THEN NULL ELSE display_name END AS display_name,
            CASE WHEN silent THEN NULL ELSE handle END AS handle,
            CASE WHEN silent THEN NULL ELSE contact END AS contact)
        FROM (SELECT *, account IN (SELECT account FROM quarantined_accounts) AS silent FROM accounts_now);
        CREATE OR REPLACE TEMP VIEW notices AS FROM notices_now
        """;

    /// <summary>The rows, every value as text, null as null; the names of the columns first.</summary>
    public IEnumerable<string?[]> Rows(string sql)
    {
        using var command = _engine.Connection.CreateCommand();
        command.CommandText = $"SELECT COLUMNS(*)::VARCHAR FROM (\n{Single(sql)}\n)";
        using var reader = command.ExecuteReader();
        yield return Enumerable.Range(0, reader.FieldCount)
            .Select(string? (column) => reader.GetName(column)).ToArray();
        while (reader.Read())
            yield return Enumerable.Range(0, reader.FieldCount)
                .Select(column => reader.IsDBNull(column) ? null : reader.GetString(column)).ToArray();
    }

    /// <summary>The rows, each a JSON object.</summary>
    public IEnumerable<string> JsonRows(string sql)
    {
        using var command = _engine.Connection.CreateCommand();
        command.CommandText = $"SELECT to_json(answer)::VARCHAR FROM (\n{Single(sql)}\n) AS answer";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return reader.GetString(0);
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    private static Engine AsOf(Workspace workspace, DateTimeOffset now, EngineLimits limits)
    {
        var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
        return Ownership.Hand(engine, () =>
        {
            Inputs.Load(engine, workspace, now, atCheckpoint: null);
            RowKeys.Provide(engine);
            return engine;
        });
    }

    private static Engine WithDecisions(Workspace workspace, string? release, EngineLimits limits)
    {
        var replay = Replay.Of(workspace, ReleaseName.Find(workspace, release), limits);
        return Ownership.Hand(replay, () =>
        {
            replay.NameMasks();
            replay.Engine.Execute($"CREATE OR REPLACE TEMP VIEW decisions AS {replay.DecisionsSql}");
            return replay.Engine;
        });
    }

    private static void RefuseAllButSelect(Engine engine, string sql)
    {
        if (Fault(engine, sql) is { } why)
            throw AvalException.Usage($"aval query takes one SELECT: {why}. Nothing was done.");
    }

    /// <summary>
    /// Why a query is not taken; null when it is. The engine's own parser says what it is made of, at any depth.
    /// </summary>
    internal static string? Fault(Engine engine, string sql)
    {
        using var parsed = JsonDocument.Parse(
            engine.Scalar<string>("SELECT json_serialize_sql($sql::VARCHAR)::VARCHAR", ("sql", sql)));
        var root = parsed.RootElement;
        if (root.GetProperty("error").GetBoolean())
            return root.GetProperty("error_message").GetString();
        if (root.GetProperty("statements").GetArrayLength() != 1)
            return "it is not one statement";
        var nodes = Objects(root).ToArray();
        var functions = nodes.Select(node => Text(node, "function_name")).OfType<string>();
        if (functions.FirstOrDefault(name => name.Length > 0 && !Functions.Contains(name)) is { } function)
            return $"{Shown.Of(function)}() is none of the functions that it may "
                + $"call{PureFunctions.Nearest(engine, function, Functions)}; those that make a value of values, "
                + "add up, or look at other rows";
        var known = nodes.Select(node => Text(node, "key") ?? Text(node, "cte_name")).OfType<string>()
            .Concat(Relations).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var tables = nodes.Where(node => Text(node, "type") == "BASE_TABLE")
            .Select(node => Text(node, "table_name")).OfType<string>();
        return tables.FirstOrDefault(name => !known.Contains(name)) is { } table
            ? $"\"{Shown.Of(table)}\" is none of its relations: {string.Join(", ", Relations)}, and what the query "
                + "names itself"
            : null;
    }

    private static IEnumerable<JsonElement> Objects(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Objects(member.Value)).Prepend(element),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Objects),
        _ => [],
    };

    private static string? Text(JsonElement node, string member) =>
        node.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static void LoadChoices(Engine engine, Workspace workspace)
    {
        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE choices (index BIGINT, kind VARCHAR, account VARCHAR, purpose VARCHAR,
                scope VARCHAR, made_at TIMESTAMP, received_at TIMESTAMP,
                until TIMESTAMP, actor VARCHAR, channel VARCHAR, evidence VARCHAR, notice VARCHAR,
                association VARCHAR)
            """);
        using var choices = CommittedChoices.Open(workspace);
        using var transaction = engine.Connection.BeginTransaction();
        using (var appender = engine.Connection.CreateAppender<Recorded, ChoiceMap>("choices"))
            appender.AppendRecords(choices.Read(choices.Store.Size));
        transaction.Commit();
    }

    private static string Shards(Workspace workspace)
    {
        var files = Directory.Exists(workspace.Corpus)
            ? Directory.EnumerateDirectories(workspace.Corpus)
                .Where(corpus => !Path.GetFileName(corpus).StartsWith('.'))
                .SelectMany(corpus => Directory.EnumerateDirectories(corpus, "2*"))
                .Select(release => Path.Combine(release, "shards")).Where(Directory.Exists)
                .SelectMany(shards => Directory.EnumerateFiles(shards, "b*.parquet"))
                .Order(StringComparer.Ordinal).ToArray()
            : [];
        return files.Length > 0
            ? $"""
              CREATE OR REPLACE TEMP VIEW shards AS
              SELECT split_part(aval_name, '/', -4) AS corpus, split_part(aval_name, '/', -3) AS release,
                  * EXCLUDE (aval_name, file_row_number)
              FROM {ParquetFiles.PlacedRows(files)} ANTI JOIN quarantined_rows USING (row_key)
              """
            : "CREATE OR REPLACE TEMP VIEW shards AS SELECT NULL::VARCHAR AS corpus, NULL::VARCHAR AS release, "
                + "NULL::UUID AS row_key, NULL::VARCHAR AS text, NULL::VARCHAR AS language WHERE false";
    }

    private static string Single(string sql) => sql.Trim().TrimEnd(';');

    private sealed class ChoiceMap : DuckDBAppenderMap<Recorded>
    {
        public ChoiceMap()
        {
            Map(row => row.Index.Value);
            Map(row => row.Choice.Kind.ToText());
            Map(row => row.Choice.Account.ToString());
            Map(row => row.Choice.Purpose.Name);
            Map(row => row.Choice.Scope.ToString());
            Map(row => row.Choice.MadeAt.UtcDateTime);
            Map(row => row.Choice.ReceivedAt.UtcDateTime);
            Map(row => row.Choice.Until?.UtcDateTime);
            Map(row => row.Choice.Actor.ToText());
            Map(row => row.Choice.Channel);
            Map(row => row.Choice.Evidence);
            Map(row => row.Choice.Notice);
            Map(row => row.Choice.Association);
        }
    }
}
