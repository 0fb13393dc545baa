using System.CommandLine;

namespace Aval.Cli;

/// <summary>What needs no workspace: texts in, findings out.</summary>
internal static class TextCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("text", "What the treatments find in texts of yours, without a workspace.");
        command.Subcommands.Add(TextLanguageCommand.Create(terminal));
        command.Subcommands.Add(TextMaskCommand.Create(terminal));
        command.Subcommands.Add(TextSpecialCommand.Create(terminal));
        command.Subcommands.Add(TextCopiesCommand.Create(terminal));
        return command;
    }
}
