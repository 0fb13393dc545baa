using System.Text;

namespace Aval.Proofs;

/// <summary>
/// What a person is given for a choice (docs/formats/receipt.md): the choice, the opening of its entry, and the proof
/// that the entry is in the ledger. Reading it verifies nothing; <see cref="Verify"/> does.
/// </summary>
/// <param name="Statement">The choice.</param>
/// <param name="Opening">Who has it can show what the entry commits to.</param>
/// <param name="Inclusion">That the entry is in the ledger.</param>
public sealed record Receipt(Statement Statement, Opening Opening, InclusionProof Inclusion)
{
    /// <summary>The first line.</summary>
    public const string Header = "aval-receipt/1";

    /// <summary>The 34 bytes to which the ledger commits.</summary>
    public LedgerEntry Entry => LedgerEntry.OfChoice(Opening, Statement.Json.Span);

    /// <summary>Reads a receipt: there is one spelling of each, and any other is refused.</summary>
    /// <exception cref="ProofException">Malformed.</exception>
    public static Receipt Parse(ReadOnlySpan<byte> file)
    {
        file = Mailed.AsSent(file);
        var split = file.IndexOf("\n\n"u8);
        if (split < 0)
            throw Broken("it has no empty line");
        var head = file[..(split + 1)];
        if (!Take(ref head, Encoding.ASCII.GetBytes(Header), out var rest) || !rest.IsEmpty)
            throw Broken($"its first line is not {Header}");
        if (!Take(ref head, "choice "u8, out var choice))
            throw Broken("its second line is not the choice");
        if (!Take(ref head, "opening "u8, out var opening) || !head.IsEmpty
            || !Base64.TryDecode(Encoding.Latin1.GetString(opening), out var bytes) || bytes.Length != Opening.Size)
            throw Broken("its third line, the last before the empty one, is not an opening of 32 bytes in base64");
        var inclusion = InclusionProof.Parse(file[(split + 2)..]);
        // Nothing vouches for an extra line, so that nothing may stand there.
        return inclusion.Extra is null
            ? new Receipt(Statement.Parse(choice), new Opening(bytes), inclusion)
            : throw Broken("it has an extra line");
    }

    /// <summary>
    /// Checks that the choice is in the ledger of <paramref name="key"/>, and returns the signed checkpoint that says
    /// so.
    /// </summary>
    /// <exception cref="ProofException">It is not shown to be.</exception>
    public Checkpoint Verify(VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Inclusion.Verify(Entry.ToBytes(), key, key.Name);
    }

    /// <summary>The bytes of the file.</summary>
    public byte[] ToFile() => ToFile(Statement.Json.Span, Opening, Inclusion);

    /// <summary>The bytes of a receipt's file, for who writes many: the statement is not read again.</summary>
    /// <param name="statement">Canonical JSON.</param>
    /// <param name="opening">Its opening.</param>
    /// <param name="inclusion">That its entry is in the ledger.</param>
    public static byte[] ToFile(ReadOnlySpan<byte> statement, Opening opening, InclusionProof inclusion)
    {
        ArgumentNullException.ThrowIfNull(inclusion);
        return [.. Encoding.ASCII.GetBytes(
            Header), .. "\nchoice "u8, .. statement, .. "\nopening "u8, .. Encoding.ASCII.GetBytes(
                Convert.ToBase64String(opening.Bytes)), .. "\n\n"u8, .. inclusion.ToFile()];
    }

    // The rest of the next line, when it begins so.
    private static bool Take(ref ReadOnlySpan<byte> head, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> rest)
    {
        var end = head.IndexOf((byte)'\n');
        rest = [];
        if (end < 0 || !head[..end].StartsWith(name))
            return false;
        rest = head[name.Length..end];
        head = head[(end + 1)..];
        return true;
    }

    private static ProofException Broken(string why) => ProofException.Malformed($"Not a receipt: {why}.");
}
