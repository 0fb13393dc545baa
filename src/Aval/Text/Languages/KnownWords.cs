using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Aval.Text.Languages;

/// <summary>
/// What words that were met add to the scores. Most words of a text are frequent ones, and to add up a word's rows
/// takes several times as long as to find their sum again. A word's place is told by its number, and a later one takes
/// it; what a word adds is the same wherever it comes from. One a thread.
/// </summary>
internal sealed class KnownWords
{
    /// <summary>Letters of a word that is kept: two registers hold them.</summary>
    public const int Longest = 16;

    // Four megabytes: of twenty-four languages the words that make up four fifths of what is written.
    private const int Bits = 15;

    [ThreadStatic]
    private static KnownWords? _own;

    private readonly LanguageModel _model;
    private readonly ushort[] _words = new ushort[Longest << Bits];
    private readonly short[] _sums = new short[LanguageModel.Width << Bits];

    private KnownWords(LanguageModel model) => _model = model;

    /// <summary>This thread's, of a model.</summary>
    public static KnownWords Of(LanguageModel model) =>
        _own is { } own && own._model == model ? own : _own = new KnownWords(model);

    /// <summary>The place of a word's sums.</summary>
    /// <param name="number">The word's number.</param>
    /// <param name="letters">Its letters, and zeros behind them.</param>
    /// <param name="isKnown">Whether they are there; if not, they have to be written.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref short SumsOf(ulong number, Vector256<ushort> letters, out bool isKnown)
    {
        var place = (nint)(number >> (64 - Bits));
        ref var word = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_words), place * Longest);
        isKnown = Vector256.LoadUnsafe(ref word) == letters;
        if (!isKnown)
            letters.StoreUnsafe(ref word);
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_sums), place * LanguageModel.Width);
    }
}
