using System.Collections.Concurrent;
using System.Numerics;

namespace Aval.Models;

/// <summary>How well a text was foretold.</summary>
/// <param name="Bits">−log₂ of its probability with its end.</param>
/// <param name="Bytes">Of UTF-8.</param>
/// <param name="Units">Bytes, characters or words, and one for the end.</param>
/// <param name="Unknown">Words of it that the model never read: their probability is that of all unknown words
/// together, so a text that has any is foretold less well than its bits say.</param>
internal readonly record struct Scored(double Bits, long Bytes, long Units, long Unknown)
{
    public static Scored operator +(Scored left, Scored right) => new(
        left.Bits + right.Bits, left.Bytes + right.Bytes, left.Units + right.Units, left.Unknown + right.Unknown);
}

/// <summary>
/// An interpolated modified Kneser-Ney model in memory: what follows what, and how likely. It is read by any number of
/// threads at once.
/// </summary>
internal abstract class KneserNey
{
    /// <summary>How it reads a text.</summary>
    public abstract ModelForm Form { get; }

    /// <summary>Its words; null = its units number themselves.</summary>
    public abstract Lexicon? Lexicon { get; }

    /// <summary>Makes the model of some counts.</summary>
    public static KneserNey Estimate(TextCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return Of(counts.Form, counts.Lexicon, [.. Estimated(counts, Scratch.InMemory).Select(order => order.Rows)]);
    }

    /// <summary>The probabilities of each order, from 1 up.</summary>
    public static IReadOnlyList<EstimatedOrder> Estimated(TextCounts counts, Scratch scratch)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return counts.Form.Unit == TextUnit.Byte
            ? Estimation<ulong>.Of(counts, scratch)
            : Estimation<UInt128>.Of(counts, scratch);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="form">Its form.</param>
    /// <param name="lexicon">Its words; null = its units number themselves.</param>
    /// <param name="orders">The rows of each order, from 1 up.</param>
    public static KneserNey Of(ModelForm form, Lexicon? lexicon, IReadOnlyList<Func<Stream>> orders)
    {
        ArgumentNullException.ThrowIfNull(form);
        return form.Unit == TextUnit.Byte
            ? new KneserNey<ulong>(form, lexicon, orders)
            : new KneserNey<UInt128>(form, lexicon, orders);
    }

    /// <summary>−log₂ of the probability of a text of UTF-8 with its end.</summary>
    public double Bits(ReadOnlySpan<byte> text) => Score(text).Bits;

    /// <summary>How well a text of UTF-8 is foretold.</summary>
    public abstract Scored Score(ReadOnlySpan<byte> text);

    /// <summary>How likely a symbol is after others.</summary>
    /// <param name="before">All that stands before it in its text.</param>
    /// <param name="symbol">The symbol.</param>
    public abstract double ProbabilityOf(ReadOnlySpan<uint> before, uint symbol);

    /// <summary>How likely each symbol is after others.</summary>
    /// <param name="before">All that stands before it in its text.</param>
    /// <param name="each">By symbol; as long as <see cref="SymbolLimit"/>.</param>
    public abstract void Distribution(ReadOnlySpan<uint> before, Span<double> each);

    /// <summary>One more than the largest symbol.</summary>
    public int SymbolLimit => Lexicon?.Symbols ?? (int)Form.End + 1;
}

