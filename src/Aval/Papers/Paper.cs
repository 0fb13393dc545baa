using Aval.Documents;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Papers;

/// <summary>Which papers there are.</summary>
internal enum PaperKind
{
    /// <summary>Record of processing activities (GDPR Art. 30(1)).</summary>
    Record,

    /// <summary>Public summary of training content (AI Act Art. 53(1)(d)).</summary>
    Summary,

    /// <summary>How effective the safeguards were.</summary>
    Safeguards,

    /// <summary>Assessment of a legitimate interest (GDPR Art. 6(1)(f)).</summary>
    Assessment,

    /// <summary>Data-protection impact assessment (GDPR Art. 35).</summary>
    Impact,
}

/// <summary>How kinds of papers are written.</summary>
internal static class PaperKinds
{
    /// <summary>The stable, kebab-case name.</summary>
    public static string ToText(this PaperKind kind) => kind switch
    {
        PaperKind.Record => "record",
        PaperKind.Summary => "summary",
        PaperKind.Safeguards => "safeguards",
        PaperKind.Assessment => "assessment",
        PaperKind.Impact => "impact",
    };
}

/// <summary>
/// A paper that was made from what happened. Beside its file lies <c>FILE.figures.json</c> (<c>aval-paper/1</c>): each
/// figure with its value and where it comes from, by which <see cref="PaperCheck"/> holds it against its sources.
/// </summary>
/// <param name="Kind">Which.</param>
/// <param name="Model">Of which model; null = it is about none.</param>
/// <param name="Document">What it says.</param>
/// <param name="Size">Entries of the ledger with an index below it count.</param>
/// <param name="Figures">In reading order: the first is figure 1 in the file.</param>
internal sealed record Paper(
    PaperKind Kind, string? Model, Document Document, TreeSize Size, IReadOnlyList<PaperFigure> Figures)
{
    /// <summary>What the list of figures is, and which version of its shape.</summary>
    public const string Format = "aval-paper/1";

    /// <summary>Where the figures of a paper are listed.</summary>
    public static string FiguresOf(string path) => path + ".figures.json";

    /// <summary>Makes a paper.</summary>
    /// <param name="workspace">Of which workspace.</param>
    /// <param name="kind">Which.</param>
    /// <param name="model">Of which model; asked for by a summary alone.</param>
    /// <param name="language">In which language.</param>
    /// <param name="at">As of when.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <exception cref="AvalException">Usage: there is no such model or language. Bad input: something it is made of
    /// was changed.</exception>
    public static Paper Of(
        Workspace workspace, PaperKind kind, string? model, string language, DateTimeOffset at, EngineLimits limits)
    {
        var text = PaperText.Of(language);
        if (model is not null)
            _ = RegisteredModels.Of(Register.Read(workspace)).Require(model, "Nothing was written.");
        using var sources = new PaperSources(workspace, PaperFacts.Of(workspace, at, null, limits));
        var size = new TreeSize(sources.Find(PaperSources.Facts, "/ledger_size")!.Value.GetInt64());
        var sheet = new Sheet(sources, text);
        sheet.Say("stated", ("at", sheet.Fact(FigureForm.Day, "at")),
            ("size", sheet.Fact(FigureForm.Count, "ledger_size")));
        switch (kind)
        {
            case PaperKind.Record:
                RecordPaper.Write(sheet);
                break;
            case PaperKind.Summary:
                SummaryPaper.Write(sheet, model!);
                break;
            case PaperKind.Safeguards:
                SafeguardsPaper.Write(sheet);
                break;
            case PaperKind.Assessment:
                AssessmentPaper.Write(sheet);
                break;
            case PaperKind.Impact:
                ImpactPaper.Write(sheet);
                break;
        }

        return sheet.ToPaper(kind, at, size, model);
    }

    /// <summary>Writes the paper and the list of its figures.</summary>
    public void Write(string path)
    {
        DocumentFile.Require(path);
        Durable.Replace(FiguresOf(path), ToJson(), Durable.Private);
        DocumentFile.Write(path, Document);
    }

    private byte[] ToJson() => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("paper", Kind.ToText());
        if (Model is not null)
            json.WriteString("model", Model);
        json.WriteString("language", Document.Language);
        json.WriteString("at", Document.At.ToText());
        json.WriteNumber("ledger_size", Size.Value);
        json.WriteStartArray("figures");
        foreach (var figure in Figures)
        {
            json.WriteStartObject();
            json.WriteString("document", figure.Document);
            json.WriteString("pointer", figure.Pointer);
            json.WriteString("form", figure.Form switch
            {
                FigureForm.Count => "count",
                FigureForm.Day => "day",
                FigureForm.Name => "name",
            });
            json.WriteString("value", figure.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
