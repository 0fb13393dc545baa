using Aval.Choices;
using Aval.Ledger;

namespace Aval.Recording;

/// <summary>
/// Issues the receipts of choices that were acknowledged a moment ago: from what the recorder still holds and the
/// tiles, without asking the store. For any number of threads.
/// </summary>
/// <param name="workspace">Whose ledger.</param>
internal sealed class ReceiptIssuer(Workspace workspace)
{
    private readonly Lock _one = new();
    private TileReader? _tiles;

    /// <summary>The receipts of one act, in its order.</summary>
    /// <exception cref="AvalException">Bad input: a tile is missing or damaged.</exception>
    public IReadOnlyList<Receipt> Of(Acknowledgement acknowledged)
    {
        ArgumentNullException.ThrowIfNull(acknowledged);
        var published = acknowledged.Published;
        var receipts = new List<Receipt>(acknowledged.Sealed.Count);
        foreach (var choice in acknowledged.Sealed)
        {
            var index = new EntryIndex(acknowledged.Entries.First.Value + receipts.Count);
            receipts.Add(new Receipt(
                Statement.Parse(ChoiceJson.Of(choice.Choice)), choice.Opening,
                new InclusionProof(index, Inclusion(published, index), published.Note)));
        }

        return receipts;
    }

    // All that one checkpoint acknowledges share its tiles.
    private IReadOnlyList<Hash> Inclusion(PublishedCheckpoint published, EntryIndex index)
    {
        lock (_one)
        {
            if (_tiles?.Size != published.Size)
                _tiles = new TileReader(workspace.Ledger, published.Size);
            return _tiles.Inclusion(index);
        }
    }
}
