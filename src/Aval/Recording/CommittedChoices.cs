using System.Buffers;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Recording;

/// <summary>
/// The choices of a workspace, as the ledger knows them: a store that is missing, behind the published checkpoint or
/// another
/// one is refused when it is opened, and no choice is read whose record does not open its entry. A row that somebody
/// deleted is then no silence: its entry is there, and has neither a record nor a forgetting.
/// </summary>
internal sealed class CommittedChoices : IDisposable
{
    // How many are held against their entries in one go.
    private const int AtOnce = 2_048;

    private readonly Workspace _workspace;
    private readonly TileReader? _tiles;
    private readonly PublishedCheckpoint? _published;

    private CommittedChoices(Workspace workspace, IChoiceStore store, PublishedCheckpoint? published)
    {
        (_workspace, Store, _published) = (workspace, store, published);
        _tiles = published is null ? null : new TileReader(workspace.Ledger, published.Size);
    }

    /// <summary>The store.</summary>
    public IChoiceStore Store { get; }

    private long Covered => _published?.Size.Value ?? 0;

    /// <summary>Opens the choices of a workspace; there are none in a new one.</summary>
    /// <exception cref="AvalException">Bad input: the store is missing, or the checkpoint is not ours. Refused: the
    /// store is not the one that was published (a fork).</exception>
    public static CommittedChoices Open(Workspace workspace) => Open(workspace, ChoiceStores.Patience);

    /// <inheritdoc cref="Open(Workspace)"/>
    /// <param name="workspace">Whose choices.</param>
    /// <param name="patience">How long to wait for another writer.</param>
    public static CommittedChoices Open(Workspace workspace, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        // The checkpoint first: the store only grows, so what it covers is in the store that is opened after it.
        var published = PublishedCheckpoint.Read(workspace, SigningKey.Read(workspace.SigningKeyFile).Verifier);
        var store = ChoiceStores.Open(workspace, patience);
        return Ownership.Hand(store, () =>
        {
            if (published is not null)
                Fork.RequireSameStore(workspace, store, published);
            return new CommittedChoices(workspace, store, published);
        });
    }

    /// <summary>The store of a workspace alone, to write to: refused as <see cref="Open(Workspace)"/> refuses, before
    /// anything is recorded.</summary>
    public static IChoiceStore OpenStore(Workspace workspace, TimeSpan patience) => Open(workspace, patience).Store;

    /// <inheritdoc cref="OpenStore(Workspace, TimeSpan)"/>
    public static IChoiceStore OpenStore(Workspace workspace) => OpenStore(workspace, ChoiceStores.Patience);

    /// <summary>
    /// The clock's instant, or the latest at which any choice was received where that is later: a clock that was set
    /// back must not make anything that was acknowledged unsaid.
    /// </summary>
    public static DateTimeOffset NotBefore(Workspace workspace, DateTimeOffset now)
    {
        using var choices = Open(workspace);
        return choices.Store.LatestReceived is { } latest && latest > now ? latest : now;
    }

    /// <summary>
    /// The choices with an index below a size, in order, each held against its entry; and the entries against the root
    /// that
    /// was signed. What is wrong with one is told when it is met, so nothing may be done with any before all are read.
    /// </summary>
    /// <exception cref="AvalException">Bad input: a record is missing, was changed, or has no entry; or a tile is not
    /// what was signed.</exception>
    public IEnumerable<Recorded> Read(TreeSize below) =>
        Each(below).Select(one => one.Wrong is { } wrong ? throw wrong : one.Choice!);

    /// <summary>
    /// Of some entries those that are choices, each held against its entry. Whether others are missing is not looked
    /// at: that is for who reads them all.
    /// </summary>
    /// <exception cref="AvalException">Bad input: a record is missing, was changed, or has no entry.</exception>
    public IEnumerable<Recorded> Read(IEnumerable<EntryIndex> some)
    {
        ArgumentNullException.ThrowIfNull(some);
        foreach (var indices in some.Chunk(AtOnce))
        {
            var opened = Committed(Store.Opened(indices)).ToDictionary(one => one.Index);
            foreach (var index in indices)
            {
                var (kind, digest) = Entry(index);
                if (!opened.TryGetValue(index, out var one))
                {
                    if (kind == EntryKind.Choice)
                        RequireForgotten(index);
                    continue;
                }

                if (kind != EntryKind.Choice)
                    throw OfAnotherKind(index);
                if (one.Digest != digest)
                    throw Unopened(index);
                yield return new Recorded(index, one.Choice);
            }
        }
    }

