using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Aval.Policies;

namespace Aval.Text.Copies;

/// <summary>
/// MinHash in bands (Broder 1997; Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4): two texts of which
/// a share <c>s</c> of all runs is in both have a given band in common with probability <c>s</c> to the power of the
/// rows, so nearly always one of the bands where <c>s</c> is at least the similarity. A band in common makes a
/// candidate, no more: the runs themselves are counted then. The hash functions are fixed, 32-bit multiply and add.
/// </summary>
/// <param name="Count">How many bands.</param>
/// <param name="Rows">Minima in each.</param>
internal readonly record struct Bands(int Count, int Rows)
{
    /// <summary>No family is larger.</summary>
    public const int MostMinima = 128;

    // So many registers of minima at a time stay in the processor while all runs pass.
    private const int Registers = 5;

    // Room behind the last minimum for a pass that goes beyond it.
    private const int Room = MostMinima + (Registers * 16);

    private static readonly uint[] Factors = Family(0x5851F42D4C957F2D, odd: true);
    private static readonly uint[] Terms = Family(0x14057B7EF767814F, odd: false);

    /// <summary>
    /// The bands for a similarity: of pairs that are just as similar as it, fewer than 1 in 200 share none.
    /// </summary>
    public static Bands For(Ratio similarity) => similarity switch
    {
        _ when similarity.IsAtLeast(new Ratio(9, 10)) => new Bands(10, 8), // misses 1 in 280, at 0.9
        _ when similarity.IsAtLeast(new Ratio(8, 10)) => new Bands(16, 5), // 1 in 570, at 0.8
        _ when similarity.IsAtLeast(new Ratio(65, 100)) => new Bands(30, 4), // 1 in 370, at 0.65
        _ => new Bands(40, 3), // 1 in 210, at 0.5
    };

    /// <summary>Writes what stands for each band.</summary>
    /// <param name="shingles">Hashes of all runs of a text, in any order, repeated or not; at least one.</param>
    /// <param name="bands">One a band.</param>
    public void Write(ReadOnlySpan<ulong> shingles, Span<ulong> bands)
    {
        Span<uint> minima = stackalloc uint[Room];
        minima.Fill(uint.MaxValue);
        var needed = Count * Rows;
        if (Vector512.IsHardwareAccelerated)
        {
            for (var from = 0; from < needed; from += Registers * Vector512<uint>.Count)
                PassWide(shingles, minima, from);
        }
        else
        {
            for (var from = 0; from < needed; from += Registers * Vector256<uint>.Count)
                Pass(shingles, minima, from);
        }

        for (var band = 0; band < Count; band++)
        {
            var hash = (ulong)band;
            foreach (var minimum in minima.Slice(band * Rows, Rows))
                hash = RunHashes.Mix(unchecked((hash * 0x9E3779B97F4A7C15) + minimum + 1));
            bands[band] = hash;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pass(ReadOnlySpan<ulong> shingles, Span<uint> minima, int from)
    {
        ref var factors = ref MemoryMarshal.GetArrayDataReference(Factors);
        ref var terms = ref MemoryMarshal.GetArrayDataReference(Terms);
        ref var least = ref MemoryMarshal.GetReference(minima);
        Vector256<uint> A(int at, ref uint of) =>
            Vector256.LoadUnsafe(ref of, (nuint)(from + (at * Vector256<uint>.Count)));
        var (a0, a1, a2, a3, a4) = (
            A(0, ref factors), A(1, ref factors), A(2, ref factors), A(3, ref factors), A(4, ref factors));
        var (b0, b1, b2, b3, b4) = (
            A(0, ref terms), A(1, ref terms), A(2, ref terms), A(3, ref terms), A(4, ref terms));
        var (m0, m1, m2, m3, m4) = (
            A(0, ref least), A(1, ref least), A(2, ref least), A(3, ref least), A(4, ref least));
        foreach (var shingle in shingles)
        {
            var x = Vector256.Create((uint)(shingle >> 32));
            m0 = Vector256.Min(m0, (x * a0) + b0);
            m1 = Vector256.Min(m1, (x * a1) + b1);
            m2 = Vector256.Min(m2, (x * a2) + b2);
            m3 = Vector256.Min(m3, (x * a3) + b3);
            m4 = Vector256.Min(m4, (x * a4) + b4);
        }

        m0.StoreUnsafe(ref least, (nuint)from);
        m1.StoreUnsafe(ref least, (nuint)(from + Vector256<uint>.Count));
        m2.StoreUnsafe(ref least, (nuint)(from + (2 * Vector256<uint>.Count)));
        m3.StoreUnsafe(ref least, (nuint)(from + (3 * Vector256<uint>.Count)));
        m4.StoreUnsafe(ref least, (nuint)(from + (4 * Vector256<uint>.Count)));
    }

    // The same with registers twice as wide, where there are some: the same numbers in half the time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PassWide(ReadOnlySpan<ulong> shingles, Span<uint> minima, int from)
    {
        ref var factors = ref MemoryMarshal.GetArrayDataReference(Factors);
        ref var terms = ref MemoryMarshal.GetArrayDataReference(Terms);
        ref var least = ref MemoryMarshal.GetReference(minima);
        Vector512<uint> A(int at, ref uint of) =>
            Vector512.LoadUnsafe(ref of, (nuint)(from + (at * Vector512<uint>.Count)));
        var (a0, a1, a2, a3, a4) = (
            A(0, ref factors), A(1, ref factors), A(2, ref factors), A(3, ref factors), A(4, ref factors));
        var (b0, b1, b2, b3, b4) = (
            A(0, ref terms), A(1, ref terms), A(2, ref terms), A(3, ref terms), A(4, ref terms));
        var (m0, m1, m2, m3, m4) = (
            A(0, ref least), A(1, ref least), A(2, ref least), A(3, ref least), A(4, ref least));
        foreach (var shingle in shingles)
        {
            var x = Vector512.Create((uint)(shingle >> 32));
            m0 = Vector512.Min(m0, (x * a0) + b0);
            m1 = Vector512.Min(m1, (x * a1) + b1);
            m2 = Vector512.Min(m2, (x * a2) + b2);
            m3 = Vector512.Min(m3, (x * a3) + b3);
            m4 = Vector512.Min(m4, (x * a4) + b4);
        }

        m0.StoreUnsafe(ref least, (nuint)from);
        m1.StoreUnsafe(ref least, (nuint)(from + Vector512<uint>.Count));
        m2.StoreUnsafe(ref least, (nuint)(from + (2 * Vector512<uint>.Count)));
        m3.StoreUnsafe(ref least, (nuint)(from + (3 * Vector512<uint>.Count)));
        m4.StoreUnsafe(ref least, (nuint)(from + (4 * Vector512<uint>.Count)));
    }

    // SplitMix64, from a fixed seed.
    private static uint[] Family(ulong seed, bool odd)
    {
        var family = new uint[Room];
        for (var at = 0; at < family.Length; at++)
        {
            seed = unchecked(seed + 0x9E3779B97F4A7C15);
            var mixed = unchecked((seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9);
            mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
            family[at] = (uint)((mixed ^ (mixed >> 31)) >> 32) | (odd ? 1u : 0u);
        }

        return family;
    }
}
