using Aval.Choices;
using Aval.Ledger;
using Aval.Storage;
using DuckDB.NET.Data.Mapping;

namespace Aval.Corpus;

/// <summary>
/// Content, choices, decisions and shards as read-only relations, for those who know SQL: <c>items, accounts, notices,
/// choices, decisions, shards</c>. One SELECT, which can read nothing but this workspace's content and releases and
/// can write nothing.
/// </summary>
public sealed class OpenQuery : IDisposable
{
    private readonly Engine _engine;

    private OpenQuery(Engine engine) => _engine = engine;

    /// <summary>Prepares the relations that a query names.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="sql">The query: <c>decisions</c> are made again only when it names them.</param>
    /// <param name="release">Whose decisions, and as of when; null = the latest release for decisions, and now for everything else.</param>
    /// <param name="now">The instant for content when no decisions are asked for.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <exception cref="AvalException">Usage: not one SELECT.</exception>
    public static OpenQuery Prepare(Workspace workspace, string sql, string? release, DateTimeOffset now, EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(sql);
        var engine = sql.Contains("decisions", StringComparison.OrdinalIgnoreCase) || release is not null
            ? WithDecisions(workspace, release, limits)
            : AsOf(workspace, now, limits);
        try
        {
            RefuseAllButSelect(engine, sql);
            LoadChoices(engine, workspace);
            engine.Execute("CREATE OR REPLACE TEMP VIEW items AS FROM items_now; CREATE OR REPLACE TEMP VIEW accounts AS FROM accounts_now; CREATE OR REPLACE TEMP VIEW notices AS FROM notices_now");
            engine.Execute(Shards(workspace));
            engine.Execute($"""
                SET allowed_directories = {Engine.Literal(ParquetFiles.Spellings([workspace.Content, workspace.Corpus]))};
                SET allowed_paths = {Engine.Literal(ParquetFiles.Spellings(Content.ContentViews.InPlaceFiles(workspace)))};
                SET enable_external_access = false;
                SET lock_configuration = true;
                """);
            return new OpenQuery(engine);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>The rows, every value as text, null as null; the names of the columns first.</summary>
    public IEnumerable<string?[]> Rows(string sql)
    {
        using var command = _engine.Connection.CreateCommand();
        command.CommandText = $"SELECT COLUMNS(*)::VARCHAR FROM (\n{Single(sql)}\n)";
        using var reader = command.ExecuteReader();
        yield return Enumerable.Range(0, reader.FieldCount).Select(string? (column) => reader.GetName(column)).ToArray();
        while (reader.Read())
            yield return Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? null : reader.GetString(column)).ToArray();
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
        try
        {
            Inputs.Load(engine, workspace, now, atCheckpoint: null);
            return engine;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    private static Engine WithDecisions(Workspace workspace, string? release, EngineLimits limits)
    {
        var replay = Replay.Of(workspace, ReleaseName.Find(workspace, release), limits);
        replay.NameMasks();
        replay.Engine.Execute($"CREATE OR REPLACE TEMP VIEW decisions AS {replay.DecisionsSql}");
        return replay.Engine;
    }

    private static void RefuseAllButSelect(Engine engine, string sql)
    {
        var refusal = engine.Query(
            "SELECT parsed ->> '$.error_message' FROM (SELECT json_serialize_sql($sql::VARCHAR) AS parsed) WHERE (parsed -> '$.error')::BOOLEAN OR json_array_length(parsed -> '$.statements') <> 1",
            row => row.IsDBNull(0) ? "it is not one statement" : row.GetString(0), ("sql", sql));
        if (refusal is [var why])
            throw AvalException.Usage($"aval query takes one SELECT: {why}. Nothing was done.");
    }

    private static void LoadChoices(Engine engine, Workspace workspace)
    {
        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE choices (index BIGINT, kind VARCHAR, account VARCHAR, purpose VARCHAR, scope VARCHAR, made_at TIMESTAMP, received_at TIMESTAMP,
                until TIMESTAMP, actor VARCHAR, channel VARCHAR, evidence VARCHAR, notice VARCHAR)
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
                .SelectMany(shards => Directory.EnumerateFiles(shards, "b*.parquet")).Order(StringComparer.Ordinal).ToArray()
            : [];
        return files.Length > 0
            ? $"""
              CREATE OR REPLACE TEMP VIEW shards AS
              SELECT split_part(aval_name, '/', -4) AS corpus, split_part(aval_name, '/', -3) AS release,
                  * EXCLUDE (aval_name, file_row_number)
              FROM {ParquetFiles.PlacedRows(files)}
              """
            : "CREATE OR REPLACE TEMP VIEW shards AS SELECT NULL::VARCHAR AS corpus, NULL::VARCHAR AS release, NULL::UUID AS row_key, NULL::VARCHAR AS text, NULL::VARCHAR AS language WHERE false";
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
        }
    }
}
