using System.Text;
using Aval.Storage;

namespace Aval.Choices;

/// <summary>One line (CSV, JSON Lines) or row (Parquet) of a file of choices.</summary>
/// <param name="Number">1-based; in CSV the header is line 1 and a row that spans lines counts from its first.</param>
/// <param name="Text">What it holds; null when it cannot be read.</param>
/// <param name="Broken">Why it cannot be read, in a sentence; null when it can.</param>
internal readonly record struct ChoiceLine(long Number, ChoiceText? Text, string? Broken = null);

/// <summary>A file of choices, opened to be read once.</summary>
internal interface IChoiceLines : IDisposable
{
    /// <summary>What a number counts: "line" or "row".</summary>
    string Unit { get; }

    /// <summary>How much of the file has been read, 0–1.</summary>
    double Done { get; }

    /// <summary>The lines, in order, as they are asked for.</summary>
    /// <exception cref="AvalException">Bad input: the file as a whole cannot be read.</exception>
    IEnumerable<ChoiceLine> Read();

    /// <summary>How many rows a mapping called no choices (its <c>rows</c>), once all have been read.</summary>
    long PassedOver => 0;

    /// <summary>SHA-256 of the file as it lies; reads what is left of it.</summary>
    string ReadHash();
}

/// <summary>What the formats share.</summary>
internal static class ChoiceLines
{
    /// <summary>The longest line of a text file, in bytes.</summary>
    public const int MaxLineBytes = 16 << 20;

    /// <summary>Refuses bytes that are no UTF-8, because what replaced them would name somebody else.</summary>
    public static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Opens a file by its ending, with a mapping when its columns are not those of choices.</summary>
    /// <exception cref="AvalException">Usage: the ending is unknown. Bad input: the file cannot be read.</exception>
    public static IChoiceLines Open(string path, string temporary, string? mapping = null)
    {
        if (mapping is not null)
            return new MappedChoices(path, mapping, temporary);
        return FileEnding.Of(path) switch
        {
            (".csv", _) => new CsvChoices(path),
            (".jsonl" or ".ndjson", _) => new JsonlChoices(path),
            (".parquet", "") => new ParquetChoices(path, temporary),
            _ => throw AvalException.Usage($"{path}: choices are read from .csv, .jsonl (also .gz or .zst) "
                + "or .parquet, but the file is named otherwise. Nothing was recorded. "
                + "Rename it and run the command again."),
        };
    }

    /// <summary>Where a column's name stands in <see cref="ChoiceText.Columns"/>; −1 = nowhere.</summary>
    public static int IndexOf(string column)
    {
        for (var at = 0; at < ChoiceText.Columns.Count; at++)
        {
            if (ChoiceText.Columns[at] == column)
                return at;
        }

        return -1;
    }

    /// <summary>The places of a file's columns.</summary>
    /// <exception cref="AvalException">Bad input: a column is unknown, there twice or missing.</exception>
    public static int[] Places(string where, IReadOnlyList<string> columns)
    {
        var known = string.Join(", ", ChoiceText.Columns);
        // All at once: whoever renames one should not have to come back for the next.
        var unknown = columns.Where(column => IndexOf(column) < 0).Distinct().Take(100)
            .Select(column => $"\"{Shown.Of(column)}\"").ToArray();
        if (unknown.Length > 0)
        {
            throw AvalException.BadInput(
                $"{where}: "
                + (unknown.Length == 1
                    ? $"the column {unknown[0]} is"
                    : $"the columns {string.Join(", ", unknown)} are")
                + $" unknown; known are {known}. "
                + "No choice from this file was recorded. Rename or remove "
                + $"{(unknown.Length == 1 ? "the column" : "them")} and run the import again.");
        }

        if (columns.GroupBy(column => column).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw AvalException.BadInput($"{where}: the column \"{twice.Key}\" is there {twice.Count()} times. "
                + "No choice from this file was recorded. Keep one and run the import again.");
        if (ChoiceText.Required.FirstOrDefault(required => !columns.Contains(required)
            && !(required == "account" && columns.Contains("handle"))) is { } missing)
            throw AvalException.BadInput($"{where}: the column \"{missing}\" is missing; the columns are {known}, "
                + $"of which {string.Join(" and ", ChoiceText.Required)} are required (handle may stand for account). "
                + "No choice from this file was recorded. Add the column and run the import again.");
        return [.. columns.Select(IndexOf)];
    }
}
