namespace Aval.Ledger;

/// <summary>
/// Where a ledger's entries are kept, from which its tiles and checkpoint derive: 34 bytes each, whatever they mean.
/// <para>
/// Durability: what <see cref="Append"/> returned is on disk and survives a kill or a power cut. Indices: gapless from
/// 0, from one counter shared by all kinds, in the order in which transactions commit: whoever sees an index sees all
/// below it. Concurrency: a store is used by one thread at a time; any number of stores, in any number of processes,
/// may be open. Readers never wait for writers.
/// </para>
/// </summary>
internal interface IEntryStore : IDisposable
{
    /// <summary>Where it is, for messages: a path or a name.</summary>
    string Where { get; }

    /// <summary>How many entries there are, of whatever kind.</summary>
    TreeSize Size { get; }

    /// <summary>
    /// The entries from an index on and below a size, in order, read as they are asked for: what the ledger publishes.
    /// </summary>
    IEnumerable<LedgerEntry> Entries(EntryIndex from, TreeSize below);

    /// <summary>The first entry of this kind and digest; null when there is none.</summary>
    EntryIndex? Find(LedgerEntry entry);

    /// <summary>The entries of a kind that is not a choice's, in order: few, and found without reading the
    /// others.</summary>
    IReadOnlyList<(EntryIndex Index, Hash Digest)> OfKind(EntryKind kind);

    /// <summary>Appends one entry that keeps nothing beside itself.</summary>
    /// <exception cref="AvalException">Busy: another process writes. Bad input: the disk or the database refuses.
    /// Nothing was recorded.</exception>
    EntryIndex Append(LedgerEntry entry);

    /// <summary>
    /// The right to write tiles and checkpoint, which one process has at a time and loses when it dies; null while
    /// another one has it.
    /// </summary>
    IIntegration? TryIntegrate();
}

/// <summary>The right to write tiles and checkpoint, until it is disposed or lost.</summary>
internal interface IIntegration : IDisposable
{
    /// <summary>
    /// Asked before a checkpoint is published: a database's session, and the right with it, may be gone.
    /// </summary>
    /// <exception cref="AvalException">Busy: it was lost; somebody else may have it.</exception>
    void RequireHeld();
}
