using System.Collections.Concurrent;
using Aval.Choices;
using Aval.Ledger;

namespace Aval.Recording;

/// <summary>That a choice is recorded: where it stands, and the signed checkpoint that covers it.</summary>
/// <param name="Entries">The act's entries, side by side.</param>
/// <param name="Published">From it and the tiles, a receipt follows.</param>
/// <param name="Sealed">The choices with the openings of their entries, in the order of the entries.</param>
internal sealed record Acknowledgement(
    EntryRange Entries, PublishedCheckpoint Published, IReadOnlyList<SealedChoice> Sealed);

/// <summary>What became of an act that was brought under a key.</summary>
internal abstract record Brought
{
    private Brought()
    {
    }

    /// <summary>It is recorded, and was acknowledged.</summary>
    /// <param name="Act">Where it stands.</param>
    /// <param name="IsRepeat">It had been recorded before, and nothing was recorded now. Of a repeat of one choice
    /// <see cref="Acknowledgement.Sealed"/> holds it; of several it is empty.</param>
    internal sealed record Acknowledged(Acknowledgement Act, bool IsRepeat) : Brought;

    /// <summary>Something else was recorded under its key. Nothing was recorded now.</summary>
    internal sealed record KeyOfAnother : Brought;

    /// <summary>It was recorded under its key and was forgotten since. Nothing was recorded now.</summary>
    internal sealed record Forgotten : Brought;

    /// <summary>It was asked what was recorded under its key, and nothing was.</summary>
    internal sealed record NotThere : Brought;
}

/// <summary>
/// Records choices of many callers at once. What they bring while the disk is busy becomes one transaction (group
/// commit), and what was committed while the ledger was being written becomes one checkpoint: two threads, each as fast
/// as its disk, and however many callers there are.
/// <para>
/// Durability: an acknowledged choice is in the store, in the tiles and under a signed checkpoint, all flushed. A
/// choice whose task fails was not recorded, unless the message says otherwise. Memory: at most <see cref="Waiting"/>
/// acts wait; <see cref="Record"/> blocks its caller beyond that. For any number of threads.
/// </para>
/// </summary>
internal sealed class Recorder : IDisposable
{
    /// <summary>Acts that may wait to be committed.</summary>
    public const int Waiting = 1 << 15;

    // More a transaction gains nothing, and the first of them would wait for the last.
    private const int MaxBatch = 1 << 13;

    private readonly BlockingCollection<Act> _arrived = new(new ConcurrentQueue<Act>(), Waiting);
    private readonly BlockingCollection<Batch> _committed = new(new ConcurrentQueue<Batch>(), boundedCapacity: 64);
    private readonly ChoiceRules _rules;
    private readonly TimeProvider _clock;
    private readonly Thread _writing;
    private readonly Thread _publishing;

    private Recorder(Workspace workspace, TimeProvider clock)
    {
        _clock = clock;
        _rules = new ChoiceRules(workspace.Settings);
        var store = CommittedChoices.OpenStore(workspace);
        var reading = CommittedChoices.OpenStore(workspace);
        var integrator = new Integrator(workspace, SigningKey.Read(workspace.SigningKeyFile));
        _writing = new Thread(() => Write(store)) { IsBackground = true, Name = "choices" };
        _publishing = new Thread(() => Publish(reading, integrator)) { IsBackground = true, Name = "ledger" };
        _writing.Start();
        _publishing.Start();
    }

    /// <summary>Starts recording into a workspace.</summary>
    /// <exception cref="AvalException">Bad input: the store cannot be opened, or the ledger's key is
    /// missing.</exception>
    public static Recorder Open(Workspace workspace, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(clock);
        return new Recorder(workspace, clock);
    }

