using System.Numerics;

namespace Aval.Text.SpecialCategories;

/// <summary>
/// Terms by their letters. A node's children lie side by side, and a word of 64 bits says which there are, so that the
/// whole of it stays in a processor's cache and a text is gone over once.
/// </summary>
internal sealed class TermTrie
{
    // Symbols are below 38 (FoldedText), so the highest bit is free.
    private const ulong Ends = 1UL << 63;
    private readonly List<ulong> _children = [0];
    private readonly List<int> _first = [0];
    private readonly List<Term[]> _terms = [[]];
    private readonly ulong[] _childrenOf;
    private readonly int[] _firstOf;
    private readonly Term[][] _termsOf;

    public TermTrie(IEnumerable<Term> terms)
    {
        var keys = terms.Select(term => (Key: KeyOf(term.Text), Term: term))
            .OrderBy(pair => pair.Key, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))).ToArray();
        var open = new Queue<(int Node, int From, int To, int Depth)>([(0, 0, keys.Length, 0)]);
        while (open.TryDequeue(out var range))
        {
            var (node, from, to, depth) = range;
            var inner = from;
            while (inner < to && keys[inner].Key.Length == depth)
                inner++;
            if (inner > from)
                (_terms[node], _children[node]) = ([.. keys[from..inner].Select(pair => pair.Term)], Ends);
            _first[node] = _children.Count;
            while (inner < to)
            {
                var (symbol, start) = (keys[inner].Key[depth], inner);
                while (inner < to && keys[inner].Key[depth] == symbol)
                    inner++;
                _children[node] |= 1UL << symbol;
                open.Enqueue((_children.Count, start, inner, depth + 1));
                _children.Add(0);
                _first.Add(0);
                _terms.Add([]);
            }
        }

        (_childrenOf, _firstOf, _termsOf) = ([.. _children], [.. _first], [.. _terms]);
    }

    /// <summary>The node behind a symbol; below zero where there is none.</summary>
    public int Next(int node, byte symbol)
    {
        var (children, bit) = (_childrenOf[node], 1UL << symbol);
        return symbol <= FoldedText.Space && (children & bit) != 0
            ? _firstOf[node] + BitOperations.PopCount(children & (bit - 1))
            : -1;
    }

    /// <summary>Whether terms end here.</summary>
    public bool HasTerms(int node) => (_childrenOf[node] & Ends) != 0;

    /// <summary>The terms that end here, also those whose ending is free.</summary>
    public Term[] TermsAt(int node) => _termsOf[node];

    /// <summary>A term as a text that is matched against it.</summary>
    public static byte[] KeyOf(string term)
    {
        var key = new byte[FoldedText.MostBytes(term.Length)];
        var length = FoldedText.Fold(term.TrimEnd('*'), key, []);
        var whole = length > 0 && key[length - 1] == FoldedText.Space ? length - 1 : length;
        return key[..whole].All(symbol => symbol <= FoldedText.Space && symbol != FoldedText.Other) && whole > 0
            ? key[..whole]
            : throw new InvalidOperationException($"The term \"{term}\" has no letters that a text is matched by.");
    }
}
