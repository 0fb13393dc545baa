using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace Aval.Proofs;

/// <summary>
/// What proving and verifying share of ECVRF-P256-SHA256-TAI, suite 0x01 of RFC 9381. Section numbers are that
/// document's. Unique even for a key that was made to deceive (§3.2): one input has one output, and whoever builds a
/// tree cannot move an author to another place in it.
/// </summary>
internal static class Ecvrf
{
    /// <summary>Bytes of a compressed point (§5.5: ptLen).</summary>
    public const int PointSize = 33;

    /// <summary>Bytes of a challenge (§5.5: cLen).</summary>
    public const int ChallengeSize = 16;

    /// <summary>Bytes of a scalar (§5.5: qLen).</summary>
    public const int ScalarSize = 32;

    /// <summary>Bytes of a proof: point, challenge, scalar.</summary>
    public const int ProofSize = PointSize + ChallengeSize + ScalarSize;

    private const byte Suite = 0x01;
    private const byte EncodeDomain = 0x01;
    private const byte ChallengeDomain = 0x02;
    private const byte OutputDomain = 0x03;
    private const byte EndOfDomain = 0x00;
    private const byte EvenPoint = 0x02;
    private const byte OddPoint = 0x03;

    // The curve with code of its own makes an output in 0.2 ms; the generic one of the same name takes 1.8 ms.
    private static readonly Org.BouncyCastle.Asn1.X9.X9ECParameters Parameters =
        CustomNamedCurves.GetByName("secp256r1");

    /// <summary>B.</summary>
    public static ECPoint Generator { get; } = Parameters.G;

    /// <summary>q, the order of B.</summary>
    public static BigInteger Order { get; } = Parameters.N;

    private static BigInteger Field { get; } = Parameters.Curve.Field.Characteristic;

    /// <summary>
    /// string_to_point (§5.5): <see langword="null"/> for whatever is not the one compressed spelling of a point other
    /// than infinity. The cofactor of P-256 is 1, so every such point generates the whole group: there are none of low
    /// order.
    /// </summary>
    public static ECPoint? Point(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != PointSize || bytes[0] is not (EvenPoint or OddPoint))
            return null;
        var abscissa = new BigInteger(1, bytes[1..]);
        if (abscissa.CompareTo(Field) >= 0)
            return null; // A coordinate above p would be a second spelling of the same point.
        // Not Curve.DecodePoint: it throws for every second hash that encode-to-curve tries.
        var x = Parameters.Curve.FromBigInteger(abscissa);
        var y = x.Square().Add(Parameters.Curve.A).Multiply(x).Add(Parameters.Curve.B).Sqrt();
        if (y is null)
            return null;
        if (y.TestBitZero() != (bytes[0] == OddPoint))
            y = y.Negate();
        // y = 0 has no odd spelling (and no point of P-256 has y = 0).
        return y.TestBitZero() == (bytes[0] == OddPoint)
            ? Parameters.Curve.CreatePoint(abscissa, y.ToBigInteger())
            : null;
    }

    /// <summary>string_to_int, of a number that must be below q; <see langword="null"/> when it is not.</summary>
    public static BigInteger? Scalar(ReadOnlySpan<byte> bytes)
    {
        var number = new BigInteger(1, bytes);
        return number.CompareTo(Order) < 0 ? number : null;
    }

    /// <summary>point_to_string (§5.5).</summary>
    public static byte[] Bytes(ECPoint point) => point.GetEncoded(compressed: true);

    /// <summary>H, by try and increment (§5.4.1.1) with the public key as the salt.</summary>
    public static ECPoint EncodeToCurve(ReadOnlySpan<byte> key, ReadOnlySpan<byte> alpha)
    {
        ECPoint? Even(ReadOnlySpan<byte> abscissa) => Point([EvenPoint, .. abscissa]);
        return FirstOf(key, alpha, Even);
    }

    /// <summary>
    /// What is made of the first hash that is a point (§5.4.1.1), tried in the order of the RFC.
    /// </summary>
    /// <param name="key">The salt: the public key.</param>
    /// <param name="alpha">The input.</param>
    /// <param name="of">Of the abscissa of the point, whose ordinate is even; null when no point has this
    /// abscissa.</param>
    public static T FirstOf<T>(ReadOnlySpan<byte> key, ReadOnlySpan<byte> alpha, FromAbscissa<T> of)
        where T : class
    {
        byte[] input = [Suite, EncodeDomain, .. key, .. alpha, 0, EndOfDomain];
        Span<byte> abscissa = stackalloc byte[PointSize - 1];
        for (var attempt = 0; attempt <= byte.MaxValue; attempt++)
        {
            input[^2] = (byte)attempt;
            SHA256.HashData(input, abscissa);
            if (of(abscissa) is { } point)
                return point;
        }

        // One chance in 2^256: the RFC says so too, and has no other answer.
        throw new InvalidOperationException("None of 256 hashes is a point of P-256.");
    }

    /// <summary>
    /// Makes something of the point with this abscissa and an even ordinate; null when there is none.
    /// </summary>
    public delegate T? FromAbscissa<T>(ReadOnlySpan<byte> abscissa)
        where T : class;

    /// <summary>c (§5.4.3), of the key and the four points that are hashed with it.</summary>
    public static byte[] Challenge(ReadOnlySpan<byte> key, params ReadOnlySpan<ECPoint> points)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([Suite, ChallengeDomain]);
        hash.AppendData(key);
        foreach (var point in points)
            hash.AppendData(Bytes(point));
        hash.AppendData([EndOfDomain]);
        return hash.GetHashAndReset()[..ChallengeSize];
    }

    /// <summary>beta (§5.2) of a proof's first point. The cofactor is 1.</summary>
    public static Hash Output(ReadOnlySpan<byte> gamma) => Hash.Of([Suite, OutputDomain, .. gamma, EndOfDomain]);
}
