namespace Aval.Proofs;

/// <summary>
/// The Merkle tree of RFC 6962 §2.1 (RFC 9162 §2.1) over SHA-256: how a leaf and a node are hashed, and how proofs are
/// checked.
/// </summary>
public static class MerkleTree
{
    /// <summary>
    /// The most hashes that a proof can need: one a level of a tree of 2⁶³ leaves, and one more for consistency.
    /// </summary>
    public const int MaxProof = 64;

    /// <summary>The root of a tree without leaves: SHA-256 of nothing.</summary>
    public static Hash Empty { get; } = Hash.Of([]);

    /// <summary>SHA-256(0x00 ‖ entry): the first byte keeps an entry from passing for a node.</summary>
    public static Hash Leaf(ReadOnlySpan<byte> entry)
    {
        const int onStack = 1024;
        Span<byte> input = entry.Length < onStack ? stackalloc byte[1 + entry.Length] : new byte[1 + entry.Length];
        input[0] = 0x00;
        entry.CopyTo(input[1..]);
        return Hash.Of(input);
    }

    /// <summary>SHA-256(0x01 ‖ left ‖ right).</summary>
    public static Hash Node(Hash left, Hash right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Hash.Size)];
        input[0] = 0x01;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Hash.Size)..]);
        return Hash.Of(input);
    }

    /// <summary>The root over as many hashes as a power of two, side by side.</summary>
    internal static Hash Fold(ReadOnlySpan<byte> hashes) => hashes.Length == Hash.Size
        ? Hash.From(hashes)
        : Node(Fold(hashes[..(hashes.Length / 2)]), Fold(hashes[(hashes.Length / 2)..]));

    /// <summary>
    /// Checks that <paramref name="leaf"/> stands at <paramref name="index"/> in the tree (RFC 9162 §2.1.3.2).
    /// </summary>
    /// <param name="leaf">The leaf's hash.</param>
    /// <param name="index">Its place.</param>
    /// <param name="size">Of the tree.</param>
    /// <param name="root">Of the tree.</param>
    /// <param name="proof">The leaf's sibling first, up to the root's child.</param>
    /// <exception cref="ProofException">It does not.</exception>
    public static void RequireInclusion(
        Hash leaf, EntryIndex index, TreeSize size, Hash root, IReadOnlyList<Hash> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (index.Value < 0 || index.Value >= size.Value)
            throw ProofException.Wrong($"Entry {index} is not in a tree of {size} entries.");
        var (place, last, node) = (index.Value, size.Value - 1, leaf);
        foreach (var hash in proof)
        {
            if (last == 0)
                throw ProofException.Wrong(
                    $"The inclusion proof of entry {index} has more hashes than a tree of {size} entries has levels.");
            if ((place & 1) == 1 || place == last)
            {
                node = Node(hash, node);
                // A right edge without sibling: its node is the same on the levels above.
                for (; (place & 1) == 0 && place != 0; place >>= 1)
                    last >>= 1;
            }
            else
            {
                node = Node(node, hash);
            }

            place >>= 1;
            last >>= 1;
        }

        if (last != 0 || node != root)
            throw ProofException.Wrong(
                $"The inclusion proof of entry {index} does not lead to the root of the tree of {size} entries.");
    }

    /// <summary>Checks that the newer tree only appended to the older one (RFC 9162 §2.1.4.2).</summary>
    /// <param name="older">Size of the older tree.</param>
    /// <param name="olderRoot">Its root.</param>
    /// <param name="newer">Size of the newer tree.</param>
    /// <param name="newerRoot">Its root.</param>
    /// <param name="proof">As RFC 9162 §2.1.4.1 makes it; empty when either tree is empty or both have the same
    /// size.</param>
    /// <exception cref="ProofException">It did not, or the proof does not show it.</exception>
    public static void RequireConsistency(
        TreeSize older, Hash olderRoot, TreeSize newer, Hash newerRoot, IReadOnlyList<Hash> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        var fails = ProofException.Wrong(
            $"The tree of {newer} entries is not shown to continue the tree of {older} entries.");
        if (older.Value < 0 || older.Value > newer.Value)
            throw fails;
        if (older.Value == 0 || older == newer)
        {
            if (proof.Count > 0 || (older.Value == 0 && olderRoot != Empty)
                || (older == newer && olderRoot != newerRoot))
                throw fails;
            return;
        }

        if (proof.Count == 0)
            throw fails;
        // The proof leaves out what the verifier has: the older root, when the older tree is one complete subtree.
        var path = (older.Value & (older.Value - 1)) == 0 ? proof.Prepend(olderRoot) : proof;
        var (place, last) = (older.Value - 1, newer.Value - 1);
        for (; (place & 1) == 1; place >>= 1)
            last >>= 1;
        var (oldNode, newNode) = (path.First(), path.First());
        foreach (var hash in path.Skip(1))
        {
            if (last == 0)
                throw fails;
            if ((place & 1) == 1 || place == last)
            {
                oldNode = Node(hash, oldNode);
                newNode = Node(hash, newNode);
                for (; (place & 1) == 0 && place != 0; place >>= 1)
                    last >>= 1;
            }
            else
            {
                newNode = Node(newNode, hash);
            }

            place >>= 1;
            last >>= 1;
        }

        if (last != 0 || oldNode != olderRoot || newNode != newerRoot)
            throw fails;
    }
}
