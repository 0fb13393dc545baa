using Aval.Ledger;

namespace Aval.Choices;

/// <summary>What is to be appended: an entry, and for a choice what its 32 bytes commit to.</summary>
/// <param name="Entry">The 34 bytes that the ledger publishes.</param>
/// <param name="Choice">The choice with its opening, which the store keeps and can forget; null for entries of other
/// kinds.</param>
/// <param name="Act">The act with its opening, which the store keeps and can forget as well; null for entries of other
/// kinds, and for those of kind 0x06 whose payload lies elsewhere.</param>
internal readonly record struct NewEntry(LedgerEntry Entry, SealedChoice? Choice, SealedAct? Act = null);

/// <summary>A choice and the opening of its entry.</summary>
internal sealed record SealedChoice(Choice Choice, Opening Opening);

/// <summary>
/// Under which key somebody brought a parcel, so that bringing it again records nothing. Keyed hashes both
/// (<see cref="ParcelKeys"/>): they name nobody.
/// </summary>
/// <param name="Key">Of who brings it and the key.</param>
/// <param name="Body">Of what was brought.</param>
internal sealed record ParcelKey(Hash Key, Hash Body);

/// <summary>Choices that are recorded together or not at all.</summary>
/// <param name="Entries">At most <see cref="ParcelKeys.MostChoices"/> where there is a key. None: nothing is to be
/// recorded, and it is asked what was under the key.</param>
/// <param name="Key">The key; null = none.</param>
internal sealed record Parcel(IReadOnlyList<NewEntry> Entries, ParcelKey? Key);

/// <summary>What became of a parcel.</summary>
internal enum ParcelOutcome
{
    /// <summary>It is recorded.</summary>
    Recorded,

    /// <summary>It had been recorded under its key before: nothing was recorded now.</summary>
    Repeated,

    /// <summary>Something else was recorded under its key: nothing was recorded now.</summary>
    KeyOfAnother,

    /// <summary>It had been recorded under its key, and was forgotten since: nothing was recorded now.</summary>
    Forgotten,

    /// <summary>It was asked what was recorded under its key, and nothing was.</summary>
    NotThere,
}

/// <summary>What became of a parcel, and where it stands.</summary>
/// <param name="Outcome">What.</param>
/// <param name="Entries">Its entries, or those of what is recorded under its key.</param>
internal readonly record struct AppendedParcel(ParcelOutcome Outcome, EntryRange Entries);

/// <summary>
/// What is left of a choice that was forgotten: what it said, with keyed tokens in the place of names, which name
/// nobody and cannot be turned back without the workspace's key. It goes on protecting, and it counts wherever the
/// choice did, so that a release of a past instant is the same before and after.
/// </summary>
/// <param name="Index">The index of the forgotten choice.</param>
/// <param name="Kind">What was said.</param>
/// <param name="Account">The token of its account.</param>
/// <param name="Purpose">About which purpose.</param>
/// <param name="Scope">Its scope, with a token in the place of each item.</param>
/// <param name="MadeAt">As in the choice.</param>
/// <param name="ReceivedAt">As in the choice.</param>
/// <param name="Until">As in the choice.</param>
internal sealed record Suppression(
    EntryIndex Index, ChoiceKind Kind, string Account, Purpose Purpose, string Scope, DateTimeOffset MadeAt,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? Until = null);

/// <summary>How many choices of one kind came by one channel on one day (UTC).</summary>
internal sealed record ChoiceCount(DateOnly Day, ChoiceKind Kind, string? Channel, long Count);

/// <summary>A choice that is to be forgotten.</summary>
/// <param name="Choice">Its index.</param>
/// <param name="Instead">What takes its place.</param>
/// <param name="Entry">The entry of the forgetting.</param>
internal sealed record Forgetting(EntryIndex Choice, Suppression Instead, LedgerEntry Entry);

/// <summary>
/// Where choices are kept, and with them every entry of the ledger: the source of truth.
/// <para>
/// What <see cref="IEntryStore"/> promises holds for choices: what <see cref="Append"/> or <see cref="Forget"/>
/// returned is on disk; what did not return is there whole or not at all. Repair: opening is all there is to it, after
/// a kill as on any day.
/// </para>
/// </summary>
internal interface IChoiceStore : IEntryStore
{
    /// <summary>
    /// The smallest size that holds every choice: what a release honours by default, so that neither a release's own
    /// entry nor a forgetting makes the next one different.
    /// </summary>
    TreeSize ChoicesSize { get; }

    /// <summary>
    /// Appends any number of entries in one transaction, in their order, and holds none of them in memory. An exception
    /// that passes, the enumeration's own included, leaves nothing behind.
    /// </summary>
    /// <param name="entries">Enumerated once, while other writers wait: it should not dawdle.</param>
    /// <exception cref="AvalException">Busy: another process writes. Bad input: the disk or the database refuses.
    /// Nothing was recorded.</exception>
    EntryRange Append(IEnumerable<NewEntry> entries);

    /// <summary>
    /// Appends parcels in one transaction, in their order, and with each the key under which it was brought: a parcel
    /// whose key is there already, of another process's transaction or of this one, is not appended. Keys that are
    /// older than <see cref="ParcelKeys.Life"/> go.
    /// </summary>
    /// <param name="parcels">What is brought.</param>
    /// <param name="now">The clock's instant.</param>
    /// <exception cref="AvalException">Busy: another process writes. Bad input: the disk or the database refuses.
    /// Nothing was recorded.</exception>
    IReadOnlyList<AppendedParcel> AppendParcels(IReadOnlyList<Parcel> parcels, DateTimeOffset now);

