using System.Globalization;
using Aval.Corpus;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>What a forget set holds.</summary>
/// <param name="Model">Of which model.</param>
/// <param name="Forget">The rows that left: these and no others.</param>
/// <param name="Retain">The rows of the sample that stayed.</param>
/// <param name="Restricted">Rows that left and are not in it: their use is restricted (Art. 18), and training on them
/// is a use whatever it is for.</param>
internal sealed record ForgetSetOutcome(string Model, long Forget, long Retain, long Restricted);

/// <summary>
/// The rows that a model was trained on and that left since, and a sample of those that stayed, in the layout that
/// unlearning toolkits read: <c>forget</c> and <c>retain</c>, each as Parquet and as JSON Lines. Rows are told by their
/// keys, so nothing else is forgotten: over-deletion is 1.0. What an unlearned model is then called is
/// <em>mitigated</em>, never <em>removed</em>: register it with <c>--how unlearning</c>.
/// </summary>
internal static class ForgetSet
{
    // Enough beside it that a model is held to what it knew, and little enough to be trained on again.
    private const long RetainTimes = 10;
    private const long RetainLeast = 100;
    private const string Undone = "Nothing was written.";
    private const string Statement = "forget-set.json", Format = "aval-forget-set/1";

    private static readonly string[] Parts = ["forget", "retain"], Endings = ["parquet", "jsonl"];

    /// <summary>Writes one.</summary>
    /// <exception cref="AvalException">Usage: there is no such model, or the folder is there. Bad input: none of its
    /// rows left, or the release is gone. Refused: an order in force stops the use of a release.</exception>
    public static ForgetSetOutcome Write(
        Workspace workspace, string model, EntryIndex since, string folder, DateTimeOffset now, EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var register = Register.Read(workspace);
        var models = RegisteredModels.Of(register);
        var known = models.Require(model, Undone);
        using var place = ExportPlace.Begin(workspace, folder);
        using var rows = ImpactRows.Find(workspace, new ImpactQuestion.Since(since), register, now, limits);
        RequireNotStopped(rows, models, known, now);
        var exports = register.Select(one => one.Stated).OfType<ExportMade>()
            .ToDictionary(export => export.Export, StringComparer.Ordinal);
        var trained = string.Join("\nUNION ALL BY NAME\n", models.Sources(known).Select(source =>
            Trained(rows, source.Release, source.Export is { } id ? exports[id] : null)));
        var sources = Impact.SourcesOf(models, known);
        if (rows.Count(sources) is not > 0 and var count)
            throw AvalException.BadInput(count is null
                ? $"{model}: the lineage of a release that it was trained on is gone, so nobody can tell which rows "
                    + $"left. {Undone}"
                : $"{model}: nothing that it was trained on has left since entry {since}. {Undone}");
        // In several releases a row is the same row.
        rows.Engine.Execute($"CREATE OR REPLACE TEMP TABLE trained AS FROM ({trained}) "
            + "QUALIFY row_number() OVER (PARTITION BY row_key ORDER BY text, language) = 1");
        var left = $"trained SEMI JOIN ({ImpactRows.Of(sources)}) USING (row_key)";
        var restricted = rows.Engine.Scalar<long>(
            $"SELECT count(*) FROM {left} SEMI JOIN impact_restricted USING (row_key)");
        var forget = Part(rows.Engine, place, "forget",
            $"FROM {left} ANTI JOIN impact_restricted USING (row_key) ORDER BY row_key");
        if (forget == 0)
            throw AvalException.BadInput($"{model}: the use of all {restricted} rows that left since entry {since} is "
                + $"restricted (GDPR Art. 18), so none may be trained on, whatever for. {Undone}");
        var most = Math.Max(RetainLeast, RetainTimes * forget).ToString(CultureInfo.InvariantCulture);
        // Who left earlier, and who is restricted, is in neither.
        var retain = Part(rows.Engine, place, "retain", $"""
            FROM trained ANTI JOIN ({ImpactRows.Of(sources)}) USING (row_key)
            ANTI JOIN (SELECT row_key FROM impact_left) USING (row_key)
            ORDER BY md5_number_lower('retain' || row_key::VARCHAR), row_key LIMIT {most}
            """);
        var outcome = new ForgetSetOutcome(model, forget, retain, restricted);
        Durable.Replace(
            Path.Combine(place.Unfinished, Statement), Describe(outcome, since, sources), Durable.Private);
        RequireNotStopped(rows, models, known, now);
        ForgetSets.Note(workspace, place.Folder);
        // An erasure that was over before that was noted has not looked for it, and what it took is gone from these.
        if (models.Sources(known).Any(source => rows.ShardsOf(source.Release) is null))
            throw AvalException.Busy($"{model}: an erasure has destroyed rows of what it was trained on meanwhile. "
                + $"{Undone}");
        place.Complete();
        return outcome;
    }

    /// <summary>Whether a folder is one.</summary>
    public static bool IsAt(string folder) =>
        Path.Combine(folder, Statement) is var statement && File.Exists(statement)
        && File.ReadAllText(statement).Contains($"\"{Format}\"", StringComparison.Ordinal);

    /// <summary>The files of one, that by which it is known the last.</summary>
    public static IReadOnlyList<string> FilesOf(string folder) =>
    [
        .. Parts.SelectMany(part => Endings.Select(ending => Path.Combine(folder, $"{part}.{ending}")))
            .Append(Path.Combine(folder, Statement)).Where(File.Exists),
    ];

    // Before anything is read, and again before it leaves.
    private static void RequireNotStopped(ImpactRows rows, RegisteredModels models, Model model, DateTimeOffset now)
    {
        foreach (var release in models.Sources(model).Select(source => source.Release).Distinct())
            rows.RequireNotStopped(release, Undone, now);
    }

    private static string Trained(ImpactRows rows, string release, ExportMade? export)
    {
        var shards = rows.ShardsOf(release)
            ?? throw AvalException.BadInput($"{release}: its shards are gone, so nobody can say what was in them. "
                + Undone);
        return $"SELECT row_key, text, language, kind, service, year FROM {shards} WHERE "
            + (export is null ? "true" : rows.WentInto(export));
    }

    private static long Part(Engine engine, ExportPlace place, string name, string query)
    {
        engine.Execute($"CREATE OR REPLACE TEMP TABLE part AS {query}");
        engine.Execute("SET preserve_insertion_order = true");
        foreach (var (ending, format) in new[]
        {
            ("parquet", $"FORMAT parquet, COMPRESSION {ShardFormat.Compression}"),
            ("jsonl", "FORMAT json, ARRAY false"),
        })
        {
            var path = Path.Combine(place.Unfinished, $"{name}.{ending}");
            engine.Execute($"COPY (FROM part ORDER BY row_key) TO {Engine.Literal(path)} ({format})");
            Durable.FlushFile(path);
        }

        return engine.Scalar<long>("SELECT count(*) FROM part");
    }

    private static byte[] Describe(ForgetSetOutcome outcome, EntryIndex since, IReadOnlyCollection<string> sources) =>
        JsonText.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("model", outcome.Model);
            json.WriteNumber("since", since.Value);
            json.WriteStartArray("sources");
            foreach (var source in sources)
                json.WriteStringValue(source);
            json.WriteEndArray();
            json.WriteNumber("forget", outcome.Forget);
            json.WriteNumber("retain", outcome.Retain);
            json.WriteNumber("restricted", outcome.Restricted);
            json.WriteNumber("over_deletion", 1.0m);
            json.WriteEndObject();
        });
}
