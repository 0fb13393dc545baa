using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Aval.Proofs;

/// <summary>
/// What a manifest says about the tree of a release's authors (docs/formats/authors.md). Leaf i of its 2^k leaves
/// lists, ascending, the VRF outputs of the authors whose first k bits are i; so the size alone says where an author
/// would be.
/// </summary>
/// <param name="Origin">Under which its checkpoint is signed.</param>
/// <param name="Size">Its leaves, a power of two.</param>
/// <param name="Root">The root over them.</param>
/// <param name="Key">Who made the outputs.</param>
/// <param name="Scope">The ledger's origin: an account's output is the same in all releases of all its corpora.</param>
public sealed record AuthorTree(string Origin, TreeSize Size, Hash Root, VrfPublicKey Key, string Scope)
{
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where an author with this output is, or would be.</summary>
    /// <exception cref="ProofException">The size is not a power of two.</exception>
    public EntryIndex PlaceOf(Hash output) => PlaceOf(output, Bits);

    /// <summary>
    /// The input of the VRF for an account: <c>aval/author/v1 ‖ 0 ‖ scope ‖ 0 ‖ service:id</c>, UTF-8.
    /// </summary>
    /// <exception cref="ProofException">The scope or the account holds what neither may: a control character (which
    /// could move the border between the two), or no Unicode at all.</exception>
    public static byte[] Alpha(string scope, string account)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(account);
        try
        {
            return account.Length > 0 && scope.Length > 0 && !account.Any(char.IsControl) && !scope.Any(char.IsControl)
                ? Strict.GetBytes($"aval/author/v1\0{scope}\0{account}")
                : throw ProofException.Malformed("The scope or the account is empty or holds a control character: "
                    + "no author is named so.");
        }
        catch (EncoderFallbackException broken)
        {
            throw ProofException.Malformed("The scope or the account is not Unicode: no author is named so.", broken);
        }
    }

    /// <summary>k, of 2^k leaves.</summary>
    /// <exception cref="ProofException">The size is not a power of two.</exception>
    internal int Bits => Size.Value > 0 && BitOperations.IsPow2(Size.Value)
        ? BitOperations.Log2((ulong)Size.Value)
        : throw ProofException.Wrong($"The tree of authors has {Size} leaves, which is not a power of two: "
            + "an author would have no place in it.");

    /// <summary>The first <paramref name="bits"/> bits of an output, as a number.</summary>
    internal static EntryIndex PlaceOf(ReadOnlySpan<byte> output, int bits) =>
        // A shift by 64 would be none.
        new(bits == 0 ? 0 : (long)(BinaryPrimitives.ReadUInt64BigEndian(output) >> (64 - bits)));

    /// <summary>
    /// Checks that a leaf lists whole outputs, each once, ascending, and none that belongs elsewhere.
    /// </summary>
    /// <exception cref="ProofException">It does not.</exception>
    internal static void RequireLeaf(ReadOnlySpan<byte> leaf, EntryIndex index, int bits)
    {
        if (leaf.Length % Hash.Size != 0)
            throw ProofException.Wrong($"Leaf {index} of the tree of authors has {leaf.Length} bytes, which is not a "
                + "whole number of outputs.");
        for (var at = 0; at < leaf.Length; at += Hash.Size)
        {
            var output = leaf.Slice(at, Hash.Size);
            if (PlaceOf(output, bits) != index)
                throw ProofException.Wrong($"Leaf {index} of the tree of authors holds an output that belongs to leaf "
                    + $"{PlaceOf(output, bits)}.");
            if (at > 0 && leaf.Slice(at - Hash.Size, Hash.Size).SequenceCompareTo(output) >= 0)
                throw ProofException.Wrong($"Leaf {index} of the tree of authors is not strictly ascending.");
        }
    }
}
