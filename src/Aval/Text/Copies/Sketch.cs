using System.Buffers;
using System.Runtime.InteropServices;
using Aval.Storage;

namespace Aval.Text.Copies;

/// <summary>
/// What is kept of a text in order to find it again elsewhere: numbers, from which no word is read back. It is
/// kept for the next build of the same corpus, and leaves the workspace never.
/// </summary>
/// <param name="Sha">Equal for texts that say the same: of the letters alone, or of all that is seen in a text that is
/// mostly symbols.</param>
/// <param name="Characters">Unicode characters, without white space at either end.</param>
/// <param name="Letters">How many letters it is compared by; 0 = it is mostly symbols, and compared as a whole.</param>
internal readonly record struct Sketch((ulong Low, ulong High) Sha, int Characters, int Letters)
{
    /// <summary>Numbers before the bands in a list of <see cref="Write"/>.</summary>
    public const int Header = 4;

    /// <summary>The place of the characters in the header.</summary>
    public const int CharactersAt = 2;

    // In a text with more symbols than that to a letter, the letters do not say what it is.
    private const int MostUnitsALetter = 4;

    // Fixed, and no secret: sketches lie where lineage lies, and are as closed as that.
    private static readonly SipHash OfLetters = new("aval/letters/v1\0"u8);
    private static readonly SipHash OfSymbols = new("aval/symbols/v1\0"u8);

    /// <summary>
    /// Writes a text's sketch: two halves of its hash, characters, letters, the bands, and then as many prints as there
    /// are. Of a text that is mostly symbols there is only the header.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="bands">Which bands.</param>
    /// <param name="sketch">Cleared first.</param>
    public static void Write(ReadOnlySpan<char> text, Bands bands, List<ulong> sketch)
    {
        sketch.Clear();
        Add(text, bands, sketch);
    }

    /// <summary>Adds a text's sketch behind others.</summary>
    /// <inheritdoc cref="Write"/>
    public static void Add(ReadOnlySpan<char> text, Bands bands, List<ulong> sketch)
    {
        text = text.Trim();
        var scratch = ArrayPool<char>.Shared.Rent(text.Length);
        var letters = scratch.AsSpan(0, PlainLetters.Write(text, scratch));
        var characters = CharactersOf(text);
        var head = letters.Length > 0 && IsLetters(letters.Length, text)
            ? new Sketch(OfLetters.Hash(MemoryMarshal.AsBytes(letters)), characters, letters.Length)
            : new Sketch(OfSymbols.Hash(MemoryMarshal.AsBytes<char>(Seen(text, scratch))), characters, 0);
        sketch.Add(head.Sha.Low);
        sketch.Add(head.Sha.High);
        sketch.Add((ulong)head.Characters);
        sketch.Add((ulong)head.Letters);
        if (head.Letters > 0)
            AddRuns(letters, bands, sketch);
        ArrayPool<char>.Shared.Return(scratch);
    }

    private static void AddRuns(ReadOnlySpan<char> letters, Bands bands, List<ulong> sketch)
    {
        var shingles = ArrayPool<ulong>.Shared.Rent(Shingles.CountOf(letters.Length));
        var count = Shingles.Write(letters, shingles);
        var from = sketch.Count;
        CollectionsMarshal.SetCount(sketch, from + bands.Count);
        bands.Write(shingles.AsSpan(0, count), CollectionsMarshal.AsSpan(sketch)[from..]);
        ArrayPool<ulong>.Shared.Return(shingles);
        Prints.Add(letters, sketch);
    }

    // Of most texts this is told without a look at what is white space.
    private static bool IsLetters(int letters, ReadOnlySpan<char> text)
    {
        if (letters * (long)MostUnitsALetter >= text.Length)
            return true;
        var seen = 0;
        foreach (var unit in text)
            seen += char.IsWhiteSpace(unit) ? 0 : 1;
        return letters * (long)MostUnitsALetter >= seen;
    }

    private static int CharactersOf(ReadOnlySpan<char> text)
    {
        var characters = text.Length;
        for (var at = text.IndexOfAnyInRange('\uDC00', '\uDFFF'); at >= 0 && at < text.Length; at++)
            characters -= char.IsLowSurrogate(text[at]) ? 1 : 0;
        return characters;
    }

    private static ReadOnlySpan<char> Seen(ReadOnlySpan<char> text, Span<char> scratch)
    {
        var count = 0;
        foreach (var unit in text)
        {
            if (!char.IsWhiteSpace(unit))
                scratch[count++] = unit;
        }

        return scratch[..count];
    }
}
