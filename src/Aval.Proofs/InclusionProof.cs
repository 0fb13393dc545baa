using System.Text;

namespace Aval.Proofs;

/// <summary>
/// A <c>.tlog-proof</c> file (C2SP tlog-proof): that an entry stands at an index of a log, with the checkpoint to check
/// it against. Reading it verifies nothing; <see cref="Verify"/> does.
/// </summary>
/// <param name="Index">Where the entry stands.</param>
/// <param name="Hashes">The leaf's sibling first, up to the root's child.</param>
/// <param name="Note">The checkpoint, verbatim, with its signatures.</param>
/// <param name="Extra">What travels with it, unauthenticated by itself; <see langword="null"/> when nothing
/// does.</param>
public sealed record InclusionProof(EntryIndex Index, IReadOnlyList<Hash> Hashes, byte[] Note, byte[]? Extra = null)
{
    /// <summary>The first line.</summary>
    public const string Header = "c2sp.org/tlog-proof@v1";

    /// <summary>Reads a proof.</summary>
    /// <exception cref="ProofException">Malformed.</exception>
    public static InclusionProof Parse(ReadOnlySpan<byte> file)
    {
        file = Mailed.AsSent(file);
        var split = file.IndexOf("\n\n"u8);
        if (split < 0)
            throw Broken("it has no checkpoint below an empty line");
        var lines = new Queue<string>(Encoding.Latin1.GetString(file[..split]).Split('\n'));
        if (lines.Dequeue() != Header)
            throw Broken($"its first line is not {Header}");
        byte[]? extra = null;
        if (Take(lines, "extra ") is { } text && !Base64.TryDecode(text, out extra))
            throw Broken("its extra line is not base64");
        if (Take(lines, "index ") is not { } index || !TreeSize.TryParse(index, out var place))
            throw Broken("it has no index line");
        if (lines.Count > MerkleTree.MaxProof)
            throw Broken($"it has more than {MerkleTree.MaxProof} hashes");
        var hashes = lines.Select(line =>
            Hash.TryParse(line, out var hash) ? hash : throw Broken("a line of it is not a hash in base64")).ToArray();
        return new InclusionProof(new EntryIndex(place), hashes, file[(split + 2)..].ToArray(), extra);
    }

    /// <summary>
    /// Checks that <paramref name="entry"/> is in the log, and returns the signed checkpoint that says so.
    /// </summary>
    /// <exception cref="ProofException">It is not shown to be.</exception>
    public Checkpoint Verify(ReadOnlySpan<byte> entry, VerifierKey key, string origin)
    {
        var checkpoint = Checkpoint.Verify(Note, key, origin);
        MerkleTree.RequireInclusion(MerkleTree.Leaf(entry), Index, checkpoint.Size, checkpoint.Root, Hashes);
        return checkpoint;
    }

    /// <summary>The bytes of the file.</summary>
    public byte[] ToFile()
    {
        var head = new StringBuilder(Header).Append('\n');
        if (Extra is { } extra)
            head.Append("extra ").Append(Convert.ToBase64String(extra)).Append('\n');
        head.Append("index ").Append(Index).Append('\n');
        foreach (var hash in Hashes)
            head.Append(hash).Append('\n');
        return [.. Encoding.ASCII.GetBytes(head.Append('\n').ToString()), .. Note];
    }

    private static string? Take(Queue<string> lines, string name) =>
        lines.TryPeek(out var line) && line.StartsWith(name, StringComparison.Ordinal)
            ? lines.Dequeue()[name.Length..]
            : null;

    private static ProofException Broken(string why) => ProofException.Malformed($"Not a proof of inclusion: {why}.");
}
