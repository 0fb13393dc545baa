using Aval.Choices.Stores;
using Aval.Ledger;

namespace Aval.Recording;

/// <summary>What was checked.</summary>
/// <param name="Published">The checkpoint.</param>
/// <param name="Stored">Entries in the store; those beyond the checkpoint have not been acknowledged.</param>
/// <param name="Opened">Choices whose commitment was computed again from record and opening.</param>
internal sealed record LedgerChecked(PublishedCheckpoint Published, TreeSize Stored, long Opened);

/// <summary>
/// Verifies a whole ledger against the store that it derives from: every entry, every tile that the checkpoint needs,
/// the root, the signature, and every choice's commitment. Slow and complete; what was written is not believed because
/// it was written.
/// </summary>
internal static class LedgerCheck
{
    /// <summary>Checks everything.</summary>
    /// <exception cref="AvalException">Bad input or refused: the first thing that is wrong.</exception>
    public static LedgerChecked Require(Workspace workspace, VerifierKey key, Action<double>? watch = null)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        // The checkpoint first: the store only grows, so what it covers is in the store that is read after it.
        var published = PublishedCheckpoint.Read(workspace, key)
            ?? throw AvalException.BadInput($"{PublishedCheckpoint.PathIn(workspace)}: there is no checkpoint yet. "
                + "Nothing was checked. The first choice makes one; aval ledger publish makes an empty one.");
        using var choices = CommittedChoices.Open(workspace);
        var (store, size) = (choices.Store, published.Size);
        LedgerTiles.Require(workspace, store, published, watch);
        return new LedgerChecked(published, store.Size, choices.Read(size).LongCount());
    }

    /// <summary>
    /// Writes every tile again from the store, when the check found one missing or damaged; the checkpoint stays as it
    /// is.
    /// </summary>
    /// <exception cref="AvalException">Busy: another process writes the ledger. Refused: what the store gives is not
    /// what was published (a fork).</exception>
    public static PublishedCheckpoint Rewrite(Workspace workspace, SigningKey key, Action<double>? watch = null)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        using var store = ChoiceStores.Open(workspace);
        return new Integrator(workspace, key).PublishAfresh(store, watch);
    }
}
