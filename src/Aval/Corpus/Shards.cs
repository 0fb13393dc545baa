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

    /// <summary>Counts what was replaced in the texts of rows.</summary>
    /// <param name="engine">Where they are.</param>
    /// <param name="rows">SQL of <c>mask, language, masked</c>.</param>
    internal static IReadOnlyList<Masked> CountMasked(Engine engine, string rows) => Masked.Add(engine.Query(
        $"""
        SELECT language, masked, count(*) FROM {rows} WHERE mask = 0 AND masked IS NOT NULL GROUP BY ALL ORDER BY ALL
        """,
        row => (Language: row.GetString(0), Masked: row.GetString(1), Items: row.GetInt64(2)))
        .SelectMany(row => MaskCounts.Read(row.Masked)
            .Select(of => new Masked(of.Kind, row.Language, row.Items * of.Count))));

    /// <summary>A file's line in a manifest: named by its directory and itself.</summary>
    public static ManifestFile Describe(string path, long? rows)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20);
        var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        return new ManifestFile(
            $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}", hash, stream.Length, rows);
    }
}
