namespace Aval.Choices;

/// <summary>A choice with its place in the ledger.</summary>
public sealed record Recorded(EntryIndex Index, Choice Choice);
