using System.Numerics;

namespace Aval.Models;

/// <summary>Adds counts of several parts up and takes others away, in one pass over all of them.</summary>
internal sealed class CountMerge<TKey>
    where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
{
    private readonly record struct Part(CountReader<TKey> Reader, uint[]? Map, long Sign);

    private readonly ModelForm _form;
    private readonly Gathered _gathered = new();
    private readonly Followers _own = new();
    private readonly Followers _left = new();
    private readonly uint[]? _last;

    private CountMerge(ModelForm form, uint[]? last) => (_form, _last) = (form, last);

    /// <summary>Lays the sums down.</summary>
    /// <param name="form">The form of all.</param>
    /// <param name="lexicon">The words that are left; null = the units number themselves.</param>
    /// <param name="added">What is added up.</param>
    /// <param name="taken">What is taken away.</param>
    /// <param name="scratch">Where to.</param>
    public static Func<Stream> Write(
        ModelForm form, Lexicon? lexicon, IReadOnlyList<TextCounts> added, IReadOnlyList<TextCounts> taken,
        Scratch scratch)
    {
        // Under the numbers of all words, those that are taken away too, every part stays in order.
        var all = lexicon is null || taken.Count == 0 ? lexicon : Lexicon.Sum(added.Select(one => one.Lexicon!), []);
        var parts = new List<Part>();
        try
        {
            foreach (var (counts, sign) in added.Select(one => (one, 1L)).Concat(taken.Select(one => (one, -1L))))
                parts.Add(new Part(counts.Read<TKey>(), all is null ? null : counts.Lexicon!.To(all), sign));
            var merge = new CountMerge<TKey>(form, ReferenceEquals(all, lexicon) ? null : all!.To(lexicon!));
            return scratch.Write(stream => merge.Write(stream, parts));
        }
        finally
        {
            foreach (var part in parts)
                part.Reader.Dispose();
        }
    }

    private void Write(Stream stream, List<Part> parts)
    {
        using var writer = new CountWriter<TKey>(stream, isHighest: true);
        var waiting = new Heap(parts.Count);
        foreach (var part in parts)
        {
            if (Next(part) is { } first)
                waiting.Add(first, part);
        }

        var same = new List<Part>();
        while (waiting.Count > 0)
        {
            var context = waiting.Least;
            same.Clear();
            // Whatever stands at this context waits behind it until all of them have been found.
            while (waiting.Count > 0 && waiting.Least == context)
                same.Add(waiting.Take());
            var followers = same is [{ Sign: 1, Map: null } only] ? only.Reader.Followers : Sum(same);
            if (followers.Count > 0 && _last is not null)
                writer.Write(Renumbered(context, _last), Renumbered(followers, _last, _left));
            else if (followers.Count > 0)
                writer.Write(context, followers);
            foreach (var one in same)
            {
                if (Next(one) is { } next)
                    waiting.Add(next, one);
            }
        }
    }

    private Followers Sum(List<Part> parts)
    {
        if (parts is [{ Sign: 1 } only])
            return Renumbered(only.Reader.Followers, only.Map!, _own);
        foreach (var part in parts)
        {
            var symbols = part.Reader.Followers.Symbols;
            var raw = part.Reader.Followers.Raw;
            for (var at = 0; at < symbols.Length; at++)
            {
                var count = part.Sign * (long)raw[at];
                _gathered.Add(part.Map is { } map ? map[symbols[at]] : symbols[at], count, count);
            }
        }

        return _gathered.Take();
    }

    private static Followers Renumbered(Followers followers, uint[] map, Followers into)
    {
        into.Clear();
        for (var at = 0; at < followers.Count; at++)
            into.Add(map[followers.Symbols[at]], followers.Adjusted[at], followers.Raw[at]);
        return into;
    }

    private TKey? Next(Part part) => !part.Reader.Next() ? null
        : part.Map is { } map ? Renumbered(part.Reader.Context, map) : part.Reader.Context;

    private TKey Renumbered(TKey context, uint[] map)
    {
        var renumbered = TKey.Zero;
        for (var at = _form.Order - 2; at >= 0; at--)
            renumbered = (renumbered << _form.Width)
                | TKey.CreateTruncating(map[Ngram<TKey>.SymbolAt(context, at, _form.Width)]);
        return renumbered;
    }

    // A binary heap of parts by the context at which each stands.
    private sealed class Heap(int most)
    {
        private readonly TKey[] _contexts = new TKey[most];
        private readonly Part[] _parts = new Part[most];

        public int Count { get; private set; }

        public TKey Least => _contexts[0];

        public void Add(TKey context, Part part)
        {
            var at = Count++;
            while (at > 0 && context < _contexts[(at - 1) / 2])
            {
                var above = (at - 1) / 2;
                (_contexts[at], _parts[at]) = (_contexts[above], _parts[above]);
                at = above;
            }

            (_contexts[at], _parts[at]) = (context, part);
        }

        public Part Take()
        {
            var least = _parts[0];
            var (context, part) = (_contexts[--Count], _parts[Count]);
            var at = 0;
            while ((2 * at) + 1 < Count)
            {
                var below = (2 * at) + 1;
                below += below + 1 < Count && _contexts[below + 1] < _contexts[below] ? 1 : 0;
                if (context <= _contexts[below])
                    break;
                (_contexts[at], _parts[at]) = (_contexts[below], _parts[below]);
                at = below;
            }

            (_contexts[at], _parts[at]) = (context, part);
            return least;
        }
    }
}
