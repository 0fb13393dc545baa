using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Aval.Storage;

namespace Aval.Portal.Doors;

/// <summary>
/// A short text that only this workspace can have written and that nobody else can read, as letters that fit into a
/// link. Deterministic authenticated encryption in the way of SIV (RFC 5297 §2.6): the first 16 bytes of the
/// HMAC-SHA256 of the padded text are its authentication and the first counter of AES-256 in counter mode. The same
/// text gives the same letters; its length shows in steps of 16 bytes alone. One HMAC and a few AES blocks: 400 million
/// are made for one notice. For any number of threads.
/// </summary>
internal sealed class SealedText : IDisposable
{
    private const int Block = 16;
    private const int MostBytes = 1024;
    private readonly byte[] _authentication;
    private readonly byte[] _encryption;
    private readonly ThreadLocal<Aes> _aes;

    /// <summary>Under keys of its own.</summary>
    /// <param name="key">The workspace's key.</param>
    /// <param name="label">What the texts are for; no two uses have the same.</param>
    public SealedText(WorkspaceKey key, string label)
    {
        ArgumentNullException.ThrowIfNull(key);
        (_authentication, _encryption) = (key.MacKey($"{label}/authentication"), key.MacKey($"{label}/encryption"));
        _aes = new ThreadLocal<Aes>(Cipher, trackAllValues: true);
    }

    /// <summary>Seals a text of at most 1,000 bytes.</summary>
    public string Seal(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = Encoding.UTF8.GetByteCount(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, MostBytes - Block);
        // Padded as in ISO/IEC 7816-4: a one and zeros up to the next block.
        var padded = ((bytes / Block) + 1) * Block;
        Span<byte> whole = stackalloc byte[Block + padded];
        whole.Clear();
        var plain = whole[Block..];
        Encoding.UTF8.GetBytes(text, plain);
        plain[bytes] = 0x80;
        Authenticate(plain, whole[..Block]);
        Cross(whole[..Block], plain);
        return Base64Url.EncodeToString(whole);
    }

    /// <summary>The text; null = nobody here wrote these letters.</summary>
    public string? Open(string letters)
    {
        ArgumentNullException.ThrowIfNull(letters);
        Span<byte> whole = stackalloc byte[Block + MostBytes];
        // Trying throws for letters that are none.
        if (letters.Length > Base64Url.GetEncodedLength(whole.Length) || !Base64Url.IsValid(letters)
            || !Base64Url.TryDecodeFromChars(letters, whole, out var size)
            || size < 2 * Block || size % Block != 0)
            return null;
        whole = whole[..size];
        // Of the letters that decode to the same bytes one is what was written.
        if (Base64Url.EncodeToString(whole) != letters)
            return null;
        var plain = whole[Block..];
        Cross(whole[..Block], plain);
        Span<byte> expected = stackalloc byte[Block];
        Authenticate(plain, expected);
        return CryptographicOperations.FixedTimeEquals(expected, whole[..Block])
            ? Encoding.UTF8.GetString(plain[..plain.LastIndexOf((byte)0x80)])
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var aes in _aes.Values)
            aes.Dispose();
        _aes.Dispose();
    }

    private Aes Cipher()
    {
        var aes = Aes.Create();
        aes.Key = _encryption;
        return aes;
    }

    private void Authenticate(ReadOnlySpan<byte> plain, Span<byte> tag)
    {
        Span<byte> digest = stackalloc byte[32];
        HMACSHA256.HashData(_authentication, plain, digest);
        digest[..Block].CopyTo(tag);
    }

    // Counter mode is its own inverse.
    private void Cross(ReadOnlySpan<byte> first, Span<byte> text)
    {
        Span<byte> counters = stackalloc byte[MostBytes];
        counters = counters[..text.Length];
        var low = BinaryPrimitives.ReadUInt64BigEndian(first[8..]);
        for (var at = 0; at < text.Length; at += Block)
        {
            first[..8].CopyTo(counters[at..]);
            BinaryPrimitives.WriteUInt64BigEndian(counters[(at + 8)..], low++);
        }

        _aes.Value!.EncryptEcb(counters, counters, PaddingMode.None);
        for (var at = 0; at < text.Length; at++)
            text[at] ^= counters[at];
    }
}
