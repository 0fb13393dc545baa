using System.Text;
using System.Text.Json;
using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Text;

/// <summary>A text of a file, and where it stands.</summary>
/// <param name="File">The file's name as given; <c>-</c> is standard input.</param>
/// <param name="Number">The line or row, 1-based.</param>
/// <param name="Text">The text itself.</param>
internal readonly record struct PlacedText(string File, long Number, string Text);

/// <summary>
/// Texts of files, for commands that need no workspace: Parquet by its ending, JSON Lines by its ending or when a
/// member is named, and anything else as plain text, one text a line. Compressed files are read as everywhere.
/// </summary>
internal static class TextFiles
{
    /// <summary>Standard input.</summary>
    public const string Input = "-";

    /// <summary>The member or column that holds the text when none is named.</summary>
    public const string DefaultName = "text";

    private const int MaxLineBytes = 256 << 20;

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The texts of a file, in its order.</summary>
    /// <param name="path">A file, or <see cref="Input"/>.</param>
    /// <param name="input">What <see cref="Input"/> reads.</param>
    /// <param name="field">The member of JSON Lines; named, it says that a file is such.</param>
    /// <param name="column">The column of Parquet.</param>
    /// <exception cref="AvalException">Bad input, with file and line; what came before was answered.</exception>
    public static IEnumerable<PlacedText> Read(string path, Func<Stream> input, string? field, string? column)
    {
        if (path == Input)
            return Lines(path, input, field);
        return FileEnding.Of(path).Format switch
        {
            ".parquet" => Parquet(path, column ?? DefaultName),
            ".jsonl" or ".ndjson" => Lines(path, () => ExpandedFile.Open(path), field ?? DefaultName),
            _ => Lines(path, () => ExpandedFile.Open(path), field),
        };
    }

    private static IEnumerable<PlacedText> Lines(string path, Func<Stream> open, string? field)
    {
        using var stream = open();
        var lines = new ByteLines(stream, MaxLineBytes);
        while (lines.Next())
        {
            if (lines.IsTooLong)
                throw Wrong(path, lines.Number, $"expected a line of at most {MaxLineBytes >> 20} MiB, "
                    + "but it is longer");
            if (field is not null && lines.IsBlank)
                continue;
            yield return new(path, lines.Number, Text(path, lines, field));
        }
    }

    private static string Text(string path, ByteLines lines, string? field)
    {
        try
        {
            return field is null ? Strict.GetString(lines.Current) : Member(path, lines, field);
        }
        catch (ArgumentException)
        {
            throw Wrong(path, lines.Number, "expected text in UTF-8, but it holds other bytes");
        }
        catch (JsonException)
        {
            throw Wrong(path, lines.Number, $"expected one JSON object, for example {{\"{field}\":\"Guten Tag\"}}, "
                + "but it is something else");
        }
        // What the reader says of bytes, or of \u escapes, that are no Unicode.
        catch (InvalidOperationException)
        {
            throw Wrong(path, lines.Number, "expected text in UTF-8, but it holds other bytes or half a character");
        }
    }

    private static string Member(string path, ByteLines lines, string field)
    {
        var json = new Utf8JsonReader(lines.Current);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        string? text = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var wanted = json.ValueTextEquals(field);
            json.Read();
            if (!wanted)
                json.Skip();
            else if (json.TokenType is JsonTokenType.String or JsonTokenType.Null)
                text = json.GetString() ?? "";
            else
                throw Wrong(path, lines.Number, $"\"{Shown.Of(field)}\" should hold a string or null");
        }

        // Something after the object would otherwise pass unread.
        json.Read();
        return text ?? throw Wrong(
            path, lines.Number, $"expected a member \"{Shown.Of(field)}\", but there is none (name it with --field)");
    }

    private static IEnumerable<PlacedText> Parquet(string path, string column)
    {
        // Says what is wrong with the name in our words, before the engine does in its own.
        ExpandedFile.Open(path).Dispose();
        // One thread: rows then come in the order in which they lie.
        using var engine = Engine.Open(Path.GetTempPath(), EngineLimits.Default with { Threads = 1 });
        var columns = Guarded(path, () => ParquetFiles.Columns(engine, path));
        if (columns.FirstOrDefault(one => one.Name == column) is not { } found)
        {
            throw AvalException.BadInput($"{path}: expected a column \"{Shown.Of(column)}\", but there are "
                + $"{string.Join(", ", columns.Select(one => Shown.Of(one.Name)))}. Nothing of this file was read. "
                + "Name one with --column.");
        }

        if (found.Type != "VARCHAR")
            throw AvalException.BadInput($"{path}: column \"{Shown.Of(column)}\" should hold text, but holds "
                + $"{found.Type}. Nothing of this file was read. Name another with --column.");
        using var command = engine.Connection.CreateCommand();
        command.CommandText = $"SELECT {Engine.Identifier(column)} FROM {ParquetFiles.Rows(path)}";
        command.UseStreamingMode = true;
        using var rows = Guarded(path, command.ExecuteReader);
        for (var number = 1L; Guarded(path, rows.Read); number++)
            yield return new(path, number, rows.IsDBNull(0) ? "" : rows.GetString(0));
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DuckDBException broken) when (!FileFailure.IsOfTheMachine(broken))
        {
            throw AvalException.BadInput(
                $"{path}: {ParquetFiles.Words(broken)}. Neither the row that cannot be read nor any behind it was "
                    + "answered.",
                broken);
        }
    }

    private static AvalException Wrong(string path, long line, string what) => AvalException.BadInput(
        $"{(path == Input ? "standard input" : path)}, line {line}: {what}. "
        + "Neither this line nor any behind it was answered. Correct it and run the command again.");
}
