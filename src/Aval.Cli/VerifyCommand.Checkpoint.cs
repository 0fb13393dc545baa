using System.CommandLine;
using Aval.Ledger;

namespace Aval.Cli;

internal static partial class VerifyCommand
{
    private static Command CheckpointOf(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The checkpoint" };
        var key = KeyOption();
        var older = new Option<string?>("--older")
        {
            Description = "A checkpoint of the same log that was kept: does this one continue it?",
            HelpName = "FILE",
        };
        var ledger = new Option<string?>("--ledger")
        {
            Description = "A copy of the log, whose tiles show it (not needed when both have the same size)",
            HelpName = "DIR",
        };
        var origin = new Option<string?>("--origin")
        {
            Description = "The log, when it is not named as its key is",
            HelpName = "O",
        };
        var json = CommonOptions.Json();
        var command = new Command("checkpoint", "Verify a checkpoint, and that it continues an older one. "
            + "Two histories of one log are a fork: both are kept as evidence.\n\n"
            + "Example: aval verify checkpoint new --older kept --ledger ledger/ --key "
            + "ledger.vkey") { file, key, older, ledger, origin, json };
        command.SetAction(parsed => Answer(terminal, parsed.GetValue(json), () =>
        {
            var keys = KeysOf(parsed, key);
            var log = parsed.GetValue(origin) ?? keys.All[0].Name;
            var note = Read(parsed.GetValue(file)!);
            var checkpoint = Checkpoint.Verify(note, keys.For(note), log);
            var text = $"Verified: {checkpoint.Origin} had {checkpoint.Size} entries, with the root {checkpoint.Root}.";
            if (parsed.GetValue(older) is { } path)
            {
                var kept = Read(path);
                text += "\n"
                    + Continues(
                        checkpoint, note, Checkpoint.Verify(kept, keys.For(kept), log), kept, parsed.GetValue(ledger),
                        keys);
            }
            else if (parsed.GetValue(ledger) is { } directory)
            {
                text += $"\nThe copy in {directory} has {RequireSameHistory(directory, checkpoint, note, keys).Size} "
                    + "entries and continues it: the same history.";
            }

            return new Found(ExitCode.Done, text
                + "\nIt proves what the holder of the key committed to, and not that others were shown the same: "
                + "compare with checkpoints that others kept.", writer =>
            {
                writer.WriteBoolean("verified", true);
                writer.WriteString("origin", checkpoint.Origin);
                writer.WriteNumber("size", checkpoint.Size.Value);
                writer.WriteString("root", checkpoint.Root.ToString());
            });
        }));
        return command;
    }

    private static string Continues(
        Checkpoint newer, byte[] note, Checkpoint older, byte[] kept, string? directory, LedgerKeys keys)
    {
        if (newer.Size.Value < older.Size.Value)
            throw ProofException.Wrong($"The checkpoint has {newer.Size} entries, and the one that was kept has "
                + $"{older.Size}: a log never shrinks. Either they were given the wrong way round, or entries were "
                + "taken back; keep both.");
        try
        {
            if (newer.Size == older.Size)
            {
                newer.RequireContinues(older, newer.Root, []);
            }
            else
            {
                _ = directory
                    ?? throw AvalException.Usage(
                        $"The checkpoints have {older.Size} and {newer.Size} entries: whether one continues the other "
                        + "only the log's tiles show. Nothing was compared. Add --ledger DIR, a copy of the log.");
                var tiles = TilesOf(directory, newer, keys);
                newer.RequireContinues(older, tiles.Root(older.Size), tiles.Consistency(older.Size, newer.Size));
            }
        }
        catch (ProofException fork) when (fork.Failure == ProofFailure.Fork)
        {
            throw ProofException.Fork($"{fork.Message} {KeepFork(older, kept, newer, note)}");
        }

        // Both may lie in the past of the copy, and the copy on another branch than both.
        if (directory is not null)
            RequireSameHistory(directory, newer, note, keys);
        return $"It continues the one that was kept, of {older.Size} entries: nothing in it was changed or taken back.";
    }
}
