using System.CommandLine;

namespace Aval.Cli;

internal static partial class VerifyCommand
{
    private static Command Change(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The note, ledger/keys/NNN" };
        var key = KeyOption();
        var json = CommonOptions.Json();
        var command = new Command("key-change", "Verify that a ledger's key handed over to another one, and print that "
            + "one.\n\nExample: aval verify key-change ledger/keys/001 --key old.vkey") { file, key, json };
        command.SetAction(parsed => Answer(terminal, parsed.GetValue(json), () =>
        {
            var change = KeyChange.Verify(Read(parsed.GetValue(file)!), KeysOf(parsed, key).All[0]);
            var text = Sentences(
                $"Verified: the key {change.Old.Name}+{change.Old.Id:x8} handed over, and both keys signed it. "
                    + "From then on the ledger's key is:",
                change.New.ToString(),
                "It proves: who held the old key named the new one, and who holds the new one accepted. "
                    + "It does not prove: that the old key was in the right hands at that time; the change is an entry "
                    + "of the ledger, so that all see the same one.");
            return new Found(ExitCode.Done, text, writer =>
            {
                writer.WriteBoolean("verified", true);
                writer.WriteString("old", change.Old.ToString());
                writer.WriteString("new", change.New.ToString());
            });
        }));
        return command;
    }
}
