namespace Aval.Choices;

/// <summary>A choice with its place in the ledger.</summary>
public sealed record Recorded(EntryIndex Index, Choice Choice);

/// <summary>Entries that stand side by side in the ledger: what one transaction recorded.</summary>
/// <param name="First">The index of the first.</param>
/// <param name="Count">How many; 0 = nothing was recorded.</param>
internal readonly record struct EntryRange(EntryIndex First, long Count)
{
    /// <summary>The index of the last; meaningless when there is none.</summary>
    public EntryIndex Last => new(First.Value + Count - 1);
}
