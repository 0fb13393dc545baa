using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Aval.Text.Copies;

/// <summary>
/// A number for each run of so many letters in a row: a polynomial over them (Karp and Rabin 1987), spread over all
/// bits. The same on every machine, whether one run is reckoned from the one before or eight at a time.
/// </summary>
internal static class RunHashes
{
    private const ulong Mixer = 0xD6E8FEB86659FD93;

    /// <summary>Writes the hash of each run, in order.</summary>
    /// <param name="letters">At least <paramref name="size"/>.</param>
    /// <param name="size">Letters in a run.</param>
    /// <param name="factor">Of the polynomial; odd.</param>
    /// <param name="hashes">As many as there are runs: a letter fewer than the letters for each after a run's
    /// first.</param>
    public static void Write(ReadOnlySpan<char> letters, int size, ulong factor, Span<ulong> hashes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hashes.Length, letters.Length - size + 1);
        if (Avx512DQ.IsSupported && hashes.Length >= Vector512<ulong>.Count)
            WriteWide(letters, size, factor, hashes);
        else
            WriteRolling(letters, size, factor, hashes);
    }

    /// <summary>Spreads a number over all bits: the hash family of sketches takes its upper half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Mix(ulong value)
    {
        value = unchecked((value ^ (value >> 32)) * Mixer);
        value = unchecked((value ^ (value >> 32)) * Mixer);
        return value ^ (value >> 32);
    }

    /// <summary>One after the other, each from the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void WriteRolling(ReadOnlySpan<char> letters, int size, ulong factor, Span<ulong> hashes)
    {
        var (rolling, last) = (0UL, 1UL);
        for (var at = 0; at < size - 1; at++)
            (rolling, last) = unchecked(((rolling * factor) + letters[at] + 1, last * factor));
        for (var run = 0; run < hashes.Length; run++)
        {
            rolling = unchecked((rolling * factor) + letters[run + size - 1] + 1);
            hashes[run] = Mix(rolling);
            rolling = unchecked(rolling - ((letters[run] + 1UL) * last));
        }
    }

    // Eight runs at a time, each from its letters; the last eight may be some of those before them once more.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteWide(ReadOnlySpan<char> letters, int size, ulong factor, Span<ulong> hashes)
    {
        ref var first = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(letters));
        ref var into = ref MemoryMarshal.GetReference(hashes);
        var (factors, mixers) = (Vector512.Create(factor), Vector512.Create(Mixer));
        var final = hashes.Length - Vector512<ulong>.Count;
        for (var run = 0; ; run = Math.Min(run + Vector512<ulong>.Count, final))
        {
            var hash = Vector512<ulong>.Zero;
            for (var at = 0; at < size; at++)
                hash = (hash * factors) + Avx512F.ConvertToVector512UInt64(
                    Vector128.LoadUnsafe(ref first, (nuint)(run + at))) + Vector512<ulong>.One;
            hash = (hash ^ (hash >>> 32)) * mixers;
            hash = (hash ^ (hash >>> 32)) * mixers;
            (hash ^ (hash >>> 32)).StoreUnsafe(ref into, (nuint)run);
            if (run == final)
                return;
        }
    }
}
