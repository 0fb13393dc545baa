using Aval.Text;

namespace Aval.Benchmarks.Copies;

/// <summary>Real texts of 24 languages that lie beside the checkout, cut where they are long.</summary>
internal static class RealTexts
{
    // So that what is cut off leaves more than a rule's min-characters; and a post that is a long one.
    private const int Least = 80, Most = 400;

    /// <summary>So many, each once, of all files by turns; fewer where there are no more.</summary>
    /// <param name="folder"><c>../shared/data/text</c>: a folder a source, with <c>LANG.jsonl.gz</c>.</param>
    /// <param name="count">How many.</param>
    public static List<string> Read(string folder, int count)
    {
        var (texts, seen) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        var files = Directory.EnumerateFiles(folder, "*.jsonl.gz", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(file => Pieces(file).GetEnumerator()).ToList();
        while (files.Count > 0 && texts.Count < count)
        {
            for (var at = files.Count - 1; at >= 0 && texts.Count < count; at--)
            {
                if (!files[at].MoveNext())
                {
                    files[at].Dispose();
                    files.RemoveAt(at);
                }
                else if (seen.Add(files[at].Current))
                {
                    texts.Add(files[at].Current);
                }
            }
        }

        files.ForEach(file => file.Dispose());
        return texts;
    }

    private static IEnumerable<string> Pieces(string file)
    {
        foreach (var text in TextFiles.Read(file, () => Stream.Null, field: "text", column: null))
        {
            for (var rest = text.Text.Trim(); rest.Length >= Least;)
            {
                var piece = rest.Length <= Most ? rest : rest[..Math.Max(rest.LastIndexOf(' ', Most), Least)];
                rest = rest[piece.Length..].TrimStart();
                if (piece.Length >= Least)
                    yield return piece.Trim();
            }
        }
    }
}
