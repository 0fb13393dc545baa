using System.Globalization;

namespace Aval.Proofs;

/// <summary>The place of an entry, of whatever kind, in the ledger: gapless from 0.</summary>
public readonly record struct EntryIndex(long Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How many entries a ledger has, or had: the choices with an index below it are honoured.</summary>
public readonly record struct TreeSize(long Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Reads a size or an index as the formats write it: decimal, no sign, no leading zero, below 2⁶³.
    /// </summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        if (text.IsEmpty || (text[0] == '0' && text.Length > 1))
            return false;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
