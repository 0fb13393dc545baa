namespace Aval.Cli;

/// <summary>
/// A table as plain text: text columns left-aligned, numbers right-aligned, no colours to lose in a pipe.
/// </summary>
internal static class TextTable
{
    /// <param name="output">Where it goes.</param>
    /// <param name="header">The columns' names.</param>
    /// <param name="body">The rows.</param>
    /// <param name="textColumns">How many of the first columns are text.</param>
    /// <param name="lastIsText">Whether the last column is text too.</param>
    public static void Print(
        TextWriter output, string[] header, IEnumerable<string[]> body, int textColumns = 1, bool lastIsText = false)
    {
        var rows = body.Select(row => row.Select(Shown.OnALine).ToArray()).ToArray();
        var widths = header.Select((name, column) => rows.Select(row => row[column].Length).Append(name.Length).Max())
            .ToArray();
        foreach (var row in rows.Prepend(header))
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) =>
                column < textColumns || (lastIsText && column == header.Length - 1)
                    ? cell.PadRight(widths[column])
                    : cell.PadLeft(widths[column])))
                    .TrimEnd());
        }
    }
}
