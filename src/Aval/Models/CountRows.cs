using System.Numerics;

namespace Aval.Models;

/// <summary>What followed one context, in the order of the symbols.</summary>
internal sealed class Followers
{
    private uint[] _symbols = new uint[16];
    private ulong[] _adjusted = new ulong[16];
    private ulong[] _raw = new ulong[16];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>What followed.</summary>
    public ReadOnlySpan<uint> Symbols => _symbols.AsSpan(0, Count);

    /// <summary>After how many different symbols the n-gram was seen, or, at the highest order and at the beginning of
    /// a text, how often.</summary>
    public ReadOnlySpan<ulong> Adjusted => _adjusted.AsSpan(0, Count);

    /// <summary>How often it was seen.</summary>
    public ReadOnlySpan<ulong> Raw => _raw.AsSpan(0, Count);

    /// <summary>Takes all away.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds one behind the others.</summary>
    public void Add(uint symbol, ulong adjusted, ulong raw)
    {
        if (Count == _symbols.Length)
        {
            Array.Resize(ref _symbols, Count * 2);
            Array.Resize(ref _adjusted, Count * 2);
            Array.Resize(ref _raw, Count * 2);
        }

        (_symbols[Count], _adjusted[Count], _raw[Count]) = (symbol, adjusted, raw);
        Count++;
    }
}

/// <summary>Writes contexts with what followed them, in order.</summary>
/// <param name="stream">Where to; it stays open.</param>
/// <param name="isHighest">Of the highest order, where both counts are the same one.</param>
internal sealed class CountWriter<TKey>(Stream stream, bool isHighest) : IDisposable
    where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
{
    private readonly VarintWriter _out = new(stream);
    private TKey _last = TKey.Zero;

    public void Write(TKey context, Followers followers)
    {
        _out.Write(context - _last);
        _last = context;
        _out.Write((uint)followers.Count);
        var symbols = followers.Symbols;
        var adjusted = followers.Adjusted;
        var raw = followers.Raw;
        var before = 0u;
        for (var at = 0; at < symbols.Length; at++)
        {
            _out.Write(symbols[at] - before);
            before = symbols[at];
            _out.Write(raw[at]);
            if (!isHighest)
                _out.Write(adjusted[at]);
        }
    }

    public void Dispose() => _out.Dispose();
}

/// <summary>Reads what <see cref="CountWriter{TKey}"/> wrote.</summary>
/// <param name="stream">From where; it is closed with this.</param>
/// <param name="isHighest">As it was written.</param>
internal sealed class CountReader<TKey>(Stream stream, bool isHighest) : IDisposable
    where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
{
    private readonly VarintReader _in = new(stream);

    /// <summary>Where it stands.</summary>
    public TKey Context { get; private set; } = TKey.Zero;

    /// <summary>What followed it, until the next one is read.</summary>
    public Followers Followers { get; } = new();

    /// <summary>Reads the next context; false = there is none.</summary>
    public bool Next()
    {
        if (_in.AtEnd)
            return false;
        Context += _in.Read<TKey>();
        Followers.Clear();
        var symbol = 0u;
        for (var left = _in.Read<uint>(); left > 0; left--)
        {
            symbol += _in.Read<uint>();
            var raw = _in.Read<ulong>();
            Followers.Add(symbol, isHighest ? raw : _in.Read<ulong>(), raw);
        }

        return true;
    }

    public void Dispose() => _in.Dispose();
}

/// <summary>What followed a context, gathered from several places.</summary>
internal sealed class Gathered
{
    private readonly Followers _taken = new();
    private bool[] _marked = new bool[1 << 8];
    private long[] _adjusted = new long[1 << 8];
    private long[] _raw = new long[1 << 8];
    private uint[] _touched = new uint[16];
    private int _count;

    /// <summary>Adds to a symbol, or takes away.</summary>
    public void Add(uint symbol, long adjusted, long raw)
    {
        if (symbol >= _marked.Length)
            Grow(symbol);
        if (!_marked[symbol])
        {
            _marked[symbol] = true;
            if (_count == _touched.Length)
                Array.Resize(ref _touched, _count * 2);
            _touched[_count++] = symbol;
        }

        _adjusted[symbol] += adjusted;
        _raw[symbol] += raw;
    }

    /// <summary>Adds to each of several symbols.</summary>
    public void Add(Followers followers)
    {
        for (var at = 0; at < followers.Count; at++)
            Add(followers.Symbols[at], (long)followers.Adjusted[at], (long)followers.Raw[at]);
    }

    /// <summary>What was gathered, in order, without what is left no times; and begins anew.</summary>
    /// <exception cref="InvalidDataException">More was taken away than was there.</exception>
    public Followers Take()
    {
        _taken.Clear();
        var touched = _touched.AsSpan(0, _count);
        touched.Sort();
        foreach (var symbol in touched)
        {
            if (_raw[symbol] < 0 || _adjusted[symbol] < 0)
                throw new InvalidDataException("less was counted than is to be taken away");
            if (_raw[symbol] > 0)
                _taken.Add(symbol, (ulong)_adjusted[symbol], (ulong)_raw[symbol]);
            (_marked[symbol], _adjusted[symbol], _raw[symbol]) = (false, 0, 0);
        }

        _count = 0;
        return _taken;
    }

    private void Grow(uint symbol)
    {
        var size = Math.Max(_marked.Length * 2, (int)symbol + 1);
        Array.Resize(ref _marked, size);
        Array.Resize(ref _adjusted, size);
        Array.Resize(ref _raw, size);
    }
}
