namespace Aval.Storage;

/// <summary>How a file's name says what is in it, in whatever case: a spreadsheet writes <c>.CSV</c>.</summary>
internal static class FileEnding
{
    /// <summary>
    /// The ending of what is inside (<c>.csv</c>), and that of its compression (<c>.gz</c>, <c>.zst</c>; "" = none), in
    /// lower case.
    /// </summary>
    public static (string Format, string Compression) Of(string path)
    {
        var last = Path.GetExtension(path).ToLowerInvariant();
        return last is ".gz" or ".zst"
            ? (Path.GetExtension(Path.GetFileNameWithoutExtension(path)).ToLowerInvariant(), last)
            : (last, "");
    }
}
