using System.Numerics;
using System.Text;
using System.Text.Json;
using Aval.Authors;
using Aval.Tests.Exports;
using CsCheck;
using Hash = Aval.Proofs.Hash;

namespace Aval.Tests.Authors;

/// <summary>ECVRF-P256-SHA256-TAI, against RFC 9381 and against whoever would bend it.</summary>
public sealed class VrfTests
{
    private static readonly BigInteger Order = BigInteger.Parse(
        "0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        System.Globalization.NumberStyles.HexNumber, null);
    private static readonly BigInteger Field = BigInteger.Parse(
        "0ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        System.Globalization.NumberStyles.HexNumber, null);
    private static readonly VrfKey Key = VrfKey.FromSecret([.. Enumerable.Range(1, 32).Select(i => (byte)i)])!;
    private static readonly byte[] Alpha = Encoding.UTF8.GetBytes("facebook:1");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_examples_10_to_12_of_the_RFC_give_its_proofs_and_outputs(int example)
    {
        var vector = Vectors()[example];
        var key = VrfKey.FromSecret(Bytes(vector, "sk"))!;
        var alpha = Bytes(vector, "alpha");
        Assert.Equal(Bytes(vector, "pk"), key.Public.Bytes.ToArray());
        Assert.Equal(Bytes(vector, "pi"), key.Prove(alpha));
        Assert.Equal(Hash.From(Bytes(vector, "beta")), key.Output(alpha));
        Assert.Equal(
            Hash.From(Bytes(vector, "beta")),
            VrfPublicKey.Parse(Bytes(vector, "pk")).Verify(alpha, Bytes(vector, "pi")));
    }

    [Fact]
    public void What_is_proved_is_what_is_output_for_inputs_of_every_length()
    {
        for (var length = 0; length < 80; length++)
        {
            var alpha = new byte[length];
            Array.Fill(alpha, (byte)length);
            Assert.Equal(Key.Output(alpha), Key.Public.Verify(alpha, Key.Prove(alpha)));
        }
    }

    [Fact]
    public void Both_libraries_give_the_same_outputs_for_every_key_and_input() => Check.Sample(
        Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[0, 300]),
        (secret, alpha) =>
        {
            if (VrfKey.FromSecret(secret) is { } key)
                Assert.Equal(key.SlowOutput(alpha), key.Output(alpha));
        },
        iter: 300);

    [Fact]
    public void Libcrypto_does_the_work_here() => Assert.NotNull(OpenSslCurve.Mine);

    [Fact]
    public void No_bit_of_a_proof_or_of_its_input_can_be_changed()
    {
        var pi = Key.Prove(Alpha);
        foreach (var changed in Flipped(pi))
            Assert.Throws<ProofException>(() => Key.Public.Verify(Alpha, changed));
        foreach (var changed in Flipped(Alpha))
            Assert.Throws<ProofException>(() => Key.Public.Verify(changed, pi));
    }

    [Fact]
    public void No_bit_of_the_key_can_be_changed()
    {
        var pi = Key.Prove(Alpha);
        foreach (var changed in Flipped(Key.Public.Bytes.ToArray()))
            Assert.Throws<ProofException>(() => VrfPublicKey.Parse(changed).Verify(Alpha, pi));
    }

    [Fact]
    public void Every_malformed_proof_is_answered_with_one_message()
    {
        var pi = Key.Prove(Alpha);
        byte[][] malformed =
        [
            [], pi[..80], [.. pi, 0],                                        // wrong length
            [0x00, .. pi[1..]], [0x04, .. pi[1..]], [0x05, .. pi[1..]],      // infinity, uncompressed, no prefix at all
            [.. new byte[33], .. pi[33..]],                                  // infinity, padded
            With(pi, 1, OffCurve()),                                         // x of no point
            // x >= p: 5 is the x of a point
            With(pi, 1, Big(Field)), With(pi, 1, Big(Field + 5)),
            With(pi, 1, Enumerable.Repeat((byte)0xff, 32).ToArray()),
            With(pi, 49, Big(Order)), With(pi, 49, Enumerable.Repeat((byte)0xff, 32).ToArray()), // s >= q
        ];
        var messages = malformed.Select(one => Assert.Throws<ProofException>(() => Key.Public.Verify(Alpha, one)))
            .ToArray();
        Assert.All(messages, failure => Assert.Equal(ProofFailure.Malformed, failure.Failure));
        Assert.Single(messages.Select(failure => failure.Message).Distinct());
    }

    [Fact]
    public void Only_a_compressed_point_of_the_curve_is_a_key()
    {
        var key = Key.Public.Bytes.ToArray();
        byte[][] none = [[], key[..32], [
            .. key, 0,
        ], [0x00], new byte[33], [0x04, .. key[1..]], With(key, 1, OffCurve()), With(key, 1, Big(Field + 5))];
        Assert.All(none, bytes => Assert.Equal(
            ProofFailure.Malformed, Assert.Throws<ProofException>(() => VrfPublicKey.Parse(bytes)).Failure));
        // That x = 5 is one proves that it is the spelling above p that was refused.
        _ = VrfPublicKey.Parse(With(key, 1, Big(5)));
    }

    [Fact]
    public void Zero_and_the_order_are_no_private_keys()
    {
        Assert.Null(VrfKey.FromSecret(new byte[32]));
        Assert.Null(VrfKey.FromSecret(Big(Order)));
        Assert.NotNull(VrfKey.FromSecret(Big(Order - 1)));
    }

    [Fact]
    public void The_key_file_is_its_owners_alone_and_read_again()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "vrf.key");
        Key.CreateNew(path);
        Assert.Equal(Key.Output(Alpha), VrfKey.Read(path).Output(Alpha));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_key_file_that_is_missing_or_damaged_anywhere_is_said_to_be_so_without_showing_it()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "vrf.key");
        Assert.Contains(
            "is missing", Assert.Throws<AvalException>(() => VrfKey.Read(path)).Message, StringComparison.Ordinal);
        Key.CreateNew(path);
        var text = File.ReadAllText(path).Trim();
        for (var at = 0; at < text.Length; at++)
        {
            // Its owner's alone before and after: a key that others can read is refused for that.
            using (var file = new StreamWriter(path))
                file.Write(text[..at] + (text[at] == 'B' ? 'C' : 'B') + text[(at + 1)..]);
            var said = Assert.Throws<AvalException>(() => VrfKey.Read(path)).Message;
            Assert.Contains("not a whole key", said, StringComparison.Ordinal);
            Assert.DoesNotContain(text[^44..], said, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<byte[]> Flipped(byte[] bytes) => Enumerable.Range(0, bytes.Length * 8).Select(bit =>
    {
        var changed = (byte[])bytes.Clone();
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        return changed;
    });

    private static byte[] With(byte[] bytes, int at, byte[] part) =>
        [.. bytes[..at], .. part, .. bytes[(at + part.Length)..]];

    private static byte[] Big(BigInteger number)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }

    // The smallest x whose x^3 - 3x + b is no square.
    private static byte[] OffCurve()
    {
        var b = BigInteger.Parse(
            "05ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
            System.Globalization.NumberStyles.HexNumber, null);
        for (BigInteger x = 1; ; x++)
        {
            if (BigInteger.ModPow((x * x * x) - (3 * x) + b, (Field - 1) / 2, Field) == Field - 1)
                return Big(x);
        }
    }

    private static JsonElement[] Vectors()
    {
        using var document = JsonDocument.Parse(
            File.ReadAllBytes(SharedData.Path("specs/vrf/rfc9381-ecvrf-p256-sha256-tai.json")));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    private static byte[] Bytes(JsonElement vector, string name) =>
        Convert.FromHexString(vector.GetProperty(name).GetString()!);
}
