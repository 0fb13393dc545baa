using System.Text.Json;
using Aval.Storage;

namespace Aval.Choices;

/// <summary>Choices in JSON Lines: one object a line, its members the columns, each a string or null.</summary>
internal sealed class JsonlChoices(string path) : IChoiceLines
{
    private readonly ExpandedFile _file = ExpandedFile.Open(path);

    public string Unit => "line";

    public double Done => _file.Done;

    public string ReadHash() => _file.ReadHash();

    public void Dispose() => _file.Dispose();

    public IEnumerable<ChoiceLine> Read()
    {
        var lines = new ByteLines(_file, ChoiceLines.MaxLineBytes);
        while (lines.Next())
        {
            if (lines.IsTooLong)
                throw AvalException.BadInput(
                    $"{path}, line {lines.Number}: this line is longer than {ChoiceLines.MaxLineBytes >> 20} MiB. "
                    + "No choice from this file was recorded. Correct it and run the import again.");
            if (!lines.IsBlank)
                yield return Line(lines.Number, lines.Current);
        }
    }

    /// <summary>The choices of a text that is held already: one object, or one a line.</summary>
    public static IEnumerable<ChoiceLine> Of(byte[] text, bool isMany)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!isMany)
        {
            yield return Line(1, text);
            yield break;
        }

        using var stream = new MemoryStream(text, writable: false);
        var lines = new ByteLines(stream, ChoiceLines.MaxLineBytes);
        while (lines.Next())
        {
            if (!lines.IsBlank)
                yield return Line(lines.Number, lines.Current);
        }
    }

    private static ChoiceLine Line(long number, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = new ChoiceText();
            return new ChoiceLine(number, text, Fill(text, bytes));
        }
        catch (JsonException)
        {
            return new ChoiceLine(
                number, null,
                "it is not JSON: expected one object, for example "
                    + "{\"kind\":\"objection\",\"account\":\"facebook:100044\"}");
        }
        // What Utf8JsonReader says of bytes, or of \u escapes, that are no Unicode.
        catch (InvalidOperationException)
        {
            return new ChoiceLine(number, null, "it holds text that is not UTF-8");
        }
    }

    private static string? Fill(ChoiceText text, ReadOnlySpan<byte> bytes)
    {
        var json = new Utf8JsonReader(bytes, isFinalBlock: true, state: default);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        var seen = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            var column = ChoiceLines.IndexOf(name);
            if (column < 0)
                return $"the column \"{Shown.Of(name)}\" is unknown; known are {string.Join(", ", ChoiceText.Columns)}";
            if ((seen & (1 << column)) != 0)
                return $"the column \"{name}\" is there twice";
            seen |= 1 << column;
            json.Read();
            if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
                return $"the column \"{name}\" should hold a string or null";
            text.Set(column, json.GetString());
        }

        // Something after the object would otherwise pass unread.
        json.Read();
        return null;
    }
}