    /// <inheritdoc/>
    EntryIndex IEntryStore.Append(LedgerEntry entry) => Append([new NewEntry(entry, null)]).First;

    /// <summary>
    /// The choices with an index below <paramref name="below"/>, in order of index, read as they are asked for.
    /// Forgotten ones are not among them.
    /// </summary>
    IEnumerable<Recorded> Read(TreeSize below) => Read(new EntryIndex(0), below);

    /// <summary>The same from an index on.</summary>
    IEnumerable<Recorded> Read(EntryIndex from, TreeSize below);

    /// <summary>The same choices with the openings of their entries.</summary>
    IEnumerable<(EntryIndex Index, SealedChoice Choice)> ReadSealed(TreeSize below);

    /// <summary>
    /// The choices made on these accounts with an index below <paramref name="below"/>, in order of index. Links are
    /// not followed.
    /// </summary>
    IEnumerable<Recorded> OfAccounts(IReadOnlyCollection<Account> accounts, TreeSize below);

    /// <summary>The indices of the same choices, in order: of very many accounts, few of whom said anything.</summary>
    IReadOnlyList<EntryIndex> IndicesOfAccounts(IReadOnlyCollection<Account> accounts, TreeSize below);

    /// <summary>
    /// The accounts of these services on which a choice or an act is recorded and that have a letter that is none of
    /// ASCII's small ones, each once. Slow: all accounts of these services are looked through.
    /// </summary>
    IReadOnlyList<Account> NotInLowerCase(IReadOnlyCollection<string> services);

    /// <summary>
    /// The choices with an index below <paramref name="below"/> that may say something else from one instant to a later
    /// one: made or received after <paramref name="after"/>, or ending after it and at or before
    /// <paramref name="until"/>. And all removals, which are about an item, whoever asked for them. In order of index,
    /// and no more than <paramref name="most"/> of them.
    /// </summary>
    IReadOnlyList<EntryIndex> Changing(DateTimeOffset after, DateTimeOffset until, TreeSize below, int most);

    /// <summary>
    /// The latest instant at which any choice was received, also one that was forgotten; null = none was. Of the last
    /// one it need not be: a clock is set back, and a file states when its choices were received.
    /// </summary>
    DateTimeOffset? LatestReceived { get; }

    /// <summary>
    /// The choice at an index with its opening; null when the entry there is of another kind, or the choice was
    /// forgotten.
    /// </summary>
    SealedChoice? Opened(EntryIndex index);

    /// <summary>The same at some indices, in their order; those without are left out.</summary>
    IReadOnlyList<(EntryIndex Index, SealedChoice Choice)> Opened(IReadOnlyList<EntryIndex> indices);

    /// <summary>
    /// In one transaction: deletes choices and their openings; puts a suppression in the place of each;
    /// appends the entries of the forgettings. Then makes the deletion physical. The entries of the choices stay, and
    /// say nothing. With no choice at all it makes physical what an earlier forgetting was kept from finishing.
    /// </summary>
    /// <param name="choices">Each once.</param>
    /// <param name="decidedAt">The size at which it was decided what takes their place: a forgetting since then might
    /// have taken what was relied on.</param>
    /// <returns>The entries of the forgettings, in the order of <paramref name="choices"/>.</returns>
    /// <exception cref="AvalException">Usage: there is no such choice, or it was forgotten. Busy: somebody forgot
    /// choices meanwhile, or a reader keeps deleted bytes in use; the message says what has happened.</exception>
    EntryRange Forget(IReadOnlyList<Forgetting> choices, TreeSize decidedAt);

    /// <summary>The suppressions of choices with an index below <paramref name="below"/>.</summary>
    IEnumerable<Suppression> Suppressions(TreeSize below);

    /// <summary>The acts with an index below <paramref name="below"/>, in order, the forgotten ones as gaps.</summary>
    IEnumerable<KeptAct> Acts(TreeSize below);

    /// <summary>The last acts with an index below <paramref name="below"/>, the newest first, at most so
    /// many.</summary>
    IReadOnlyList<KeptAct> LastActs(TreeSize below, int most);

    /// <summary>The acts that name one of these accounts, in order of index.</summary>
    IReadOnlyList<KeptAct> ActsOf(IReadOnlyCollection<Account> accounts);

    /// <summary>The act with which a request began, where it is one, and its steps, in order of index.</summary>
    IReadOnlyList<KeptAct> ActsOf(EntryIndex request);

    /// <summary>
    /// The choices that ask for something to be done and answered (restriction, erasure, removal; GDPR Art. 12(3)) with
    /// an index below <paramref name="below"/>, in order of index.
    /// </summary>
    IEnumerable<Recorded> Asking(TreeSize below);

    /// <summary>What is left of those that were forgotten.</summary>
    IEnumerable<Suppression> AskingForgotten(TreeSize below);

    /// <summary>Deletes what these acts say, and their openings; makes it physical as a forgetting does.</summary>
    void ForgetActs(IReadOnlyCollection<EntryIndex> acts);

    /// <summary>
    /// How many choices with an index from <paramref name="from"/> on and below <paramref name="below"/> were received
    /// on each day, by kind and channel.
    /// </summary>
    IReadOnlyList<ChoiceCount> Count(EntryIndex from, TreeSize below);

    /// <summary>What is wrong with the store in itself, each in a clause; slow, for who checks a workspace.</summary>
    IEnumerable<string> Faults();
}