    /// <summary>
    /// Records one act and returns when a signed checkpoint covers it: for a command that records once and ends.
    /// </summary>
    /// <exception cref="AvalException">Bad input: a choice breaks a rule. Busy: another process writes. Nothing was
    /// recorded, unless the message says otherwise.</exception>
    public static Acknowledgement RecordOnce(Workspace workspace, DateTimeOffset now, params IReadOnlyList<Choice> act)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(act);
        var rules = new ChoiceRules(workspace.Settings);
        foreach (var choice in act)
            rules.Require(choice, now);
        var integrator = new Integrator(workspace, SigningKey.Read(workspace.SigningKeyFile));
        using var store = CommittedChoices.OpenStore(workspace);
        NewEntry[] sealedAct = [.. act.Select(Sealing.Seal)];
        var entries = store.Append(sealedAct);
        return new Acknowledgement(entries, PublishRecorded(integrator, store, entries, null), Openings(sealedAct));
    }

    /// <summary>Enters acts, together or not at all, and returns when a signed checkpoint covers them.</summary>
    public static Acknowledgement EnterOnce(Workspace workspace, params IReadOnlyList<NewEntry> acts)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var integrator = new Integrator(workspace, SigningKey.Read(workspace.SigningKeyFile));
        using var store = CommittedChoices.OpenStore(workspace);
        var entries = store.Append(acts);
        return new Acknowledgement(entries, PublishRecorded(integrator, store, entries, null), []);
    }

    /// <summary>Publishes what was just recorded; what goes wrong with that is told as what it is.</summary>
    internal static PublishedCheckpoint PublishRecorded(
        Integrator integrator, IChoiceStore store, EntryRange entries, Action<double>? watch)
    {
        try
        {
            return integrator.Publish(
                store, new TreeSize(entries.First.Value + entries.Count), Integrator.Patience, watch);
        }
        catch (Exception failure) when (IsTheWorlds(failure))
        {
            throw Unpublished(failure);
        }
    }

    /// <summary>
    /// Records the choices of one act, together or not at all. The task ends when a signed checkpoint covers them.
    /// </summary>
    /// <exception cref="AvalException">Bad input: a choice breaks a rule; nothing was recorded.</exception>
    public Task<Acknowledgement> Record(params IReadOnlyList<Choice> act) => Acknowledged(Bring(act, key: null));

    /// <summary>The same under a key: an act that is recorded under it already is not recorded again.</summary>
    /// <exception cref="AvalException">Bad input: a choice breaks a rule; nothing was recorded.</exception>
    public Task<Brought> Bring(IReadOnlyList<Choice> act, ParcelKey? key)
    {
        ArgumentNullException.ThrowIfNull(act);
        ArgumentOutOfRangeException.ThrowIfZero(act.Count);
        if (key is not null)
            ArgumentOutOfRangeException.ThrowIfGreaterThan(act.Count, ParcelKeys.MostChoices);
        var now = _clock.UtcNow();
        foreach (var choice in act)
            _rules.Require(choice, now);
        // Sealed by the caller: hashing is the larger part of the work, and the writer is one thread.
        return Hand(new Parcel([.. act.Select(Sealing.Seal)], key));
    }

    /// <summary>What was recorded under a key, acknowledged as when it is brought again. Nothing is recorded.</summary>
    public Task<Brought> Again(ParcelKey key) => Hand(new Parcel([], key));

    /// <summary>Records an act as a choice is recorded. The task ends when a signed checkpoint covers it.</summary>
    public Task<Acknowledgement> Enter(NewEntry entry) => Acknowledged(Hand(new Parcel([entry], Key: null)));

    /// <summary>Finishes what was handed over, and stops.</summary>
    public void Dispose()
    {
        _arrived.CompleteAdding();
        _writing.Join();
        _publishing.Join();
        _arrived.Dispose();
        _committed.Dispose();
    }

    private Task<Brought> Hand(Parcel parcel)
    {
        var act = new Act(
            parcel, new TaskCompletionSource<Brought>(TaskCreationOptions.RunContinuationsAsynchronously));
        _arrived.Add(act);
        return act.Done.Task;
    }

    private static async Task<Acknowledgement> Acknowledged(Task<Brought> bringing) =>
        await bringing.ConfigureAwait(false) is Brought.Acknowledged acknowledged
            ? acknowledged.Act
            : throw new InvalidOperationException("What was brought under no key cannot be another's.");

    private void Write(IChoiceStore store)
    {
        using (store)
        {
            foreach (var first in _arrived.GetConsumingEnumerable())
            {
                var acts = Gather(_arrived, first, MaxBatch);
                try
                {
                    _committed.Add(new Batch(
                        acts, store.AppendParcels([.. acts.Select(act => act.New)], _clock.UtcNow())));
                }
                catch (Exception failure) when (IsTheWorlds(failure))
                {
                    acts.ForEach(act => act.Done.SetException(failure));
                }
            }
        }

        _committed.CompleteAdding();
    }

    private void Publish(IChoiceStore store, Integrator integrator)
    {
        using (store)
        {
            foreach (var first in _committed.GetConsumingEnumerable())
            {
                var batches = Gather(_committed, first, int.MaxValue);
                try
                {
                    // Also what was recorded before, and not published: the process may have died in between.
                    var end = batches.Max(batch => batch.End);
                    var published = integrator.Publish(store, new TreeSize(end), Integrator.Patience);
                    batches.ForEach(batch => batch.Acknowledge(published, store));
                }
                catch (Exception failure) when (IsTheWorlds(failure))
                {
                    var unpublished = Unpublished(failure);
                    batches.ForEach(batch => batch.Acts.ForEach(act => act.Done.TrySetException(unpublished)));
                }
            }
        }
    }

    private static bool IsTheWorlds(Exception failure) =>
        failure is AvalException or IOException or UnauthorizedAccessException;

    private static AvalException Unpublished(Exception failure) => new(
        failure is AvalException known ? known.Exit : ExitCode.BadInput,
        failure is AvalException { Exit: ExitCode.Refused }
            ? $"{failure.Message}\nWhat was to be recorded is in this store, and not under a checkpoint: restoring "
                + "another one loses it. Record it again afterwards."
            : $"{failure.Message}\nWhat was to be recorded is in the store and will be honoured, but no signed "
                + "checkpoint covers it yet, so there is no receipt for it. It is published with the next choice, "
                + "or by aval ledger publish.",
        failure);

    // An act of whoever answers has none: nobody gets a receipt of it.
    private static SealedChoice[] Openings(IReadOnlyList<NewEntry> act) =>
        [.. act.Select(entry => entry.Choice).OfType<SealedChoice>()];

    private static List<T> Gather<T>(BlockingCollection<T> source, T first, int most)
    {
        var all = new List<T> { first };
        while (all.Count < most && source.TryTake(out var next))
            all.Add(next);
        return all;
    }

    private sealed record Act(Parcel New, TaskCompletionSource<Brought> Done);

    private sealed record Batch(List<Act> Acts, IReadOnlyList<AppendedParcel> Appended)
    {
        /// <summary>The size that holds all of it.</summary>
        public long End => Appended.Max(act => act.Entries.First.Value + act.Entries.Count);

        public void Acknowledge(PublishedCheckpoint published, IChoiceStore store)
        {
            foreach (var (act, appended) in Acts.Zip(Appended))
                act.Done.SetResult(OutcomeOf(act, appended, published, store));
        }

        private static Brought OutcomeOf(
            Act act, AppendedParcel appended, PublishedCheckpoint published, IChoiceStore store)
        {
            Brought Acknowledged(IReadOnlyList<SealedChoice> choices) => new Brought.Acknowledged(
                new Acknowledgement(appended.Entries, published, choices),
                appended.Outcome == ParcelOutcome.Repeated);

            return appended.Outcome switch
            {
                ParcelOutcome.Recorded => Acknowledged(Openings(act.New.Entries)),
                // With the opening that its entry has, not the one that was drawn for what is not recorded.
                ParcelOutcome.Repeated when appended.Entries.Count == 1 =>
                    store.Opened(appended.Entries.First) is { } opened
                        ? Acknowledged([opened])
                        : new Brought.Forgotten(),
                ParcelOutcome.Repeated => Acknowledged([]),
                ParcelOutcome.KeyOfAnother => new Brought.KeyOfAnother(),
                ParcelOutcome.Forgotten => new Brought.Forgotten(),
                ParcelOutcome.NotThere => new Brought.NotThere(),
            };
        }
    }
}
