using System.Numerics;
using System.Security.Cryptography;

namespace Aval.Text.Identifiers;

/// <summary>
/// Addresses of cryptocurrencies: base58 with its double SHA-256 (Bitcoin, Litecoin, Dogecoin, Tron, …), bech32 and
/// bech32m (BIP 173, BIP 350), and Ethereum's forty hexadecimal digits behind <c>0x</c>.
/// </summary>
internal static class CryptoAddresses
{
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const string Bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    /// <summary>A word of ASCII letters and digits.</summary>
    public static bool TryAddress(ref Passage passage, int start, int end, out Finding found)
    {
        found = new Finding(IdentifierKind.Crypto, start, end);
        if (end - start is < 25 or > 90 || !passage.OpensAt(start) || !passage.ClosesAt(end))
            return false;
        var word = passage.Text[start..end];
        return word.Length switch
        {
            42 when word.StartsWith("0x") => word[2..].IndexOfAnyExcept(Hex) < 0,
            <= 35 when IsBase58(word) => true,
            _ => IsBech32(word),
        };
    }

    private static System.Buffers.SearchValues<char> Hex { get; } =
        System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");

    private static bool IsBase58(ReadOnlySpan<char> word)
    {
        // 25 bytes: version, hash of 20, check of 4.
        var value = BigInteger.Zero;
        foreach (var c in word)
        {
            var digit = Base58.IndexOf(c);
            if (digit < 0)
                return false;
            value = (value * 58) + digit;
        }

        Span<byte> bytes = stackalloc byte[25];
        var size = value.GetByteCount(isUnsigned: true);
        if (size > 25)
            return false;
        bytes.Clear();
        value.TryWriteBytes(bytes[(25 - size)..], out _, isUnsigned: true, isBigEndian: true);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes[..21], hash);
        SHA256.HashData(hash, hash);
        return hash[..4].SequenceEqual(bytes[21..]);
    }

    private static bool IsBech32(ReadOnlySpan<char> word)
    {
        var one = word.LastIndexOf('1');
        if (one is < 1 or > 12 || word.Length - one < 7)
            return false;
        Span<char> lower = stackalloc char[word.Length];
        word.ToLowerInvariant(lower);
        if (!word.SequenceEqual(lower) && word.IndexOfAnyInRange('a', 'z') >= 0)
            return false; // BIP 173: not both.
        var check = 1u;
        foreach (var c in lower[..one])
            check = Step(check) ^ ((uint)c >> 5);
        check = Step(check);
        foreach (var c in lower[..one])
            check = Step(check) ^ ((uint)c & 31);
        foreach (var c in lower[(one + 1)..])
        {
            var value = Bech32.IndexOf(c);
            if (value < 0)
                return false;
            check = Step(check) ^ (uint)value;
        }

        return check is 1 or 0x2BC830A3;
    }

    private static uint Step(uint check)
    {
        ReadOnlySpan<uint> generator = [0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3];
        var top = check >> 25;
        check = (check & 0x1FFFFFF) << 5;
        for (var i = 0; i < 5; i++)
            check ^= ((top >> i) & 1) != 0 ? generator[i] : 0;
        return check;
    }
}
