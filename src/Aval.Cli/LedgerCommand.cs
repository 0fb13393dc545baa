using System.CommandLine;
using Aval.Choices.Stores;
using Aval.Ledger;
using Aval.Recording;

namespace Aval.Cli;

internal static class LedgerCommand
{
    public static Command Create(Terminal terminal) =>
        new("ledger", "The append-only log of choices and releases: its key, its state, its checks.")
        {
            Key(terminal), Status(terminal), Check(terminal), Publish(terminal),
        };

    private static Command Key(Terminal terminal)
    {
        var command = new Command("key", "Print the ledger's public key (a vkey), with which anybody verifies "
            + "receipts, proofs and releases.\n\nExample: aval ledger key > ledger.vkey");
        command.SetAction(parsed =>
        {
            terminal.Out.WriteLine(SigningKey.Read(parsed.OpenWorkspace().SigningKeyFile).Verifier.ToString());
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Status(Terminal terminal)
    {
        var older = new Option<string?>("--older")
        {
            Description = "An older checkpoint, seen elsewhere: check that the ledger continues it",
            HelpName = "FILE",
        };
        var json = CommonOptions.Json();
        var command = new Command("status", "Show the ledger's origin, size, root and last checkpoint.\n\n"
            + "Example: aval ledger status --older yesterday.checkpoint") { older, json };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var key = SigningKey.Read(workspace.SigningKeyFile).Verifier;
            var published = PublishedCheckpoint.Read(workspace, key);
            if (parsed.GetValue(older) is { } file)
                Fork.RequireContinued(workspace, File.ReadAllBytes(file), file);
            using var store = CommittedChoices.OpenStore(workspace);
            var at = published is null ? (DateTimeOffset?)null : Instant.FromMicroseconds(
                new DateTimeOffset(File.GetLastWriteTimeUtc(PublishedCheckpoint.PathIn(workspace)), TimeSpan.Zero)
                    .ToMicroseconds());
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(document =>
                {
                    document.WriteStartObject();
                    document.WriteString("origin", workspace.Settings.Origin);
                    document.WriteString("key", key.ToString());
                    document.WriteNumber("size", published?.Size.Value ?? 0);
                    document.WriteString("root", (published?.Checkpoint.Root ?? MerkleTree.Empty).ToString());
                    document.WriteNumber("stored", store.Size.Value);
                    if (at is { } instant)
                        document.WriteString("checkpoint_at", instant.ToText());
                    document.WriteEndObject();
                });
                return (int)ExitCode.Done;
            }

            terminal.Out.WriteLine($"origin      {workspace.Settings.Origin}");
            terminal.Out.WriteLine($"key         {key}");
            terminal.Out.WriteLine($"size        {published?.Size.Value ?? 0} entries"
                + (store.Size == (published?.Size ?? new TreeSize(0))
                    ? ""
                    : $", {store.Size} in the store: the rest is published by the next choice, or by aval "
                        + "ledger publish"));
            terminal.Out.WriteLine($"root        {published?.Checkpoint.Root ?? MerkleTree.Empty}");
            terminal.Out.WriteLine($"checkpoint  {at?.ToText() ?? "none yet"}");
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Check(Terminal terminal)
    {
        var json = CommonOptions.Json();
        var command = new Command("check", "Verify the whole ledger against the store: every entry, tile, commitment, "
            + "the root and the signature.\n\nExample: aval ledger check") { json };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            LedgerChecked result;
            using (var progress = new ProgressLine(terminal))
                result = LedgerCheck.Require(
                    workspace, SigningKey.Read(workspace.SigningKeyFile).Verifier,
                    done => progress.Report("checking", done));
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(document =>
                {
                    document.WriteStartObject();
                    document.WriteNumber("size", result.Published.Size.Value);
                    document.WriteString("root", result.Published.Checkpoint.Root.ToString());
                    document.WriteNumber("stored", result.Stored.Value);
                    document.WriteNumber("opened", result.Opened);
                    document.WriteEndObject();
                });
            }
            else
            {
                terminal.Out.WriteLine($"The ledger of {result.Published.Size} entries is what the store holds: "
                    + $"every entry, every tile, the root {result.Published.Checkpoint.Root} and its signature; "
                    + $"{result.Opened} choices open their entries.");
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Publish(Terminal terminal)
    {
        var afresh = new Option<bool>("--afresh")
        {
            Description = "Write every tile again from the store, when one is missing or damaged",
        };
        var command = new Command("publish", "Bring what the store holds into the tiles and sign the checkpoint: "
            + "what every choice does, for when one was interrupted or tiles were lost.\n\n"
            + "Examples: aval ledger publish\n          aval ledger publish --afresh") { afresh };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            using var progress = new ProgressLine(terminal);
            var key = SigningKey.Read(workspace.SigningKeyFile);
            using var store = ChoiceStores.Open(workspace);
            var published = parsed.GetValue(afresh)
                ? LedgerCheck.Rewrite(workspace, key, done => progress.Report("publishing", done))
                : new Integrator(workspace, key)
                    .Publish(store, store.Size, Integrator.Patience, done => progress.Report("publishing", done));
            terminal.Out.WriteLine($"{workspace.Settings.Origin}: {published.Size} entries under a signed checkpoint, "
                + $"root {published.Checkpoint.Root}.");
            return (int)ExitCode.Done;
        });
        return command;
    }
}
