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
        var gathered = new Gathered();
        var (parent, any) = (TKey.Zero, false);
        while (reader.Next())
        {
            var shorter = order == 2 ? TKey.Zero : reader.Context >> form.Width;
            if (any && shorter != parent)
                writer.Write(parent, gathered.Take());
            (parent, any) = (shorter, true);
            Gather(reader, Ngram<TKey>.IsPadding(reader.Context, order, form), gathered, times);
        }

        if (any)
            writer.Write(parent, gathered.Take());
    }

    private static void Gather(CountReader<TKey> reader, bool isPadding, Gathered gathered, CountsOfCounts times)
    {
        var symbols = reader.Followers.Symbols;
        var adjusted = reader.Followers.Adjusted;
        var raw = reader.Followers.Raw;
        for (var at = 0; at < symbols.Length; at++)
        {
            gathered.Add(symbols[at], isPadding ? (long)raw[at] : 1, (long)raw[at]);
            if (!isPadding)
                times.Add(adjusted[at]);
        }
    }

    private static Func<Stream> Drained(
        ModelForm form, Func<Stream> rows, bool isHighest, CountsOfCounts times)
    {
        using var reader = new CountReader<TKey>(rows(), isHighest);
        while (reader.Next())
            Gather(reader, Ngram<TKey>.IsPadding(reader.Context, 1, form), new Gathered(), times);
        return rows;
    }
}
