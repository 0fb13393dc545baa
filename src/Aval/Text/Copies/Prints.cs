using System.Runtime.CompilerServices;

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
    private static readonly ulong Last = Power(Size - 1);

    /// <summary>
    /// Adds the prints of a text, in order. A text with fewer letters than one window has the least print that it has;
    /// with fewer than one run it has none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<char> letters, List<ulong> prints)
    {
        Span<ulong> ring = stackalloc ulong[Window];
        ulong rolling = 0;
        var (least, at) = (ulong.MaxValue, -1);
        var (runs, last) = (letters.Length - Size + 1, Last);
        for (var from = 0; from < Math.Min(letters.Length, Size - 1); from++)
            rolling = unchecked((rolling * Base) + letters[from] + 1);
        for (var run = 0; run < runs; run++)
        {
            rolling = unchecked((rolling * Base) + letters[run + Size - 1] + 1);
            var hash = Shingles.Mix(rolling);
            rolling = unchecked(rolling - ((letters[run] + 1UL) * last));
            ring[run % Window] = hash;
            var before = at;
            if (hash <= least)
                (least, at) = (hash, run);
            else if (at <= run - Window)
                (least, at) = Least(ring, run);
            if (run >= Window - 1 && (before != at || run == Window - 1))
                Add(prints, least);
        }

        if (runs is > 0 and < Window)
            Add(prints, least);
    }

    // The last of the least, so that a run of one letter has one print and not one a letter.
    private static (ulong Least, int At) Least(ReadOnlySpan<ulong> ring, int run)
    {
        var (least, at) = (ulong.MaxValue, run);
        for (var other = run - Window + 1; other <= run; other++)
        {
            if (ring[other % Window] <= least)
                (least, at) = (ring[other % Window], other);
        }

        return (least, at);
    }

    private static void Add(List<ulong> prints, ulong print)
    {
        if (prints.Count == 0 || prints[^1] != print)
            prints.Add(print);
    }

    private static ulong Power(int times)
    {
        var power = 1UL;
        for (var time = 0; time < times; time++)
            power = unchecked(power * Base);
        return power;
    }
}
