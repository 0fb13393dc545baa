using System.Numerics;

namespace Aval.Models;

/// <summary>
/// Counts texts one after the other. What does not fit into memory is laid down in order and added up at the end, so
/// that how much memory there is does not show in the counts.
/// </summary>
internal abstract class Counting
{
    /// <summary>Counts by a form.</summary>
    /// <param name="form">The form.</param>
    /// <param name="scratch">Where it goes when memory is full; null = memory.</param>
    /// <param name="memory">Bytes that it may take.</param>
    public static Counting Of(ModelForm form, Scratch? scratch, long memory)
    {
        ArgumentNullException.ThrowIfNull(form);
        return form.Unit == TextUnit.Byte
            ? new Counting<ulong>(form, scratch ?? Scratch.InMemory, memory)
            : new Counting<UInt128>(form, scratch ?? Scratch.InMemory, memory);
    }

    /// <summary>Counts one text of UTF-8.</summary>
    public abstract void Add(ReadOnlySpan<byte> text);

    /// <summary>The counts of all that was added, and begins anew.</summary>
    public abstract TextCounts Take();
}

/// <inheritdoc/>
internal sealed class Counting<TKey> : Counting
    where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
{
    // A count has 32 bits while it is counted, and every symbol adds at most one to one of them.
    private const long MostSymbols = uint.MaxValue;

    // A word in the dictionary of those that were met.
    private const int WordMemory = 96;

    private readonly ModelForm _form;
    private readonly Scratch _scratch;
    private readonly long _memory;
    private readonly CountTable<TKey> _table = new();
    private readonly Symbols _symbols;
    private readonly List<TextCounts> _laid = [];
    private readonly Dictionary<string, uint> _met = new(StringComparer.Ordinal);
    private readonly Dictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> _found;
    private readonly List<long> _times = [];
    private TextSums _sums;

    internal Counting(ModelForm form, Scratch scratch, long memory)
    {
        (_form, _scratch, _memory) = (form, scratch, memory);
        _found = _met.GetAlternateLookup<ReadOnlySpan<char>>();
        _symbols = new Symbols(form.Unit, Meet);
    }

    /// <inheritdoc/>
    public override void Add(ReadOnlySpan<byte> text)
    {
        var symbols = _symbols.Read(text);
        var context = Ngram<TKey>.StartOf(_form);
        var width = _form.Width;
        foreach (var symbol in symbols)
        {
            _table.Add((context << width) | TKey.CreateTruncating(symbol));
            context = Ngram<TKey>.After(context, symbol, _form);
        }

        _table.Add((context << width) | TKey.CreateTruncating(_form.End));
        _sums += new TextSums(1, text.Length, symbols.Length);
        if (_table.Memory + (_met.Count * WordMemory) > _memory || _sums.Units + _sums.Texts > MostSymbols / 2)
            LayDown();
    }

    /// <inheritdoc/>
    public override TextCounts Take()
    {
        if (_sums.Texts > 0 || _laid.Count == 0)
            LayDown();
        var all = _laid.Count == 1 ? _laid[0] : TextCounts.Merged([.. _laid], [], _scratch);
        _laid.Clear();
        return all;
    }

    private uint Meet(ReadOnlySpan<char> word)
    {
        if (_found.TryGetValue(word, out var symbol))
        {
            _times[(int)(symbol - Lexicon.First)]++;
            return symbol;
        }

        symbol = Lexicon.First + (uint)_met.Count;
        _met.Add(word.ToString(), symbol);
        _times.Add(1);
        return symbol;
    }

    private void LayDown()
    {
        var (lexicon, map) = _form.Unit == TextUnit.Word ? Sorted() : (null, null);
        var (keys, counts) = _table.Take(map is null ? null : key => Renumbered(key, map));
        var rows = _scratch.Write(stream => Write(stream, keys, counts));
        _laid.Add(new TextCounts(_form, lexicon, _sums, rows));
        _sums = default;
        _met.Clear();
        _times.Clear();
    }

    // Words are numbered as they are met, and in their own order once all are known.
    private (Lexicon Lexicon, uint[] Map) Sorted()
    {
        var words = _met.Keys.Order(StringComparer.Ordinal).ToArray();
        var map = new uint[Lexicon.First + words.Length];
        for (var at = 0u; at < Lexicon.First; at++)
            map[at] = at;
        var counts = new long[words.Length];
        for (var at = 0; at < words.Length; at++)
        {
            var met = _met[words[at]];
            map[met] = Lexicon.First + (uint)at;
            counts[at] = _times[(int)(met - Lexicon.First)];
        }

        return (new Lexicon(words, counts), map);
    }

    private TKey Renumbered(TKey key, uint[] map)
    {
        var renumbered = TKey.Zero;
        for (var at = _form.Order - 1; at >= 0; at--)
            renumbered = (renumbered << _form.Width)
                | TKey.CreateTruncating(map[Ngram<TKey>.SymbolAt(key, at, _form.Width)]);
        return renumbered;
    }

    private void Write(Stream stream, TKey[] keys, uint[] counts)
    {
        using var writer = new CountWriter<TKey>(stream, isHighest: true);
        var followers = new Followers();
        var symbol = (TKey.One << _form.Width) - TKey.One;
        for (var at = 0; at < keys.Length;)
        {
            var context = ContextOf(keys[at]);
            followers.Clear();
            for (; at < keys.Length && ContextOf(keys[at]) == context; at++)
                followers.Add(uint.CreateTruncating(keys[at] & symbol), counts[at], counts[at]);
            writer.Write(context, followers);
        }
    }

    private TKey ContextOf(TKey key) => _form.Order == 1 ? TKey.Zero : key >> _form.Width;
}
