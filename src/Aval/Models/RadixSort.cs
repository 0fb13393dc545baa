using System.Numerics;

namespace Aval.Models;

/// <summary>Sorts n-grams with their counts: byte by byte where they have 64 bits, which needs no comparison.</summary>
internal static class RadixSort
{
    private const int Fewest = 256;

    /// <summary>Sorts keys that are all different, and their counts with them.</summary>
    public static void Sort<TKey>(ref TKey[] keys, ref uint[] counts)
        where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
    {
        if (keys.Length < Fewest || (object)keys is not ulong[] narrow)
        {
            Array.Sort(keys, counts);
            return;
        }

        var (from, number) = (narrow, counts);
        var (to, sorted) = (new ulong[from.Length], new uint[from.Length]);
        Span<int> starts = stackalloc int[256];
        for (var shift = 0; shift < 64; shift += 8)
        {
            if (!Starts(from, shift, starts))
                continue;
            for (var at = 0; at < from.Length; at++)
            {
                var place = starts[(int)(from[at] >> shift) & 0xFF]++;
                to[place] = from[at];
                sorted[place] = number[at];
            }

            (from, to) = (to, from);
            (number, sorted) = (sorted, number);
        }

        keys = (TKey[])(object)from;
        counts = number;
    }

    // Where the keys with each byte begin; false = all have the same one there.
    private static bool Starts(ulong[] keys, int shift, Span<int> starts)
    {
        starts.Clear();
        foreach (var key in keys)
            starts[(int)(key >> shift) & 0xFF]++;
        if (starts[(int)(keys[0] >> shift) & 0xFF] == keys.Length)
            return false;
        var sum = 0;
        foreach (ref var start in starts)
            (start, sum) = (sum, sum + start);
        return true;
    }
}
