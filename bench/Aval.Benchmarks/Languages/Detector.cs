using Aval.Text.Languages;
using Lingua;

namespace Aval.Benchmarks.Languages;

/// <summary>One that is asked for the language of a text, and answers with one of our codes or <c>und</c>.</summary>
internal sealed record Detector(string Name, string Size, Func<string, string> Ask)
{
    /// <summary>Ours.</summary>
    public static Detector Ours(LanguageModel model, long bytes) =>
        new("Aval", Megabytes(bytes), text => model.Detect(text).Code);

    /// <summary>fastText's compressed model for 176 languages; an answer that is none of ours is und.</summary>
    public static Detector FastText(string path, IReadOnlyCollection<string> codes)
    {
        var model = new FastText(path);
        return new(
            "fastText lid.176.ftz", Megabytes(new FileInfo(path).Length), text => Ours(model.Label(text), codes));
    }

    /// <summary>Lingua, told which languages there are, which is the best that it can be given.</summary>
    public static Detector LinguaOf(IReadOnlyCollection<string> codes)
    {
        var known = Enum.GetValues<Language>()
            .Where(language => codes.Contains(Ours(Iso(language), codes))).ToArray();
        var detector = LanguageDetectorBuilder.FromLanguages(known).WithPreloadedLanguageModels().Build();
        return new("Lingua 2.0.0", "73.6 MB", text => Ours(Iso(detector.DetectLanguageOf(text)), codes));
    }

    private static string Iso(Language language) =>
        language == Language.Unknown ? "und" : language.IsoCode6391().ToString();

    private static string Ours(string code, IReadOnlyCollection<string> codes) => code.ToLowerInvariant() switch
    {
        "nb" or "nn" => "no",
        "sh" => "sr",
        var own => codes.Contains(own) ? own : "und",
    };

    private static string Megabytes(long bytes) => $"{bytes / 1e6:0.0} MB";
}
