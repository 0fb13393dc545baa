using System.Security.Cryptography;
using Aval.Decisions;
using Aval.Storage;
using Aval.Text;

namespace Aval.Corpus;

/// <summary>How shards are written. Fixed: a change of any of these changes every release's bytes.</summary>
internal static class ShardFormat
{
    /// <summary>Rows a row group: small enough that one language of a shard can be read alone.</summary>
    public const int RowGroupSize = 65_536;

    /// <summary>The codec.</summary>
    public const string Compression = "zstd";
}

/// <summary>The files of a release's buckets.</summary>
internal static class Shards
{
    /// <summary>Counts decided rows, once an item.</summary>
    /// <param name="engine">Where they are.</param>
    /// <param name="rows">SQL of <c>mask, service, kind, language</c>.</param>
    internal static DecisionCounts Count(Engine engine, string rows) => DecisionCounts.Of(engine.Query(
        $"SELECT mask, service, kind, language, count(*) FROM {rows} GROUP BY ALL ORDER BY ALL",
        row => new Cell(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4))));

    /// <summary>The same, by part.</summary>
    /// <param name="engine">Where they are.</param>
    /// <param name="rows">SQL of <c>part, mask, service, kind, language</c>.</param>
    /// <returns>Nothing of a part that has no rows.</returns>
    internal static IReadOnlyDictionary<int, DecisionCounts> CountByPart(Engine engine, string rows) => engine.Query(
        $"SELECT part, mask, service, kind, language, count(*) FROM {rows} GROUP BY ALL ORDER BY ALL",
        row => (Part: row.GetInt32(0), Cell: new Cell(
            row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5))))
        .GroupBy(row => row.Part, row => row.Cell)
        .ToDictionary(part => part.Key, DecisionCounts.Of);

    /// <summary>Counts what was replaced in the texts of rows.</summary>
    /// <param name="engine">Where they are.</param>
    /// <param name="rows">SQL of <c>mask, language, masked</c>.</param>
    internal static IReadOnlyList<Masked> CountMasked(Engine engine, string rows) =>
        CountMaskedByPart(engine, $"(SELECT 0 AS part, mask, language, masked FROM {rows})").GetValueOrDefault(0, []);

    /// <summary>Counts what was replaced in the texts of rows, by part.</summary>
    /// <param name="engine">Where they are.</param>
    /// <param name="rows">SQL of <c>part, mask, language, masked</c>.</param>
    /// <returns>Nothing of a part in which nothing was replaced.</returns>
    internal static IReadOnlyDictionary<int, IReadOnlyList<Masked>> CountMaskedByPart(Engine engine, string rows) =>
        engine.Query(
            $"""
            SELECT part, language, masked, count(*) FROM {rows}
            WHERE mask = 0 AND masked IS NOT NULL GROUP BY ALL ORDER BY ALL
            """,
            row => (
                Part: row.GetInt32(0), Language: row.GetString(1), Masked: row.GetString(2), Items: row.GetInt64(3)))
        .GroupBy(row => row.Part)
        .ToDictionary(part => part.Key, part => Masked.Add(part.SelectMany(row => MaskCounts.Read(row.Masked)
            .Select(of => new Masked(of.Kind, row.Language, row.Items * of.Count)))));

    /// <summary>A file's line in a manifest: named by its directory and itself.</summary>
    public static ManifestFile Describe(string path, long? rows)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20);
        var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        return new ManifestFile(
            $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}", hash, stream.Length, rows);
    }
}
