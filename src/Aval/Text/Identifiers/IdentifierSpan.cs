namespace Aval.Text.Identifiers;

/// <summary>Where an identifier stands.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">The first character, in UTF-16 code units from the beginning of the text.</param>
/// <param name="Length">How many UTF-16 code units it has.</param>
internal readonly record struct IdentifierSpan(IdentifierKind Kind, int Start, int Length)
{
    /// <summary>The first code unit behind it.</summary>
    public int End => Start + Length;
}
