using System.Numerics;
using System.Runtime.CompilerServices;

namespace Aval.Text.Copies;

/// <summary>
/// Which of many numbers may occur more than once, by two bits in a place that each has: what is certainly alone is
/// told without sorting anything, and little is left to be looked at. Of a size that does not grow with the items:
/// there are more passes then.
/// </summary>
internal sealed class SeenNumbers
{
    /// <summary>Numbers that one pass takes.</summary>
    public const long Most = 1L << 24;

    // 64 MB.
    private const int MostBits = 28;
    private const ulong Spread = 0x9E3779B97F4A7C15;
    private readonly ulong[] _words;
    private readonly int _shift;

    /// <summary>For so many numbers, or <see cref="Most"/> where there are more.</summary>
    public SeenNumbers(long numbers)
    {
        // Eight places a number or more, as long as there are not many.
        var bits = Math.Min(MostBits, BitOperations.Log2((ulong)Math.Clamp(numbers, 16, Most)) + 4);
        (_words, _shift) = (new ulong[1L << (bits - 5)], 64 - bits);
    }

    /// <summary>How many passes so many numbers need.</summary>
    public static int Passes(long numbers) => (int)((numbers + Most - 1) / Most);

    /// <summary>Whether a pass takes a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOf(int pass, int passes, ulong number) =>
        passes == 1 || (int)((number * Spread & uint.MaxValue) % (uint)passes) == pass;

    /// <summary>Forgets all.</summary>
    public void Clear() => Array.Clear(_words);

    /// <summary>Sees a number once more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong number)
    {
        var place = (number * Spread) >> _shift;
        ref var word = ref _words[place >> 5];
        var at = (int)(place & 31) * 2;
        word |= (1UL | (((word >> at) & 1) << 1)) << at;
    }

    /// <summary>Sees a number on one of two sides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong number, bool isOther)
    {
        var place = (number * Spread) >> _shift;
        _words[place >> 5] |= (isOther ? 2UL : 1UL) << ((int)(place & 31) * 2);
    }

    /// <summary>Whether it may have been seen more than once, or on the other side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsOther(ulong number)
    {
        var place = (number * Spread) >> _shift;
        return ((_words[place >> 5] >> ((int)(place & 31) * 2)) & 2) != 0;
    }

    /// <summary>Whether it may have been seen on both sides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsBoth(ulong number)
    {
        var place = (number * Spread) >> _shift;
        return ((_words[place >> 5] >> ((int)(place & 31) * 2)) & 3) == 3;
    }
}
