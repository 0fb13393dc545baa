using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Aval.Text.Languages;

/// <summary>
/// Tells the language of a text, short and informal ones included. A text's runs of letters (<see cref="Grams"/>) each
/// have a row of small whole numbers, one a variety; a variety's score is the sum of its numbers, and what the platform
/// says adds a bounded one. Whole numbers throughout: shards are ordered by language, and floating sums differ between
/// processors. Pure, and allocates nothing for a text; any number of threads may ask, each of which remembers words.
/// </summary>
internal sealed class LanguageModel
{
    /// <summary>The code of a text whose language is not known.</summary>
    public const string Unknown = "und";

    /// <summary>Units of a score that make one variety e times as likely as another.</summary>
    public const int Unit = 20;

    /// <summary>
    /// UTF-16 units of a text that are looked at: what a longer text is written in is decided by its beginning.
    /// </summary>
    public const int Considered = 1_000;

    /// <summary>What the platform's hint adds to the scores of its language: as much as twelve to one.</summary>
    public const int HintBonus = 50;

    // The best must be likelier than the second by e^(6/20), about four to three.
    private const int LeastMargin = 6;

    // A text of some length in a language of ours scores more than this a letter, and in a neighbour that we do not
    // know often less.
    private const int LeastScore = 9;
    private const int OfSomeLength = 20;

    /// <summary>Numbers a row has room for: one and a half registers of 32 bytes.</summary>
    internal const int Width = 48;

    // A step adds five numbers of at most 127 to a sum of 16 bits: after fifty it is carried over.
    private const int StepsBeforeCarry = 50;

    private static readonly Lazy<LanguageModel> Loaded = new(() => LanguageModelFile.Shipped());

    private readonly Variety[] _varieties;
    private readonly ushort[] _rows;
    private readonly sbyte[] _numbers;
    private readonly int _shift;

