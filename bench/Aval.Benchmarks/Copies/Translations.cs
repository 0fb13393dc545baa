using System.IO.Compression;
using System.Text.Json;
using Aval.Policies;
using Aval.Text.Copies;

namespace Aval.Benchmarks.Copies;

/// <summary>
/// Whether a translation is called a copy: the same sentences in 24 languages, each held against its translation into
/// each other language, by what decides on a candidate.
/// </summary>
internal static class Translations
{
    /// <summary>Prints how many pairs are alike or quoted.</summary>
    /// <param name="folder">A file a language, in which each sentence has the same <c>id</c>.</param>
    /// <param name="similarity">From which part on two are alike.</param>
    /// <param name="least">Shorter texts are nobody's copy.</param>
    public static void Hold(string folder, Ratio similarity, int least)
    {
        var sentences = Directory.EnumerateFiles(folder, "*.jsonl.gz").Order(StringComparer.Ordinal)
            .SelectMany(Read).Where(one => one.Text.Length >= least)
            .GroupBy(one => one.Id, one => (one.Language, Runs: Shingles.SetOf(one.Text)));
        var (pairs, alike, nearest) = (0, 0, (Share: 0.0, Pair: "none"));
        var between = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var same in sentences.Select(group => group.ToArray()))
        {
            for (var one = 0; one < same.Length; one++)
            {
                for (var other = 0; other < same.Length; other++)
                {
                    var overlap = Shingles.Compare(same[one].Runs, same[other].Runs);
                    if (one == other || overlap.First == 0)
                        continue;
                    pairs++;
                    var pair = $"{same[one].Language} in {same[other].Language}";
                    var share = (double)overlap.Shared / overlap.First;
                    nearest = share > nearest.Share ? (share, pair) : nearest;
                    if (similarity.IsReached(overlap.Shared, overlap.First))
                        (alike, between[pair]) = (alike + 1, between.GetValueOrDefault(pair) + 1);
                }
            }
        }

        Console.WriteLine($"\ntranslations: {pairs} pairs of a sentence and its translation, of {least} characters or "
            + $"more; alike or quoted at {similarity.Part}/{similarity.Whole}: {alike}"
            + $"{(alike == 0 ? "" : $" ({string.Join(", ", between.Select(one => $"{one.Key} {one.Value}"))})")}; "
            + $"the nearest shares {nearest.Share:P0} ({nearest.Pair})");
    }

    private static IEnumerable<(string Id, string Language, string Text)> Read(string file)
    {
        using var packed = File.OpenRead(file);
        using var lines = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            using var sentence = JsonDocument.Parse(line);
            string Of(string member) => sentence.RootElement.GetProperty(member).GetString()!;
            yield return (Of("id"), Of("lang"), Of("text"));
        }
    }
}
