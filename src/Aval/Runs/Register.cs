using System.Globalization;
using System.Text.Json;
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
/// The register of what left this workspace and what was made of it: <c>runs/</c>. The file to open first in this room.
/// <para>
/// A statement is written whole (<c>statements/SHA256.json</c>), entered into the ledger, and then listed
/// (<c>register.jsonl</c>: entry and hash), in this order: whatever was entered can be shown. A kill in between leaves
/// a statement that is not listed; the next one who writes enters it. Nothing is ever taken out.
/// </para>
/// </summary>
internal static class Register
{
    private const string List = "register.jsonl";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Where the statement of a hash lies.</summary>
    public static string FileOf(Workspace workspace, string sha256) =>
        Path.Combine(workspace.Runs, "statements", $"{sha256}.json");

    /// <summary>Signs a statement, enters it into the ledger and lists it.</summary>
    /// <exception cref="AvalException">Busy: another process writes the register or the ledger.</exception>
    public static Registered Enter(Workspace workspace, Stated stated)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(stated);
        FileModes.MakePrivateFolder(Path.Combine(workspace.Runs, "statements"));
        using var held = FileLock.Acquire(
            Path.Combine(workspace.Runs, ".lock"), "the register of runs of this workspace", Patience);
        var key = SigningKey.Read(workspace.SigningKeyFile);
        var payload = stated.ToPayload();
        var sha = Hash.Of(payload).ToHex();
        Durable.Replace(FileOf(workspace, sha), Envelope.Seal(payload, key), Durable.Private);
        var listed = Listed(workspace).Select(line => line.Sha256).ToHashSet(StringComparer.Ordinal);
        var unlisted = Directory.EnumerateFiles(Path.Combine(workspace.Runs, "statements"), "*.json")
            .Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(one => !listed.Contains(one) && one != sha).Order(StringComparer.Ordinal).Append(sha).ToArray();
        var index = default(EntryIndex);
        using IEntryStore store = CommittedChoices.OpenStore(workspace);
        foreach (var one in unlisted)
        {
            var entry = new LedgerEntry(EntryKind.Run, Hash.From(Convert.FromHexString(one)));
            index = store.Find(entry) ?? store.Append(entry);
            if (!listed.Contains(one))
                Durable.AppendLine(Path.Combine(workspace.Runs, List), Line(index, one));
        }

        new Integrator(workspace, key).Publish(store, new TreeSize(index.Value + 1), Integrator.Patience);
        return new Registered(index, sha, stated);
    }

    /// <summary>All statements, in the order in which they were entered.</summary>
    /// <exception cref="AvalException">Bad input: one is gone, or is not what was entered.</exception>
    public static IReadOnlyList<Registered> Read(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var keys = LedgerKeys.Of(workspace);
        return
        [
            .. Listed(workspace).Select(line => new Registered(
                line.Index, line.Sha256, ReadOne(FileOf(workspace, line.Sha256), line.Sha256, keys))),
        ];
    }

    private static Stated ReadOne(string path, string sha256, LedgerKeys keys)
    {
        try
        {
            var payload = Envelope.Open(File.ReadAllBytes(path), keys);
            return Hash.Of(payload).ToHex() == sha256
                ? Stated.Read(payload)
                : throw new FormatException("it holds another statement than its name says");
        }
        catch (Exception broken) when (broken is ProofException or FormatException or FileNotFoundException)
        {
            throw AvalException.BadInput(
                $"{path}: expected the signed statement that the register lists, but {broken.Message} Nothing was "
                    + "done. Restore runs/ from your backup.",
                broken);
        }
    }

    private static IEnumerable<(EntryIndex Index, string Sha256)> Listed(Workspace workspace)
    {
        var path = Path.Combine(workspace.Runs, List);
        foreach (var (line, number) in Durable.ReadLines(path).Select((line, at) => (line, at + 1)))
        {
            using var document = Parsed(path, number, line);
            yield return (new EntryIndex(document.RootElement.GetProperty("entry").GetInt64()),
                document.RootElement.GetProperty("sha256").GetString()!);
        }
    }

    private static JsonDocument Parsed(string path, int number, string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException broken)
        {
            throw AvalException.BadInput(
                string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}: not a line of the register: ")
                    + $"{broken.Message} Nothing was done. Restore runs/ from your backup.",
                broken);
        }
    }

    private static string Line(EntryIndex index, string sha256) => System.Text.Encoding.UTF8.GetString(
        JsonText.WriteCompact(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("entry", index.Value);
            json.WriteString("sha256", sha256);
            json.WriteEndObject();
        }));
}
