using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Aval.Benchmarks.Studies;

/// <summary>
/// The texts of ../shared/data/text as a table that <c>aval import table</c> reads, for a study of 24 languages: a
/// document stands for a person, and where there are no documents so many rows in turn do. Old novels (eltec) are
/// nobody's any longer and go into a folder of their own. What is written is for this machine alone: LICENSES.md there.
/// </summary>
internal static class StudyTexts
{
    private const string FreeSource = "eltec";

    // As much as a document of the other sources has.
    private const int RowsOfPerson = 30;

    private static readonly JsonWriterOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes items.jsonl and free/LANG.txt.</summary>
    /// <param name="shared">The folder of the texts.</param>
    /// <param name="to">Where to.</param>
    public static int Write(string shared, string to)
    {
        if (!Directory.Exists(shared))
        {
            Console.Error.WriteLine($"{Path.GetFullPath(shared)}: no such folder. Nothing was written. Name the folder "
                + "of the texts with --shared.");
            return 3;
        }

        Directory.CreateDirectory(Path.Combine(to, "free"));
        using var items = Writer(Path.Combine(to, "items.jsonl"));
        var (rows, people) = (0L, new HashSet<string>(StringComparer.Ordinal));
        foreach (var file in Directory.GetFiles(shared, "*.jsonl.gz", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            var source = Path.GetFileName(Path.GetDirectoryName(file))!;
            var language = Path.GetFileName(file).Split('.')[0];
            using var free = source == FreeSource ? Writer(Path.Combine(to, "free", $"{language}.txt")) : null;
            foreach (var (row, at) in Rows(file).Select((row, at) => (row, at)))
            {
                if (free is not null)
                {
                    free.WriteLine(row.Text.ReplaceLineEndings(" "));
                    continue;
                }

                var person = string.Create(CultureInfo.InvariantCulture, $"{language}-{source}-")
                    + (row.Document ?? string.Create(CultureInfo.InvariantCulture, $"{at / RowsOfPerson}"))
                        .Replace(' ', '_');
                people.Add(person);
                items.WriteLine(Line(++rows, person, language, row.Text));
            }
        }

        Console.Error.WriteLine($"{rows} texts of {people.Count} documents, each of which stands for a person: {to}");
        return 0;
    }

    private static IEnumerable<(string Text, string? Document)> Rows(string file)
    {
        using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var lines = new StreamReader(packed, Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            yield return (
                row.RootElement.GetProperty("text").GetString()!,
                row.RootElement.TryGetProperty("doc", out var document) ? document.GetString() : null);
        }
    }

    private static string Line(long row, string person, string language, string text)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            json.WriteString("item_id", string.Create(CultureInfo.InvariantCulture, $"{row}"));
            json.WriteString("service", "texts");
            json.WriteString("kind", "post");
            json.WriteString("author", $"texts:{person}");
            json.WriteString("audience", "public");
            json.WriteString("created_at", "2024-01-01T00:00:00Z");
            json.WriteString("text", text);
            json.WriteString("language_hint", language);
            json.WriteString("observed_at", "2025-01-01T00:00:00Z");
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static StreamWriter Writer(string path) =>
        new(path, append: false, new UTF8Encoding(false)) { NewLine = "\n" };
}
