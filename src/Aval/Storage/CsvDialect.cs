using CsvHelper;

namespace Aval.Storage;

/// <summary>
/// What spreadsheets make of CSV: the separator of their language, rows and columns of nothing but separators. Read the
/// same way for content and for choices.
/// </summary>
internal static class CsvDialect
{
    private const int MaxHeader = 1 << 16;

    /// <summary>
    /// The separator of a file: the one that stands in its header outside quotes; a comma when none does.
    /// </summary>
    /// <exception cref="AvalException">Bad input: several do, so that nobody can tell; or the file cannot be
    /// read.</exception>
    public static char SeparatorOf(string path)
    {
        using var file = ExpandedFile.Open(path);
        var head = new byte[MaxHeader];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var (comma, semicolon, tab, quoted) = (false, false, false, false);
        foreach (var c in head.AsSpan(0, length))
        {
            if (c is (byte)'\n' or (byte)'\r' && !quoted)
                break;
            quoted ^= c == '"';
            comma |= c == ',' && !quoted;
            semicolon |= c == ';' && !quoted;
            tab |= c == '\t' && !quoted;
        }

        return (comma, semicolon, tab) switch
        {
            (_, false, false) => ',',
            (false, true, false) => ';',
            (false, false, true) => '\t',
            _ => throw AvalException.BadInput(
                $"{path}, line 1: expected a header with one kind of separator, but several of comma, semicolon and "
                + "tab stand in it outside quotes. Nothing was done. Put names that hold one into quotes, and run the "
                + "command again."),
        };
    }

    /// <summary>
    /// The columns that have a name: a spreadsheet writes separators after the last one as far as it was ever used.
    /// </summary>
    public static string[] Named(IEnumerable<string> headers)
    {
        var names = headers.ToList();
        while (names.Count > 0 && string.IsNullOrWhiteSpace(names[^1]))
            names.RemoveAt(names.Count - 1);
        return [.. names];
    }

    /// <summary>Whether a row holds nothing but separators.</summary>
    public static bool IsEmpty(CsvReader reader) => IsEmptyFrom(reader, 0);

    /// <summary>Whether a row holds nothing in the columns that have no name.</summary>
    public static bool IsEmptyFrom(CsvReader reader, int column)
    {
        for (; column < reader.FieldCount; column++)
        {
            if (!reader.IsEmpty(column))
                return false;
        }

        return true;
    }
}
