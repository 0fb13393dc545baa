using System.Globalization;
using System.Text.Json;
using Aval.Documents;

namespace Aval.Papers;

/// <summary>How a value is written in a paper.</summary>
internal enum FigureForm
{
    /// <summary>A whole number.</summary>
    Count,

    /// <summary>An instant, as a day.</summary>
    Day,

    /// <summary>A name, as it stands.</summary>
    Name,
}

/// <summary>A figure of a paper, and where it comes from.</summary>
/// <param name="Document"><see cref="PaperSources.Facts"/>, or a path below the workspace.</param>
/// <param name="Pointer">A JSON pointer into it.</param>
/// <param name="Form">How it is written.</param>
/// <param name="Value">What stood there when the paper was made: a number as digits.</param>
internal sealed record PaperFigure(string Document, string Pointer, FigureForm Form, string Value)
{
    /// <summary>Where it comes from, as a note says it.</summary>
    public string Source => $"{(Document == PaperSources.Facts ? "aval papers facts" : Document)}#{Pointer}";

    /// <summary>A value as it is compared; null = it is neither a text nor a whole number.</summary>
    public static string? ValueOf(JsonElement? found) => found switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var whole) =>
            whole.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>A value as a paper writes it; null = it has not the form.</summary>
    public static string? Written(string value, FigureForm form, PaperText text) => form switch
    {
        FigureForm.Count => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? DocumentText.Of(text.Language).Count(count)
            : null,
        FigureForm.Day => Instant.TryParse(value, out var instant)
            ? DocumentText.Of(text.Language).Day(instant)
            : null,
        FigureForm.Name => text.Sentences.GetValueOrDefault($"name-{value}") ?? DocumentText.Safe(value),
    };
}
