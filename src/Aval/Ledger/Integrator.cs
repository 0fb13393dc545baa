using System.Diagnostics;
using Aval.Storage;

namespace Aval.Ledger;

/// <summary>
/// Brings the store's entries into the tiles and signs the checkpoint over them: on every day, and after a crash, by
/// the same steps. It starts from the published checkpoint, whatever lies beyond it in tiles was written by somebody
/// who did not finish and is written again, byte for byte.
/// <para>
/// Order, which is all there is to its safety: the store has committed an entry; its tiles are flushed; the checkpoint
/// that covers it replaces the older one, and is flushed; only then is it acknowledged. Not for several threads at
/// once; any number of processes may have one each.
/// </para>
/// </summary>
internal sealed class Integrator
{
    /// <summary>Entries a checkpoint of a long run: progress shows, and a kill loses no more work than that.</summary>
    private const long Stride = 1 << 20;

    /// <summary>How long another process may take before a command gives up on it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly Workspace _workspace;
    private readonly SigningKey _key;
    private readonly SigningKey[] _also;
    private readonly LogDisk _disk;
    private TileWriter? _writer;

    /// <summary>For a workspace, with its key.</summary>
    /// <param name="workspace">Whose ledger.</param>
    /// <param name="key">Its key.</param>
    /// <param name="also">Keys that sign too, while one takes over from another.</param>
    public Integrator(Workspace workspace, SigningKey key, params SigningKey[] also)
        : this(workspace, key, LogDisk.Real, also)
    {
    }

