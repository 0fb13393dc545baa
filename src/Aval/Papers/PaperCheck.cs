using System.Globalization;
using System.Text.Json;
using Aval.Documents;
using Aval.Storage;

namespace Aval.Papers;

/// <summary>A figure that its source contradicts.</summary>
/// <param name="Figure">Its number in the paper, from 1.</param>
/// <param name="Says">What the paper says.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Found">What its source says; null = nothing is there any more.</param>
internal sealed record Contradiction(int Figure, string Says, string Source, string? Found);

/// <summary>A paper held against its sources.</summary>
/// <param name="Figures">How many figures it was made with.</param>
/// <param name="Removed">Figures whose sentences were taken out of it: said, and no mistake.</param>
/// <param name="Contradictions">Those that the sources contradict; none = it holds.</param>
internal sealed record PaperCheck(
    int Figures, IReadOnlyList<int> Removed, IReadOnlyList<Contradiction> Contradictions)
{
    /// <summary>
    /// Reads each figure in the file as it is now, and its source as it is now, as of the instant and the ledger size
    /// of the paper. What somebody wrote without a mark is not looked at: it cites nothing.
    /// </summary>
    /// <exception cref="AvalException">Bad input: it is no paper, its list of figures is gone or damaged, or it marks a
    /// figure that the list does not know.</exception>
    public static PaperCheck Of(Workspace workspace, string path, EngineLimits limits)
    {
        var said = DocumentFigures.Read(path);
        var (language, at, size, figures) = Listed(Paper.FiguresOf(path));
        // Another paper's list lies beside it, or what was marked would be held against nothing.
        foreach (var number in said.Keys.Order())
        {
            if (number < 1 || number > figures.Count)
                throw AvalException.BadInput(string.Create(CultureInfo.InvariantCulture, $"{path}: expected the "
                    + $"{figures.Count} figures of {Paper.FiguresOf(path)}, but it marks a figure {number}. Nothing "
                    + $"was checked. Put the list beside it that was made with it, or make the paper again."));
        }

        using var sources = new PaperSources(workspace, PaperFacts.Of(workspace, at, size, limits));
        var text = PaperText.Of(language);
        var (removed, wrong) = (new List<int>(), new List<Contradiction>());
        for (var number = 1; number <= figures.Count; number++)
        {
            var figure = figures[number - 1];
            if (!said.TryGetValue(number, out var says))
            {
                removed.Add(number);
                continue;
            }

            var found = PaperFigure.ValueOf(sources.Find(figure.Document, figure.Pointer));
            var written = found is null ? null : PaperFigure.Written(found, figure.Form, text);
            if (written != says)
                wrong.Add(new Contradiction(number, says, figure.Source, written));
        }

        return new PaperCheck(figures.Count, removed, wrong);
    }

    private static (string Language, DateTimeOffset At, TreeSize Size, IReadOnlyList<PaperFigure> Figures) Listed(
        string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            if (root.GetProperty("format").GetString() != Paper.Format)
                throw new FormatException($"it is not of the format {Paper.Format}.");
            return (root.GetProperty("language").ToText(),
                root.GetProperty("at").ToInstant(),
                new TreeSize(root.GetProperty("ledger_size").GetInt64()),
                [.. root.GetProperty("figures").EnumerateArray().Select(Read)]);
        }
        catch (Exception broken) when (MalformedJson.Threw(broken) || broken is FileNotFoundException)
        {
            throw AvalException.BadInput($"{path}: expected the list of figures that aval papers wrote beside the "
                + $"paper, but {broken.Message} Nothing was checked. Keep both files together, or make the paper "
                + "again.", broken);
        }
    }

    private static PaperFigure Read(JsonElement figure) => new(
        figure.GetProperty("document").ToText(), figure.GetProperty("pointer").ToText(),
        figure.GetProperty("form").GetString() switch
        {
            "count" => FigureForm.Count,
            "day" => FigureForm.Day,
            "name" => FigureForm.Name,
            var other => throw new FormatException($"\"{Shown.Of(other ?? "")}\" is no form of a figure."),
        },
        figure.GetProperty("value").ToText());
}