    /// <summary>The entries from one size to a later one, in order.</summary>
    public static IEnumerable<EntryIndex> Since(TreeSize before, TreeSize below)
    {
        for (var index = before.Value; index < below.Value; index++)
            yield return new EntryIndex(index);
    }

    private (EntryKind Kind, Hash Digest) Entry(EntryIndex index)
    {
        if (index.Value < Covered)
        {
            var entry = _tiles!.Entry(index);
            return (Kind(entry, index.Value), Hash.From(entry.AsSpan(2)));
        }

        return Store.Entries(index, new TreeSize(index.Value + 1)).Select(entry => (entry.Kind, entry.Digest))
            .FirstOrDefault() is { Kind: not 0 } found
                ? found
                : throw Wrong($"entry {index} is missing: its indices have a gap");
    }

    private AvalException OfAnotherKind(EntryIndex index) =>
        Wrong($"choice {index} has a record, but its entry in the ledger is of another kind");

    private AvalException Unopened(EntryIndex index) =>
        Wrong($"choice {index} does not open its entry: the record was changed after it was committed");

    /// <summary>As <see cref="Read(TreeSize)"/>, but what is wrong with one choice stands in its place, and the next
    /// ones follow.</summary>
    /// <exception cref="AvalException">Bad input: what comes after cannot be told apart any more, or the whole is not
    /// what was signed.</exception>
    internal IEnumerable<(Recorded? Choice, AvalException? Wrong)> Each(TreeSize below)
    {
        var root = new RootSum();
        using var records = Committed(Store.ReadSealed(below)).GetEnumerator();
        using var forgotten = Store.Suppressions(below).GetEnumerator();
        var (some, tokens) = (records.MoveNext(), forgotten.MoveNext());
        // Before the entries are read: others may record meanwhile.
        var (stated, published) = (Store.ChoicesSize, 0L);
        foreach (var (index, kind, digest) in Entries(root))
        {
            if (kind == EntryKind.Choice && index.Value < Covered)
                published = index.Value + 1;
            if (index.Value >= below.Value)
                continue;
            if (some && records.Current.Index.Value < index.Value)
                break;
            var own = some && records.Current.Index == index;
            // Both are in order of index, so each token is met beside the choice that it stands for.
            if (tokens && forgotten.Current.Index.Value <= index.Value)
            {
                if (NotForgotten(forgotten.Current.Index, forgotten.Current) is { } kept)
                    yield return (null, kept);
                if (forgotten.Current.Index != index || kind != EntryKind.Choice)
                    throw Wrong($"a token stands for choice {forgotten.Current.Index}, and no such choice was entered");
                tokens = forgotten.MoveNext();
            }
            else if (kind == EntryKind.Choice && !own)
            {
                yield return (null, NotForgotten(index, null));
            }

            if (!own)
                continue;
            if (kind != EntryKind.Choice)
                yield return (null, OfAnotherKind(index));
            else if (records.Current.Digest != digest)
                yield return (null, Unopened(index));
            else
                yield return (new Recorded(index, records.Current.Choice), null);
            some = records.MoveNext();
        }

        if (some)
            throw Wrong($"choice {records.Current.Index} has a record, but no entry in the ledger");
        if (tokens)
            throw Wrong($"a token stands for choice {forgotten.Current.Index}, and no such choice was entered");
        if (stated.Value < published)
            throw Wrong($"the last choice that was published is entry {published - 1}, and the store says that it is "
                + $"entry {stated.Value - 1}");
        if (_published is not null && root.Root() != _published.Checkpoint.Root)
            throw AvalException.BadInput($"{_workspace.Ledger}: the entries in the tiles do not give the root that "
                + "was signed. Nothing was done. Run: aval ledger publish --afresh");
    }

    // What is held against each entry is an HMAC of the whole record, and there are very many: some thousands at a
    // time, on other processors, while the store is read and the ones before are used. The store itself is asked by
    // one thread alone.
    private static IEnumerable<(EntryIndex Index, Choice Choice, Hash Digest)> Committed(
        IEnumerable<(EntryIndex Index, SealedChoice Choice)> records)
    {
        const int ahead = 4;
        var under = new Queue<((EntryIndex Index, SealedChoice Choice)[] Records, Task<Hash[]> Digests)>();
        foreach (var some in records.Chunk(AtOnce))
        {
            under.Enqueue((some, Task.Run(() => Digests(some))));
            if (under.Count < ahead)
                continue;
            foreach (var one in Finished(under.Dequeue()))
                yield return one;
        }

        while (under.TryDequeue(out var last))
        {
            foreach (var one in Finished(last))
                yield return one;
        }
    }

