using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Aval.Proofs;

/// <summary>
/// A public Ed25519 key with the name under which it signs, written as a <i>vkey</i> (C2SP signed-note):
/// <c>name+hex8(id)+base64(0x01 ‖ 32 bytes)</c>.
/// </summary>
public sealed class VerifierKey
{
    /// <summary>Bytes of a public key.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes of a signature.</summary>
    public const int SignatureSize = 64;

    private const byte Ed25519Type = 0x01;
    private readonly byte[] _key;

    private VerifierKey(string name, byte[] key) => (Name, _key, Id) = (name, key, IdOf(name, key));

    /// <summary>The name, in Aval the ledger's origin.</summary>
    public string Name { get; }

    /// <summary>
    /// The first 4 bytes, big-endian, of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key): tells keys of one name apart, and binds
    /// nothing more.
    /// </summary>
    public uint Id { get; }

    /// <summary>The 32 bytes.</summary>
    public ReadOnlySpan<byte> Key => _key;

    /// <summary>From a name and the 32 bytes of a public key.</summary>
    /// <exception cref="ProofException">The name is none that a signed note allows.</exception>
    public static VerifierKey Of(string name, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeySize);
        // A point of small order would take one signature for every text.
        if (!Ed25519.ValidatePublicKeyFull(key.ToArray(), 0))
            throw ProofException.Malformed($"The key {name} is not a point that an Ed25519 key can be.");
        return IsName(name) ? new VerifierKey(name, key.ToArray()) : throw ProofException.Malformed(
            $"\"{name}\" cannot name a key: it is empty, or has a space or a plus sign.");
    }

    /// <summary>Reads a vkey.</summary>
    /// <exception cref="ProofException">It is none, or of another kind than Ed25519.</exception>
    public static VerifierKey Parse(string vkey)
    {
        ArgumentNullException.ThrowIfNull(vkey);
        // Never with what was found: it may be the other half of the key, or whatever file somebody named by mistake.
        if (vkey.Contains("PRIVATE+KEY+", StringComparison.OrdinalIgnoreCase))
            throw ProofException.Malformed("A verifier key is public, and this is a private one. It was not used.");
        // At the first two plus signs only: base64 may hold more of them.
        var parts = vkey.Trim().TrimStart('\uFEFF').Split('+', 3);
        if (parts.Length != 3 || !IsName(parts[0]) || parts[1].Length != 8
            || !uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)
            || !Base64.TryDecode(parts[2], out var typed) || typed.Length == 0)
            throw ProofException.Malformed($"A verifier key is written NAME+ID+KEY (for example "
                + $"example.org/ledger+0123abcd+AQ…), and this is no such text.");
        if (typed[0] != Ed25519Type || typed.Length != 1 + KeySize)
            throw ProofException.Malformed($"The key {parts[0]} is not an Ed25519 key (type 1, 32 bytes).");
        var key = Of(parts[0], typed.AsSpan(1));
        return key.Id == id
            ? key
            : throw ProofException.Malformed($"The id in the key {parts[0]} does not belong to it ({parts[1]}, "
                + $"expected {key.Id:x8}): it was mistyped or cut.");
    }

    /// <summary>
    /// Whether <paramref name="signature"/> is this key's over <paramref name="message"/> (RFC 8032, Ed25519).
    /// </summary>
    public bool Verifies(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureSize
        && Ed25519.Verify(signature.ToArray(), 0, _key, 0, message.ToArray(), 0, message.Length);

    /// <summary>The vkey.</summary>
    public override string ToString() => $"{Name}+{Id:x8}+{Convert.ToBase64String([Ed25519Type, .. _key])}";

    /// <summary>Not empty, no Unicode space, no plus sign (C2SP signed-note).</summary>
    internal static bool IsName(string name) =>
        name.Length > 0 && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '+');

    internal static uint IdOf(string name, ReadOnlySpan<byte> key)
    {
        var digest = SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', Ed25519Type, .. key]);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(digest);
    }
}
