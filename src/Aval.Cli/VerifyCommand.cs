using System.CommandLine;
using System.Text.Json;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Cli;

/// <summary>
/// What a stranger runs: no workspace, no network, nothing but files and the ledger's public key. Exit codes: 0
/// verified, 1 verified to be wrong (or no evidence), 2 usage, 3 malformed or unreadable.
/// </summary>
internal static partial class VerifyCommand
{
    private const int MaxFile = 64 << 20;

    public static Command Create(Terminal terminal) => new(
        "verify",
        "Verify, offline and without a workspace, what a ledger's operator gave you: receipts, releases, proofs.\n"
            + "Exit codes: 0 verified, 1 not so, 2 usage, 3 malformed or unreadable.")
    {
        Receipt(terminal), Release(terminal), Proof(terminal), Violation(terminal), CheckpointOf(terminal),
        ManifestOf(terminal), AuditSampleOf(terminal), Change(terminal), Erasure(terminal), Members(terminal),
    };

    private static Option<string[]> KeyOption() => new("--key")
    {
        Description = "The ledger's public key, NAME+ID+KEY, or a file that holds it; again for the key before or "
            + "after a change of keys",
        HelpName = "VKEY",
        Required = true,
    };

    /// <summary>The keys that a command line names, most of the time one.</summary>
    private static LedgerKeys KeysOf(ParseResult parsed, Option<string[]> option) =>
        new([.. parsed.GetValue(option)!
            .Select(text => VerifierKey.Parse(File.Exists(text) ? File.ReadAllText(text) : text))]);

    /// <summary>What a command found: sentences for people, members for programs.</summary>
    private sealed record Found(ExitCode Exit, string Text, Action<Utf8JsonWriter> Json);

    private static int Answer(Terminal terminal, bool json, Func<Found> verify)
    {
        Found found;
        try
        {
            found = verify();
        }
        catch (ProofException refused)
        {
            var exit = refused.Failure switch
            {
                ProofFailure.Malformed => ExitCode.BadInput,
                ProofFailure.Wrong or ProofFailure.Fork => ExitCode.No,
            };
            found = new Found(exit, $"NOT VERIFIED. {refused.Message}", writer =>
            {
                writer.WriteBoolean("verified", false);
                writer.WriteString("failure", refused.Failure switch
                {
                    ProofFailure.Malformed => "malformed",
                    ProofFailure.Wrong => "wrong",
                    ProofFailure.Fork => "fork",
                });
                writer.WriteString("message", refused.Message);
            });
        }

        if (json)
        {
            terminal.WriteJson(writer =>
            {
                writer.WriteStartObject();
                found.Json(writer);
                writer.WriteEndObject();
            });
        }
        else
        {
            (found.Exit == ExitCode.Done ? terminal.Out : terminal.Error).WriteLine(found.Text);
        }

        return (int)found.Exit;
    }

    private static byte[] Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (stream.Length > MaxFile)
            throw AvalException.BadInput($"{path}: the file has {stream.Length} bytes, and nothing of its kind has "
                + $"more than {MaxFile}. Nothing was verified.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A manifest with what lies beside it and shows whose it is; its entry is looked for in a copy of the
    /// ledger when no proof of it is there.</summary>
    private static CommittedManifest ReadManifest(string path, string? copy, LedgerKeys keys)
    {
        byte[]? Beside(string name) =>
            Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name) is var file && File.Exists(file)
                ? Read(file)
                : null;
        var json = Read(path);
        if (Beside("manifest.tlog-proof") is null && copy is not null && EntryIn(copy, json, keys) is { } entry)
            // It says all that a signature does, under the key of the copy.
            return new CommittedManifest(json, Signature: null, entry);
        return new CommittedManifest(json, Beside("manifest.sig"), Beside("manifest.tlog-proof"));
    }

