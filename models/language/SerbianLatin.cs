using System.Text;

namespace Aval.LanguageTraining;

/// <summary>Serbian in the other of its two scripts: letter by letter, which is how it is defined.</summary>
internal static class SerbianLatin
{
    private const string Cyrillic = "абвгдђежзијклљмнњопрстћуфхцчџш";

    private static readonly string[] Latin =
        "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š".Split(' ');

    /// <summary>A text in Latin letters, in lower case.</summary>
    public static string Of(string text)
    {
        var latin = new StringBuilder(text.Length);
        foreach (var unit in text)
        {
            var letter = Cyrillic.IndexOf(char.ToLowerInvariant(unit), StringComparison.Ordinal);
            _ = letter < 0 ? latin.Append(unit) : latin.Append(Latin[letter]);
        }

        return latin.ToString();
    }
}
