namespace Aval.Text.Languages;

/// <summary>What was found.</summary>
/// <param name="Code">An ISO 639-1 code, or <c>und</c> when it is not known.</param>
/// <param name="Margin">By how much the best is ahead of the second: each <see cref="LanguageModel.Unit"/> makes it e
/// times as likely. 0 for <c>und</c>.</param>
/// <param name="Letters">How many letters of its script were looked at.</param>
internal readonly record struct DetectedLanguage(string Code, int Margin, int Letters)
{
    /// <summary>Not known.</summary>
    public static DetectedLanguage None(int letters) => new(LanguageModel.Unknown, 0, letters);
}

/// <summary>What scores are kept for: a language in one script or standard.</summary>
/// <param name="Name">For example <c>sr-Latn</c>.</param>
/// <param name="Code">The language that it is, or <c>und</c>: known only so that it is not taken for another.</param>
/// <param name="Script">The script that it is written in.</param>
internal readonly record struct Variety(string Name, string Code, Script Script);
