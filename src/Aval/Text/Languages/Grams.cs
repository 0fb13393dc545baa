using System.Runtime.CompilerServices;

namespace Aval.Text.Languages;

/// <summary>
/// What is looked at in a text: inside each word, with an edge on both sides, every run of two to five letters, and the
/// word as a whole. Each is a number of 64 bits of which the upper ones say where it lies in a table.
/// </summary>
internal static class Grams
{
    /// <summary>Numbers a step makes: runs of 2, 3, 4 and 5 letters that end at a letter.</summary>
    public const int PerStep = 4;

    /// <summary>What a word's number begins with.</summary>
    public const ulong WordSeed = 0x2545F4914F6CDD1D;

    /// <summary>Five letters.</summary>
    public const ulong Window = (1UL << (5 * Letters.Bits)) - 1;

    private const ulong Four = (1UL << (4 * Letters.Bits)) - 1;
    private const ulong Three = (1UL << (3 * Letters.Bits)) - 1;
    private const ulong Two = (1UL << (2 * Letters.Bits)) - 1;

    /// <summary>The run of two letters at the end of a window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong OfTwo(ulong window) => (window & Two) * 0x9E3779B97F4A7C15;

    /// <summary>Of three.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong OfThree(ulong window) => (window & Three) * 0xD6E8FEB86659FD93;

    /// <summary>Of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong OfFour(ulong window) => (window & Four) * 0xA0761D6478BD642F;

    /// <summary>Of five.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong OfFive(ulong window) => window * 0xE7037ED1A0B428DB;

    /// <summary>A word's number with one more letter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Longer(ulong word, ulong letter) => (word ^ letter) * 0x8EBC6AF09C88C6E3;

    /// <summary>All numbers of a text, in its order: the slow reading that the fast one is held against.</summary>
    public static void All(ReadOnlySpan<char> words, List<ulong> into)
    {
        var (window, word) = ((ulong)Letters.Edge, WordSeed);
        for (var at = 0; at <= words.Length; at++)
        {
            ulong letter = at < words.Length ? Letters.Of[words[at]] : (ushort)0;
            if (letter <= Letters.Apostrophe && window == Letters.Edge)
                continue;
            if (letter == 0)
            {
                Step((window << Letters.Bits) | Letters.Edge, into);
                into.Add(word);
                (window, word) = (Letters.Edge, WordSeed);
                continue;
            }

            if ((window & Two) == (letter << Letters.Bits | letter))
                continue;
            window = ((window << Letters.Bits) | letter) & Window;
            word = Longer(word, letter);
            Step(window, into);
        }
    }

    private static void Step(ulong window, List<ulong> into)
    {
        into.Add(OfTwo(window));
        into.Add(OfThree(window));
        into.Add(OfFour(window));
        into.Add(OfFive(window & Window));
    }
}
