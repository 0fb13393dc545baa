namespace Aval.Ledger;

/// <summary>
/// The checkpoints of one ledger that several files hold, verified each: who shows a file of one history beside a file
/// of another has forked the ledger, whichever files they are.
/// </summary>
internal sealed class SeenCheckpoints
{
    private readonly SortedDictionary<long, (string Where, Checkpoint Checkpoint, byte[] Note)> _all = [];

    /// <summary>Those that differ, the smallest first, each with a file that holds it and its note.</summary>
    public IReadOnlyCollection<(string Where, Checkpoint Checkpoint, byte[] Note)> All => _all.Values;

    /// <summary>Takes another one in.</summary>
    /// <param name="where">The file that holds it.</param>
    /// <param name="checkpoint">What it says; its signature was verified.</param>
    /// <param name="note">The checkpoint, with its signatures.</param>
    /// <exception cref="ProofException">A fork: one of the same size has another root; or it is of another
    /// ledger.</exception>
    public void Add(string where, Checkpoint checkpoint, byte[] note)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (!_all.TryGetValue(checkpoint.Size.Value, out var other))
        {
            _all.Add(checkpoint.Size.Value, (where, checkpoint, note));
            return;
        }

        try
        {
            checkpoint.RequireContinues(other.Checkpoint, checkpoint.Root, []);
        }
        catch (ProofException forked) when (forked.Failure == ProofFailure.Fork)
        {
            throw ProofException.Fork($"{where} and {other.Where}: {forked.Message}");
        }
    }
}
