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
    // Answers of the last few checkpoints are made at the same time.
    private const int Kept = 4;
    private readonly Lock _one = new();
    private readonly Queue<TileReader> _tiles = new();

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

    /// <summary>The file of the receipt of one choice of an act.</summary>
    /// <param name="acknowledged">The act.</param>
    /// <param name="at">Which of its choices.</param>
    /// <exception cref="AvalException">Bad input: a tile is missing or damaged.</exception>
    public byte[] File(Acknowledgement acknowledged, int at)
    {
        ArgumentNullException.ThrowIfNull(acknowledged);
        var (choice, published) = (acknowledged.Sealed[at], acknowledged.Published);
        var index = new EntryIndex(acknowledged.Entries.First.Value + at);
        return Receipt.ToFile(
            ChoiceJson.Of(choice.Choice), choice.Opening,
            new InclusionProof(index, Inclusion(published, index), published.Note));
    }

    // All that one checkpoint acknowledges share its tiles.
    private IReadOnlyList<Hash> Inclusion(PublishedCheckpoint published, EntryIndex index)
    {
        lock (_one)
        {
            var tiles = _tiles.FirstOrDefault(tiles => tiles.Size == published.Size);
            if (tiles is null)
            {
                _tiles.Enqueue(tiles = new TileReader(workspace.Ledger, published.Size));
                if (_tiles.Count > Kept)
                    _tiles.Dequeue();
            }

            return tiles.Inclusion(index);
        }
    }
}
