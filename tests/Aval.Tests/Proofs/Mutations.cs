namespace Aval.Tests.Proofs;

/// <summary>A file with something changed in it must never be verified.</summary>
internal static class Mutations
{
    /// <summary>
    /// Flips each bit in turn; <paramref name="verify"/> must throw a <see cref="ProofException"/>, and nothing else,
    /// each time.
    /// </summary>
    public static void OfEveryBit(byte[] file, Action<byte[]> verify) => OfBits(file, 0, file.Length, verify);

    /// <summary>The same for the bytes from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public static void OfBits(byte[] file, int from, int to, Action<byte[]> verify)
    {
        // Without this, a verification that always fails would pass.
        verify([.. file]);
        for (var bit = from * 8; bit < to * 8; bit++)
        {
            var changed = (byte[])file.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused(changed, verify, $"bit {bit % 8} of byte {bit / 8}");
        }
    }

    /// <summary>Asserts that a file is not verified.</summary>
    public static void AssertRefused(byte[] file, Action<byte[]> verify, string what)
    {
        try
        {
            verify(file);
        }
        catch (ProofException)
        {
            return;
        }

        Assert.Fail($"Verified, although changed: {what}.");
    }
}
