using System.Globalization;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Founding;
using Aval.Ledger;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Tests.Ledger;

/// <summary>A workspace whose ledger is written to, broken and checked.</summary>
internal sealed class LedgerWorld : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public LedgerWorld() => Workspace = NewWorkspace.Create(Path.Combine(_folder.Path, "workspace"), Settings.Default);

    public Workspace Workspace { get; }

    public SigningKey Key => SigningKey.Read(Workspace.SigningKeyFile);

    public VerifierKey Verifier => Key.Verifier;

    public LedgerKeys Keys => LedgerKeys.Of(Workspace);

    public string Checkpoint => PublishedCheckpoint.PathIn(Workspace);

    public static Choice Objection(long number) => new(
        ChoiceKind.Objection, new Account("facebook", number.ToString(CultureInfo.InvariantCulture)),
        Purpose.TrainGenerativeAi, Scope.Everything, Now, Now);

    public Acknowledgement Record(params long[] numbers) =>
        Recorder.RecordOnce(Workspace, Now, [.. numbers.Select(Objection)]);

    /// <summary>Puts choices into the store and publishes nothing: what a kill leaves.</summary>
    public EntryRange Store(int count)
    {
        using var store = ChoiceStores.Open(Workspace);
        return store.Append(Enumerable.Range(0, count).Select(number => Sealing.Seal(Objection(number))));
    }

    public PublishedCheckpoint Publish(LogDisk? disk = null)
    {
        using var store = ChoiceStores.Open(Workspace);
        return new Integrator(Workspace, Key, disk ?? LogDisk.Real)
            .Publish(store, store.Size, TimeSpan.FromSeconds(10));
    }

    public KeyRotated Rotate() => Rotate(Workspace);

    public static KeyRotated Rotate(Workspace workspace)
    {
        using var store = CommittedChoices.OpenStore(workspace);
        return KeyRotation.Rotate(workspace, store);
    }

    public LedgerChecked Check() => LedgerCheck.Require(Workspace, Verifier);

    public byte[] ReceiptOf(long index)
    {
        using var receipts = Receipts.Open(Workspace);
        return receipts.Of(new EntryIndex(index)).ToFile();
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>
/// Fails once, at the n-th call: before it does anything, half-way through, or after it did all of it.
/// </summary>
internal sealed class FailingDisk(int failAt, FailingDisk.When when) : LogDisk
{
    public enum When
    {
        Before,
        HalfWay,
        After,
    }

    private int _calls;

    public bool Failed { get; private set; }

    public override void Write(string path, ReadOnlySpan<byte> content)
    {
        var all = content.ToArray();
        Call(() => base.Write(path, all), () => base.Write(path, all.AsSpan(0, all.Length / 2)));
    }

    public override void Flush(IReadOnlyCollection<string> paths, string root) =>
        Call(() => base.Flush(paths, root), () => base.Flush([.. paths.Take(paths.Count / 2)], root));

    public override void Publish(string path, ReadOnlySpan<byte> note)
    {
        var all = note.ToArray();
        // The half of a replacement is a temporary file.
        Call(() => base.Publish(path, all), () => Durable.Replace(path + ".new", all.AsSpan(0, all.Length / 2)));
    }

    public override void Remove(string directory) => Call(
        () => base.Remove(directory),
        () =>
        {
            if (Directory.EnumerateFiles(directory).FirstOrDefault() is { } first)
                File.Delete(first);
        });

    private void Call(Action whole, Action half)
    {
        if (++_calls != failAt)
        {
            whole();
            return;
        }

        Failed = true;
        switch (when)
        {
            case When.Before:
                break;
            case When.HalfWay:
                half();
                break;
            case When.After:
                whole();
                break;
        }

        throw new IOException($"Input/output error at call {failAt} ({when}).");
    }
}
