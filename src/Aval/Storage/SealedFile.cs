using System.Security.Cryptography;
using System.Text;

namespace Aval.Storage;

/// <summary>
/// A small file that only holders of a key can have written: its content on its lines, and on a line of its own the
/// HMAC-SHA256 of its name and content, in hexadecimal digits. For what a later process goes by without making it
/// again.
/// </summary>
internal static class SealedFile
{
    /// <summary>Writes it, durably, for its owner alone.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content, byte[] key) =>
        Durable.Replace(path, Sealed(path, content, key), Durable.Private);

    /// <summary>The same where several processes may write the same at once.</summary>
    public static void WriteBeside(string path, ReadOnlySpan<byte> content, byte[] key) =>
        Durable.ReplaceBeside(path, Sealed(path, content, key), Durable.Private);

    /// <summary>The content; null when there is no such file, or somebody else wrote it or renamed it.</summary>
    public static byte[]? Read(string path, byte[] key)
    {
        if (!File.Exists(path))
            return null;
        var bytes = File.ReadAllBytes(path);
        var end = bytes.Length - Sha256Digits - 2;
        return end >= 0 && bytes[end] == '\n' && bytes[^1] == '\n'
            && Encoding.ASCII.GetString(bytes, end + 1, Sha256Digits) == Seal(path, bytes.AsSpan(0, end), key)
            ? bytes[..end]
            : null;
    }

    private const int Sha256Digits = 64;

    private static byte[] Sealed(string path, ReadOnlySpan<byte> content, byte[] key) =>
        [.. content, (byte)'\n', .. Encoding.ASCII.GetBytes(Seal(path, content, key) + "\n")];

    private static string Seal(string path, ReadOnlySpan<byte> content, byte[] key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(
            key, (byte[])[.. Encoding.UTF8.GetBytes(Path.GetFileName(path) + "\n"), .. content]));
}
