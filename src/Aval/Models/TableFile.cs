using System.Globalization;

namespace Aval.Models;

/// <summary>
/// The probabilities of one language in one file: <c>words</c> where the units are words, and each order by its number
/// (<see cref="ProbabilityWriter{TKey}"/>).
/// </summary>
internal static class TableFile
{
    private const string Words = "words";

    /// <summary>Estimates a language and writes its file.</summary>
    /// <returns>What was estimated, from order 1 up.</returns>
    public static IReadOnlyList<EstimatedOrder> Write(string path, TextCounts counts, Scratch scratch)
    {
        var orders = KneserNey.Estimated(counts, scratch);
        using var file = new SectionWriter(path);
        if (counts.Lexicon is { } lexicon)
            file.Add(Words, stream => CountFile.WriteWords(stream, lexicon));
        for (var order = 1; order <= orders.Count; order++)
            file.Add(NameOf(order), orders[order - 1].Rows);
        return orders;
    }

    /// <summary>Reads a language's probabilities into memory.</summary>
    /// <exception cref="AvalException">Bad input: it is no such file.</exception>
    public static KneserNey Read(string path, ModelForm form)
    {
        var (lexicon, orders) = Open(path, form);
        return KneserNey.Of(form, lexicon, orders);
    }

    /// <summary>The words of a file, and its orders from 1 up.</summary>
    public static (Lexicon? Lexicon, IReadOnlyList<Func<Stream>> Orders) Open(string path, ModelForm form)
    {
        var file = new SectionFile(path);
        return (
            file.Has(Words) ? CountFile.ReadWords(file.Open(Words)) : null,
            [.. Enumerable.Range(1, form.Order).Select(order => (Func<Stream>)(() => file.Open(NameOf(order))))]);
    }

    private static string NameOf(int order) => order.ToString(CultureInfo.InvariantCulture);
}
