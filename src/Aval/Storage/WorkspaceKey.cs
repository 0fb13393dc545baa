using System.Security.Cryptography;
using System.Text;

namespace Aval.Storage;

/// <summary>
/// The workspace's secret, 32 random bytes. Every kind of keyed value uses a key of its own, derived with HKDF-SHA256
/// (RFC 5869) under the label that the value's room states, so that no value of one kind tells anything about another.
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

    /// <summary>The key of a kind of short keyed values.</summary>
    /// <param name="label">ASCII, and no other kind's.</param>
    internal SipHash SipHashKey(string label) => new(ShortKey(label));

    /// <summary>The bytes of that key.</summary>
    /// <param name="label">ASCII, and no other kind's.</param>
    internal byte[] ShortKey(string label) => Derive(label, SipHash.KeySize);

    /// <summary>
    /// The key of a kind of values that must withstand whoever tries names: 32 bytes, for HMAC-SHA256.
    /// </summary>
    /// <param name="label">ASCII, and no other kind's.</param>
    internal byte[] MacKey(string label) => Derive(label, Size);

    private byte[] Derive(string label, int size) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, size, salt: default, Encoding.ASCII.GetBytes(label));
}