    private static IEnumerable<(EntryIndex Index, Choice Choice, Hash Digest)> Finished(
        ((EntryIndex Index, SealedChoice Choice)[] Records, Task<Hash[]> Digests) some)
    {
        var digests = some.Digests.GetAwaiter().GetResult();
        return some.Records.Select((one, at) => (one.Index, one.Choice.Choice, digests[at]));
    }

    private static Hash[] Digests((EntryIndex Index, SealedChoice Choice)[] records)
    {
        var digests = new Hash[records.Length];
        var statement = new ArrayBufferWriter<byte>(512);
        for (var at = 0; at < records.Length; at++)
        {
            statement.ResetWrittenCount();
            ChoiceJson.Write(records[at].Choice.Choice, statement);
            digests[at] = LedgerEntry.OfChoice(records[at].Choice.Opening, statement.WrittenSpan).Digest;
        }

        return digests;
    }

    /// <summary>Whether the choice at an index was forgotten: a forgetting of it was entered.</summary>
    /// <exception cref="AvalException">Bad input: none was, so its record was taken away; or what took its place is not
    /// what was entered.</exception>
    public void RequireForgotten(EntryIndex choice)
    {
        if (NotForgotten(choice, Store.Suppressions(new TreeSize(choice.Value + 1))
            .FirstOrDefault(instead => instead.Index == choice)) is { } wrong)
            throw wrong;
    }

    private AvalException? NotForgotten(EntryIndex choice, Suppression? instead)
    {
        if (instead is null)
            return Wrong($"choice {choice} is in the ledger, but its record is gone, and nothing stands in its place "
                + "as after a forgetting");
        foreach (var reason in Enum.GetValues<ForgettingReason>())
        {
            var entry = Forgettings.Entry(instead, reason);
            if (Store.Find(entry) is { } at
                && (at.Value >= Covered || _tiles!.Entry(at).AsSpan().SequenceEqual(entry.ToBytes())))
                return null;
        }

        return Wrong($"choice {choice} is in the ledger, but its record is gone, and no forgetting that leaves what "
            + "stands in its place was ever entered");
    }

    /// <inheritdoc/>
    public void Dispose() => Store.Dispose();

    // What was published comes from the tiles, which the signed root speaks for; what was not, from the store.
    private IEnumerable<(EntryIndex Index, EntryKind Kind, Hash Digest)> Entries(RootSum root)
    {
        var index = 0L;
        if (_tiles is not null)
        {
            foreach (var entry in _tiles.Entries())
            {
                root.Add(MerkleTree.Leaf(entry.Span));
                yield return (new EntryIndex(index), Kind(entry.Span, index), Hash.From(entry.Span[2..]));
                index++;
            }
        }

        var size = Store.Size;
        foreach (var entry in Store.Entries(new EntryIndex(index), size))
            yield return (new EntryIndex(index++), entry.Kind, entry.Digest);
        if (index < size.Value)
            throw Wrong($"entry {index} is missing: its indices have a gap");
    }

    private EntryKind Kind(ReadOnlySpan<byte> entry, long index) => entry.Length == LedgerEntry.Size
        ? (EntryKind)entry[1]
        : throw AvalException.BadInput($"{_workspace.Ledger}: entry {index} of the tiles has {entry.Length} bytes, "
            + $"not {LedgerEntry.Size}: it is damaged. Nothing was done. Run: aval ledger publish --afresh");

    private AvalException Wrong(string what) => AvalException.BadInput(
        $"{Store.Where}: {what}. Nothing was done. Keep the store as evidence, and restore it from your "
            + "backup: see \"When the ledger does not check\" in docs/operations.md.");

    /// <summary>The root over leaves that come one after the other: one subtree a level is held.</summary>
    private sealed class RootSum
    {
        private readonly List<Hash?> _subtrees = [];

        public void Add(Hash leaf)
        {
            var carried = leaf;
            for (var level = 0; ; level++)
            {
                if (level == _subtrees.Count)
                    _subtrees.Add(null);
                if (_subtrees[level] is not { } left)
                {
                    _subtrees[level] = carried;
                    return;
                }

                carried = MerkleTree.Node(left, carried);
                _subtrees[level] = null;
            }
        }

        public Hash Root()
        {
            Hash? root = null;
            foreach (var subtree in _subtrees.OfType<Hash>())
                root = root is { } right ? MerkleTree.Node(subtree, right) : subtree;
            return root ?? MerkleTree.Empty;
        }
    }
}
