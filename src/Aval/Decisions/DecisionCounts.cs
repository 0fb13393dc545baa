using System.Numerics;
using System.Runtime.InteropServices;

namespace Aval.Decisions;

/// <summary>How many items have this mask, service, kind and language.</summary>
/// <param name="Mask">Which grounds hold; 0 = admitted.</param>
/// <param name="Service">The item's service.</param>
/// <param name="Kind">The item's kind.</param>
/// <param name="Language">Its language; <c>und</c> when nobody can tell.</param>
/// <param name="Items">How many.</param>
internal sealed record Cell(long Mask, string Service, string Kind, string Language, long Items);

/// <summary>How many items have this mask.</summary>
internal readonly record struct MaskCount(long Mask, long Items);

/// <summary>How many items of a slice have this first ground.</summary>
/// <param name="Slice">A service, kind or language.</param>
/// <param name="First">The lowest bit of their masks; −1 = admitted.</param>
/// <param name="Items">How many.</param>
internal readonly record struct SliceCount(string Slice, int First, long Items);

/// <summary>
/// Decided items, counted: all that accounting is made from. What was counted of different items adds up. Of ten
/// million items this is some thousands of numbers, where every mask in every service, kind and language is a million.
/// </summary>
/// <param name="Masks">By mask.</param>
/// <param name="Services">By service and first ground, ordinal order.</param>
/// <param name="Kinds">By kind.</param>
/// <param name="Languages">By language.</param>
internal sealed record DecisionCounts(
    IReadOnlyList<MaskCount> Masks, IReadOnlyList<SliceCount> Services, IReadOnlyList<SliceCount> Kinds,
    IReadOnlyList<SliceCount> Languages)
{
    /// <summary>No items.</summary>
    public static DecisionCounts None { get; } = new([], [], [], []);

    /// <summary>Counts cells.</summary>
    /// <param name="cells">All items, once each.</param>
    public static DecisionCounts Of(IEnumerable<Cell> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        var sums = new Sums();
        foreach (var cell in cells)
        {
            var first = cell.Mask == 0 ? -1 : BitOperations.TrailingZeroCount(cell.Mask);
            Sums.Add(sums.Masks, cell.Mask, cell.Items);
            Sums.Add(sums.Services, (cell.Service, first), cell.Items);
            Sums.Add(sums.Kinds, (cell.Kind, first), cell.Items);
            Sums.Add(sums.Languages, (cell.Language, first), cell.Items);
        }

        return sums.ToCounts();
    }

    /// <summary>Adds up what was counted of different items.</summary>
    public static DecisionCounts Add(IEnumerable<DecisionCounts> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var sums = new Sums();
        foreach (var one in counts)
        {
            foreach (var (mask, items) in one.Masks)
                Sums.Add(sums.Masks, mask, items);
            Sums.Add(sums.Services, one.Services);
            Sums.Add(sums.Kinds, one.Kinds);
            Sums.Add(sums.Languages, one.Languages);
        }

        return sums.ToCounts();
    }

    private sealed class Sums
    {
        public Dictionary<long, long> Masks { get; } = [];

        public Dictionary<(string Slice, int First), long> Services { get; } = [];

        public Dictionary<(string Slice, int First), long> Kinds { get; } = [];

        public Dictionary<(string Slice, int First), long> Languages { get; } = [];

        public static void Add<T>(Dictionary<T, long> sums, T key, long items)
            where T : notnull => CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _) += items;

        public static void Add(Dictionary<(string Slice, int First), long> sums, IReadOnlyList<SliceCount> counts)
        {
            foreach (var (slice, first, items) in counts)
                Add(sums, (slice, first), items);
        }

        // In an order of their own, so that the same counts are the same bytes.
        public DecisionCounts ToCounts() => new(
            [.. Masks.Select(sum => new MaskCount(sum.Key, sum.Value)).OrderBy(count => count.Mask)],
            Sorted(Services), Sorted(Kinds), Sorted(Languages));

        private static SliceCount[] Sorted(Dictionary<(string Slice, int First), long> sums) =>
        [
            .. sums.Select(sum => new SliceCount(sum.Key.Slice, sum.Key.First, sum.Value))
                .OrderBy(count => count.Slice, StringComparer.Ordinal).ThenBy(count => count.First),
        ];
    }
}
