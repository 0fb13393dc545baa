using System.Globalization;
using Aval.Storage;

namespace Aval.Ledger;

/// <summary>What a change of keys left behind.</summary>
/// <param name="Old">The key that signed until now; its receipts stay valid.</param>
/// <param name="New">The key that signs from now on.</param>
/// <param name="Note">The file that both signed, to be published.</param>
internal sealed record KeyRotated(VerifierKey Old, VerifierKey New, string Note);

/// <summary>
/// Replaces the ledger's signing key. Old and new key sign a note that names both; its hash is an entry of the ledger;
/// the checkpoint that brings it bears both signatures. Whoever trusts the old key follows the note to the new one.
/// Killed at any point, the next call goes on with the key that was begun.
/// </summary>
internal static class KeyRotation
{
    /// <summary>Rotates the key.</summary>
    /// <param name="workspace">Whose key.</param>
    /// <param name="store">Its entries.</param>
    /// <exception cref="AvalException">Bad input: the key is missing. Busy: another process records or
    /// rotates.</exception>
    public static KeyRotated Rotate(Workspace workspace, IEntryStore store)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(store);
        using var held = FileLock.Acquire(
            Path.Combine(workspace.Keys, ".lock"), "the keys of this workspace", TimeSpan.FromSeconds(10));
        var old = SigningKey.Read(workspace.SigningKeyFile);
        var begun = workspace.SigningKeyFile + ".next";
        if (!File.Exists(begun))
            SigningKey.Generate(workspace.Settings.Origin).CreateNew(begun);
        var next = SigningKey.Read(begun);

        var note = old.Sign(new KeyChange(old.Verifier, next.Verifier).Text, next);
        var path = KeepNote(workspace, note);
        var entry = KeyChange.Entry(note);
        var index = store.Find(entry) ?? store.Append(entry);
        new Integrator(workspace, old, next).Publish(store, new TreeSize(index.Value + 1), Integrator.Patience);

        // From here on nobody else publishes. Somebody may have since, with the old key alone; the new key must verify
        // what is published before it takes over, so that is signed again, by both.
        using var right = Integrator.Take(workspace, store, Integrator.Patience);
        var published = PublishedCheckpoint.Read(workspace, old.Verifier)
            ?? throw new InvalidOperationException("A checkpoint was just published and is gone.");
        right.RequireHeld();
        LogDisk.Real.Publish(PublishedCheckpoint.PathIn(workspace), old.Sign(published.Checkpoint.Text, next));
        // The retired key is kept until the new one is in place; who wants it gone deletes it afterwards.
        var retired = Path.Combine(
            workspace.Keys, $"ledger-{old.Verifier.Id.ToString("x8", CultureInfo.InvariantCulture)}.retired");
        if (!File.Exists(retired))
            old.CreateNew(retired);
        Durable.ReplaceWith(workspace.SigningKeyFile, begun);
        return new KeyRotated(old.Verifier, next.Verifier, path);
    }

    /// <summary>The notes of a ledger's changes of keys, the oldest first.</summary>
    internal static string[] Notes(Workspace workspace) => Directory.Exists(NotesOf(workspace))
        ? [.. Directory.EnumerateFiles(NotesOf(workspace)).Order(StringComparer.Ordinal)]
        : [];

    private static string NotesOf(Workspace workspace) => Path.Combine(workspace.Ledger, "keys");

    private static string KeepNote(Workspace workspace, byte[] note)
    {
        var directory = NotesOf(workspace);
        FileModes.MakeReadableFolder(directory);
        var known = Notes(workspace);
        if (known.LastOrDefault() is { } last && File.ReadAllBytes(last).AsSpan().SequenceEqual(note))
            return last;
        var path = Path.Combine(directory, known.Length.ToString("D3", CultureInfo.InvariantCulture));
        Durable.Replace(path, note);
        FileModes.MakeReadable(path);
        return path;
    }
}
