using System.Globalization;
using System.Text.Json;
using Aval.Building;
using Aval.Content;
using Aval.Corpus;
using Aval.Decisions;
using Aval.Storage;
using Aval.Text;

namespace Aval.Answers;

/// <summary>So many items were decided in the same way, and the same was masked in each.</summary>
/// <param name="Cell">How many, and how.</param>
/// <param name="Masked">What was masked (<see cref="MaskCounts"/>); null = nothing.</param>
internal sealed record ErasedCell(Cell Cell, string? Masked);

/// <summary>
/// What a release that stays had decided of items that an erasure takes or changes, in sums that name nobody: with them
/// what is decided again of what is left adds up to its accounting. Kept beside the release's lineage, under the
/// workspace's seal, before the erasure is done; of an erasure that never was, it is not looked at.
/// </summary>
/// <param name="Erased">How many items are gone.</param>
/// <param name="Cells">What was decided of them, and of the others' items that are changed.</param>
/// <param name="Changed">Which these are, as keyed hashes.</param>
internal sealed record ErasedSums(long Erased, IReadOnlyList<ErasedCell> Cells, IReadOnlyList<long> Changed)
{
    private static readonly ErasedSums None = new(0, [], []);

    /// <summary>The decided items that are not among what is changed, as a relation.</summary>
    public string Left => Changed.Count == 0 ? "decided" : $"""
        (FROM decided WHERE NOT list_contains([{string.Join(", ", Changed.Select(Number))}]::BIGINT[], {Place}))
        """;

    private const string Place = "item_hash(service || ':' || item_id)";

    /// <summary>Decides a release once more, and keeps the sums of what an erasure will take and change.</summary>
    /// <param name="workspace">Whose release.</param>
    /// <param name="release">Its folder.</param>
    /// <param name="erasure">The erasure's id.</param>
    /// <param name="taken">The items that it will take.</param>
    /// <param name="changed">The items that it will change.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <returns>Whether they were kept; else nobody can tell these decisions now either.</returns>
    public static bool Keep(
        Workspace workspace, string release, string erasure, IReadOnlyList<Item> taken, IReadOnlyList<Item> changed,
        EngineLimits limits)
    {
        try
        {
            using var replay = Replay.Of(workspace, release, limits);
            var engine = replay.Engine;
            Insert(engine, "sums_taken", taken);
            Insert(engine, "sums_changed", changed);
            var cells = engine.Query(
                $"""
                SELECT mask, service, kind, language, CASE WHEN mask = 0 THEN masked END AS masked, count(*)
                FROM {replay.Erased.Left} AS left_items
                SEMI JOIN (FROM sums_taken UNION FROM sums_changed) USING (service, item_id)
                GROUP BY ALL ORDER BY ALL
                """,
                row => new ErasedCell(
                    new Cell(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(5)),
                    row.IsDBNull(4) ? null : row.GetString(4)));
            var sums = new ErasedSums(
                engine.Scalar<long>("SELECT count(*) FROM decided SEMI JOIN sums_taken USING (service, item_id)"),
                cells,
                engine.Query(
                    $"SELECT DISTINCT {Place} FROM decided SEMI JOIN sums_changed USING (service, item_id) "
                        + "ORDER BY ALL",
                    row => row.GetInt64(0)));
            if (sums.Cells.Count > 0)
                SealedFile.Write(
                    FileOf(workspace, replay.Manifest, erasure), JsonSerializer.SerializeToUtf8Bytes(sums),
                    FinishedParts.Seal(workspace.ReadKey()));
            return true;
        }
        catch (AvalException untold) when (untold.Exit is ExitCode.No or ExitCode.BadInput)
        {
            return false;
        }
    }

    /// <summary>What was kept of a release, over all erasures.</summary>
    public static ErasedSums Of(Workspace workspace, Manifest manifest, IEnumerable<ContentErasure> erasures)
    {
        var seal = FinishedParts.Seal(workspace.ReadKey());
        return erasures.Select(erasure => SealedFile.Read(FileOf(workspace, manifest, erasure.ErasureId), seal))
            .OfType<byte[]>().Select(kept => JsonSerializer.Deserialize<ErasedSums>(kept)!)
            .Aggregate(None, (all, one) => new ErasedSums(
                all.Erased + one.Erased, [.. all.Cells, .. one.Cells], [.. all.Changed.Union(one.Changed)]));
    }

    /// <summary>What was masked in them.</summary>
    public IEnumerable<Masked> Masks => Cells.Where(one => one.Masked is not null)
        .SelectMany(one => MaskCounts.Read(one.Masked!)
            .Select(of => new Masked(of.Kind, one.Cell.Language, one.Cell.Items * of.Count)));

    private static void Insert(Engine engine, string table, IReadOnlyList<Item> items)
    {
        engine.Execute($"CREATE OR REPLACE TEMP TABLE {table} (service VARCHAR, item_id VARCHAR)");
        foreach (var some in items.Chunk(1 << 12))
            engine.Execute(
                $"INSERT INTO {table} SELECT unnest({Engine.Literal(some.Select(item => item.Service))}), "
                    + $"unnest({Engine.Literal(some.Select(item => item.Id))})");
    }

    private static string FileOf(Workspace workspace, Manifest manifest, string erasure) =>
        Path.Combine(workspace.Lineage, manifest.Corpus, manifest.Release, $"erased-{erasure}.json");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
