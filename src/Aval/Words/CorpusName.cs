using System.Text.RegularExpressions;

namespace Aval;

/// <summary>A corpus's name, for example <c>opt-out</c>: it is a directory's name too.</summary>
internal sealed partial record CorpusName
{
    private CorpusName(string text) => Text = text;

    /// <summary>The name.</summary>
    public string Text { get; }

    /// <summary>Reads a name.</summary>
    /// <exception cref="AvalException">Usage: it could not be a directory of its own.</exception>
    public static CorpusName Parse(string text) => Shape().IsMatch(text)
        ? new CorpusName(text)
        : throw AvalException.Usage("A corpus's name has 1–64 of a-z, 0-9, '.', '_' and '-' and starts with a letter "
            + $"or digit, but \"{text}\" was found. Nothing was done.");

    /// <inheritdoc/>
    public override string ToString() => Text;

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
