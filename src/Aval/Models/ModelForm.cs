using System.Globalization;

namespace Aval.Models;

/// <summary>What a text is a sequence of.</summary>
internal enum TextUnit
{
    /// <summary>UTF-8 bytes: 244 symbols, no unknown ones.</summary>
    Byte,

    /// <summary>Unicode scalar values, none of them unknown.</summary>
    Char,

    /// <summary>Runs of letters, marks and digits, and every other visible character by itself.</summary>
    Word,
}

/// <summary>
/// How a reference model reads and counts: everything about it that shows in its bytes. Two models of the same form
/// trained on the same release are the same files.
/// </summary>
/// <param name="Unit">What a text is a sequence of.</param>
/// <param name="Order">How many units an n-gram of the highest order has.</param>
/// <param name="Prune">For each order from 1 up, how often an n-gram may have been seen and is left out; 0 = none is.
/// Never less for a longer one, so that what is kept finds what it continues.</param>
internal sealed record ModelForm(TextUnit Unit, int Order, IReadOnlyList<long> Prune)
{
    /// <summary>The bits of one symbol: an n-gram is one number, of 64 bits for bytes, of 128 for the others.</summary>
    public int Width { get; } = WidthOf(Unit);

    /// <summary>What stands before a text, as often as an n-gram reaches back.</summary>
    public uint Start { get; } = Unit switch { TextUnit.Byte => 0xFE, TextUnit.Char => 0x110000, _ => 0 };

    /// <summary>What stands after a text, once. No UTF-8 text has the bytes FE and FF.</summary>
    public uint End { get; } = Unit switch { TextUnit.Byte => 0xFF, TextUnit.Char => 0x110001, _ => 1 };

    /// <summary>A form with what is usual for its unit where nothing is said.</summary>
    /// <param name="unit">What a text is a sequence of.</param>
    /// <param name="order">1 to 8 for bytes, 6 for characters, 5 for words; null = 8, 6 and 3.</param>
    /// <param name="prune">By order from 1 up, the last for all that follow; null = n-grams of more than six bytes, and
    /// of more than five characters, that were seen once are left out.</param>
    /// <exception cref="AvalException">Usage.</exception>
    public static ModelForm Of(TextUnit unit, int? order = null, IReadOnlyList<long>? prune = null)
    {
        var widest = (unit == TextUnit.Byte ? 64 : 128) / WidthOf(unit);
        var asked = order ?? unit switch { TextUnit.Byte => 8, TextUnit.Char => 6, _ => 3 };
        if (asked < 1 || asked > widest)
            throw AvalException.Usage(string.Create(CultureInfo.InvariantCulture,
                $"--order is a whole number from 1 to {widest} for {NameOf(unit)}s, but {asked} was found. ")
                + "Nothing was trained.");
        var usual = unit switch { TextUnit.Byte => 6, TextUnit.Char => 5, _ => int.MaxValue };
        var below = Enumerable.Range(1, asked)
            .Select(at => prune is { Count: > 0 } ? prune[Math.Min(at, prune.Count) - 1] : at > usual ? 1 : 0)
            .ToArray();
        if (below.Any(count => count < 0) || below.Zip(below.Skip(1)).Any(pair => pair.Second < pair.First))
            throw AvalException.Usage("--prune takes whole numbers from 0, one an order from 1 up, never a smaller one "
                + $"after a larger one, but \"{string.Join(',', prune ?? [])}\" was found: a longer n-gram would be "
                + "kept without what it continues. Nothing was trained.");
        return new ModelForm(unit, asked, below);
    }

    /// <summary>How a unit is written.</summary>
    public static string NameOf(TextUnit unit) => unit switch
    {
        TextUnit.Byte => "byte",
        TextUnit.Char => "char",
        _ => "word",
    };

    /// <summary>The unit of a name.</summary>
    /// <exception cref="AvalException">Usage.</exception>
    public static TextUnit UnitOf(string name) => name switch
    {
        "byte" => TextUnit.Byte,
        "char" => TextUnit.Char,
        "word" => TextUnit.Word,
        _ => throw AvalException.Usage(
            $"--unit is byte, char or word, but \"{Shown.Of(name)}\" was found. Nothing was trained."),
    };

    public bool Equals(ModelForm? other) => other is not null
        && (Unit, Order) == (other.Unit, other.Order) && Prune.SequenceEqual(other.Prune);

    public override int GetHashCode() => HashCode.Combine(Unit, Order);

    private static int WidthOf(TextUnit unit) => unit switch { TextUnit.Byte => 8, TextUnit.Char => 21, _ => 25 };
}
