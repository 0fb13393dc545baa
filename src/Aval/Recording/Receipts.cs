using Aval.Choices;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Recording;

/// <summary>
/// Makes receipts: from the store (the choice and its opening) and the tiles (where its entry stands under the newest
/// checkpoint). Made when they are asked for: whatever was acknowledged has one. Not for several threads at once.
/// </summary>
internal sealed class Receipts : IDisposable
{
    private readonly Workspace _workspace;
    private readonly CommittedChoices _choices;
    private readonly TileReader _tiles;
    private readonly PublishedCheckpoint _published;

    private Receipts(Workspace workspace, CommittedChoices choices, TileReader tiles, PublishedCheckpoint published) =>
        (_workspace, _choices, _tiles, _published) = (workspace, choices, tiles, published);

    /// <summary>The checkpoint that the receipts lead to.</summary>
    public PublishedCheckpoint Published => _published;

    /// <summary>
    /// Opens a workspace's receipts; what the store has and the ledger has not yet is published first.
    /// </summary>
    /// <exception cref="AvalException">Bad input, busy, or refused (a fork).</exception>
    public static Receipts Open(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var choices = CommittedChoices.Open(workspace);
        return Ownership.Hand(choices, () =>
        {
            var store = choices.Store;
            var published = new Integrator(workspace, SigningKey.Read(workspace.SigningKeyFile))
                .Publish(store, store.Size, Integrator.Patience);
            return new Receipts(workspace, choices, new TileReader(workspace.Ledger, published.Size), published);
        });
    }

    /// <summary>The receipt of a choice.</summary>
    /// <exception cref="AvalException">Usage: there is no such entry, it is no choice, or it was forgotten.</exception>
    public Receipt Of(EntryIndex index)
    {
        var size = _published.Size;
        if (index.Value < 0 || index.Value >= size.Value)
            throw AvalException.Usage(
                $"Entry {index} is not in the ledger: it has {size} entries. Nothing was written.");
        if (_choices.Store.Opened(index) is not { } choice)
            throw AvalException.Usage($"Entry {index} has no receipt: {WhyNone(index)}. Nothing was written.");
        return new Receipt(
            Statement.Parse(ChoiceJson.Of(choice.Choice)), choice.Opening,
            new InclusionProof(index, _tiles.Inclusion(index), _published.Note));
    }

    /// <summary>The choices made on an account, however it was spelled then, in order.</summary>
    public IEnumerable<EntryIndex> OfAccount(Account account) => _choices.Store.IndicesOfAccounts(
        Spellings.Of(_workspace, _choices.Store, [account]), _published.Size);

    /// <summary>
    /// Writes a receipt for its owner alone: it names the person. Never over a file that holds something else.
    /// </summary>
    /// <exception cref="AvalException">Usage: the file exists and is another one.</exception>
    public void Write(string path, Receipt receipt)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        if (File.Exists(path) && !IsReceiptOf(path, receipt))
            throw AvalException.Usage($"{path}: there is a file here that is not an earlier receipt of the same "
                + "choice. It was not touched. Name another place with --out.");
        Durable.Replace(path, receipt.ToFile(), Durable.Private);
    }

    /// <inheritdoc/>
    public void Dispose() => _choices.Dispose();

    private string WhyNone(EntryIndex index)
    {
        if (_tiles.Entry(index)[1] != (byte)EntryKind.Choice)
            return "it is no choice";
        _choices.RequireForgotten(index);
        return "the choice was forgotten, and its opening with it";
    }

    // An earlier receipt of the same choice leads to an older checkpoint; the newer one may take its place.
    private bool IsReceiptOf(string path, Receipt receipt)
    {
        try
        {
            var there = Receipt.Parse(File.ReadAllBytes(path));
            if (there.Entry != receipt.Entry || there.Inclusion.Index != receipt.Inclusion.Index)
                return false;
            Fork.RequireContinued(_workspace, there.Inclusion.Note, path);
            return true;
        }
        catch (ProofException)
        {
            return false;
        }
    }
}
