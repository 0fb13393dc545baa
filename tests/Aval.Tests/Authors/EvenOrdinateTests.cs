using System.Numerics;
using Aval.Authors;
using CsCheck;

namespace Aval.Tests.Authors;

/// <summary>The point that is found for an abscissa, or that there is none, as BouncyCastle finds it.</summary>
public sealed class EvenOrdinateTests
{
    private const int Size = 32;

    private static readonly BigInteger P =
        BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224) + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1;

    [Fact]
    public void A_point_is_found_wherever_there_is_one_and_nowhere_else() =>
        Gen.Byte.Array[Size].Sample(Hold, iter: 5_000);

    [Fact]
    public void So_it_is_for_numbers_with_few_bits_set_or_few_not() =>
        Gen.Select(Gen.Int[0, 255].Array[0, 4], Gen.Bool).Sample((bits, isInverted) =>
        {
            var number = bits.Aggregate(BigInteger.Zero, (sum, bit) => sum | (BigInteger.One << bit));
            Hold(Bytes(isInverted ? BigInteger.Pow(2, 256) - 1 - number : number));
        });

    [Fact]
    public void So_it_is_for_the_smallest_and_the_largest_and_those_at_the_ends_of_words()
    {
        BigInteger[] ends = [0, P, .. new[] { 32, 64, 96, 128, 192, 224, 256 }.Select(bits => BigInteger.Pow(2, bits))];
        foreach (var end in ends)
        {
            for (var n = -200; n < 200; n++)
            {
                if (end + n >= 0 && end + n < BigInteger.Pow(2, 256))
                    Hold(Bytes(end + n));
            }
        }
    }

    private static void Hold(byte[] abscissa)
    {
        var ordinate = new byte[Size];
        var isFound = EvenOrdinate.TryFind(abscissa, ordinate);
        var point = new BigInteger(abscissa, isUnsigned: true, isBigEndian: true) < P
            ? Ecvrf.Point([0x02, .. abscissa])
            : null;
        Assert.Equal(point is not null, isFound);
        if (point is not null)
            Assert.Equal(point.Normalize().AffineYCoord.GetEncoded(), ordinate);
    }

    private static byte[] Bytes(BigInteger number)
    {
        var bytes = new byte[Size];
        var minimal = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        minimal.CopyTo(bytes, bytes.Length - minimal.Length);
        return bytes;
    }
}
