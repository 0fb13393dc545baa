using System.Numerics;
using System.Runtime.CompilerServices;

namespace Aval.Models;

/// <summary>How often each n-gram was seen, in memory.</summary>
/// <typeparam name="TKey">An n-gram's number.</typeparam>
internal sealed class CountTable<TKey>
    where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
{
    private TKey[] _keys = new TKey[1 << 12];
    private uint[] _counts = new uint[1 << 12];

    /// <summary>How many different ones.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that it takes, with those that the next step of its growth takes beside them.</summary>
    public long Memory => 3L * _keys.Length * (Unsafe.SizeOf<TKey>() + sizeof(uint));

    /// <summary>One more.</summary>
    public void Add(TKey key)
    {
        var mask = _keys.Length - 1;
        var slot = (int)Ngram<TKey>.Hash(key) & mask;
        while (_counts[slot] != 0)
        {
            if (_keys[slot] == key)
            {
                _counts[slot]++;
                return;
            }

            slot = (slot + 1) & mask;
        }

        (_keys[slot], _counts[slot]) = (key, 1);
        if (++Count > _keys.Length / 8 * 5)
            Grow();
    }

    /// <summary>All in order, and begins anew.</summary>
    /// <param name="renumber">A key as it is to be.</param>
    public (TKey[] Keys, uint[] Counts) Take(Func<TKey, TKey>? renumber)
    {
        var (keys, counts, at) = (new TKey[Count], new uint[Count], 0);
        for (var slot = 0; slot < _keys.Length; slot++)
        {
            if (_counts[slot] != 0)
                (keys[at], counts[at++]) = (renumber is null ? _keys[slot] : renumber(_keys[slot]), _counts[slot]);
        }

        (_keys, _counts, Count) = (new TKey[1 << 12], new uint[1 << 12], 0);
        RadixSort.Sort(ref keys, ref counts);
        return (keys, counts);
    }

    private void Grow()
    {
        var (keys, counts) = (_keys, _counts);
        (_keys, _counts) = (new TKey[keys.Length * 2], new uint[keys.Length * 2]);
        var mask = _keys.Length - 1;
        for (var from = 0; from < keys.Length; from++)
        {
            if (counts[from] == 0)
                continue;
            var slot = (int)Ngram<TKey>.Hash(keys[from]) & mask;
            while (_counts[slot] != 0)
                slot = (slot + 1) & mask;
            (_keys[slot], _counts[slot]) = (keys[from], counts[from]);
        }
    }
}
