using System.CommandLine;
using System.Globalization;
using Aval.Corpus;
using Aval.Ledger;

namespace Aval.Cli;

internal static partial class VerifyCommand
{
    private static Command Release(Terminal terminal)
    {
        var directory =
            new Argument<string>("DIR") { Description = "The release: the directory in which manifest.json lies" };
        var key = KeyOption();
        var ledger = new Option<string?>("--ledger")
        {
            Description = "A copy of the ledger, from anybody: is it the same history?",
            HelpName = "DIR",
        };
        var json = CommonOptions.Json();
        var command = new Command("release", "Verify a release: its signature, its entry in the ledger, every file, "
            + "every row count, every sum. Names the first file that is wrong.\n\n"
            + "Example: aval verify release corpus/opt-out/20260101T000000Z-0123456789ab --key "
            + "ledger.vkey") { directory, key, ledger, json };
        command.SetAction(parsed => Answer(terminal, parsed.GetValue(json), () =>
        {
            var (keys, path) = (KeysOf(parsed, key), parsed.GetValue(directory)!);
            if (!File.Exists(Path.Combine(path, "manifest.json")))
                throw AvalException.BadInput(
                    $"{path}: there is no manifest.json here, so this is no release. Nothing was verified.");
            var signature = Path.Combine(path, "manifest.sig");
            var release = ReleaseVerification.Verify(
                path, File.Exists(signature) ? keys.For(Read(signature)) : keys.All[0]);
            byte[] NoteIn(string name) => InclusionProof.Parse(Read(Path.Combine(path, name))).Note;
            var seen = new SeenCheckpoints();
            seen.Add("manifest.tlog-proof", release.Checkpoint, NoteIn("manifest.tlog-proof"));
            // What a recall did may have been shown in another history than the release.
            if (File.Exists(Path.Combine(path, Withdrawal.RecallProof)) && NoteIn(Withdrawal.RecallProof) is var recall)
                seen.Add(Withdrawal.RecallProof, Checkpoint.Parse(SignedNote.Parse(recall).Text), recall);
            return Describe(release, RequireSameHistory(parsed.GetValue(ledger), seen, keys));
        }));
        return command;
    }

    private static Found Describe(ReleaseVerification release, Checkpoint? copy)
    {
        var manifest = release.Manifest;
        var text = Sentences(
            $"Verified: {manifest.Name} of {Shown.Of(manifest.Controller)}, as of {manifest.AsOf.ToText()}, is entry "
                + $"{release.Index} of the ledger {release.Checkpoint.Origin}; all {release.Files} files are as they "
                + $"were committed ({release.Bytes.ToString("N0", CultureInfo.InvariantCulture)} bytes).",
            $"  policy:   {manifest.Policy.Name}, basis {manifest.Policy.Basis}, purpose "
                + $"{manifest.Policy.Purpose}"
                + $"{(manifest.Policy.ReplayOnly ? "; for comparison only, never to be trained on" : "")}",
            $"  items:    {manifest.Read} read, {manifest.Admitted} admitted, all accounted for; {manifest.Admitted} "
                + $"rows in {manifest.Shards.Count} shards",
            $"  choices:  those with an entry below {manifest.LedgerSize} were honoured"
                + (manifest.ErasedTo == manifest.LedgerSize ? "" : $", and the erasures below {manifest.ErasedTo}")
                + (manifest.ProtectUntil == manifest.AsOf
                    ? ""
                    : $", and what protects until {manifest.ProtectUntil.ToText()}")
                + ", it says",
            release.Audit > 0
                ? $"  sidecar:  {release.Audit} files, as many rows as the shards"
                : "  sidecar:  not part of this copy, so not looked at",
            release.Listed is { } authors
                ? $"  tree:     {authors} authors; every tile was made again from its leaves, up to the root that is "
                    + $"signed"
                : "  tree:     authors/tile is not part of this copy, so not looked at; proofs about authors are made "
                    + "from it",
            copy is null
                ? ""
                : $"The copy of the ledger has {copy.Size} entries and continues the release's checkpoint: "
                    + "the same history.",
            "It proves: this is, byte for byte, what the holder of the key committed to.",
            "It does not prove: that the policy was applied rightly, that a row's author is who the platform says, "
                + "or that the tree of authors is that of the rows (aval audit release, with the sidecar); "
                + "nor anything about copies or models made from it.");
        return new Found(ExitCode.Done, text, writer =>
        {
            writer.WriteBoolean("verified", true);
            writer.WriteString("release", manifest.Name);
            writer.WriteString("manifest_sha256", manifest.Sha256.ToHex());
            writer.WriteString("origin", release.Checkpoint.Origin);
            writer.WriteNumber("index", release.Index.Value);
            writer.WriteNumber("size", release.Checkpoint.Size.Value);
            writer.WriteNumber("ledger_size", manifest.LedgerSize.Value);
            writer.WriteNumber("erased_to", manifest.ErasedTo.Value);
            writer.WriteString("protect_until", manifest.ProtectUntil.ToText());
            writer.WriteNumber("files", release.Files);
            writer.WriteNumber("bytes", release.Bytes);
            writer.WriteNumber("read", manifest.Read);
            writer.WriteNumber("rows", manifest.Admitted);
            writer.WriteNumber("audit_files", release.Audit);
            if (release.Listed is { } listed)
                writer.WriteNumber("authors", listed);
            if (copy is not null)
                writer.WriteNumber("continued_to", copy.Size.Value);
        });
    }
}
