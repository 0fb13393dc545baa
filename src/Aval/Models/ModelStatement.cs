using System.Text.Json;
using Aval.Corpus;
using Aval.Storage;

namespace Aval.Models;

/// <summary>A language of a model.</summary>
/// <param name="Sums">What was read of it.</param>
/// <param name="Table">The file of its probabilities; <see cref="ModelStatement.Undetermined"/>'s for a language of
/// which too little was read.</param>
internal sealed record ModelLanguage(TextSums Sums, string Table);

/// <summary>One order of a table.</summary>
/// <param name="Contexts">How many contexts.</param>
/// <param name="Ngrams">How many n-grams.</param>
/// <param name="Discounts">What was taken from their counts.</param>
internal sealed record ModelOrder(long Contexts, long Ngrams, Discounts Discounts);

/// <summary>
/// What a reference model is: <c>model.json</c>, which states every other file by its hash. All of it is a function of
/// the release's shards and of the form, so a model that unlearned is the one that never learned.
/// </summary>
/// <param name="Release">NAME/ID of the release.</param>
/// <param name="Manifest">SHA-256 of the release's manifest.</param>
/// <param name="Form">How it reads and counts.</param>
/// <param name="Least">Bytes of text that a language has before it gets a table of its own.</param>
/// <param name="Shards">SHA-256 of each shard, by its file's name, and of nothing else of the release.</param>
/// <param name="Languages">By tag.</param>
/// <param name="Tables">The orders of each table, by its language.</param>
/// <param name="Files">Every other file.</param>
internal sealed record ModelStatement(
    string Release,
    string Manifest,
    ModelForm Form,
    long Least,
    SortedDictionary<string, string> Shards,
    SortedDictionary<string, ModelLanguage> Languages,
    SortedDictionary<string, IReadOnlyList<ModelOrder>> Tables,
    IReadOnlyList<ManifestFile> Files)
{
    /// <summary>Its name in a model's folder.</summary>
    public const string FileName = "model.json";

    /// <summary>The language of texts whose language is not known, and of those of which too little was read.</summary>
    public const string Undetermined = "und";

    private const string Format = "aval-model/1";

    /// <summary>The bytes of model.json.</summary>
    public byte[] ToJson() => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("release", Release);
        json.WriteString("manifest", Manifest);
        json.WriteString("unit", ModelForm.NameOf(Form.Unit));
        json.WriteNumber("order", Form.Order);
        json.WriteStartArray("prune");
        foreach (var count in Form.Prune)
            json.WriteNumberValue(count);
        json.WriteEndArray();
        json.WriteNumber("least_bytes", Least);
        json.WriteStartObject("shards");
        foreach (var (name, sha256) in Shards)
            json.WriteString(name, sha256);
        json.WriteEndObject();
        WriteLanguages(json);
        WriteTables(json);
        json.WriteStartObject("files");
        foreach (var file in Files)
        {
            json.WriteStartObject(file.Path);
            json.WriteString("sha256", file.Sha256);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>Reads a model's statement.</summary>
    /// <exception cref="AvalException">Bad input: it is no statement that this version knows.</exception>
    public static ModelStatement Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            if (root.GetProperty("format").GetString() != Format)
                throw new FormatException($"its format is {root.GetProperty("format").GetRawText()}, not {Format}");
            var form = ModelForm.Of(
                ModelForm.UnitOf(root.GetProperty("unit").GetString()!), root.GetProperty("order").GetInt32(),
                [.. root.GetProperty("prune").EnumerateArray().Select(count => count.GetInt64())]);
            return new ModelStatement(
                root.GetProperty("release").GetString()!, root.GetProperty("manifest").GetString()!, form,
                root.GetProperty("least_bytes").GetInt64(),
                ByName(root.GetProperty("shards"), hash => hash.GetString()!),
                ByName(root.GetProperty("languages"), ReadLanguage),
                ByName(root.GetProperty("tables"), ReadTable),
                [.. root.GetProperty("files").EnumerateObject().Select(file => new ManifestFile(
                    file.Name, file.Value.GetProperty("sha256").GetString()!,
                    file.Value.GetProperty("bytes").GetInt64(), Rows: null))]);
        }
        catch (Exception broken) when (MalformedJson.Threw(broken) || broken is IOException)
        {
            throw AvalException.BadInput($"{path}: expected the statement of a reference model, but {broken.Message}. "
                + "Nothing was done. Train it again: aval model train --help", broken);
        }
    }

    private void WriteLanguages(Utf8JsonWriter json)
    {
        json.WriteStartObject("languages");
        foreach (var (language, (sums, table)) in Languages)
        {
            json.WriteStartObject(language);
            json.WriteNumber("texts", sums.Texts);
            json.WriteNumber("bytes", sums.Bytes);
            json.WriteNumber("units", sums.Units);
            json.WriteString("table", table);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteTables(Utf8JsonWriter json)
    {
        json.WriteStartObject("tables");
        foreach (var (language, orders) in Tables)
        {
            json.WriteStartArray(language);
            foreach (var order in orders)
            {
                json.WriteStartObject();
                json.WriteNumber("contexts", order.Contexts);
                json.WriteNumber("ngrams", order.Ngrams);
                json.WriteStartArray("discounts");
                json.WriteNumberValue(order.Discounts.One);
                json.WriteNumberValue(order.Discounts.Two);
                json.WriteNumberValue(order.Discounts.More);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static SortedDictionary<string, T> ByName<T>(JsonElement members, Func<JsonElement, T> read) => new(
        members.EnumerateObject().ToDictionary(member => member.Name, member => read(member.Value)),
        StringComparer.Ordinal);

    private static ModelLanguage ReadLanguage(JsonElement json) => new(
        new TextSums(
            json.GetProperty("texts").GetInt64(), json.GetProperty("bytes").GetInt64(),
            json.GetProperty("units").GetInt64()),
        json.GetProperty("table").GetString()!);

    private static IReadOnlyList<ModelOrder> ReadTable(JsonElement json) =>
    [
        .. json.EnumerateArray().Select(order => new ModelOrder(
            order.GetProperty("contexts").GetInt64(), order.GetProperty("ngrams").GetInt64(),
            new Discounts(
                order.GetProperty("discounts")[0].GetDouble(), order.GetProperty("discounts")[1].GetDouble(),
                order.GetProperty("discounts")[2].GetDouble()))),
    ];
}
