using Aval.Text.Languages;

namespace Aval.LanguageTraining;

/// <summary>How a model is made.</summary>
/// <param name="TableBits">The table has 2^this places.</param>
/// <param name="Rows">Runs of letters that get a row, at most 65,535.</param>
/// <param name="Counted">UTF-16 units of each variety by which runs are chosen.</param>
/// <param name="Passages">Passages that are learnt from.</param>
internal sealed record Recipe(int TableBits, int Rows, int Counted, int Passages)
{
    /// <summary>That of the model that ships.</summary>
    public static Recipe Shipped { get; } = new(20, 65_535, 1_500_000, 10_000_000);
}

/// <summary>Texts into a model: the same bytes whenever.</summary>
internal static class Trainer
{
    private const float Rate = 0.15f;

    /// <summary>Trains on texts by variety, in the order of <see cref="TrainedVariety.All"/>.</summary>
    public static LanguageModel Train(List<SourceText>[] texts, Recipe recipe, Action<string> say)
    {
        var varieties = TrainedVariety.All.Select(variety => variety.Known).ToArray();
        var chosen = Selection.Of(texts, recipe.Counted, recipe.Rows);
        say($"{chosen.Count} runs of letters chosen");
        var table = new ushort[1 << recipe.TableBits];
        foreach (var gram in chosen)
            table[gram >> (64 - recipe.TableBits)] = 1;
        ushort rows = 0;
        for (var place = 0; place < table.Length; place++)
        {
            if (table[place] == 1)
                table[place] = ++rows;
        }

        var regression = new Regression(rows, varieties, Rate);
        var snippets = new Snippets(texts, seed: 4_711);
        var random = new Generator(42);
        var grams = new List<ulong>();
        var found = new List<int>();
        for (var passage = 0; passage < recipe.Passages; passage++)
        {
            var (variety, text) = snippets.Next();
            grams.Clear();
            found.Clear();
            Grams.All(text, grams);
            foreach (var gram in grams)
            {
                // A quarter is not seen, so that no single run is relied on.
                if (table[gram >> (64 - recipe.TableBits)] is > 0 and var row && random.Below(4) > 0)
                    found.Add(row);
            }

            regression.Learn(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(found), variety);
            if (passage % 500_000 == 0)
                say($"{passage} passages learnt");
        }

        return new LanguageModel(varieties, table, regression.Quantised());
    }
}
