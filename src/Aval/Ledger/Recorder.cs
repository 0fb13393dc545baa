using System.Collections.Concurrent;
using Aval.Choices;

namespace Aval.Ledger;

/// <summary>That a choice is recorded: where it stands, and the signed checkpoint that covers it.</summary>
/// <param name="Entries">The act's entries, side by side.</param>
/// <param name="Published">From it and the tiles, a receipt follows.</param>
public sealed record Acknowledgement(EntryRange Entries, PublishedCheckpoint Published);

/// <summary>
/// Records choices of many callers at once. What they bring while the disk is busy becomes one transaction (group
/// commit), and what was committed while the ledger was being written becomes one checkpoint: two threads, each as fast
/// as its disk, and however many callers there are.
/// <para>
/// Durability: an acknowledged choice is in the store, in the tiles and under a signed checkpoint, all flushed. A choice
/// whose task fails was not recorded, unless the message says otherwise. Memory: at most <see cref="Waiting"/> acts wait;
/// <see cref="Record"/> blocks its caller beyond that. For any number of threads.
/// </para>
/// </summary>
public sealed class Recorder : IDisposable
{
    /// <summary>Acts that may wait to be committed.</summary>
    public const int Waiting = 1 << 15;

    // More a transaction gains nothing, and the first of them would wait for the last.
    private const int MaxBatch = 1 << 13;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BlockingCollection<Act> _arrived = new(new ConcurrentQueue<Act>(), Waiting);
    private readonly BlockingCollection<Batch> _committed = new(new ConcurrentQueue<Batch>(), boundedCapacity: 64);
    private readonly Workspace _workspace;
    private readonly ChoiceRules _rules;
    private readonly TimeProvider _clock;
    private readonly Thread _writing;
    private readonly Thread _publishing;

    private Recorder(Workspace workspace, TimeProvider clock)
    {
        _workspace = workspace;
        _clock = clock;
        _rules = new ChoiceRules(workspace.Settings);
        var store = ChoiceStores.Open(workspace);
        var reading = ChoiceStores.Open(workspace);
        var integrator = new Integrator(workspace, SigningKey.Read(workspace.SigningKeyFile));
        _writing = new Thread(() => Write(store)) { IsBackground = true, Name = "choices" };
        _publishing = new Thread(() => Publish(reading, integrator)) { IsBackground = true, Name = "ledger" };
        _writing.Start();
        _publishing.Start();
    }

    /// <summary>Starts recording into a workspace.</summary>
    /// <exception cref="AvalException">Bad input: the store cannot be opened, or the ledger's key is missing.</exception>
    public static Recorder Open(Workspace workspace, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(clock);
        return new Recorder(workspace, clock);
    }

    /// <summary>Records the choices of one act, together or not at all. The task ends when a signed checkpoint covers them.</summary>
    /// <exception cref="AvalException">Bad input: a choice breaks a rule; nothing was recorded.</exception>
    public Task<Acknowledgement> Record(params IReadOnlyList<Choice> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        ArgumentOutOfRangeException.ThrowIfZero(act.Count);
        var now = _clock.UtcNow();
        foreach (var choice in act)
            _rules.Require(choice, now);
        // Sealed by the caller: hashing is the larger part of the work, and the writer is one thread.
        var sealedAct = new Act([.. act.Select(Sealing.Seal)], new TaskCompletionSource<Acknowledgement>(TaskCreationOptions.RunContinuationsAsynchronously));
        _arrived.Add(sealedAct);
        return sealedAct.Done.Task;
    }

    /// <summary>Finishes what was handed over, and stops.</summary>
    public void Dispose()
    {
        _arrived.CompleteAdding();
        _writing.Join();
        _publishing.Join();
        _arrived.Dispose();
        _committed.Dispose();
    }

    private void Write(IChoiceStore store)
    {
        using (store)
        {
            foreach (var first in _arrived.GetConsumingEnumerable())
            {
                var acts = Gather(_arrived, first, MaxBatch);
                try
                {
                    var entries = store.Append(acts.SelectMany(act => act.Entries));
                    _committed.Add(new Batch(acts, entries.First));
                }
                catch (Exception failure) when (failure is AvalException or IOException or UnauthorizedAccessException)
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
                    var last = batches[^1];
                    var published = integrator.Publish(store, new TreeSize(last.First.Value + last.Acts.Sum(act => act.Entries.Length)), Patience);
                    batches.ForEach(batch => batch.Acknowledge(published));
                }
                catch (Exception failure) when (failure is AvalException or IOException or UnauthorizedAccessException)
                {
                    var unpublished = Unpublished(failure);
                    batches.ForEach(batch => batch.Acts.ForEach(act => act.Done.SetException(unpublished)));
                }
            }
        }
    }

    private AvalException Unpublished(Exception failure) => new(
        failure is AvalException known ? known.Exit : ExitCode.BadInput,
        $"{_workspace.Ledger}: {failure.Message} The choice is recorded and will be honoured, but it is not under a signed checkpoint yet, so there is no receipt for it. It will be published with the next one that succeeds.",
        failure);

    private static List<T> Gather<T>(BlockingCollection<T> source, T first, int most)
    {
        var all = new List<T> { first };
        while (all.Count < most && source.TryTake(out var next))
            all.Add(next);
        return all;
    }

    private sealed record Act(NewEntry[] Entries, TaskCompletionSource<Acknowledgement> Done);

    private sealed record Batch(List<Act> Acts, EntryIndex First)
    {
        public void Acknowledge(PublishedCheckpoint published)
        {
            var next = First.Value;
            foreach (var act in Acts)
            {
                act.Done.SetResult(new Acknowledgement(new EntryRange(new EntryIndex(next), act.Entries.Length), published));
                next += act.Entries.Length;
            }
        }
    }
}
