using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Aval.Storage;

/// <summary>
/// SipHash-2-4 with a 128-bit result (Aumasson and Bernstein 2012; the reference implementation's test vectors are in
/// the tests): a keyed pseudo-random function for short inputs. Chosen over HMAC-SHA256 because a build keys every
/// admitted row, and HMAC costs ten times as much (docs/decisions/siphash.md).
/// </summary>
internal readonly struct SipHash
{
    /// <summary>Bytes of key.</summary>
    public const int KeySize = 16;

    private readonly ulong _k0;
    private readonly ulong _k1;

    /// <summary>With a 16-byte key.</summary>
    public SipHash(ReadOnlySpan<byte> key)
    {
        _k0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _k1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    /// <summary>
    /// The 128-bit value of <paramref name="data"/>: its first and its second eight bytes, little-endian.
    /// </summary>
    public (ulong Low, ulong High) Hash(ReadOnlySpan<byte> data)
    {
        var v0 = _k0 ^ 0x736f6d6570736575UL;
        var v1 = _k1 ^ 0x646f72616e646f6dUL ^ 0xee;
        var v2 = _k0 ^ 0x6c7967656e657261UL;
        var v3 = _k1 ^ 0x7465646279746573UL;

        var rest = data;
        while (rest.Length >= 8)
        {
            var word = MemoryMarshal.Read<ulong>(rest);
            if (!BitConverter.IsLittleEndian)
                word = BinaryPrimitives.ReverseEndianness(word);
            v3 ^= word;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= word;
            rest = rest[8..];
        }

        var last = (ulong)data.Length << 56;
        for (var i = 0; i < rest.Length; i++)
            last |= (ulong)rest[i] << (8 * i);
        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;

        v2 ^= 0xee;
        for (var i = 0; i < 4; i++)
            Round(ref v0, ref v1, ref v2, ref v3);
        var low = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        for (var i = 0; i < 4; i++)
            Round(ref v0, ref v1, ref v2, ref v3);
        return (low, v0 ^ v1 ^ v2 ^ v3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }

    /// <summary>The same UUID as the engine holds it: the halves as numbers, the greater last, its first bit turned so
    /// that they order as signed.</summary>
    internal static (ulong Lower, ulong Upper) ToUuid((ulong Low, ulong High) value) =>
        (BinaryPrimitives.ReverseEndianness(value.High), BinaryPrimitives.ReverseEndianness(value.Low) ^ (1UL << 63));

    /// <summary>A value's sixteen bytes in order, as the UUID that prints them in order.</summary>
    internal static Guid ToGuid((ulong Low, ulong High) value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value.Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], value.High);
        return new Guid(bytes, bigEndian: true);
    }
}