    internal LanguageModel(Variety[] varieties, ushort[] rows, sbyte[] numbers)
    {
        (_varieties, _rows, _numbers) = (varieties, rows, numbers);
        _shift = 64 - System.Numerics.BitOperations.Log2((uint)rows.Length);
        Codes = [.. varieties.Select(variety => variety.Code).Distinct().Except([Unknown])
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>The model that comes with Aval; read at its first use.</summary>
    public static LanguageModel Shipped => Loaded.Value;

    /// <summary>The languages that it tells, as ISO 639-1 codes; <see cref="Unknown"/> aside.</summary>
    public IReadOnlyList<string> Codes { get; }

    internal IReadOnlyList<Variety> Varieties => _varieties;

    internal ReadOnlySpan<ushort> Rows => _rows;

    internal ReadOnlySpan<sbyte> Numbers => _numbers;

    /// <summary>The language of a text.</summary>
    /// <param name="text">UTF-16, whole or not: half a surrogate pair is read as a space is.</param>
    /// <param name="hint">What the platform says: a code such as <c>de</c>, <c>pt-BR</c> or <c>sr_Latn</c>; null or
    /// anything unknown says nothing.</param>
    [SkipLocalsInit]
    public DetectedLanguage Detect(ReadOnlySpan<char> text, ReadOnlySpan<char> hint = default)
    {
        if (!PlainWords.Needed(text[..Math.Min(text.Length, Considered)]))
            return Decide(text[..Math.Min(text.Length, Considered)], hint);
        Span<char> words = stackalloc char[Considered];
        return Decide(words[..PlainWords.Copy(text, words)], hint);
    }

    /// <summary>The scores of words, one a variety, without hint.</summary>
    internal void Score(ReadOnlySpan<char> words, Span<int> scores)
    {
        Span<int> letters = stackalloc int[8];
        Score(words, ref scores[..Width][0], ref letters[0]);
    }

    [SkipLocalsInit]
    private DetectedLanguage Decide(ReadOnlySpan<char> words, ReadOnlySpan<char> hint)
    {
        Span<int> scores = stackalloc int[Width];
        Span<int> letters = stackalloc int[8];
        scores.Clear();
        letters.Clear();
        Score(words, ref MemoryMarshal.GetReference(scores), ref MemoryMarshal.GetReference(letters));
        var script = Script.None;
        var most = 0;
        for (var one = Script.Latin; one <= Script.Other; one++)
        {
            if (letters[(int)one] > most)
                (script, most) = (one, letters[(int)one]);
        }

        return script is Script.None or Script.Other ? DetectedLanguage.None(most) : Best(scores, script, most, hint);
    }

    private DetectedLanguage Best(ReadOnlySpan<int> scores, Script script, int letters, ReadOnlySpan<char> hint)
    {
        var hinted = HintCode(hint);
        var (best, first, second) = (-1, int.MinValue, int.MinValue);
        for (var at = 0; at < _varieties.Length; at++)
        {
            var variety = _varieties[at];
            if (variety.Script != script)
                continue;
            var score = scores[at] + (hinted is not null && variety.Code == hinted ? HintBonus : 0);
            if (best >= 0 && variety.Code == _varieties[best].Code)
            {
                first = Math.Max(first, score);
            }
            else if (score > first)
            {
                (second, first, best) = (first, score, at);
            }
            else if (score > second)
            {
                second = score;
            }
        }

        if (best < 0)
            return DetectedLanguage.None(letters);
        // A script that has one language says enough by itself.
        if (second == int.MinValue)
            return new DetectedLanguage(_varieties[best].Code, Unit * letters, letters);
        var unsure = first - second < LeastMargin || (letters >= OfSomeLength && first < LeastScore * letters);
        return unsure || _varieties[best].Code == Unknown
            ? DetectedLanguage.None(letters)
            : new DetectedLanguage(_varieties[best].Code, first - second, letters);
    }

    // The language that a hint names, as a string that is compared by reference first; null = none of ours.
    private string? HintCode(ReadOnlySpan<char> hint)
    {
        var end = hint.IndexOfAny('-', '_');
        var language = end < 0 ? hint : hint[..end];
        if (language.Length is < 2 or > 3)
            return null;
        if (language.Equals("nb", StringComparison.OrdinalIgnoreCase)
            || language.Equals("nn", StringComparison.OrdinalIgnoreCase))
        {
            language = "no";
        }

        foreach (var variety in _varieties)
        {
            if (language.Equals(variety.Code, StringComparison.OrdinalIgnoreCase))
                return variety.Code == Unknown ? null : variety.Code;
        }

        return null;
    }

    // The one loop that counts: word by word, each of which adds what it added before. What it adds up is held against
    // Grams.All by a test. Optimised at once: the first texts of a process are as many as the last of a small file.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score(ReadOnlySpan<char> words, ref int scores, ref int letters)
    {
        ref var ids = ref MemoryMarshal.GetArrayDataReference(Letters.Of);
        ref var scripts = ref MemoryMarshal.GetArrayDataReference(Letters.Scripts);
        ref var text = ref MemoryMarshal.GetReference(words);
        var known = KnownWords.Of(this);
        Span<ushort> word = stackalloc ushort[KnownWords.Longest];
        var (low, middle, high) = (Vector256<short>.Zero, Vector256<short>.Zero, Vector256<short>.Zero);
        var (at, steps) = (0, 0);
        while (at < words.Length)
        {
            var id = Unsafe.Add(ref ids, Unsafe.Add(ref text, at));
            Unsafe.Add(ref letters, (int)Unsafe.Add(ref scripts, id))++;
            var begin = at++;
            if (id <= Letters.Apostrophe)
                continue;
            word.Clear();
            var (count, number, last, before) = (0, Grams.WordSeed, (ushort)0, (ushort)0);
            while (true)
            {
                // The third of the same letters in a row says no more than the second.
                if (id != last || id != before)
                {
                    if (count < KnownWords.Longest)
                        word[count] = id;
                    number = Grams.Longer(number, id);
                    (count, last, before) = (count + 1, id, last);
                }

                if (at == words.Length)
                    break;
                id = Unsafe.Add(ref ids, Unsafe.Add(ref text, at++));
                Unsafe.Add(ref letters, (int)Unsafe.Add(ref scripts, id))++;
                if (id == 0)
                    break;
            }

            if (count > KnownWords.Longest)
            {
                Add(words[begin..at], ref scores);
                continue;
            }

            if (steps + count + 1 > StepsBeforeCarry)
            {
                Carry(low, middle, high, ref scores);
                (low, middle, high, steps) = (Vector256<short>.Zero, Vector256<short>.Zero, Vector256<short>.Zero, 0);
            }

            steps += count + 1;
            ref var sums = ref known.SumsOf(number, Vector256.Create<ushort>(word), out var isKnown);
            if (!isKnown)
                Sum(word[..count], number, ref sums);
            low += Vector256.LoadUnsafe(ref sums);
            middle += Vector256.LoadUnsafe(ref sums, 16);
            high += Vector256.LoadUnsafe(ref sums, 32);
        }

        Carry(low, middle, high, ref scores);
    }

    // What a word adds, about four rows a letter.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(ReadOnlySpan<ushort> word, ulong number, ref short sums)
    {
        var (low, middle, high) = (Vector256<short>.Zero, Vector256<short>.Zero, Vector256<short>.Zero);
        var window = (ulong)Letters.Edge;
        for (var at = 0; at <= word.Length; at++)
        {
            ulong letter = at < word.Length ? word[at] : Letters.Edge;
            window = ((window << Letters.Bits) | letter) & Grams.Window;
            Step(window, ref low, ref middle, ref high);
        }

        ref var whole = ref Row(number);
        (low + Part(ref whole, 0)).StoreUnsafe(ref sums);
        (middle + Part(ref whole, 16)).StoreUnsafe(ref sums, 16);
        (high + Part(ref whole, 32)).StoreUnsafe(ref sums, 32);
    }

    // The same of a word that is too long to be kept, straight from its text.
    private void Add(ReadOnlySpan<char> words, ref int scores)
    {
        var (window, word, at) = ((ulong)Letters.Edge, Grams.WordSeed, 0);
        while (at <= words.Length)
        {
            var (low, middle, high) = (Vector256<short>.Zero, Vector256<short>.Zero, Vector256<short>.Zero);
            for (var steps = StepsBeforeCarry; steps > 0 && at <= words.Length; at++)
            {
                var id = at < words.Length ? Letters.Of[words[at]] : (ushort)0;
                if ((id <= Letters.Apostrophe && window == Letters.Edge)
                    || (window & ((1UL << (2 * Letters.Bits)) - 1)) == (((ulong)id << Letters.Bits) | id))
                    continue;
                window = ((window << Letters.Bits) | (id == 0 ? Letters.Edge : (ulong)id)) & Grams.Window;
                Step(window, ref low, ref middle, ref high);
                steps--;
                if (id != 0)
                {
                    word = Grams.Longer(word, id);
                    continue;
                }

                ref var whole = ref Row(word);
                low += Part(ref whole, 0);
                middle += Part(ref whole, 16);
                high += Part(ref whole, 32);
                (window, word) = (Letters.Edge, Grams.WordSeed);
            }

            Carry(low, middle, high, ref scores);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Step(ulong window, ref Vector256<short> low, ref Vector256<short> middle, ref Vector256<short> high)
    {
        ref var two = ref Row(Grams.OfTwo(window));
        ref var three = ref Row(Grams.OfThree(window));
        ref var four = ref Row(Grams.OfFour(window));
        ref var five = ref Row(Grams.OfFive(window));
        low += (Part(ref two, 0) + Part(ref three, 0)) + (Part(ref four, 0) + Part(ref five, 0));
        middle += (Part(ref two, 16) + Part(ref three, 16)) + (Part(ref four, 16) + Part(ref five, 16));
        high += (Part(ref two, 32) + Part(ref three, 32)) + (Part(ref four, 32) + Part(ref five, 32));
    }

    private static void Carry(
        Vector256<short> low, Vector256<short> middle, Vector256<short> high, ref int scores)
    {
        Carry(low, ref scores);
        Carry(middle, ref Unsafe.Add(ref scores, 16));
        Carry(high, ref Unsafe.Add(ref scores, 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref sbyte Row(ulong gram) => ref Unsafe.Add(
        ref MemoryMarshal.GetArrayDataReference(_numbers),
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_rows), (nint)(gram >> _shift)) * (nint)Width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Part(ref sbyte row, nint offset) =>
        Vector256.WidenLower(Vector128.LoadUnsafe(ref row, (nuint)offset).ToVector256Unsafe());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Carry(Vector256<short> sums, ref int scores)
    {
        var (lower, upper) = Vector256.Widen(sums);
        (Vector256.LoadUnsafe(ref scores) + lower).StoreUnsafe(ref scores);
        (Vector256.LoadUnsafe(ref scores, 8) + upper).StoreUnsafe(ref scores, 8);
    }
}
