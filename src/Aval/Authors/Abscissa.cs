using System.Globalization;
using System.Numerics;

namespace Aval.Authors;

/// <summary>
/// Whether P-256 has a point with an abscissa: whether x³ − 3x + b is a square modulo p. Half of all hashes are none,
/// and OpenSSL finds that out by drawing a root, which costs several times as much. The numbers are no secret.
/// </summary>
internal static class Abscissa
{
    private static readonly BigInteger P = Read("0ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly BigInteger B = Read("05ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    /// <summary>False only where there is no such point.</summary>
    /// <param name="abscissa">32 bytes.</param>
    public static bool MayBe(ReadOnlySpan<byte> abscissa)
    {
        var x = new BigInteger(abscissa, isUnsigned: true, isBigEndian: true);
        Span<byte> square = stackalloc byte[4 * sizeof(ulong)];
        square.Clear();
        _ = (((x * x * x) - (3 * x) + B) % P).TryWriteBytes(square, out _, isUnsigned: true);
        return IsSquare(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(square));
    }

    // The Jacobi symbol of a number over p, by shifts and subtractions: halving an odd number of times turns it where
    // the modulus is 3 or 5 modulo 8, changing places turns it where both are 3 modulo 4. The modulus stays odd.
    // What depends on the numbers is masked, not branched over: no branch of these could be foretold.
    private static bool IsSquare(ReadOnlySpan<ulong> number)
    {
        var (a0, a1, a2, a3) = (number[0], number[1], number[2], number[3]);
        var (n0, n1, n2, n3) = (ulong.MaxValue, 0xffff_fffful, 0ul, 0xffff_ffff_0000_0001ul);
        var turns = 0ul;
        while ((a0 | a1 | a2 | a3) != 0)
        {
            for (; a0 == 0; a3 = 0)
                (a0, a1, a2) = (a1, a2, a3);
            var zeros = BitOperations.TrailingZeroCount(a0);
            // In two steps: a shift by 64 would be none.
            a0 = (a0 >> zeros) | (a1 << (63 - zeros) << 1);
            a1 = (a1 >> zeros) | (a2 << (63 - zeros) << 1);
            a2 = (a2 >> zeros) | (a3 << (63 - zeros) << 1);
            a3 >>= zeros;
            turns ^= (ulong)zeros & ((n0 >> 1) ^ (n0 >> 2));

            var borrow = 0ul;
            var d0 = Less(a0, n0, ref borrow);
            var d1 = Less(a1, n1, ref borrow);
            var d2 = Less(a2, n2, ref borrow);
            var d3 = Less(a3, n3, ref borrow);
            // Where the modulus was the larger one they change places, and the opposite of the difference is left.
            var changed = 0 - borrow;
            turns ^= changed & ((a0 & n0) >> 1);
            n0 ^= (n0 ^ a0) & changed;
            n1 ^= (n1 ^ a1) & changed;
            n2 ^= (n2 ^ a2) & changed;
            n3 ^= (n3 ^ a3) & changed;
            a0 = More(d0 ^ changed, ref borrow);
            a1 = More(d1 ^ changed, ref borrow);
            a2 = More(d2 ^ changed, ref borrow);
            a3 = (d3 ^ changed) + borrow;
        }

        return (turns & 1) == 0;
    }

    private static BigInteger Read(string digits) =>
        BigInteger.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static ulong Less(ulong left, ulong right, ref ulong borrow)
    {
        var difference = left - right;
        var rest = difference - borrow;
        borrow = (left < right ? 1ul : 0) | (difference < borrow ? 1ul : 0);
        return rest;
    }

    private static ulong More(ulong number, ref ulong carry)
    {
        var sum = number + carry;
        carry = sum < carry ? 1ul : 0;
        return sum;
    }
}
