namespace Aval.Text.Identifiers;

/// <summary>Puts placeholders where identifiers stand.</summary>
internal static class IdentifierMask
{
    /// <summary>The text with every span replaced by its kind's placeholder, and all else as it was.</summary>
    /// <param name="text">The text that was searched.</param>
    /// <param name="found">What was found in it, in order.</param>
    public static string Apply(ReadOnlySpan<char> text, IReadOnlyList<IdentifierSpan> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        var length = text.Length;
        foreach (var span in found)
            length += span.Kind.ToPlaceholder().Length - span.Length;
        return string.Create(
            length, new Spans(text, found), static (masked, state) => Fill(masked, state.Text, state.Found));
    }

    private static void Fill(Span<char> masked, ReadOnlySpan<char> text, IReadOnlyList<IdentifierSpan> found)
    {
        var from = 0;
        foreach (var span in found)
        {
            text[from..span.Start].CopyTo(masked);
            masked = masked[(span.Start - from)..];
            span.Kind.ToPlaceholder().CopyTo(masked);
            masked = masked[span.Kind.ToPlaceholder().Length..];
            from = span.End;
        }

        text[from..].CopyTo(masked);
    }

    private readonly ref struct Spans(ReadOnlySpan<char> text, IReadOnlyList<IdentifierSpan> found)
    {
        public ReadOnlySpan<char> Text { get; } = text;

        public IReadOnlyList<IdentifierSpan> Found { get; } = found;
    }
}