    /// <summary>The same, writing with a disk of the caller's.</summary>
    internal Integrator(Workspace workspace, SigningKey key, LogDisk disk, params SigningKey[] also)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(key);
        if (key.Verifier.Name != workspace.Settings.Origin)
            throw AvalException.BadInput(
                $"{workspace.SigningKeyFile}: this key signs for {key.Verifier.Name}, and aval.yaml says origin: "
                + $"{workspace.Settings.Origin}. Nothing was done. A ledger keeps its origin: correct aval.yaml.");
        (_workspace, _key, _disk, _also) = (workspace, key, disk, also);
    }

    /// <summary>
    /// Waits until a signed checkpoint covers <paramref name="atLeast"/>; writes it, unless another process is about
    /// to.
    /// </summary>
    /// <param name="store">An open store of the workspace.</param>
    /// <param name="atLeast">Not more than the store has.</param>
    /// <param name="patience">How long another process may take.</param>
    /// <param name="watch">Told how much is done, 0–1, when it takes long.</param>
    /// <exception cref="AvalException">Busy, bad input (the disk refuses), or refused (a fork). What the store
    /// committed stays, and is published by the next one who does not fail.</exception>
    public PublishedCheckpoint Publish(
        IEntryStore store, TreeSize atLeast, TimeSpan patience, Action<double>? watch = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        var waited = Stopwatch.StartNew();
        using var pause = new ManualResetEventSlim();
        while (true)
        {
            FileModes.MakeReadableFolder(_workspace.Ledger);
            using (var right = store.TryIntegrate())
            {
                if (right is not null)
                    return Integrate(store, right, watch);
            }

            if (ReadPublished() is { } published && published.Size.Value >= atLeast.Value)
                return published;
            if (waited.Elapsed > patience)
                throw AvalException.Busy($"{_workspace.Ledger}: another process writes the ledger and did not finish "
                    + $"within {patience.TotalSeconds:0} s. What was recorded is in the store and will be published, "
                    + "but there is no receipt for it yet. Get it later with: aval receipt");
            pause.Wait(Pause);
        }
    }

    /// <summary>
    /// Takes the right to write the ledger, waiting for another process as long as <paramref name="patience"/> says.
    /// </summary>
    /// <exception cref="AvalException">Busy.</exception>
    internal static IIntegration Take(Workspace workspace, IEntryStore store, TimeSpan patience)
    {
        FileModes.MakeReadableFolder(workspace.Ledger);
        var waited = Stopwatch.StartNew();
        using var pause = new ManualResetEventSlim();
        while (true)
        {
            if (store.TryIntegrate() is { } right)
                return right;
            if (waited.Elapsed > patience)
                throw AvalException.Busy($"{workspace.Ledger}: another process writes the ledger and did not finish "
                    + $"within {patience.TotalSeconds:0} s. Nothing was done. Run the command again.");
            pause.Wait(Pause);
        }
    }

    /// <summary>Writes every tile from the store, and publishes what the store has beyond the checkpoint.</summary>
    internal PublishedCheckpoint PublishAfresh(IEntryStore store, Action<double>? watch)
    {
        using var right = Take(_workspace, store, Patience);
        var published = PublishedCheckpoint.Read(_workspace, _key.Verifier);
        _writer = Afresh(store, published?.Size ?? new TreeSize(0));
        if (published is not null)
            RequireSame(store, _writer, published);
        return Integrate(store, right, watch);
    }

    private TileWriter Afresh(IEntryStore store, TreeSize size)
    {
        var writer = TileWriter.Continue(_workspace.Ledger, new TreeSize(0), _disk);
        Append(store, writer, size);
        writer.Complete();
        return writer;
    }

    private PublishedCheckpoint Integrate(IEntryStore store, IIntegration right, Action<double>? watch)
    {
        // Under the right to write, as the change of keys is: what the old key signed after the change, nobody would go
        // on from.
        if (!_key.IsIn(_workspace.SigningKeyFile))
            throw KeyChanged();
        try
        {
            var published = PublishedCheckpoint.Read(_workspace, _key.Verifier);
            var writer = Resume(store, published);
            var end = store.Size.Value;
            var start = writer.Size.Value;
            while (published is null || writer.Size.Value < end)
            {
                Append(store, writer, new TreeSize(Math.Min(end, writer.Size.Value + Stride)));
                writer.Complete();
                published = Sign(writer);
                // The right may have been lost while tiles were written (PostgreSQL: the session is gone), and somebody
                // else may have published more: an older checkpoint must not replace theirs.
                right.RequireHeld();
                _disk.Publish(PublishedCheckpoint.PathIn(_workspace), published.Note);
                watch?.Invoke(end == start ? 1 : (double)(writer.Size.Value - start) / (end - start));
            }

            return published;
        }
        catch
        {
            // What it holds in memory may be ahead of what is on disk. The next one starts from the checkpoint.
            _writer = null;
            throw;
        }
    }

    private PublishedCheckpoint? ReadPublished()
    {
        try
        {
            return PublishedCheckpoint.Read(_workspace, _key.Verifier);
        }
        catch (AvalException) when (!_key.IsIn(_workspace.SigningKeyFile))
        {
            throw KeyChanged();
        }
    }

    private AvalException KeyChanged() =>
        AvalException.Refused($"{_workspace.SigningKeyFile}: the ledger's key was changed since this process read it. "
            + "Nothing was published. Start the process again.");

    private TileWriter Resume(IEntryStore store, PublishedCheckpoint? published)
    {
        var size = published?.Size ?? new TreeSize(0);
        if (_writer is { } same && same.Size == size)
            return same;
        if (published is not null && store.Size.Value < size.Value)
            Fork.RequireSameStore(_workspace, store, published);
        // Tiles that are missing or damaged derive from the store, so they are written again, all of them.
        var writer = Continued(size) is { } continued
            && (published is null || continued.Root() == published.Checkpoint.Root) ? continued : Afresh(store, size);
        if (published is not null)
            RequireSame(store, writer, published);
        return _writer = writer;
    }

    private TileWriter? Continued(TreeSize size)
    {
        try
        {
            return TileWriter.Continue(_workspace.Ledger, size, _disk);
        }
        catch (AvalException)
        {
            return null; // A tile is missing: see above.
        }
    }

    // The root speaks for every entry that was published, and the last of them for the store.
    private void RequireSame(IEntryStore store, TileWriter writer, PublishedCheckpoint published)
    {
        if (writer.Root() != published.Checkpoint.Root)
            throw Fork.Found(
                _workspace, published.Note, Sign(writer).Note,
                "the store of choices holds other entries than were published");
        Fork.RequireSameStore(_workspace, store, published);
    }

    private static void Append(IEntryStore store, TileWriter writer, TreeSize below)
    {
        Span<byte> bytes = stackalloc byte[LedgerEntry.Size];
        foreach (var entry in store.Entries(new EntryIndex(writer.Size.Value), below))
        {
            entry.CopyTo(bytes);
            writer.Append(bytes);
        }

        if (writer.Size != below)
            throw new InvalidOperationException(
                $"The store has {writer.Size} entries below {below}: its indices have a gap. Nothing was published.");
    }

    private PublishedCheckpoint Sign(TileWriter writer)
    {
        var checkpoint = new Checkpoint(_workspace.Settings.Origin, writer.Size, writer.Root());
        return new PublishedCheckpoint(checkpoint, _key.Sign(checkpoint.Text, _also));
    }
}
