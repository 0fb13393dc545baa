using System.CommandLine;

namespace Aval.Cli;

internal static partial class VerifyCommand
{
    private static Command ManifestOf(Terminal terminal)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "The release's manifest.json; manifest.tlog-proof must lie beside it, or a copy of the "
                + "ledger be given",
        };
        var (key, ledger, json) = (KeyOption(), CopyOption(), CommonOptions.Json());
        var command = new Command("manifest", "Verify that a release's manifest is an entry of the ledger, without the "
            + "release's rows: what its operator committed to.\n\nExample: aval verify manifest manifest.json --key "
            + "ledger.vkey") { file, key, ledger, json };
        command.SetAction(parsed => Answer(terminal, parsed.GetValue(json), () =>
        {
            var keys = KeysOf(parsed, key);
            var copy = parsed.GetValue(ledger);
            var committed = ReadManifest(parsed.GetValue(file)!, copy, keys);
            var release = committed.Verify(KeyOf(committed, keys));
            RequireInCopy(copy, release.Checkpoint, committed.Entry, keys);
            var manifest = release.Manifest;
            var text = Sentences(
                $"Verified: {manifest.Name} of {Shown.Of(manifest.Controller)}, as of {manifest.AsOf.ToText()}, is "
                    + $"entry {release.Index} of {release.Checkpoint.Origin}.",
                $"  policy:   {manifest.Policy.Name}, basis {manifest.Policy.Basis}, purpose {manifest.Policy.Purpose}",
                manifest.Contradiction ?? "",
                "It proves: this is what the holder of the key committed to. It does not prove anything about its "
                    + "rows: aval verify release reads them.");
            return new Found(ExitCode.Done, text, writer =>
            {
                writer.WriteBoolean("verified", true);
                writer.WriteString("release", manifest.Name);
                writer.WriteString("manifest_sha256", manifest.Sha256.ToHex());
                writer.WriteString("origin", release.Checkpoint.Origin);
                writer.WriteNumber("index", release.Index.Value);
            });
        }));
        return command;
    }
}
