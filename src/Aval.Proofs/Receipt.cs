namespace Aval.Proofs;
/// <summary>Temporary.</summary>
public sealed record Receipt(byte[] Statement, Opening Opening, InclusionProof Proof)
{
    /// <summary>.</summary>
    public static Receipt Parse(ReadOnlySpan<byte> file) => throw new NotSupportedException();
    /// <summary>.</summary>
    public byte[] ToFile() => [.. "aval-receipt/1\nchoice "u8, .. Statement, .. System.Text.Encoding.ASCII.GetBytes($"\nopening {Convert.ToBase64String(Opening.Bytes)}\n\n"), .. Proof.ToFile()];
}
