using Aval.Text.Languages;

namespace Aval.LanguageTraining;

/// <summary>
/// Which runs of letters get a row: those that tell most. A run tells <c>Σ cₗ log₂(cₗ·L/c)</c> when language l has it
/// cₗ times in as much text of each of L languages. In whole numbers, so that no processor orders two runs otherwise.
/// </summary>
internal static class Selection
{
    private const int Slots = 1 << 24;
    private const int Least = 12;

    /// <summary>The numbers of the runs that tell most.</summary>
    /// <param name="texts">Texts by variety.</param>
    /// <param name="units">UTF-16 units of each variety that are counted.</param>
    /// <param name="count">How many.</param>
    public static HashSet<ulong> Of(List<SourceText>[] texts, int units, int count)
    {
        var seen = new byte[Slots];
        Count(texts, units, (_, gram) =>
        {
            ref var slot = ref seen[gram >> 40];
            if (slot < byte.MaxValue)
                slot++;
        });
        var counts = new Dictionary<ulong, int>();
        var table = new List<int[]>();
        Count(texts, units, (variety, gram) =>
        {
            if (seen[gram >> 40] < Least)
                return;
            if (!counts.TryGetValue(gram, out var row))
            {
                counts.Add(gram, row = table.Count);
                table.Add(new int[texts.Length]);
            }

            table[row][variety]++;
        });
        return [.. counts.Select(pair => (pair.Key, Told: Told(table[pair.Value])))
            .OrderByDescending(pair => pair.Told).ThenBy(pair => pair.Key).Take(count).Select(pair => pair.Key)];
    }

    private static void Count(List<SourceText>[] texts, int units, Action<int, ulong> gram)
    {
        var grams = new List<ulong>();
        for (var variety = 0; variety < texts.Length; variety++)
        {
            var snippets = new Snippets(texts, (ulong)variety + 1);
            for (var read = 0; read < units;)
            {
                var text = snippets.Of(variety);
                read += text.Length + 1;
                grams.Clear();
                Grams.All(text, grams);
                foreach (var one in grams)
                    gram(variety, one);
            }
        }
    }

    private static long Told(int[] counts)
    {
        var sum = 0L;
        foreach (var count in counts)
            sum += count;
        var told = 0L;
        foreach (var count in counts)
        {
            if (count > 0)
                told += count * (Log2((ulong)count * (ulong)counts.Length) - Log2((ulong)sum));
        }

        return told;
    }

    // In 65,536ths, linear between powers of two and corrected: within a hundredth of the logarithm.
    private static long Log2(ulong value)
    {
        var whole = System.Numerics.BitOperations.Log2(value);
        var part = (long)((value << (63 - whole) << 1) >> 48);
        return ((long)whole << 16) + part + ((part * (65_536 - part) >> 16) * 22_600 >> 16);
    }
}
