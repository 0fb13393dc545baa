using System.Globalization;

namespace Aval.Benchmarks;

/// <summary>What to generate and how to run.</summary>
/// <param name="Items">Items.</param>
/// <param name="Authors">Accounts.</param>
/// <param name="Objectors">The share of accounts that object, 0–1.</param>
/// <param name="Runs">Measured runs of each contestant; the median counts.</param>
/// <param name="Threads">Worker threads of each contestant.</param>
/// <param name="Memory">The engine's limit for each, as DuckDB and Aval write it.</param>
internal sealed record Sizes(long Items, long Authors, double Objectors, int Runs, int Threads, string Memory)
{
    /// <summary>Shards of a release.</summary>
    public const int Buckets = 16;

    public static Sizes Default { get; } = new(10_000_000, 2_000_000, 0.10, 5, 2, "4GB");

    /// <summary>A folder's name: the same sizes give the same data.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Items}-{Authors}-{Objectors:0.###}");

    /// <summary>Bytes of disk: generated data, the same laid out and partitioned, what a build stages and
    /// writes.</summary>
    public long Room => Items * 1_000;
}
