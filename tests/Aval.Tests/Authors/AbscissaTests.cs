using System.Numerics;
using Aval.Authors;
using CsCheck;

namespace Aval.Tests.Authors;

/// <summary>What is left out before OpenSSL is asked has no point, as BouncyCastle finds it.</summary>
public sealed class AbscissaTests
{
    private static readonly BigInteger P =
        BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224) + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1;

    [Fact]
    public void No_abscissa_of_a_point_is_left_out_and_every_other_one_is() =>
        Gen.Byte.Array[32].Sample(Hold, iter: 3_000);

    [Fact]
    public void So_are_the_smallest_and_the_largest()
    {
        for (var n = 0; n < 500; n++)
        {
            Assert.True(Hold(Bytes(n)));
            Assert.True(Hold(Bytes(P - 1 - n)));
        }
    }

    private static bool Hold(byte[] abscissa)
    {
        if (new BigInteger(abscissa, isUnsigned: true, isBigEndian: true) >= P)
            return true; // Nobody's, and OpenSSL says so.
        return Abscissa.MayBe(abscissa) == (Ecvrf.Point([0x02, .. abscissa]) is not null);
    }

    private static byte[] Bytes(BigInteger number)
    {
        var bytes = new byte[32];
        var minimal = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        minimal.CopyTo(bytes, bytes.Length - minimal.Length);
        return bytes;
    }
}
