using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Aval.Text.Copies;

/// <summary>
/// Winnowing (Schleimer, Wilkerson, Aiken 2003): of every 16 runs of 16 letters that follow each other, the one with
/// the least hash. Which it is depends on these letters alone, so two texts that share 31 letters in a row share a
/// print, wherever these stand in them. Letters and not characters: see <see cref="PlainLetters"/>.
/// </summary>
internal static class Prints
{
    /// <summary>Letters in a run.</summary>
    public const int Size = 16;

    /// <summary>Runs of which one is taken.</summary>
    public const int Window = 16;

    /// <summary>Letters in a row that share a print wherever they stand.</summary>
    public const int Guaranteed = Size + Window - 1;

    private const ulong Base = 0xBF58476D1CE4E5B9;

    /// <summary>
    /// Adds the prints of a text, in order. A text with fewer letters than one window has the least print that it has;
    /// with fewer than one run it has none. Of a window's least hashes that are equal one is taken, and of windows that
    /// follow each other with the same one.
    /// </summary>
    public static void Add(ReadOnlySpan<char> letters, List<ulong> prints)
    {
        var runs = letters.Length - Size + 1;
        if (runs < 1)
            return;
        var rented = ArrayPool<ulong>.Shared.Rent(runs);
        var hashes = rented.AsSpan(0, runs);
        RunHashes.Write(letters, Size, Base, hashes);
        if (runs < Window)
            AddOnce(prints, LeastOf(hashes));
        else
            AddDifferent(prints, LeastOfWindows(hashes));
        ArrayPool<ulong>.Shared.Return(rented);
    }

    private static ulong LeastOf(ReadOnlySpan<ulong> hashes)
    {
        var least = ulong.MaxValue;
        foreach (var hash in hashes)
            least = Math.Min(least, hash);
        return least;
    }

    // The least of two that follow each other is that of a window of two; of two such windows, of one of four.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ReadOnlySpan<ulong> LeastOfWindows(Span<ulong> hashes)
    {
        for (var half = 1; half < Window; half *= 2)
        {
            var windows = hashes.Length - half;
            var at = 0;
            for (; at + Vector<ulong>.Count <= windows; at += Vector<ulong>.Count)
            {
                var (own, other) = (new Vector<ulong>(hashes[at..]), new Vector<ulong>(hashes[(at + half)..]));
                Vector.Min(own, other).CopyTo(hashes[at..]);
            }

            for (; at < windows; at++)
                hashes[at] = Math.Min(hashes[at], hashes[at + half]);
            hashes = hashes[..windows];
        }

        return hashes;
    }

    private static void AddDifferent(List<ulong> prints, ReadOnlySpan<ulong> least)
    {
        AddOnce(prints, least[0]);
        var count = prints.Count;
        CollectionsMarshal.SetCount(prints, count + least.Length);
        var into = CollectionsMarshal.AsSpan(prints);
        // Written whatever it is, and kept where it is another one: when windows change nobody can guess.
        for (var at = 1; at < least.Length; at++)
        {
            into[count] = least[at];
            count += least[at] != least[at - 1] ? 1 : 0;
        }

        CollectionsMarshal.SetCount(prints, count);
    }

    private static void AddOnce(List<ulong> prints, ulong print)
    {
        if (prints.Count == 0 || prints[^1] != print)
            prints.Add(print);
    }
}
