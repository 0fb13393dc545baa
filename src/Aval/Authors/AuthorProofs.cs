using Aval.Corpus;
using Aval.Ledger;

namespace Aval.Authors;

/// <summary>Makes the proof that an account is, or is not, among the authors of a release.</summary>
internal static class AuthorProofs
{
    /// <summary>
    /// Makes it, checks it as a stranger would, and answers what it shows. Only for whom it concerns: who may ask for
    /// anybody learns who is in a release.
    /// </summary>
    /// <param name="workspace">Whose release it is.</param>
    /// <param name="release">The release's directory.</param>
    /// <param name="account">About whom.</param>
    /// <exception cref="AvalException">Bad input: the release is another workspace's, or its tree is
    /// damaged.</exception>
    public static (AuthorProof Proof, AuthorVerdict Verdict) Make(
        Workspace workspace, string release, Account account) => AuthorProver.Open(workspace, release).Make(account);
}

/// <summary>Makes proofs about many accounts and one release.</summary>
internal sealed class AuthorProver
{
    private readonly string _release;
    private readonly VrfKey _key;
    private readonly AuthorTree _authors;
    private readonly TileReader _tree;
    private readonly byte[] _note;
    private readonly VerifierKey _signer;

    private AuthorProver(Workspace workspace, string release, VrfKey key, AuthorTree authors)
    {
        (_release, _key, _authors) = (release, key, authors);
        var directory = Path.Combine(release, ReleaseAuthors.Directory);
        _tree = new TileReader(directory, authors.Size);
        _note = File.ReadAllBytes(Path.Combine(directory, ReleaseAuthors.CheckpointName));
        // A release that was made before a change of keys is the old key's.
        _signer = LedgerKeys.Of(workspace).For(_note);
    }

    /// <summary>Opens a release's tree.</summary>
    /// <exception cref="AvalException">Bad input: the release is another workspace's.</exception>
    public static AuthorProver Open(Workspace workspace, string release)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var authors = Manifest.Read(release).Authors;
        var key = VrfKey.Read(workspace.VrfKeyFile);
        if (!key.Public.Bytes.SequenceEqual(authors.Key.Bytes))
            throw AvalException.BadInput(
                $"{release}: its authors were listed under the key {authors.Key}, and this workspace has {key.Public}: "
                + "it is a release of another workspace, or keys/vrf.key was replaced. No proof was made. "
                + "Name the workspace that made it with --workspace, or restore the key from your backup.");
        return Sound(release, () => new AuthorProver(workspace, release, key, authors));
    }

    /// <summary>Makes the proof about an account, checks it as a stranger would, and answers what it shows.</summary>
    /// <exception cref="AvalException">Bad input: the tree is damaged.</exception>
    public (AuthorProof Proof, AuthorVerdict Verdict) Make(Account account) => Sound(_release, () =>
    {
        var pi = _key.Prove(AuthorTree.Alpha(_authors.Scope, account.ToString()));
        var place = _authors.PlaceOf(Ecvrf.Output(pi.AsSpan(0, Ecvrf.PointSize)));
        var proof = new AuthorProof(_tree.Entry(place), new InclusionProof(place, _tree.Inclusion(place), _note, pi));
        return (proof, proof.Verify(_authors, account.ToString(), _signer));
    });

    /// <summary>Whether an account is listed, without a proof: at a tenth of the cost.</summary>
    /// <exception cref="AvalException">Bad input: the tree is damaged.</exception>
    public bool Holds(Account account) => Sound(_release, () =>
    {
        var output = _key.Output(AuthorTree.Alpha(_authors.Scope, account.ToString()));
        var bucket = _tree.Entry(_authors.PlaceOf(output)).AsSpan();
        for (; bucket.Length >= Hash.Size; bucket = bucket[Hash.Size..])
        {
            if (Hash.From(bucket[..Hash.Size]) == output)
                return true;
        }

        return false;
    });

    private static T Sound<T>(string release, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ProofException broken)
        {
            throw AvalException.BadInput($"{Path.Combine(release, ReleaseAuthors.Directory)}: {broken.Message} No "
                + $"proof was made: nobody would accept it. Run aval audit release {release} to see what is damaged, "
                + "and restore it from a copy.", broken);
        }
    }
}
