using System.Buffers;

namespace Aval.Text.Copies;

/// <summary>What two texts share.</summary>
/// <param name="Shared">Shingles that are in both.</param>
/// <param name="First">Those of the first.</param>
/// <param name="Second">Those of the second.</param>
internal readonly record struct Overlap(int Shared, int First, int Second)
{
    /// <summary>Those that are in either: what Jaccard's index divides by.</summary>
    public int Either => First + Second - Shared;

    /// <summary>Each takes so many bits of the number that <c>text_overlap</c> answers, the first ones the lowest: none
    /// is negative.</summary>
    public const int Bits = 32;

    /// <summary>SQL of the three, as <c>shared, first, second</c>.</summary>
    /// <param name="number">SQL of that number.</param>
    public static string Columns(string number) => $"""
        ({number} & 4294967295)::BIGINT AS shared, (({number} >> 32) & 4294967295)::BIGINT AS first,
        ({number} >> 64)::BIGINT AS second
        """;
}

/// <summary>
/// A text as the set of all runs of five of its <see cref="PlainLetters"/>. Letters and not words: most posts are
/// short, and one slip of the pen takes three of ten runs of three words, but five of fifty runs of five letters. A
/// text of fewer than five letters is one run.
/// </summary>
internal static class Shingles
{
    /// <summary>Letters in a run.</summary>
    public const int Size = 5;

    private const ulong Base = 0x9E3779B97F4A7C15;

    /// <summary>How many runs a text of so many letters has.</summary>
    public static int CountOf(int letters) => letters == 0 ? 0 : Math.Max(1, letters - Size + 1);

    /// <summary>Writes the hash of each run, in order.</summary>
    /// <param name="letters">Letters of a text.</param>
    /// <param name="hashes">At least <see cref="CountOf"/>.</param>
    /// <returns>How many there are.</returns>
    public static int Write(ReadOnlySpan<char> letters, Span<ulong> hashes)
    {
        var count = CountOf(letters.Length);
        if (letters.Length >= Size)
            RunHashes.Write(letters, Size, Base, hashes[..count]);
        else if (letters.Length > 0)
            hashes[0] = Short(letters);
        return count;
    }

    /// <summary>The runs of a text as a set, ascending.</summary>
    public static ulong[] SetOf(string text)
    {
        var letters = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            var count = PlainLetters.Write(text, letters);
            var hashes = new ulong[CountOf(count)];
            Write(letters.AsSpan(0, count), hashes);
            Array.Sort(hashes);
            var distinct = 0;
            for (var at = 0; at < hashes.Length; at++)
            {
                if (at == 0 || hashes[at] != hashes[at - 1])
                    hashes[distinct++] = hashes[at];
            }

            return hashes[..distinct];
        }
        finally
        {
            ArrayPool<char>.Shared.Return(letters);
        }
    }

    /// <summary>What two sets share; both ascending.</summary>
    public static Overlap Compare(ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second)
    {
        int shared = 0, one = 0, other = 0;
        while (one < first.Length && other < second.Length)
        {
            var (left, right) = (first[one], second[other]);
            shared += left == right ? 1 : 0;
            one += left <= right ? 1 : 0;
            other += left >= right ? 1 : 0;
        }

        return new Overlap(shared, first.Length, second.Length);
    }

    private static ulong Short(ReadOnlySpan<char> letters)
    {
        var hash = (ulong)letters.Length;
        var power = 1UL;
        for (var at = letters.Length - 1; at >= 0; at--)
            (hash, power) = unchecked((hash + ((letters[at] + 1UL) * power), power * Base));
        return RunHashes.Mix(hash);
    }
}
