using System.Numerics;

namespace Aval.Models;

/// <summary>
/// How often each n-gram of the highest order was seen in some texts: all of them, in order. They are what is additive
/// in a Kneser-Ney model, so counts of parts add up to those of the whole, and a part can be taken away again; every
/// other number is made from the sums.
/// </summary>
internal sealed class TextCounts
{
    private readonly Func<Stream> _rows;

    internal TextCounts(ModelForm form, Lexicon? lexicon, TextSums sums, Func<Stream> rows) =>
        (Form, Lexicon, Sums, _rows) = (form, lexicon, sums, rows);

    /// <summary>How the texts were read.</summary>
    public ModelForm Form { get; }

    /// <summary>The words; null = the units are bytes or characters, which number themselves.</summary>
    public Lexicon? Lexicon { get; }

    /// <summary>What was read.</summary>
    public TextSums Sums { get; }

    /// <summary>One more than the largest symbol.</summary>
    public int SymbolLimit => Lexicon?.Symbols ?? (int)Form.End + 1;

    /// <summary>Counts texts of UTF-8, in memory.</summary>
    public static TextCounts Of(ModelForm form, IEnumerable<ReadOnlyMemory<byte>> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var counting = Counting.Of(form, scratch: null, long.MaxValue);
        foreach (var text in texts)
            counting.Add(text.Span);
        return counting.Take();
    }

    /// <summary>The counts of several parts together, in memory.</summary>
    public static TextCounts Sum(IReadOnlyList<TextCounts> parts) => Merged(parts, [], Scratch.InMemory);

    /// <summary>These counts without those of a part of the same texts, in memory.</summary>
    public TextCounts Less(TextCounts part) => Merged([this], [part], Scratch.InMemory);

    /// <summary>The counts of some parts together without those of others.</summary>
    /// <param name="added">Parts of one form, at least one.</param>
    /// <param name="taken">Each is one that went into an added one.</param>
    /// <param name="scratch">Where the rows go.</param>
    /// <exception cref="InvalidDataException">More is to be taken away than is there.</exception>
    public static TextCounts Merged(
        IReadOnlyList<TextCounts> added, IReadOnlyList<TextCounts> taken, Scratch scratch)
    {
        ArgumentNullException.ThrowIfNull(added);
        ArgumentNullException.ThrowIfNull(taken);
        ArgumentNullException.ThrowIfNull(scratch);
        var form = added[0].Form;
        if (added.Concat(taken).FirstOrDefault(part => part.Form.Unit != form.Unit || part.Form.Order != form.Order)
            is { } other)
            throw new ArgumentException($"Counts of {other.Form} do not add to those of {form}.", nameof(added));
        var lexicon = form.Unit == TextUnit.Word
            ? Lexicon.Sum(added.Select(part => part.Lexicon!), taken.Select(part => part.Lexicon!))
            : null;
        var rows = form.Unit == TextUnit.Byte
            ? CountMerge<ulong>.Write(form, lexicon, added, taken, scratch)
            : CountMerge<UInt128>.Write(form, lexicon, added, taken, scratch);
        return new TextCounts(form, lexicon, TextSums.Of(added) - TextSums.Of(taken), rows);
    }

    /// <summary>Whether other counts are these, in every number.</summary>
    public bool IsSameAs(TextCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Sums != other.Sums || !Form.Equals(other.Form)
            || (Lexicon is { } words && !(words.Words.SequenceEqual(other.Lexicon!.Words, StringComparer.Ordinal)
                && words.Counts.SequenceEqual(other.Lexicon.Counts))))
            return false;
        using var one = Open();
        using var two = other.Open();
        var (left, right) = (new byte[1 << 16], new byte[1 << 16]);
        while (true)
        {
            var read = one.ReadAtLeast(left, left.Length, throwOnEndOfStream: false);
            if (read != two.ReadAtLeast(right, right.Length, throwOnEndOfStream: false)
                || !left.AsSpan(0, read).SequenceEqual(right.AsSpan(0, read)))
                return false;
            if (read < left.Length)
                return true;
        }
    }

    /// <summary>Its rows from the beginning.</summary>
    internal CountReader<TKey> Read<TKey>()
        where TKey : unmanaged, IBinaryInteger<TKey>, IUnsignedNumber<TKey> => new(_rows(), isHighest: true);

    /// <summary>The bytes of its rows from the beginning.</summary>
    internal Stream Open() => _rows();
}

/// <summary>What was read.</summary>
/// <param name="Texts">How many texts.</param>
/// <param name="Bytes">Of UTF-8.</param>
/// <param name="Units">Bytes, characters or words, without the ends of texts.</param>
internal readonly record struct TextSums(long Texts, long Bytes, long Units)
{
    public static TextSums operator +(TextSums left, TextSums right) =>
        new(left.Texts + right.Texts, left.Bytes + right.Bytes, left.Units + right.Units);

    public static TextSums operator -(TextSums left, TextSums right) =>
        new(left.Texts - right.Texts, left.Bytes - right.Bytes, left.Units - right.Units);

    /// <summary>Of several parts.</summary>
    public static TextSums Of(IEnumerable<TextCounts> parts) =>
        parts.Aggregate(default(TextSums), (sum, part) => sum + part.Sums);
}
