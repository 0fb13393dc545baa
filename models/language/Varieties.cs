using Aval.Text.Languages;

namespace Aval.LanguageTraining;

/// <summary>A variety that is trained, and the folders or files of a source that hold it.</summary>
/// <param name="Known">What the model says of it.</param>
/// <param name="Weight">How often it is shown, in tenths: what is rarer among people is rarer here.</param>
/// <param name="Folders">Names in the sources.</param>
internal sealed record TrainedVariety(Variety Known, int Weight, params string[] Folders)
{
    /// <summary>
    /// All, in the order of the model's numbers. Serbian is the Ekavian one: written Ijekavian it is spelt as Croatian
    /// and Bosnian are, and what tells them apart would be lost.
    /// </summary>
    public static IReadOnlyList<TrainedVariety> All { get; } =
    [
        .. "cs da de el en es et fi fr ga hr hu it lt lv mt nl pl ro sk sl sv".Split(' ')
            .Select(code => Of(code, code == "el" ? Script.Greek : Script.Latin, 10, code)),
        Of("bg", Script.Cyrillic, 10, "bg"),
        Of("pt", Script.Latin, 10, "pt", "pt_BR"),
        Of("ca", Script.Latin, 7, "ca"),
        Of("eu", Script.Latin, 7, "eu"),
        Of("gl", Script.Latin, 5, "gl"),
        Of("is", Script.Latin, 7, "is"),
        new(new("no-nb", "no", Script.Latin), 8, "nb", "nb_NO"),
        new(new("no-nn", "no", Script.Latin), 3, "nn"),
        Of("bs", Script.Latin, 3, "bs"),
        new(new("sr-Latn", "sr", Script.Latin), 8, "sr@latin"),
        new(new("sr-Cyrl", "sr", Script.Cyrillic), 10, "sr"),
        Of("uk", Script.Cyrillic, 10, "uk"),
        Of("ru", Script.Cyrillic, 10, "ru"),
        Of("tr", Script.Latin, 10, "tr"),
        Of("ar", Script.Arabic, 10, "ar"),
        SetAside("be", Script.Cyrillic, 4),
        SetAside("mk", Script.Cyrillic, 4),
        SetAside("fa", Script.Arabic, 5),
        SetAside("sq", Script.Latin, 3),
        SetAside("af", Script.Latin, 3),
        SetAside("cy", Script.Latin, 3),
        SetAside("gd", Script.Latin, 3),
        SetAside("id", Script.Latin, 3),
        SetAside("vi", Script.Latin, 3),
        SetAside("eo", Script.Latin, 2),
        SetAside("br", Script.Latin, 2),
    ];

    private static TrainedVariety Of(string code, Script script, int weight, params string[] folders) =>
        new(new(code, code, script), weight, folders);

    // So that Welsh is not said to be English, nor Macedonian Bulgarian.
    private static TrainedVariety SetAside(string name, Script script, int weight) =>
        new(new(name, LanguageModel.Unknown, script), weight, name);
}
