using Aval.Documents;

namespace Aval.Papers;

/// <summary>All that papers say, in one language: one file a language (<c>Papers/Words/LANGUAGE.json</c>), each with
/// the same sentences under the same names. A sentence names what is put into it in braces.</summary>
internal sealed class PaperText
{
    private static readonly WordFiles<PaperText> Texts = new("papers/", text => text.Language);

    /// <summary>Its code (BCP 47).</summary>
    public required string Language { get; init; }

    /// <summary>The sentences by their names.</summary>
    public required IReadOnlyDictionary<string, string> Sentences { get; init; }

    /// <summary>All of them.</summary>
    public static IEnumerable<PaperText> All => Texts.Languages.Select(Of);

    /// <summary>Those of a language.</summary>
    /// <exception cref="AvalException">Usage: there is none of this language.</exception>
    public static PaperText Of(string language) => Texts.Of(DocumentText.Of(language).Language)!;

    /// <summary>A sentence by its name.</summary>
    public string this[string name] => Sentences[name];
}
