using System.Buffers.Binary;
using System.Text;

namespace Aval.LanguageTraining;

/// <summary>The messages of a compiled gettext catalogue (<c>.mo</c>).</summary>
internal static class Catalogue
{
    /// <summary>Each message as written and as translated, without context and plural forms.</summary>
    public static IEnumerable<(string Written, string Translated)> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < 28 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != 0x950412DE)
            throw new InvalidDataException($"{path}: expected a gettext catalogue of this byte order, but its first "
                + "bytes are others. Nothing was trained. Fetch it again.");
        var count = At(bytes, 8);
        for (var message = 0; message < count; message++)
        {
            var written = Text(bytes, At(bytes, 12) + 8 * message);
            if (written.Length == 0)
                continue;
            var context = written.IndexOf('\u0004', StringComparison.Ordinal);
            foreach (var form in Text(bytes, At(bytes, 16) + 8 * message).Split('\0'))
                yield return (written[(context + 1)..].Split('\0')[0], form);
        }
    }

    private static string Text(byte[] bytes, int entry) =>
        Encoding.UTF8.GetString(bytes, At(bytes, entry + 4), At(bytes, entry));

    private static int At(byte[] bytes, int offset) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset));
}
