using System.Security.Cryptography;
using System.Text;
using Aval.Storage;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace Aval.Authors;

/// <summary>
/// The private key that turns accounts into the outputs of a release's tree of authors (ECVRF-P256-SHA256-TAI, RFC
/// 9381), in a file of its own: <c>PRIVATE+KEY+vrf+hex8(id)+base64(32 bytes)</c>, the id being the first 4 bytes of
/// SHA-256 of the public key. Who has it can ask of every account whether it is in a release, so it is as secret as the
/// lineage. May be used by several threads.
/// </summary>
internal sealed class VrfKey
{
    private const string Prefix = "PRIVATE+KEY+vrf+";
    private readonly BigInteger _secret;
    private readonly byte[] _scalar;
    private readonly byte[] _key;
    private readonly byte[] _seals;

    private VrfKey(BigInteger secret)
    {
        _secret = secret;
        _scalar = ToBytes(secret);
        _seals = HMACSHA256.HashData(_scalar, "aval/author-seal/v1"u8);
        _key = Ecvrf.Bytes(Ecvrf.Generator.Multiply(secret).Normalize());
        Public = VrfPublicKey.Parse(_key);
    }

    /// <summary>Who can check its proofs.</summary>
    public VrfPublicKey Public { get; }

    /// <summary>A new key.</summary>
    public static VrfKey Generate()
    {
        while (true)
        {
            // Drawn again, not reduced: below q each number is as likely as any other.
            if (FromSecret(RandomNumberGenerator.GetBytes(Ecvrf.ScalarSize)) is { } key)
                return key;
        }
    }

    /// <summary>Reads a key file.</summary>
    /// <exception cref="AvalException">Bad input: there is none, or it is damaged.</exception>
    public static VrfKey Read(string path)
    {
        if (!File.Exists(path))
            throw AvalException.BadInput(
                $"{path}: the key for proofs about authors is missing. Nothing was done. Restore it from your backup; "
                + "without it no proof can be made for any release that is already published.");
        FileModes.RequirePrivateKey(path);
        // Without what the file holds: it is a secret.
        return Parse(File.ReadAllText(path).Trim()) ?? throw AvalException.BadInput(
            $"{path}: this is not a whole key for proofs about authors "
            + "(PRIVATE+KEY+vrf+ID+…). Nothing was done. Restore it from your backup.");
    }

    /// <summary>Creates the key's file, for its owner alone; never over one that exists.</summary>
    public void CreateNew(string path) =>
        Durable.CreateNew(
            path, Encoding.UTF8.GetBytes($"{ToText()}\n"), Durable.Private);

    /// <summary>The key as its file has it, on one line: as secret as the file.</summary>
    internal string ToText() => $"{Prefix}{Id}+{Convert.ToBase64String(_scalar)}";

    /// <summary>From that line; <see langword="null"/> when it is no whole key.</summary>
    internal static VrfKey? Parse(string text)
    {
        var parts = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..].Split('+', 2) : [];
        return parts.Length == 2 && Base64.TryDecode(parts[1], out var secret) && secret.Length == Ecvrf.ScalarSize
            && FromSecret(secret) is { } key && parts[0] == key.Id
            ? key
            : null;
    }

    /// <summary>The output for an input: what <see cref="Prove"/> proves, at a third of the cost.</summary>
    /// <returns>beta, 32 bytes.</returns>
    public Hash Output(ReadOnlySpan<byte> alpha) => OpenSslCurve.Mine is { } curve
        ? Ecvrf.Output(Ecvrf.FirstOf(_key, alpha, abscissa => curve.Multiply(abscissa, _scalar)))
        : SlowOutput(alpha);

    /// <summary>The same without libcrypto.</summary>
    internal Hash SlowOutput(ReadOnlySpan<byte> alpha) =>
        Ecvrf.Output(Ecvrf.Bytes(Ecvrf.EncodeToCurve(_key, alpha).Multiply(_secret).Normalize()));

    /// <summary>The proof of the output for an input (RFC 9381 §5.1). The same input gives the same proof.</summary>
    /// <returns>pi, 81 bytes.</returns>
    public byte[] Prove(ReadOnlySpan<byte> alpha)
    {
        var h = Ecvrf.EncodeToCurve(_key, alpha);
        var gamma = h.Multiply(_secret).Normalize();
        var nonce = Nonce(Ecvrf.Bytes(h));
        var challenge = Ecvrf.Challenge(
            _key, h, gamma, Ecvrf.Generator.Multiply(nonce).Normalize(), h.Multiply(nonce).Normalize());
        var s = new BigInteger(1, challenge).Multiply(_secret).Add(nonce).Mod(Ecvrf.Order);
        return [.. Ecvrf.Bytes(gamma), .. challenge, .. ToBytes(s)];
    }

    /// <summary>
    /// What only who has this key can state of a file's bytes: that they were written with it, and under which scope.
    /// HMAC-SHA256 of <c>scope ‖ 0 ‖ bytes</c> under a key that is derived from this one; 64 hexadecimal digits.
    /// </summary>
    internal string Seal(string scope, string path)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _seals);
        hash.AppendData(Encoding.UTF8.GetBytes(scope));
        hash.AppendData([0]);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var bytes = new byte[1 << 17];
        for (int read; (read = stream.Read(bytes)) > 0;)
            hash.AppendData(bytes, 0, read);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// From the 32 bytes of a private key; <see langword="null"/> when it is none (zero, or not below q).
    /// </summary>
    internal static VrfKey? FromSecret(ReadOnlySpan<byte> secret) =>
        Ecvrf.Scalar(secret) is { SignValue: > 0 } number ? new VrfKey(number) : null;

    private string Id => Convert.ToHexStringLower(SHA256.HashData(_key).AsSpan(0, 4));

    // RFC 9381 §5.4.2.1: RFC 6979 with the compressed point as the message. No randomness, so none that could fail and
    // give the key away.
    private BigInteger Nonce(byte[] point)
    {
        var nonces = new HMacDsaKCalculator(new Sha256Digest());
        nonces.Init(Ecvrf.Order, _secret, SHA256.HashData(point));
        return nonces.NextK();
    }

    private static byte[] ToBytes(BigInteger number)
    {
        var bytes = new byte[Ecvrf.ScalarSize];
        var minimal = number.ToByteArrayUnsigned();
        minimal.CopyTo(bytes, bytes.Length - minimal.Length);
        return bytes;
    }
}
