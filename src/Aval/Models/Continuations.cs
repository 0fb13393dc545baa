using System.Numerics;

namespace Aval.Models;

/// <summary>The counts of one order.</summary>
/// <param name="Rows">Its rows, from the beginning.</param>
/// <param name="Counts">How many n-grams were counted how often.</param>
internal sealed record CountedOrder(Func<Stream> Rows, CountsOfCounts Counts);

/// <summary>
/// Makes the counts of the lower orders from those of the highest: how many different symbols were seen before an
/// n-gram (Kneser and Ney 1995), and for one with which a text begins, before which nothing differs, how often. They
/// are no sums of the parts' counts, so they are always made from the merged ones.
/// </summary>
internal static class Continuations<TKey>
    where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
{
    /// <summary>The counts of each order, from 1 up.</summary>
    public static IReadOnlyList<CountedOrder> Of(TextCounts counts, Scratch scratch)
    {
        var orders = new CountedOrder[counts.Form.Order];
        var rows = counts.Open;
        for (var order = counts.Form.Order; order >= 1; order--)
        {
            var times = new CountsOfCounts();
            var isHighest = order == counts.Form.Order;
            var (form, from) = (counts.Form, rows);
            var below = order == 1
                ? Drained(form, from, isHighest, times)
                : scratch.Write(stream => Shorten(form, order, from, stream, isHighest, times));
            orders[order - 1] = new CountedOrder(rows, times);
            rows = below;
        }

        return orders;
    }

    // Contexts that end alike lie together, whatever stands farthest back in them.
    private static void Shorten(
        ModelForm form, int order, Func<Stream> rows, Stream below, bool isHighest, CountsOfCounts times)
    {
        using var reader = new CountReader<TKey>(rows(), isHighest);
        using var writer = new CountWriter<TKey>(below, isHighest: false);
        var (gathered, only) = (new Gathered(), new Followers());
        var (parent, children) = (TKey.Zero, 0);
        while (reader.Next())
        {
            var shorter = order == 2 ? TKey.Zero : reader.Context >> form.Width;
            if (children > 0 && shorter != parent)
            {
                writer.Write(parent, children == 1 ? only : gathered.Take());
                children = 0;
            }

            // Most have one child, whose followers are its own and in order.
            if (children == 1)
                gathered.Add(only);
            parent = shorter;
            var isPadding = Ngram<TKey>.IsPadding(reader.Context, order, form);
            Shorten(reader.Followers, isPadding, only, times);
            if (children++ > 0)
                gathered.Add(only);
        }

        if (children > 0)
            writer.Write(parent, children == 1 ? only : gathered.Take());
    }

    private static void Shorten(Followers from, bool isPadding, Followers to, CountsOfCounts times)
    {
        var symbols = from.Symbols;
        var adjusted = from.Adjusted;
        var raw = from.Raw;
        to.Clear();
        for (var at = 0; at < symbols.Length; at++)
        {
            to.Add(symbols[at], isPadding ? raw[at] : 1, raw[at]);
            if (!isPadding)
                times.Add(adjusted[at]);
        }
    }

    private static Func<Stream> Drained(
        ModelForm form, Func<Stream> rows, bool isHighest, CountsOfCounts times)
    {
        using var reader = new CountReader<TKey>(rows(), isHighest);
        while (reader.Next())
            Shorten(reader.Followers, Ngram<TKey>.IsPadding(reader.Context, 1, form), new Followers(), times);
        return rows;
    }
}
