using System.Globalization;
using System.Numerics;
using System.Text;

namespace Aval.Models;

/// <summary>
/// A model in the format that toolkits for n-gram models read (ARPA, of Doug Paul's at MIT Lincoln Laboratory):
/// log₁₀ of the probability, the n-gram, log₁₀ of what its context leaves to the shorter one. A byte is written as
/// <c>0x61</c>, and a character that a reader would take for the end of a word as <c>U+0020</c>.
/// </summary>
internal static class ArpaFile
{
    /// <summary>Writes a model.</summary>
    public static void Write(KneserNey model, TextWriter output)
    {
        if (model is KneserNey<ulong> narrow)
            Write(narrow, output);
        else
            Write((KneserNey<UInt128>)model, output);
    }

    private static void Write<TKey>(KneserNey<TKey> model, TextWriter output)
        where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
    {
        var form = model.Form;
        var longer = model.Longer;
        output.Write("\\data\\\n");
        output.Write(string.Create(CultureInfo.InvariantCulture, $"ngram 1={model.EverRead.Length + 2}\n"));
        for (var order = 2; order <= form.Order; order++)
            output.Write(string.Create(
                CultureInfo.InvariantCulture, $"ngram {order}={longer[order - 2].Symbols.Length}\n"));
        output.Write("\n\\1-grams:\n");
        Line(output, model.ByItself[(int)Unread(model)], "<unk>", form.Order > 1 ? 1 : null);
        Line(output, null, "<s>", BackoffOf(model, 1, TKey.Zero, form.Start));
        foreach (var symbol in model.EverRead)
            Line(output, model.ByItself[(int)symbol], Spelled(model, symbol),
                BackoffOf(model, 1, TKey.Zero, symbol));
        for (var order = 2; order <= form.Order; order++)
        {
            output.Write(string.Create(CultureInfo.InvariantCulture, $"\n\\{order}-grams:\n"));
            WriteOrder(model, order, output);
        }

        output.Write("\n\\end\\\n");
    }

    private static void WriteOrder<TKey>(KneserNey<TKey> model, int order, TextWriter output)
        where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
    {
        var table = model.Longer[order - 2];
        var words = new StringBuilder();
        for (var at = 0; at < table.Contexts.Length; at++)
        {
            var context = table.Contexts[at];
            words.Clear();
            for (var back = 0; back < order - 1; back++)
                words.Append(Spelled(model, Ngram<TKey>.SymbolAt(context, back, model.Form.Width))).Append(' ');
            var before = words.ToString();
            for (var follower = table.Starts[at]; follower < table.Starts[at + 1]; follower++)
            {
                var symbol = table.Symbols[follower];
                Line(output, table.Probabilities[follower], before + Spelled(model, symbol),
                    BackoffOf(model, order, context, symbol));
            }
        }
    }

    // Nothing follows the end, and nothing is known of what follows an n-gram of the highest order.
    private static float? BackoffOf<TKey>(KneserNey<TKey> model, int order, TKey context, uint symbol)
        where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
    {
        if (order == model.Form.Order)
            return null;
        var longer = model.Longer[order - 1];
        var at = longer.Find((TKey.CreateTruncating(symbol) << (model.Form.Width * (order - 1))) | context);
        return at < 0 ? 1 : longer.Backoffs[at];
    }

    // A symbol that was never read: any of them is as likely as the others.
    private static uint Unread<TKey>(KneserNey<TKey> model)
        where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
    {
        if (model.Lexicon is not null)
            return Lexicon.Unknown;
        var read = model.EverRead.ToArray().ToHashSet();
        return Vocabulary.Of(model.Form, model.Lexicon).First(symbol => !read.Contains(symbol));
    }

    private static string Spelled<TKey>(KneserNey<TKey> model, uint symbol)
        where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey>
    {
        if (symbol == model.Form.Start)
            return "<s>";
        if (symbol == model.Form.End)
            return "</s>";
        if (model.Lexicon is { } lexicon)
            return lexicon.WordOf(symbol) ?? "<unk>";
        if (model.Form.Unit == TextUnit.Byte)
            return string.Create(CultureInfo.InvariantCulture, $"0x{symbol:X2}");
        var rune = new Rune(symbol);
        return Rune.IsWhiteSpace(rune) || Rune.IsControl(rune)
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format
            ? string.Create(CultureInfo.InvariantCulture, $"U+{symbol:X4}")
            : rune.ToString();
    }

    private static void Line(TextWriter output, float? probability, string ngram, float? backoff)
    {
        output.Write(probability is { } likely
            ? Math.Log10(likely).ToString("0.0######", CultureInfo.InvariantCulture)
            : "-99");
        output.Write('\t');
        output.Write(ngram);
        if (backoff is { } left)
        {
            output.Write('\t');
            output.Write(Math.Log10(left).ToString("0.0######", CultureInfo.InvariantCulture));
        }

        output.Write('\n');
    }
}
