using System.Numerics;

namespace Aval.Models;

/// <summary>The probabilities of one order.</summary>
/// <param name="Rows">Its rows, from the beginning.</param>
/// <param name="Discounts">What was taken from its counts.</param>
/// <param name="Contexts">How many contexts.</param>
/// <param name="Ngrams">How many n-grams.</param>
internal sealed record EstimatedOrder(Func<Stream> Rows, Discounts Discounts, long Contexts, long Ngrams);

/// <summary>
/// Interpolated modified Kneser-Ney probabilities (Chen and Goodman 1998, §3): what an n-gram has of its own, and what
/// its context leaves to the shorter one. Order by order from the shortest up, each in one pass over its counts and,
/// beside them, over the probabilities of the order below. They are kept as they are and not as logarithms, since
/// these differ between processors in the last bit, and sums, products and quotients do not.
/// </summary>
internal sealed class Estimation<TKey>
    where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
{
    private readonly ModelForm _form;
    private readonly Scratch _scratch;
    private readonly double _each;

    private Estimation(ModelForm form, double each, Scratch scratch) =>
        (_form, _each, _scratch) = (form, each, scratch);

    /// <summary>The probabilities of each order, from 1 up.</summary>
    public static IReadOnlyList<EstimatedOrder> Of(TextCounts counts, Scratch scratch)
    {
        var form = counts.Form;
        var counted = Continuations<TKey>.Of(counts, scratch);
        var estimation = new Estimation<TKey>(form, 1.0 / Vocabulary.SizeOf(form, counts.Lexicon), scratch);
        var orders = new List<EstimatedOrder>(form.Order);
        for (var order = 1; order <= form.Order; order++)
            orders.Add(estimation.Estimate(order, counted[order - 1], orders.LastOrDefault()));
        return orders;
    }

    private EstimatedOrder Estimate(int order, CountedOrder counted, EstimatedOrder? shorter)
    {
        var discounts = Discounts.Of(counted.Counts);
        var (contexts, ngrams) = (0L, 0L);
        var rows = _scratch.Write(stream =>
        {
            using var reader = new CountReader<TKey>(counted.Rows(), isHighest: order == _form.Order);
            using var below = shorter is null ? null : new ProbabilityReader<TKey>(shorter.Rows());
            using var writer = new ProbabilityWriter<TKey>(stream);
            var likely = new Likely();
            while (reader.Next())
            {
                if (Ngram<TKey>.IsPadding(reader.Context, order, _form))
                    continue;
                var lower = below?.MoveTo(order == 2 ? TKey.Zero : reader.Context >> _form.Width);
                Fill(likely, reader.Followers, lower, discounts, _form.Prune[order - 1]);
                if (likely.Count == 0)
                    continue;
                writer.Write(reader.Context, likely);
                (contexts, ngrams) = (contexts + 1, ngrams + likely.Count);
            }
        });
        return new EstimatedOrder(rows, discounts, contexts, ngrams);
    }

    // p(w|h) = (a(h w) − D) / a(h ·) + γ(h) p(w|h'), and γ(h) is what was discounted and what was pruned.
    private void Fill(Likely likely, Followers followers, Likely? lower, Discounts discounts, long prune)
    {
        var symbols = followers.Symbols;
        var adjusted = followers.Adjusted;
        var raw = followers.Raw;
        var (sum, taken) = (0.0, 0.0);
        for (var at = 0; at < symbols.Length; at++)
        {
            sum += adjusted[at];
            taken += raw[at] <= (ulong)prune ? adjusted[at] : discounts.From(adjusted[at]);
        }

        var backoff = taken / sum;
        likely.Begin((float)backoff);
        var from = 0;
        for (var at = 0; at < symbols.Length; at++)
        {
            if (raw[at] <= (ulong)prune)
                continue;
            var rest = lower is null ? _each : lower.Find(symbols[at], ref from);
            likely.Add(symbols[at], (float)(((adjusted[at] - discounts.From(adjusted[at])) / sum) + (backoff * rest)));
        }
    }
}

