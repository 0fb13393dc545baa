using System.Security.Cryptography;

namespace Aval.Proofs;

/// <summary>What an entry of the ledger commits to; the number is the entry's second byte.</summary>
public enum EntryKind
{
    /// <summary>A person's choice: HMAC-SHA256(opening, canonical choice JSON).</summary>
    Choice = 0x01,

    /// <summary>A release: SHA-256 of its manifest.</summary>
    Release = 0x02,

    /// <summary>A court's or authority's order.</summary>
    Order = 0x03,

    /// <summary>That a choice was forgotten (GDPR Art. 17), or that its retention ended.</summary>
    Forgetting = 0x04,

    /// <summary>A run's or model's statement.</summary>
    Run = 0x05,

    /// <summary>An officer's action, for example a change of the ledger's key.</summary>
    OfficerAction = 0x06,
}

/// <summary>The 32 random bytes that open a commitment. Who deletes them leaves a leaf that says nothing.</summary>
/// <param name="Bytes">32 bytes.</param>
public readonly record struct Opening(byte[] Bytes)
{
    /// <summary>Bytes.</summary>
    public const int Size = 32;
}

/// <summary>An entry of the ledger: version 0x01, kind, 32 bytes (docs/formats/ledger.md).</summary>
/// <param name="Kind">What the 32 bytes commit to.</param>
/// <param name="Digest">The 32 bytes.</param>
public readonly record struct LedgerEntry(EntryKind Kind, Hash Digest)
{
    /// <summary>Bytes.</summary>
    public const int Size = 34;

    private const byte Version = 0x01;

    /// <summary>The entry of a choice.</summary>
    /// <param name="opening">Its opening.</param>
    /// <param name="statement">The canonical JSON of the choice.</param>
    public static LedgerEntry OfChoice(Opening opening, ReadOnlySpan<byte> statement)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(opening.Bytes.Length, Opening.Size, nameof(opening));
        var digest = default(Hash);
        HMACSHA256.HashData(opening.Bytes, statement, digest);
        return new LedgerEntry(EntryKind.Choice, digest);
    }

    /// <summary>The entry of a release.</summary>
    /// <param name="manifest">The bytes of its manifest.json.</param>
    public static LedgerEntry OfRelease(ReadOnlySpan<byte> manifest) => new(EntryKind.Release, Hash.Of(manifest));

    /// <summary>The 34 bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Writes the 34 bytes.</summary>
    public void CopyTo(Span<byte> bytes)
    {
        bytes[0] = Version;
        bytes[1] = (byte)Kind;
        Digest.CopyTo(bytes[2..]);
    }
}
