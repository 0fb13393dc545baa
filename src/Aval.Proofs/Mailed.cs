namespace Aval.Proofs;

/// <summary>
/// What mail and editors do to a text file without changing a word: a byte order mark before it, and CR LF for each
/// line
/// end. None of our texts holds either, so that taking both away brings back the one spelling that there is.
/// </summary>
internal static class Mailed
{
    /// <summary>The file as it was sent; a file in which only some lines end so was changed by something else, and
    /// stays.</summary>
    public static ReadOnlySpan<byte> AsSent(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> mark = [0xef, 0xbb, 0xbf];
        var text = file.StartsWith(mark) ? file[mark.Length..] : file;
        var ends = text.Count("\r\n"u8);
        if (ends == 0 || ends != text.Count((byte)'\r') || ends != text.Count((byte)'\n'))
            return text;
        var sent = new byte[text.Length - ends];
        var at = 0;
        foreach (var value in text)
        {
            if (value != '\r')
                sent[at++] = value;
        }

        return sent;
    }
}
