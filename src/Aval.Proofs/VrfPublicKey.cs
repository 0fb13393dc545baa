using System.Security.Cryptography;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace Aval.Proofs;

/// <summary>
/// Who can check an output of a verifiable random function: ECVRF-P256-SHA256-TAI of RFC 9381. The output looks random
/// to everybody but the holder of the private key, and there is one for each input, whoever made the key.
/// </summary>
public sealed class VrfPublicKey
{
    /// <summary>Bytes of a key: a compressed point of P-256.</summary>
    public const int Size = Ecvrf.PointSize;

    /// <summary>Bytes of a proof: a compressed point, 16 bytes of challenge, a scalar.</summary>
    public const int ProofSize = Ecvrf.ProofSize;

    private readonly ECPoint _point;
    private readonly byte[] _bytes;

    private VrfPublicKey(ECPoint point, byte[] bytes) => (_point, _bytes) = (point, bytes);

    /// <summary>The 33 bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>
    /// Reads and validates a key (RFC 9381 §5.4.5): the compressed spelling of a point of P-256, not infinity.
    /// </summary>
    /// <exception cref="ProofException">Malformed.</exception>
    public static VrfPublicKey Parse(ReadOnlySpan<byte> key) => Ecvrf.Point(key) is { } point
        ? new VrfPublicKey(point, key.ToArray())
        : throw ProofException.Malformed(
            $"The VRF key is not a point of P-256 in its compressed spelling of {Size} bytes.");

    /// <summary>Checks a proof and returns the output that it proves (RFC 9381 §5.3).</summary>
    /// <param name="alpha">The input.</param>
    /// <param name="pi">The proof, 81 bytes.</param>
    /// <returns>beta, 32 bytes.</returns>
    /// <exception cref="ProofException">Malformed, with one message however it is; or well formed, and not this key's
    /// proof for this input.</exception>
    public Hash Verify(ReadOnlySpan<byte> alpha, ReadOnlySpan<byte> pi)
    {
        if (pi.Length != ProofSize || Ecvrf.Point(pi[..Ecvrf.PointSize]) is not { } gamma
            || Ecvrf.Scalar(pi[^Ecvrf.ScalarSize..]) is not { } s)
            throw ProofException.Malformed($"The VRF proof is malformed: it is not {ProofSize} bytes of a point of "
                + "P-256, a challenge and a number below the curve's order (RFC 9381 §5.4.4).");
        var challenge = pi[Ecvrf.PointSize..^Ecvrf.ScalarSize];
        var c = new BigInteger(1, challenge);
        var h = Ecvrf.EncodeToCurve(_bytes, alpha);
        var u = ECAlgorithms.SumOfTwoMultiplies(Ecvrf.Generator, s, _point.Negate(), c).Normalize();
        var v = ECAlgorithms.SumOfTwoMultiplies(h, s, gamma.Negate(), c).Normalize();
        // Infinity has no compressed spelling; only who knows a discrete logarithm and means harm gets here.
        if (u.IsInfinity || v.IsInfinity
            || !CryptographicOperations.FixedTimeEquals(Ecvrf.Challenge(_bytes, h, gamma, u, v), challenge))
            throw ProofException.Wrong("The VRF proof was not made by this key for this input.");
        return Ecvrf.Output(pi[..Ecvrf.PointSize]);
    }

    /// <summary>Base64, as manifests write it.</summary>
    public override string ToString() => Convert.ToBase64String(_bytes);
}
