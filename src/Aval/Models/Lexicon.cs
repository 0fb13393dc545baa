namespace Aval.Models;

/// <summary>
/// The words of texts in the order of their code units, and how often each was read. A word's symbol is its place, so
/// two lexicons number the words that both have in the same order, and n-grams that are sorted under one stay sorted
/// under the other.
/// </summary>
internal sealed class Lexicon
{
    /// <summary>The symbol of a word that nobody wrote.</summary>
    public const uint Unknown = 2;

    /// <summary>The symbol of the first word: before it stand start, end and <see cref="Unknown"/>.</summary>
    public const uint First = 3;

    private readonly Dictionary<string, uint> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> _found;

    /// <summary>Of words in order.</summary>
    public Lexicon(IReadOnlyList<string> words, IReadOnlyList<long> counts)
    {
        (Words, Counts) = (words, counts);
        _found = _symbols.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var at = 0; at < words.Count; at++)
            _symbols.Add(words[at], First + (uint)at);
    }

    /// <summary>In order.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>How often each was read.</summary>
    public IReadOnlyList<long> Counts { get; }

    /// <summary>How many symbols there are, with the three that are no words.</summary>
    public int Symbols => Words.Count + (int)First;

    /// <summary>A word's symbol.</summary>
    public uint Find(ReadOnlySpan<char> word) => _found.TryGetValue(word, out var symbol) ? symbol : Unknown;

    /// <summary>The word of a symbol; null = it is none.</summary>
    public string? WordOf(uint symbol) => symbol >= First ? Words[(int)(symbol - First)] : null;

    /// <summary>All words of some lexicons without those of others: each as often as it is in the former less the
    /// latter, and a word that is left no more often than never is gone.</summary>
    public static Lexicon Sum(IEnumerable<Lexicon> added, IEnumerable<Lexicon> taken)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (lexicon, sign) in added.Select(one => (one, 1L)).Concat(taken.Select(one => (one, -1L))))
        {
            for (var at = 0; at < lexicon.Words.Count; at++)
                counts[lexicon.Words[at]] = counts.GetValueOrDefault(lexicon.Words[at]) + (sign * lexicon.Counts[at]);
        }

        var left = counts.Where(word => word.Value > 0).OrderBy(word => word.Key, StringComparer.Ordinal).ToArray();
        return new Lexicon([.. left.Select(word => word.Key)], [.. left.Select(word => word.Value)]);
    }

    /// <summary>For each symbol of this lexicon, the symbol in another one; a word that the other does not have is
    /// its <see cref="Unknown"/>.</summary>
    public uint[] To(Lexicon other)
    {
        var map = new uint[Symbols];
        for (var at = 0u; at < First; at++)
            map[at] = at;
        for (var at = 0; at < Words.Count; at++)
            map[First + at] = other.Find(Words[at]);
        return map;
    }
}
