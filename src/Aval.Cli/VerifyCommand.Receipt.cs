using System.CommandLine;

namespace Aval.Cli;

internal static partial class VerifyCommand
{
    private static Command Receipt(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The receipt" };
        var key = KeyOption();
        var ledger = new Option<string?>("--ledger")
        {
            Description = "A copy of the ledger, from anybody: is it the same history?",
            HelpName = "DIR",
        };
        var json = CommonOptions.Json();
        var command = new Command("receipt", "Verify that a choice is in a ledger.\n\n"
            + "Example: aval verify receipt objection.receipt --key ledger.vkey") { file, key, ledger, json };
        command.SetAction(parsed => Answer(terminal, parsed.GetValue(json), () =>
        {
            var keys = KeysOf(parsed, key);
            var receipt = Proofs.Receipt.Parse(Read(parsed.GetValue(file)!));
            var checkpoint = receipt.Verify(keys.For(receipt.Inclusion.Note));
            var copy = parsed.GetValue(ledger) is { } directory
                ? RequireSameHistory(directory, checkpoint, receipt.Inclusion.Note, keys)
                : null;
            return Describe(receipt, checkpoint, copy);
        }));
        return command;
    }

    private static Found Describe(Receipt receipt, Checkpoint checkpoint, Checkpoint? copy)
    {
        var said = receipt.Statement;
        var text = Sentences(
            $"Verified: the ledger {checkpoint.Origin} holds this choice as entry {receipt.Inclusion.Index}, of the "
                + $"{checkpoint.Size} that the receipt's checkpoint covers.",
            $"  {said.Kind.ToText()}, said by: {Shown.Of(said.Actor)}",
            $"  account:  {Shown.Of(said.Account)}"
            + (said.Association is { } to ? $"\n  to:       {Shown.Of(to)}" : ""),
            $"  purpose:  {Shown.Of(said.Purpose)}",
            $"  scope:    {Shown.Of(said.Scope)}",
            $"  made:     {said.MadeAt.ToText()}",
            $"  received: {said.ReceivedAt.ToText()}"
            + (said.Until is { } until ? $"\n  until:    {until.ToText()}" : ""),
            copy is null
                ? ""
                : $"The copy of the ledger has {copy.Size} entries and continues the receipt's checkpoint: "
                    + "the same history.",
            "It proves: the holder of the ledger's key committed to this choice, word for word, with these dates, "
                + "before signing that checkpoint. It can be left out of no later state of the ledger without "
                + "contradicting it.",
            "It does not prove: that a release honoured the choice (aval verify violation), that who said it owns the "
            + "account, or that others were shown the same ledger"
            + (copy is null ? " (compare with a copy that somebody else fetched: --ledger DIR)." : "."));
        return new Found(ExitCode.Done, text, writer =>
        {
            writer.WriteBoolean("verified", true);
            writer.WriteString("origin", checkpoint.Origin);
            writer.WriteNumber("index", receipt.Inclusion.Index.Value);
            writer.WriteNumber("size", checkpoint.Size.Value);
            writer.WriteString("root", checkpoint.Root.ToString());
            writer.WritePropertyName("choice");
            writer.WriteRawValue(said.Json.Span);
            if (copy is not null)
                writer.WriteNumber("continued_to", copy.Size.Value);
        });
    }
}
