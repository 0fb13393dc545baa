using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Aval.Answers;

/// <summary>Where a sample's seed comes from.</summary>
internal enum SeedOrigin
{
    /// <summary>A checkpoint that covers the release's entry and one after it at least: when the release was committed,
    /// nobody knew it.</summary>
    LaterCheckpoint,

    /// <summary>A checkpoint that covers nothing after the release's entry: it follows from the release, which may have
    /// been made to suit it.</summary>
    EarlierCheckpoint,

    /// <summary>Somebody gave it.</summary>
    Given,
}

/// <summary>
/// Which rows an audit looks at: a function of a seed and of how many rows there are, and of nothing else, so that
/// anybody draws them again (docs/formats/audit-sample.md).
/// </summary>
internal static class AuditDraw
{
    /// <summary>The most that one sample draws of admitted items, and of excluded ones.</summary>
    public const int Most = 10_000;

    private static readonly byte[] Label = Encoding.ASCII.GetBytes("aval/audit-sample/v1\0");

    /// <summary>The seed that a checkpoint gives: SHA-256 of its signed text, three lines. The signatures below may
    /// come later and from others.</summary>
    public static Hash Seed(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return Hash.Of(Encoding.UTF8.GetBytes(checkpoint.Text));
    }

    /// <summary>What a checkpoint is to a release.</summary>
    /// <param name="checkpoint">Whose text is the seed.</param>
    /// <param name="entry">Of the release.</param>
    public static SeedOrigin OriginOf(Checkpoint checkpoint, EntryIndex entry)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        // Of size entry + 1, it says no more than the release itself, whose maker can try many.
        return checkpoint.Size.Value > entry.Value + 1 ? SeedOrigin.LaterCheckpoint : SeedOrigin.EarlierCheckpoint;
    }

    /// <summary>
    /// Draws places from 0 to <paramref name="population"/> − 1, without replacement and each as likely as any other.
    /// Number c = 0, 1, … is the first 8 bytes, big-endian, of SHA-256(seed ‖ label ‖ stratum ‖ 0x00 ‖ c as 8 bytes,
    /// big-endian); one at or above the largest multiple of the population is passed over, and so is a place that was
    /// drawn already. In the order of drawing: a smaller sample is the beginning of a larger one.
    /// </summary>
    /// <param name="seed">The seed.</param>
    /// <param name="stratum">Which population: its name.</param>
    /// <param name="population">How many there are.</param>
    /// <param name="size">How many to draw; all, where there are no more.</param>
    public static IReadOnlyList<long> Places(Hash seed, string stratum, long population, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(population);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Most);
        var wanted = (int)Math.Min(size, population);
        if (wanted <= 0)
            return [];
        byte[] text = [.. (ReadOnlySpan<byte>)seed, .. Label, .. Encoding.ASCII.GetBytes(stratum), 0, .. new byte[8]];
        var (places, seen) = (new List<long>(wanted), new HashSet<long>(wanted));
        // 2^64 mod population: so many numbers at the end would make the first places likelier.
        var (many, hash) = ((ulong)population, new byte[Hash.Size]);
        var over = (ulong.MaxValue % many + 1) % many;
        for (var count = 0UL; places.Count < wanted; count++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(text.AsSpan(text.Length - 8), count);
            SHA256.HashData(text, hash);
            var number = BinaryPrimitives.ReadUInt64BigEndian(hash);
            if (number <= ulong.MaxValue - over && (long)(number % many) is var place && seen.Add(place))
                places.Add(place);
        }

        return places;
    }
}