/// <summary>What follows one context, with which probability.</summary>
internal sealed class Likely
{
    private uint[] _symbols = new uint[16];
    private float[] _probabilities = new float[16];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>What the context leaves to the shorter one.</summary>
    public float Backoff { get; private set; }

    /// <summary>What follows, in order.</summary>
    public ReadOnlySpan<uint> Symbols => _symbols.AsSpan(0, Count);

    /// <summary>How likely each is.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities.AsSpan(0, Count);

    /// <summary>Begins a context.</summary>
    public void Begin(float backoff) => (Count, Backoff) = (0, backoff);

    /// <summary>Adds one behind the others.</summary>
    public void Add(uint symbol, float probability)
    {
        if (Count == _symbols.Length)
        {
            Array.Resize(ref _symbols, Count * 2);
            Array.Resize(ref _probabilities, Count * 2);
        }

        (_symbols[Count], _probabilities[Count]) = (symbol, probability);
        Count++;
    }

    /// <summary>How likely one is that is there.</summary>
    /// <param name="symbol">What is looked for.</param>
    /// <param name="from">Where to begin: symbols are asked for in order.</param>
    public double Find(uint symbol, ref int from)
    {
        if (Count == 0)
            throw new InvalidDataException("an n-gram is there whose end is not");
        var step = 1;
        while (from + step < Count && _symbols[from + step] <= symbol)
            (from, step) = (from + step, step * 2);
        from += Math.Max(0, _symbols.AsSpan(from, Math.Min(step, Count - from)).BinarySearch(symbol));
        return _symbols[from] == symbol
            ? _probabilities[from]
            : throw new InvalidDataException("an n-gram is there whose end is not");
    }
}

/// <summary>Writes contexts with what follows them, in order.</summary>
internal sealed class ProbabilityWriter<TKey>(Stream stream) : IDisposable
    where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
{
    private readonly VarintWriter _out = new(stream);
    private TKey _last = TKey.Zero;

    public void Write(TKey context, Likely likely)
    {
        _out.Write(context - _last);
        _last = context;
        _out.Write(likely.Backoff);
        _out.Write((uint)likely.Count);
        var before = 0u;
        for (var at = 0; at < likely.Count; at++)
        {
            _out.Write(likely.Symbols[at] - before);
            before = likely.Symbols[at];
            _out.Write(likely.Probabilities[at]);
        }
    }

    public void Dispose() => _out.Dispose();
}

/// <summary>Reads what <see cref="ProbabilityWriter{TKey}"/> wrote.</summary>
internal sealed class ProbabilityReader<TKey>(Stream stream) : IDisposable
    where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
{
    private static readonly Likely Nothing = new();

    private readonly VarintReader _in = new(stream);
    private bool _any;

    /// <summary>Where it stands.</summary>
    public TKey Context { get; private set; } = TKey.Zero;

    /// <summary>What follows it.</summary>
    public Likely Likely { get; } = new();

    /// <summary>Reads the next context; false = there is none.</summary>
    public bool Next()
    {
        if (_in.AtEnd)
            return false;
        Context += _in.Read<TKey>();
        Likely.Begin(_in.ReadSingle());
        var symbol = 0u;
        for (var left = _in.Read<uint>(); left > 0; left--)
        {
            symbol += _in.Read<uint>();
            Likely.Add(symbol, _in.ReadSingle());
        }

        return _any = true;
    }

    /// <summary>Reads on to a context, and gives what follows it: nothing where all of it was pruned, and with it all
    /// that a longer context has.</summary>
    public Likely MoveTo(TKey context)
    {
        while (!_any || Context < context)
        {
            if (!Next())
                break;
        }

        return _any && Context == context ? Likely : Nothing;
    }

    public void Dispose() => _in.Dispose();
}
