using System.Numerics;

namespace Aval.Models;

/// <summary>
/// Scores texts one after the other. It looks for the contexts of many symbols side by side, step by step, so that the
/// processor waits for their memory once and not for each.
/// </summary>
internal sealed class Scorer<TKey>
    where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
{
    private const int Block = 64;

    // Far from the least double, so that one more factor is never lost.
    private const double Small = 1e-200;

    private readonly KneserNey<TKey> _model;
    private readonly Symbols _symbols;
    private readonly TKey[] _contexts = new TKey[Block];
    private readonly uint[] _next = new uint[Block];
    private readonly double[] _likely = new double[Block];
    private readonly int[] _slots = new int[Block];
    private readonly int[] _found = new int[Block];
    private readonly int[] _open = new int[Block];

    internal Scorer(KneserNey<TKey> model)
    {
        _model = model;
        _symbols = new Symbols(model.Form.Unit, word => model.Lexicon!.Find(word));
    }

    /// <summary>Scores one text of UTF-8.</summary>
    public Scored Score(ReadOnlySpan<byte> text)
    {
        var symbols = _symbols.Read(text);
        var context = Ngram<TKey>.StartOf(_model.Form);
        var (bits, product, unknown) = (0.0, 1.0, 0L);
        for (var at = 0; at <= symbols.Length; at += Block)
        {
            var count = Math.Min(Block, symbols.Length + 1 - at);
            for (var one = 0; one < count; one++)
            {
                _contexts[one] = context;
                _next[one] = at + one < symbols.Length ? symbols[at + one] : _model.Form.End;
                context = Ngram<TKey>.After(context, _next[one], _model.Form);
                if (_model.Lexicon is not null && _next[one] == Lexicon.Unknown)
                    unknown++;
            }

            Look(count);
            for (var one = 0; one < count; one++)
            {
                product *= _likely[one];
                if (product < Small)
                    (bits, product) = (bits - Math.Log2(product), 1);
            }
        }

        return new Scored(bits - Math.Log2(product), text.Length, symbols.Length + 1, unknown);
    }

    // From the highest order down: what is not found there is multiplied by what its context leaves, and goes on.
    private void Look(int count)
    {
        for (var one = 0; one < count; one++)
            (_open[one], _likely[one]) = (one, 1);
        for (var order = _model.Form.Order; order >= 2 && count > 0; order--)
        {
            var (table, shift) = (_model.Longer[order - 2], _model.ShiftOf(order));
            for (var at = 0; at < count; at++)
                _slots[at] = table.SlotOf(_contexts[_open[at]] >> shift);
            for (var at = 0; at < count; at++)
                _found[at] = table.InSlot(_slots[at]);
            var left = 0;
            for (var at = 0; at < count; at++)
            {
                var one = _open[at];
                var context = _found[at] == 0
                    ? -1
                    : table.Find(_contexts[one] >> shift, _slots[at]);
                var follower = context < 0 ? -1 : table.Find(context, _next[one]);
                if (follower >= 0)
                {
                    _likely[one] *= table.Probabilities[follower];
                    continue;
                }

                if (context >= 0)
                    _likely[one] *= table.Backoffs[context];
                _open[left++] = one;
            }

            count = left;
        }

        for (var at = 0; at < count; at++)
            _likely[_open[at]] *= _model.ByItself[(int)_next[_open[at]]];
    }
}
