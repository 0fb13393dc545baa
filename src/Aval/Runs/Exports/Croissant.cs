using System.Globalization;
using System.Text.Json;
using Aval.Corpus;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>
/// croissant.json: the export described as MLCommons' Croissant 1.1 does it, so that loaders find files, columns and
/// conditions without reading this project's pages. All dates are the release's: the same export has the same file.
/// </summary>
internal static class Croissant
{
    /// <summary>Its name in an export.</summary>
    public const string FileName = "croissant.json";

    // Appendix 1 of the specification, as far as it is used here.
    private static readonly (string Name, string Meaning)[] Terms =
    [
        ("column", "cr:column"), ("conformsTo", "dct:conformsTo"), ("extract", "cr:extract"), ("field", "cr:field"),
        ("fileObject", "cr:fileObject"), ("fileProperty", "cr:fileProperty"), ("isArray", "cr:isArray"),
        ("isLiveDataset", "cr:isLiveDataset"), ("jsonPath", "cr:jsonPath"), ("key", "cr:key"),
        ("recordSet", "cr:recordSet"), ("source", "cr:source"), ("subField", "cr:subField"),
    ];

    private static readonly (string Name, string Type, string Means)[] Columns =
    [
        ("row_key", "sc:Text", "opaque pseudonym of the item"), ("text", "sc:Text", "what was written"),
        ("language", "sc:Text", "ISO 639-1; und = nobody can tell"), ("kind", "sc:Text", "post, comment, caption, …"),
        ("service", "sc:Text", "where it was published"), ("year", "sc:Integer", "in which it was published"),
    ];

    /// <summary>The bytes of croissant.json.</summary>
    public static byte[] Of(
        VerifiedRelease release, ExportRequest request, IReadOnlyList<ManifestFile> files,
        IReadOnlyList<SplitCount> splits, IReadOnlyList<string> languages) => JsonText.Write(json =>
    {
        var manifest = release.Manifest;
        json.WriteStartObject();
        Context(json);
        json.WriteString("@type", "sc:Dataset");
        json.WriteString("conformsTo", "http://mlcommons.org/croissant/1.1");
        json.WriteString("name", $"{manifest.Corpus}-{manifest.Release}");
        json.WriteString("description", Describe(release, splits));
        json.WriteString("version", "1.0.0");
        json.WriteBoolean("isLiveDataset", false);
        json.WriteString("url", $"urn:aval:release:{release.Name}");
        json.WriteString("datePublished", manifest.AsOf.ToText());
        json.WriteStartObject("license");
        json.WriteString("@type", "sc:CreativeWork");
        json.WriteString("name", $"Personal data: use for the purpose {manifest.Purpose} alone, under the policy "
            + $"\"{manifest.PolicyName}\" (SHA-256 {manifest.PolicySha256}), as the controller instructs");
        json.WriteEndObject();
        json.WriteStartObject("creator");
        json.WriteString("@type", "sc:Organization");
        json.WriteString("name", manifest.Controller);
        json.WriteEndObject();
        json.WriteStartArray("inLanguage");
        foreach (var language in languages)
            json.WriteStringValue(language);
        json.WriteEndArray();
        json.WriteStartArray("keywords");
        json.WriteStringValue("personal data");
        json.WriteStringValue("gdpr");
        json.WriteEndArray();
        json.WriteStartObject("prov:wasDerivedFrom");
        json.WriteString("@id", $"urn:sha256:{release.ManifestSha256}");
        json.WriteEndObject();
        json.WriteStartArray("distribution");
        foreach (var file in files)
            FileObject(json, file, request.Format);
        json.WriteEndArray();
        json.WriteStartArray("recordSet");
        foreach (var (file, split) in files.Zip(splits))
            RecordSet(json, file, split, request.Format);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static string Describe(VerifiedRelease release, IReadOnlyList<SplitCount> splits) => string.Create(
        CultureInfo.InvariantCulture,
        $"{release.Name}: {splits.Sum(split => split.Rows)} items, {splits.Sum(split => split.Tokens)} tokens "
            + $"({Tokens.Vocabulary}), as of {release.Manifest.AsOf.ToText()}. "
            + $"The text is personal data: whoever holds it is bound by the General Data Protection Regulation, and "
            + $"must be able to drop or replace it when somebody objects later.");

    private static void Context(Utf8JsonWriter json)
    {
        json.WriteStartObject("@context");
        json.WriteString("@language", "en");
        json.WriteString("@vocab", "http://schema.org/");
        json.WriteString("sc", "http://schema.org/");
        json.WriteString("cr", "http://mlcommons.org/croissant/");
        json.WriteString("dct", "http://purl.org/dc/terms/");
        json.WriteString("prov", "http://www.w3.org/ns/prov#");
        json.WriteStartObject("dataType");
        json.WriteString("@id", "cr:dataType");
        json.WriteString("@type", "@vocab");
        json.WriteEndObject();
        foreach (var (name, meaning) in Terms)
            json.WriteString(name, meaning);
        json.WriteEndObject();
    }

    private static void FileObject(Utf8JsonWriter json, ManifestFile file, ExportFormat format)
    {
        json.WriteStartObject();
        json.WriteString("@type", "cr:FileObject");
        json.WriteString("@id", file.Path);
        json.WriteString("name", file.Path);
        json.WriteString("contentUrl", file.Path);
        json.WriteString("contentSize", string.Create(CultureInfo.InvariantCulture, $"{file.Bytes} B"));
        json.WriteString("encodingFormat", format switch
        {
            ExportFormat.Parquet => "application/vnd.apache.parquet",
            ExportFormat.Jsonl => "application/jsonlines",
            ExportFormat.Text => "text/plain",
        });
        json.WriteString("sha256", file.Sha256);
        json.WriteEndObject();
    }

    private static void RecordSet(Utf8JsonWriter json, ManifestFile file, SplitCount split, ExportFormat format)
    {
        json.WriteStartObject();
        json.WriteString("@type", "cr:RecordSet");
        json.WriteString("@id", split.Name);
        json.WriteString("name", split.Name);
        json.WriteString("description", string.Create(
            CultureInfo.InvariantCulture, $"{split.Rows} rows, {split.Tokens} tokens ({Tokens.Vocabulary})"));
        if (format is not ExportFormat.Text)
        {
            json.WriteStartObject("key");
            json.WriteString("@id", $"{split.Name}/row_key");
            json.WriteEndObject();
        }

        json.WriteStartArray("field");
        foreach (var column in Columns.Where(column => format is not ExportFormat.Text || column.Name == "text"))
            Field(json, file, split, column, format);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Field(
        Utf8JsonWriter json, ManifestFile file, SplitCount split, (string Name, string Type, string Means) column,
        ExportFormat format)
    {
        json.WriteStartObject();
        json.WriteString("@type", "cr:Field");
        json.WriteString("@id", $"{split.Name}/{column.Name}");
        json.WriteString("name", column.Name);
        json.WriteString("description", column.Means);
        json.WriteString("dataType", column.Type);
        json.WriteStartObject("source");
        json.WriteStartObject("fileObject");
        json.WriteString("@id", file.Path);
        json.WriteEndObject();
        json.WriteStartObject("extract");
        if (format is ExportFormat.Text)
            json.WriteString("fileProperty", "lines");
        else
            json.WriteString("column", column.Name);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
