using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Aval.Authors;

/// <summary>
/// The even ordinate of the point of P-256 with an abscissa: the even root of x³ − 3x + b modulo p = 2²⁵⁶ − 2²²⁴ + 2¹⁹²
/// + 2⁹⁶ − 1. Since p is 3 modulo 4, the root of a square is its power (p + 1)/4. Half of all hashes are no abscissa of
/// a point, which shows when that power is squared. OpenSSL takes twice as long for it. The numbers are no secret.
/// </summary>
internal static class EvenOrdinate
{
    private static readonly Element P = new(ulong.MaxValue, 0xffff_ffff, 0, 0xffff_ffff_0000_0001);

    // 2⁵¹² modulo p: times this, a number is in Montgomery's form, which is the number times 2²⁵⁶.
    private static readonly Element IntoForm = new(3, 0xffff_fffb_ffff_ffff, 0xffff_ffff_ffff_fffe, 0x4_ffff_fffd);

    // The curve's, in that form.
    private static readonly Element B = new(
        0xd89c_df62_29c4_bddf, 0xacf0_05cd_7884_3090, 0xe5a2_20ab_f721_2ed6, 0xdc30_061d_0487_4834);

    private static readonly Element One = new(1, 0, 0, 0);

    /// <summary>Finds it.</summary>
    /// <param name="abscissa">32 bytes, big-endian.</param>
    /// <param name="ordinate">32 bytes, big-endian; written when there is one.</param>
    /// <returns>False when no point has this abscissa.</returns>
    public static bool TryFind(ReadOnlySpan<byte> abscissa, Span<byte> ordinate)
    {
        var given = Element.Read(abscissa);
        if (!given.IsBelow(P))
            return false;
        var x = Times(given, IntoForm);
        var cube = Times(Times(x, x), x);
        var square = Plus(Minus(Minus(Minus(cube, x), x), x), B);
        var root = Root(square);
        if (Times(root, root) != square)
            return false;
        var plain = Times(root, One);
        (plain.IsEven ? plain : Minus(default, plain)).Write(ordinate);
        return true;
    }

    // (p + 1)/4 = (((2³² − 1) · 2³² + 1) · 2⁹⁶ + 1) · 2⁹⁴.
    private static Element Root(in Element square)
    {
        var ones = square;
        for (var bits = 1; bits < 32; bits *= 2)
            ones = Times(Squared(ones, bits), ones);
        return Squared(Times(Squared(Times(Squared(ones, 32), square), 96), square), 94);
    }

    private static Element Squared(Element number, int times)
    {
        for (; times > 0; times--)
            number = Times(number, number);
        return number;
    }

    // The product in the same form (Montgomery 1985): a word of one factor at a time, and after each the lowest word of
    // the sum is made 0 by so many times p. As p is −1 modulo 2⁶⁴, that is the word itself.
    private static Element Times(in Element left, in Element right)
    {
        ulong s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0;
        AddTimes(left.W0, right, ref s0, ref s1, ref s2, ref s3, ref s4);
        AddTimes(left.W1, right, ref s0, ref s1, ref s2, ref s3, ref s4);
        AddTimes(left.W2, right, ref s0, ref s1, ref s2, ref s3, ref s4);
        AddTimes(left.W3, right, ref s0, ref s1, ref s2, ref s3, ref s4);
        // Below 2p: once p less, where that is not below 0.
        var borrow = 0ul;
        var less = new Element(
            Less(s0, P.W0, ref borrow), Less(s1, P.W1, ref borrow), Less(s2, P.W2, ref borrow),
            Less(s3, P.W3, ref borrow));
        _ = Less(s4, 0, ref borrow);
        return borrow == 0 ? less : new Element(s0, s1, s2, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTimes(
        ulong word, in Element other, ref ulong s0, ref ulong s1, ref ulong s2, ref ulong s3, ref ulong s4)
    {
        var carry = 0ul;
        var lowest = PlusTimes(s0, word, other.W0, ref carry);
        s1 = PlusTimes(s1, word, other.W1, ref carry);
        s2 = PlusTimes(s2, word, other.W2, ref carry);
        s3 = PlusTimes(s3, word, other.W3, ref carry);
        var over = 0ul;
        s4 = More(s4, carry, ref over);
        // And p times the lowest word, which goes with it: its other words, one place lower.
        carry = 0;
        s0 = More(s1, lowest << 32, ref carry);
        s1 = More(s2, lowest >> 32, ref carry);
        s2 = PlusTimes(s3, lowest, P.W3, ref carry);
        var last = 0ul;
        s3 = More(s4, carry, ref last);
        s4 = over + last;
    }

    private static Element Plus(in Element left, in Element right) => Minus(left, Minus(default, right));

    private static Element Minus(in Element left, in Element right)
    {
        var borrow = 0ul;
        var (w0, w1) = (Less(left.W0, right.W0, ref borrow), Less(left.W1, right.W1, ref borrow));
        var (w2, w3) = (Less(left.W2, right.W2, ref borrow), Less(left.W3, right.W3, ref borrow));
        if (borrow == 0)
            return new Element(w0, w1, w2, w3);
        var carry = 0ul;
        return new Element(
            More(w0, P.W0, ref carry), More(w1, P.W1, ref carry), More(w2, P.W2, ref carry), More(w3, P.W3, ref carry));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PlusTimes(ulong sum, ulong left, ulong right, ref ulong carry)
    {
        var high = Math.BigMul(left, right, out var low);
        low += sum;
        high += low < sum ? 1ul : 0;
        low += carry;
        high += low < carry ? 1ul : 0;
        carry = high;
        return low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong More(ulong left, ulong right, ref ulong carry)
    {
        var sum = left + right;
        var total = sum + carry;
        carry = (sum < left ? 1ul : 0) | (total < sum ? 1ul : 0);
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Less(ulong left, ulong right, ref ulong borrow)
    {
        var difference = left - right;
        var rest = difference - borrow;
        borrow = (left < right ? 1ul : 0) | (difference < borrow ? 1ul : 0);
        return rest;
    }

    // 256 bits, the lowest word first.
    private readonly record struct Element(ulong W0, ulong W1, ulong W2, ulong W3)
    {
        public bool IsEven => (W0 & 1) == 0;

        public bool IsBelow(in Element other)
        {
            var borrow = 0ul;
            _ = Less(W0, other.W0, ref borrow);
            _ = Less(W1, other.W1, ref borrow);
            _ = Less(W2, other.W2, ref borrow);
            _ = Less(W3, other.W3, ref borrow);
            return borrow != 0;
        }

        public static Element Read(ReadOnlySpan<byte> bytes) => new(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt64BigEndian(bytes));

        public void Write(Span<byte> bytes)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], W0);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], W1);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], W2);
            BinaryPrimitives.WriteUInt64BigEndian(bytes, W3);
        }
    }
}
