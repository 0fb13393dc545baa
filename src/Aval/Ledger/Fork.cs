using System.Text;
using Aval.Storage;

namespace Aval.Ledger;

/// <summary>
/// Two histories of one log: the one thing that a ledger must never have. Whoever finds one keeps both checkpoints as
/// evidence and stops.
/// </summary>
internal static class Fork
{
    /// <summary>Checks that this workspace's ledger continues what an older checkpoint of it committed to.</summary>
    /// <param name="workspace">Whose ledger.</param>
    /// <param name="published">Its checkpoint.</param>
    /// <param name="older">A checkpoint that was seen elsewhere: in a receipt, a proof or a file. Signed by the same
    /// key, or it says nothing.</param>
    /// <param name="keys">The ledger's keys, old ones too.</param>
    /// <exception cref="AvalException">Refused: a fork; both checkpoints are kept.</exception>
    /// <exception cref="ProofException">The older one is malformed, of another log or signed by nobody we
    /// know.</exception>
    public static void RequireConsistent(
        Workspace workspace, PublishedCheckpoint published, byte[] older, LedgerKeys keys)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(published);
        ArgumentNullException.ThrowIfNull(older);
        ArgumentNullException.ThrowIfNull(keys);
        var seen = Checkpoint.Verify(older, keys.For(older), workspace.Settings.Origin);
        if (seen.Size.Value > published.Size.Value)
            throw Found(
                workspace, published.Note, older,
                $"somebody holds a checkpoint of {seen.Size} entries, and this ledger has {published.Size}: "
                    + "what was committed since is lost here, most likely by restoring an old backup");
        try
        {
            MerkleTree.RequireConsistency(
                seen.Size, seen.Root, published.Size, published.Checkpoint.Root,
                new TileReader(workspace.Ledger, published.Size).Consistency(seen.Size));
        }
        catch (ProofException)
        {
            throw Found(
                workspace, published.Note, older,
                $"the checkpoint of {seen.Size} entries is not continued by this ledger of {published.Size}");
        }
    }

    /// <summary>
    /// The same, for whoever comes upon an older checkpoint in a file of this workspace: a release, a receipt.
    /// </summary>
    /// <param name="workspace">Whose ledger.</param>
    /// <param name="older">The checkpoint.</param>
    /// <param name="where">In which file it was found.</param>
    /// <exception cref="AvalException">Refused: a fork. Bad input: it is no checkpoint of this ledger, or the ledger
    /// has none.</exception>
    public static void RequireContinued(Workspace workspace, byte[] older, string where)
    {
        var keys = LedgerKeys.Of(workspace);
        var published = PublishedCheckpoint.Read(workspace, keys.All[0])
            ?? throw AvalException.BadInput($"{PublishedCheckpoint.PathIn(workspace)}: there is no checkpoint, "
                + $"and {where} holds one of this ledger. Nothing was done. Restore ledger/ (docs/operations.md, "
                + "\"Restore\"), and do not record before that.");
        try
        {
            RequireConsistent(workspace, published, older, keys);
        }
        catch (ProofException broken)
        {
            throw AvalException.BadInput($"{where}: {broken.Message} Nothing was done.", broken);
        }
    }

    /// <summary>Checks that the store of choices has what was published: as many entries, and the same last one.
    /// Openings are random, so two stores that went different ways since a backup differ in it.</summary>
    /// <exception cref="AvalException">Refused: a fork. Bad input: the tiles are missing or damaged.</exception>
    internal static void RequireSameStore(Workspace workspace, IEntryStore store, PublishedCheckpoint published)
    {
        var (size, found) = (published.Size, store.Size);
        if (found.Value < size.Value)
        {
            var lost = size.Value - found.Value == 1 ? $"entry {found} is"
                : $"the entries {found} to {size.Value - 1} are";
            throw Found(
                workspace, published.Note,
                    Encoding.UTF8.GetBytes($"(the store of choices, which has {found} entries)\n"),
                $"the store of choices has {found} entries, and {size} were published: an older copy "
                    + $"of {store.Where} must have been restored, and {lost} missing from it. "
                    + "Restore the newest copy. Going on would give indices a second time that somebody's receipt "
                    + "bears");
        }

        if (size.Value == 0 || TryEntry(workspace, size) is not { } entry)
            return;
        var last = new EntryIndex(size.Value - 1);
        if (entry.AsSpan().SequenceEqual(store.Entries(last, size).FirstOrDefault().ToBytes()))
            return;
        throw Found(
            workspace, published.Note, Encoding.UTF8.GetBytes($"(the store of choices, whose entry {last} is another "
                + "one)\n"),
            $"entry {last} of the store of choices is not the one that was "
                + $"published: {store.Where} is another store, or an older copy that was "
                + "recorded into. What was recorded into it alone will be lost when the right one is restored: list "
                + "it first (aval query \"SELECT * FROM choices\" in a workspace of its own), and record it again "
                + "afterwards");
    }

    /// <summary>Keeps two checkpoints that contradict each other, and says so.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="ours">The one of this ledger, as a signed note.</param>
    /// <param name="other">The other one, or what stands in its place.</param>
    /// <param name="how">In which way they contradict each other.</param>
    public static AvalException Found(Workspace workspace, byte[] ours, byte[] other, string how)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        byte[] both = [.. "One of these:\n\n"u8, .. ours, .. "\ncontradicts the other:\n\n"u8, .. other];
        return AvalException.Refused($"FORK: {workspace.Settings.Origin}: {how}. {Keep(workspace, both)} Nothing was "
            + "published, and nothing should be recorded or published until this is explained: see \"A fork\" in "
            + "docs/operations.md.");
    }

    // Tiles that are damaged are written again from the store by whoever writes, and refused by whoever reads.
    private static byte[]? TryEntry(Workspace workspace, TreeSize size)
    {
        try
        {
            return new TileReader(workspace.Ledger, size).Entry(new EntryIndex(size.Value - 1));
        }
        catch (AvalException)
        {
            return null;
        }
    }

    private static string Keep(Workspace workspace, byte[] both)
    {
        var evidence = Path.Combine(workspace.Root, "evidence");
        // Named by what it holds: the same fork found again is the same file, and another one never overwrites it.
        var path = Path.Combine(evidence, $"fork-{Hash.Of(both).ToHex()[..16]}.txt");
        try
        {
            Directory.CreateDirectory(evidence);
            if (!File.Exists(path))
                Durable.Replace(path, both);
            return $"Both are kept in {path}.";
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return $"They could not be kept in {path} ({refused.Message}): copy the workspace as it is.";
        }
    }
}