/// <inheritdoc/>
internal sealed class KneserNey<TKey> : KneserNey
    where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
{
    private readonly NgramTable<TKey>[] _longer;
    private readonly float[] _alone;
    private readonly uint[] _read;
    private readonly ConcurrentBag<Scorer<TKey>> _scorers = [];

    internal KneserNey(ModelForm form, Lexicon? lexicon, IReadOnlyList<Func<Stream>> orders)
    {
        (Form, Lexicon) = (form, lexicon);
        (_alone, _read) = Alone(form, lexicon, orders[0]);
        _longer = [.. orders.Skip(1).Select(NgramTable<TKey>.Read)];
    }

    /// <inheritdoc/>
    public override ModelForm Form { get; }

    /// <inheritdoc/>
    public override Lexicon? Lexicon { get; }

    /// <summary>The tables of orders 2 and up.</summary>
    internal ReadOnlySpan<NgramTable<TKey>> Longer => _longer;

    /// <summary>How likely each symbol is after nothing that is known.</summary>
    internal ReadOnlySpan<float> ByItself => _alone;

    /// <summary>The symbols that were read, in order.</summary>
    internal ReadOnlySpan<uint> EverRead => _read;

    /// <inheritdoc/>
    public override Scored Score(ReadOnlySpan<byte> text)
    {
        var scorer = _scorers.TryTake(out var free) ? free : new Scorer<TKey>(this);
        var scored = scorer.Score(text);
        _scorers.Add(scorer);
        return scored;
    }

    /// <inheritdoc/>
    public override double ProbabilityOf(ReadOnlySpan<uint> before, uint symbol)
    {
        var context = ContextOf(before);
        var left = 1.0;
        for (var order = Form.Order; order >= 2; order--)
        {
            var at = _longer[order - 2].Find(Shortened(context, order));
            if (at < 0)
                continue;
            if (_longer[order - 2].Find(at, symbol) is >= 0 and var found)
                return left * _longer[order - 2].Probabilities[found];
            left *= _longer[order - 2].Backoffs[at];
        }

        return left * _alone[symbol];
    }

    /// <inheritdoc/>
    public override void Distribution(ReadOnlySpan<uint> before, Span<double> each)
    {
        var context = ContextOf(before);
        for (var symbol = 0; symbol < each.Length; symbol++)
            each[symbol] = _alone[symbol];
        for (var order = 2; order <= Form.Order; order++)
        {
            var table = _longer[order - 2];
            var at = table.Find(Shortened(context, order));
            if (at < 0)
                continue;
            foreach (ref var one in each)
                one *= table.Backoffs[at];
            for (var follower = table.Starts[at]; follower < table.Starts[at + 1]; follower++)
                each[(int)table.Symbols[follower]] = table.Probabilities[follower];
        }
    }

    /// <summary>The context of an order, of that of the highest.</summary>
    internal TKey Shortened(TKey context, int order) => context >> ShiftOf(order);

    /// <summary>By how many bits the context of the highest order is shortened for an order.</summary>
    internal int ShiftOf(int order) => Form.Width * (Form.Order - order);

    private TKey ContextOf(ReadOnlySpan<uint> before)
    {
        var context = Ngram<TKey>.StartOf(Form);
        foreach (var symbol in before[Math.Max(0, before.Length - Form.Order)..])
            context = Ngram<TKey>.After(context, symbol, Form);
        return context;
    }

    // What was never read shares what order 1 leaves, as everything does.
    private static (float[] Alone, uint[] Read) Alone(ModelForm form, Lexicon? lexicon, Func<Stream> rows)
    {
        using var reader = new ProbabilityReader<TKey>(rows());
        var each = 1.0 / Vocabulary.SizeOf(form, lexicon);
        var rest = reader.Next() ? (float)(reader.Likely.Backoff * each) : (float)each;
        var alone = new float[lexicon?.Symbols ?? (int)form.End + 1];
        foreach (var symbol in Vocabulary.Of(form, lexicon))
            alone[symbol] = rest;
        for (var at = 0; at < reader.Likely.Count; at++)
            alone[reader.Likely.Symbols[at]] = reader.Likely.Probabilities[at];
        return (alone, reader.Likely.Symbols.ToArray());
    }
}

/// <summary>The contexts of one order, found by hashing, with what follows each.</summary>
internal sealed class NgramTable<TKey>
    where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
{
    private readonly int[] _slots;
    private readonly TKey[] _contexts;

    private NgramTable(TKey[] contexts, float[] backoffs, int[] starts, uint[] symbols, float[] probabilities)
    {
        (_contexts, Backoffs, Starts, Symbols, Probabilities) = (contexts, backoffs, starts, symbols, probabilities);
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)(contexts.Length * 3L / 2) + 1)];
        for (var at = 0; at < contexts.Length; at++)
        {
            var slot = SlotOf(contexts[at]);
            while (_slots[slot] != 0)
                slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = at + 1;
        }
    }

    /// <summary>By context: what it leaves to the shorter one.</summary>
    public float[] Backoffs { get; }

    /// <summary>By context: where its followers begin; one more at the end.</summary>
    public int[] Starts { get; }

    /// <summary>The followers of each context, in order.</summary>
    public uint[] Symbols { get; }

    /// <summary>How likely each follower is.</summary>
    public float[] Probabilities { get; }

    /// <summary>The contexts in order.</summary>
    public ReadOnlySpan<TKey> Contexts => _contexts;

    public static NgramTable<TKey> Read(Func<Stream> rows)
    {
        using var reader = new ProbabilityReader<TKey>(rows());
        var (contexts, backoffs, starts) = (new List<TKey>(), new List<float>(), new List<int>());
        var (symbols, probabilities) = (new List<uint>(), new List<float>());
        while (reader.Next())
        {
            contexts.Add(reader.Context);
            backoffs.Add(reader.Likely.Backoff);
            starts.Add(symbols.Count);
            symbols.AddRange(reader.Likely.Symbols);
            probabilities.AddRange(reader.Likely.Probabilities);
        }

        starts.Add(symbols.Count);
        return new NgramTable<TKey>(
            [.. contexts], [.. backoffs], [.. starts], [.. symbols], [.. probabilities]);
    }

    /// <summary>Where a context is looked for first.</summary>
    public int SlotOf(TKey context) => (int)Ngram<TKey>.Hash(context) & (_slots.Length - 1);

    /// <summary>What lies in a slot: a context's number, 1 more; 0 = nothing.</summary>
    public int InSlot(int slot) => _slots[slot];

    /// <summary>The number of a context; −1 = it is not there.</summary>
    public int Find(TKey context) => Find(context, SlotOf(context));

    /// <summary>The same, where its first slot is known.</summary>
    public int Find(TKey context, int slot)
    {
        for (; _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            if (_contexts[_slots[slot] - 1] == context)
                return _slots[slot] - 1;
        }

        return -1;
    }

    /// <summary>Where a symbol is among the followers of a context; −1 = it is not.</summary>
    public int Find(int context, uint symbol)
    {
        var (from, to) = (Starts[context], Starts[context + 1]);
        while (to - from > 8)
        {
            var middle = (from + to) >>> 1;
            (from, to) = Symbols[middle] <= symbol ? (middle, to) : (from, middle);
        }

        for (; from < to; from++)
        {
            if (Symbols[from] == symbol)
                return from;
        }

        return -1;
    }
}
