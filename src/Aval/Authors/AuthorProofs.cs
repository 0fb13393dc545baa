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
    public static (AuthorProof Proof, AuthorVerdict Verdict) Make(Workspace workspace, string release, Account account)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var authors = Manifest.Read(release).Authors;
        var key = VrfKey.Read(workspace.VrfKeyFile);
        if (!key.Public.Bytes.SequenceEqual(authors.Key.Bytes))
            throw AvalException.BadInput(
                $"{release}: its authors were listed under the key {authors.Key}, and this workspace has {key.Public}: "
                + "it is a release of another workspace, or keys/vrf.key was replaced. No proof was made. "
                + "Name the workspace that made it with --workspace, or restore the key from your backup.");
        try
        {
            var directory = Path.Combine(release, ReleaseAuthors.Directory);
            var pi = key.Prove(AuthorTree.Alpha(authors.Scope, account.ToString()));
            var place = authors.PlaceOf(Ecvrf.Output(pi.AsSpan(0, Ecvrf.PointSize)));
            var tree = new TileReader(directory, authors.Size);
            var note = File.ReadAllBytes(Path.Combine(directory, ReleaseAuthors.CheckpointName));
            var proof = new AuthorProof(tree.Entry(place), new InclusionProof(place, tree.Inclusion(place), note, pi));
            // A release that was made before a change of keys is the old key's.
            return (proof, proof.Verify(authors, account.ToString(), LedgerKeys.Of(workspace).For(note)));
        }
        catch (ProofException broken)
        {
            throw AvalException.BadInput($"{Path.Combine(release, ReleaseAuthors.Directory)}: {broken.Message} No "
                + $"proof was made: nobody would accept it. Run aval audit release {release} to see what is damaged, "
                + "and restore it from a copy.", broken);
        }
    }
}
