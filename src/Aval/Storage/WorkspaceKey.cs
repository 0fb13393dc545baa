using System.Security.Cryptography;
using System.Text;

namespace Aval.Storage;

/// <summary>
/// The workspace's secret, 32 random bytes. Every keyed value (row key, bucket, fingerprint) uses a key of its own,
/// derived with HKDF-SHA256 (RFC 5869) under its label, so that no value of one kind tells anything about another.
/// </summary>
public sealed class WorkspaceKey
{
    /// <summary>Bytes.</summary>
    public const int Size = 32;

    private readonly byte[] _secret;

    /// <summary>Takes the 32 bytes over.</summary>
    public WorkspaceKey(byte[] secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, Size);
        _secret = secret;
    }

    /// <summary>Row keys: the 128-bit pseudonym of an item that a trainer sees.</summary>
    public SipHash RowKeys => Derive("aval/row-key/v1");

    /// <summary>Buckets: which shard an account's items are in.</summary>
    public SipHash Buckets => Derive("aval/bucket/v1");

    /// <summary>Fingerprints: whether two versions of an item say the same.</summary>
    public SipHash Fingerprints => Derive("aval/fingerprint/v1");

    /// <summary>Observations: what content there is, as a sum.</summary>
    public SipHash Observations => Derive("aval/observation/v1");

    /// <summary>Suppressions: whether an account or an item is the one of a choice that was forgotten. 32 bytes, for HMAC-SHA256.</summary>
    public byte[] Suppressions => DeriveBytes("aval/suppression/v1");

    /// <summary>The chain of the log of imports. 32 bytes, for HMAC-SHA256.</summary>
    internal byte[] ImportLog => DeriveBytes("aval/import-log/v1");

    /// <summary>Which files have been held against their hashes. 32 bytes, for HMAC-SHA256.</summary>
    internal byte[] CheckedFiles => DeriveBytes("aval/checked-files/v1");

    private byte[] DeriveBytes(string label) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, SipHash.KeySize * 2, salt: default,
            Encoding.ASCII.GetBytes(label));

    private SipHash Derive(string label)
    {
        Span<byte> key = stackalloc byte[SipHash.KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, key, salt: default, Encoding.ASCII.GetBytes(label));
        return new SipHash(key);
    }
}
