using Aval.Ledger;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>A statement with its place in the ledger.</summary>
/// <param name="Index">Its entry, of kind 0x05.</param>
/// <param name="Sha256">Of what was signed: what the entry commits to.</param>
/// <param name="Stated">What it says.</param>
internal sealed record Registered(EntryIndex Index, string Sha256, Stated Stated);

/// <summary>
/// The register of what left this workspace and what was made of it: the ledger's entries of kind 0x05, whose
/// statements lie in <c>runs/</c>. The file to open first in this room.
/// <para>
/// A statement is written whole (<c>statements/SHA256.json</c>) and then entered into the ledger: whatever was entered
/// can be shown. A kill in between leaves a statement that is not entered; the next one who writes enters it. Nothing
/// is ever taken out: a statement that was entered and is not there stops whoever asks what is registered.
/// </para>
/// </summary>
internal static class Register
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Where the statement of a hash lies.</summary>
    public static string FileOf(Workspace workspace, string sha256) =>
        Path.Combine(workspace.Runs, "statements", $"{sha256}.json");

    /// <summary>Signs a statement and enters it into the ledger.</summary>
    /// <exception cref="AvalException">Busy: another process writes the register or the ledger.</exception>
    public static Registered Enter(Workspace workspace, Stated stated) => Enter(workspace, () => stated);

    /// <summary>The same for what depends on what is registered: nobody else enters anything meanwhile.</summary>
    /// <param name="workspace">Whose register it is.</param>
    /// <param name="state">Told all statements; answers the one to be entered, or throws, and nothing is.</param>
    /// <exception cref="AvalException">Busy: another process writes the register or the ledger.</exception>
    public static Registered Enter(Workspace workspace, Func<IReadOnlyList<Registered>, Stated> state) =>
        Enter(workspace, () => state(Read(workspace)));

    /// <summary>All statements, in the order in which they were entered.</summary>
    /// <exception cref="AvalException">Bad input: one is gone, or is not what was entered.</exception>
    public static IReadOnlyList<Registered> Read(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var keys = LedgerKeys.Of(workspace);
        return
        [
            .. Entered(workspace).Select(one => new Registered(
                one.Index, one.Sha256, ReadOne(FileOf(workspace, one.Sha256), one.Sha256, keys, isEntered: true))),
        ];
    }

    /// <summary>The statements that cannot be shown: gone, or not what was entered; each in a sentence.</summary>
    public static IEnumerable<string> Faults(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var keys = LedgerKeys.Of(workspace);
        return Entered(workspace).Select(one => Fault(workspace, one.Sha256, keys, isEntered: true)).OfType<string>();
    }

    private static Registered Enter(Workspace workspace, Func<Stated> state)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        FileModes.MakePrivateFolder(Path.Combine(workspace.Runs, "statements"));
        using var held = FileLock.Acquire(
            Path.Combine(workspace.Runs, ".lock"), "the register of runs of this workspace", Patience);
        var stated = state();
        var key = SigningKey.Read(workspace.SigningKeyFile);
        var payload = stated.ToPayload();
        var sha = Hash.Of(payload).ToHex();
        Durable.Replace(FileOf(workspace, sha), Envelope.Seal(payload, key), Durable.Private);
        using IEntryStore store = CommittedChoices.OpenStore(workspace);
        var entered = Entered(store).Select(one => one.Sha256).ToHashSet(StringComparer.Ordinal);
        var keys = LedgerKeys.Of(workspace);
        // One that nobody can open would be an entry for good, and stop whoever asks.
        var left = Directory.EnumerateFiles(Path.Combine(workspace.Runs, "statements"), "*.json")
            .Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(one => !entered.Contains(one) && one != sha
                && Fault(workspace, one, keys, isEntered: false) is null)
            .Order(StringComparer.Ordinal).Append(sha).ToArray();
        var index = default(EntryIndex);
        foreach (var one in left)
        {
            var entry = new LedgerEntry(EntryKind.Run, Hash.From(Convert.FromHexString(one)));
            index = store.Find(entry) ?? store.Append(entry);
        }

        new Integrator(workspace, key).Publish(store, new TreeSize(index.Value + 1), Integrator.Patience);
        return new Registered(index, sha, stated);
    }

    private static List<(EntryIndex Index, string Sha256)> Entered(Workspace workspace)
    {
        using IEntryStore store = CommittedChoices.OpenStore(workspace);
        return Entered(store);
    }

    private static List<(EntryIndex Index, string Sha256)> Entered(IEntryStore store) =>
        [.. store.OfKind(EntryKind.Run).Select(one => (one.Index, one.Digest.ToHex()))];

    private static string? Fault(Workspace workspace, string sha256, LedgerKeys keys, bool isEntered)
    {
        try
        {
            _ = ReadOne(FileOf(workspace, sha256), sha256, keys, isEntered);
            return null;
        }
        catch (AvalException broken)
        {
            return broken.Message;
        }
    }

    private static Stated ReadOne(string path, string sha256, LedgerKeys keys, bool isEntered)
    {
        try
        {
            var payload = Envelope.Open(File.ReadAllBytes(path), keys, isEntered);
            return Hash.Of(payload).ToHex() == sha256
                ? Stated.Read(payload)
                : throw new FormatException("it holds another statement than its name says");
        }
        catch (Exception broken) when (broken is ProofException or FormatException or FileNotFoundException
            or DirectoryNotFoundException)
        {
            throw AvalException.BadInput(
                $"{path}: expected the signed statement that is an entry of the ledger, but {broken.Message} Nothing "
                    + "was done. Restore runs/ from your backup.",
                broken);
        }
    }
}
