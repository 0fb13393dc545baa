using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Aval.Text.Copies;

/// <summary>Takes items that have a number in common.</summary>
/// <param name="number">The number.</param>
/// <param name="items">At least two.</param>
/// <param name="heads">What is said of each; free to be put into another order.</param>
internal delegate void TakeItems(ulong number, ReadOnlySpan<uint> items, Span<SketchHead> heads);

/// <summary>
/// Finds the items that have the same number in a column. Most numbers are one item's alone: two readings of the column
/// tell these apart by a few bits each (<see cref="SeenNumbers"/>), and only what is left is sorted. For one thread.
/// </summary>
/// <param name="sketched">All items.</param>
/// <param name="skipped">Those that are not looked at; null = all are.</param>
internal sealed class SameNumbers(SketchedItems sketched, ItemMarks? skipped)
{
    private readonly SeenNumbers _seen = new(sketched.Count);
    private readonly ulong[] _column = new ulong[SketchWriter.BlockItems];
    private readonly List<ulong> _numbers = [];
    private readonly List<uint> _items = [];

    /// <summary>Takes the items of each number that several have.</summary>
    public void In(int column, TakeItems take)
    {
        var passes = SeenNumbers.Passes(sketched.Count);
        for (var pass = 0; pass < passes; pass++)
        {
            _seen.Clear();
            See(column, pass, passes);
            Collect(column, pass, passes);
            CollectionsMarshal.AsSpan(_numbers).Sort(CollectionsMarshal.AsSpan(_items));
            Take(CollectionsMarshal.AsSpan(_numbers), CollectionsMarshal.AsSpan(_items), take);
        }
    }

    // Optimised at once, as what it calls is: most of its work is done before anybody would notice that it is hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void See(int column, int pass, int passes)
    {
        foreach (var piece in sketched.Pieces)
        {
            var item = piece.First;
            foreach (var number in piece.File.Read(piece.Block, column, _column))
            {
                if (skipped?[item++] != true && SeenNumbers.IsOf(pass, passes, number))
                    _seen.Add(number);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(int column, int pass, int passes)
    {
        _numbers.Clear();
        _items.Clear();
        foreach (var piece in sketched.Pieces)
        {
            var item = piece.First;
            foreach (var number in piece.File.Read(piece.Block, column, _column))
            {
                if (skipped?[item] != true && SeenNumbers.IsOf(pass, passes, number) && _seen.IsOther(number))
                {
                    _numbers.Add(number);
                    _items.Add(item);
                }

                item++;
            }
        }
    }

    // What stood in a place that another number has, too, is alone after all.
    private void Take(Span<ulong> numbers, Span<uint> items, TakeItems take)
    {
        var kept = 0;
        for (int from = 0, to; from < numbers.Length; from = to)
        {
            to = EndOf(numbers, from);
            if (to - from < 2)
                continue;
            numbers[from..to].CopyTo(numbers[kept..]);
            items[from..to].CopyTo(items[kept..]);
            kept += to - from;
        }

        numbers = numbers[..kept];
        var heads = sketched.Heads(items[..kept]);
        for (int from = 0, to; from < numbers.Length; from = to)
        {
            to = EndOf(numbers, from);
            take(numbers[from], items[from..to], heads.AsSpan(from..to));
        }
    }

    private static int EndOf(ReadOnlySpan<ulong> numbers, int from)
    {
        var to = from + 1;
        while (to < numbers.Length && numbers[to] == numbers[from])
            to++;
        return to;
    }
}
