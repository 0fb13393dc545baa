namespace Aval.Benchmarks.Copies;

/// <summary>What people do to a text when they post it again.</summary>
internal enum PlantedEdit
{
    /// <summary>A letter in sixty is another, missing or swapped.</summary>
    Typo,

    /// <summary>Capitals, and emoji between and behind the words.</summary>
    Emoji,

    /// <summary>The last eighth is cut off.</summary>
    Truncation,

    /// <summary>It stands in a text of somebody's own.</summary>
    Quotation,
}

/// <summary>Plants edits; the same seed plants the same ones.</summary>
internal sealed class EditPlanter(int seed)
{
    private const int LettersATypo = 60;
    private readonly Random _random = new(seed);

    /// <summary>Edits a text.</summary>
    /// <param name="edit">How.</param>
    /// <param name="text">At least 80 characters.</param>
    /// <param name="around">Whose words stand around a quote.</param>
    public string Plant(PlantedEdit edit, string text, string around) => edit switch
    {
        PlantedEdit.Typo => Typos(text),
        PlantedEdit.Emoji => $"{text[..20].ToUpperInvariant()} 😂{text[20..]}!!! 🙏🙏",
        PlantedEdit.Truncation => text[..(text.Length - (text.Length / 8))] + "…",
        PlantedEdit.Quotation => $"{around[..(around.Length / 2)]}: \"{text}\" {around[(around.Length / 2)..]}",
    };

    private string Typos(string text)
    {
        var letters = text.ToList();
        for (var typo = 0; typo <= text.Length / LettersATypo; typo++)
        {
            var at = _random.Next(letters.Count - 1);
            switch (_random.Next(3))
            {
                case 0:
                    letters.RemoveAt(at);
                    break;
                case 1:
                    letters[at] = (char)('a' + _random.Next(26));
                    break;
                default:
                    (letters[at], letters[at + 1]) = (letters[at + 1], letters[at]);
                    break;
            }
        }

        return new string([.. letters]);
    }
}
