using System.CommandLine;
using Aval.Ledger;
using Aval.Recording;

namespace Aval.Cli;

internal static class KeysCommand
{
    public static Command Create(Terminal terminal) => new("keys", "The workspace's keys.") { Rotate(terminal) };

    private static Command Rotate(Terminal terminal)
    {
        var command = new Command(
            "rotate",
            "Replace the ledger's signing key. Both keys sign the change, so that whoever trusts the old one can "
                + "follow; what it signed stays valid.\n\nExample: aval keys rotate");
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            using var store = CommittedChoices.OpenStore(workspace);
            var rotated = KeyRotation.Rotate(workspace, store);
            terminal.Out.WriteLine($"old  {rotated.Old}");
            terminal.Out.WriteLine($"new  {rotated.New}");
            terminal.Out.WriteLine(
                $"Both signed {rotated.Note}: publish it with the ledger. Whoever holds the old key checks it with: "
                + $"aval verify key-change {Path.GetFileName(rotated.Note)} --key OLD");
            terminal.Out.WriteLine("Processes that record must be started again: they still sign with the old key. "
                + "Receipts that the old key signed stay valid under it.");
            return (int)ExitCode.Done;
        });
        return command;
    }
}