    // The newest entry first: a release that is asked about is mostly a late one.
    private static byte[]? EntryIn(string directory, byte[] manifest, LedgerKeys keys)
    {
        var note = Read(Path.Combine(directory, "checkpoint"));
        var key = keys.For(note);
        var (entry, size) = (LedgerEntry.OfRelease(manifest).ToBytes(), Checkpoint.Verify(note, key, key.Name).Size);
        var reader = new TileReader(directory, size);
        for (var at = size.Value - 1; at >= 0; at--)
        {
            if (reader.Entry(new EntryIndex(at)).AsSpan().SequenceEqual(entry))
                return new InclusionProof(new EntryIndex(at), reader.Inclusion(new EntryIndex(at)), note).ToFile();
        }

        return null;
    }

    /// <summary>The key of a manifest's time: that which signed what lies beside it.</summary>
    private static VerifierKey KeyOf(CommittedManifest manifest, LedgerKeys keys) =>
        (manifest.Entry is { } entry ? InclusionProof.Parse(entry).Note : manifest.Signature) is { } note
            ? keys.For(note)
            : keys.All[0];

    private static void RequireInCopy(string? copy, Checkpoint seen, byte[]? proof, LedgerKeys keys)
    {
        if (copy is not null && proof is not null)
            RequireSameHistory(copy, seen, InclusionProof.Parse(proof).Note, keys);
    }

    /// <summary>Checks that a copy of the log continues all checkpoints that files hold; null = no copy is at
    /// hand.</summary>
    private static Checkpoint? RequireSameHistory(string? directory, SeenCheckpoints seen, LedgerKeys keys) =>
        directory is null ? null : seen.All.Select(one =>
        {
            try
            {
                return RequireSameHistory(directory, one.Checkpoint, one.Note, keys);
            }
            catch (ProofException refused) when (refused.Failure == ProofFailure.Fork)
            {
                throw ProofException.Fork($"{one.Where}: {refused.Message}");
            }
        }).ToArray()[^1];

    /// <summary>
    /// Checks that a copy of a log, the operator's own or anybody's, continues a checkpoint that was seen elsewhere.
    /// </summary>
    private static Checkpoint RequireSameHistory(string directory, Checkpoint seen, byte[] note, LedgerKeys keys)
    {
        var ours = Read(Path.Combine(directory, "checkpoint"));
        var published = Checkpoint.Verify(ours, keys.For(ours), seen.Origin);
        try
        {
            if (published.Size.Value < seen.Size.Value)
                throw ProofException.Wrong($"The copy in {directory} has {published.Size} entries, and the checkpoint "
                    + $"that was given has {seen.Size}: it is an old copy, or entries were taken back. "
                    + "Fetch a new copy, and keep the checkpoint.");
            var tiles = new TileReader(directory, published.Size);
            published.RequireContinues(seen, tiles.Root(seen.Size), tiles.Consistency(seen.Size));
            return published;
        }
        catch (ProofException fork) when (fork.Failure == ProofFailure.Fork)
        {
            throw ProofException.Fork($"{fork.Message} {KeepFork(seen, note, published, ours)}");
        }
    }

    // At the size that the copy has now: whoever fetched it never saw the partial tiles of its older sizes.
    private static TileReader TilesOf(string directory, Checkpoint seen, LedgerKeys keys)
    {
        var ours = Read(Path.Combine(directory, "checkpoint"));
        var published = Checkpoint.Verify(ours, keys.For(ours), seen.Origin).Size;
        return new TileReader(directory, published.Value > seen.Size.Value ? published : seen.Size);
    }

    private static string KeepFork(Checkpoint first, byte[] firstNote, Checkpoint second, byte[] secondNote)
    {
        var path = Path.Combine(Environment.CurrentDirectory, $"fork-{first.Size}-{second.Size}.txt");
        Durable.Replace(
            path, [.. "One of these:\n\n"u8, .. firstNote, .. "\ncontradicts the other:\n\n"u8, .. secondNote]);
        return $"Both were written to {path}. Show them to others who hold checkpoints of this log, and to a "
            + "supervisory authority.";
    }

    // What does not apply is an empty line, and left out.
    private static string Sentences(params string[] lines) => string.Join('\n', lines.Where(line => line.Length > 0));
}
