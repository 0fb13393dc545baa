using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Aval.Proofs;

/// <summary>32 bytes of SHA-256: a leaf, a node or the root of a Merkle tree.</summary>
[InlineArray(Size)]
public struct Hash : IEquatable<Hash>
{
    /// <summary>Bytes.</summary>
    public const int Size = 32;

    private byte _first;

    /// <summary>Takes 32 bytes.</summary>
    public static Hash From(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Size);
        var hash = default(Hash);
        bytes.CopyTo(hash);
        return hash;
    }

    /// <summary>SHA-256 of <paramref name="content"/>.</summary>
    public static Hash Of(ReadOnlySpan<byte> content)
    {
        var hash = default(Hash);
        SHA256.HashData(content, hash);
        return hash;
    }

    /// <summary>
    /// Reads padded standard base64 of exactly 32 bytes, in its one canonical spelling; <see langword="false"/> when it
    /// is anything else.
    /// </summary>
    public static bool TryParse(string text, out Hash hash)
    {
        hash = default;
        if (!Base64.TryDecode(text, out var bytes) || bytes.Length != Size)
            return false;
        hash = From(bytes);
        return true;
    }

    /// <summary>Writes the 32 bytes.</summary>
    public readonly void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)this).CopyTo(destination);

    /// <summary>64 lower-case hexadecimal digits, as manifests write it.</summary>
    public readonly string ToHex() => Convert.ToHexStringLower(this);

    /// <inheritdoc/>
    public readonly bool Equals(Hash other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is Hash other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => BitConverter.ToInt32(this);

    /// <summary>Whether two hashes are the same.</summary>
    public static bool operator ==(Hash left, Hash right) => left.Equals(right);

    /// <summary>Whether two hashes differ.</summary>
    public static bool operator !=(Hash left, Hash right) => !left.Equals(right);

    /// <summary>Base64, as checkpoints and proofs write it.</summary>
    public override readonly string ToString() => Convert.ToBase64String(this);
}
