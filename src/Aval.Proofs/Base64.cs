using System.Diagnostics.CodeAnalysis;

namespace Aval.Proofs;

/// <summary>
/// Standard base64 with padding, strict: one text for each value, so that a proof cannot be respelled.
/// </summary>
internal static class Base64
{
    public static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        var buffer = new byte[(text.Length / 4 * 3) + 3];
        bytes = null;
        if (!Convert.TryFromBase64String(text, buffer, out var count))
            return false;
        bytes = buffer[..count];
        // The base library skips white space and takes any trailing bits; the only text that counts is the one it would
        // write.
        return Convert.ToBase64String(bytes) == text;
    }
}
