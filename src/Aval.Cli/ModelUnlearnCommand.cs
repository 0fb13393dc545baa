using System.CommandLine;
using Aval.Models;

namespace Aval.Cli;

internal static class ModelUnlearnCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A reference model of this workspace" };
        var release = new Option<string>("--release")
        {
            Description = "The release that stands in the place of the one that it was trained on",
            Required = true,
            HelpName = "R",
        };
        var name = new Option<string?>("--name")
        {
            Description = "What to call the new one (default: the old name with the next number)",
            HelpName = "N",
        };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("unlearn", """
            Make a model forget what a release does not hold any more: the counts of the buckets that changed are taken
            away, those of the new ones added, and the probabilities made again. The result is, byte for byte, the model
            that training on that release alone gives. It replaces the old one, which stays where it is until it is
            removed.

            Example: aval model unlearn lm-1 --release opt-out
            """) { model, release, name, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            SettledRuns.Tell(terminal, workspace);
            using var progress = new ProgressLine(terminal);
            var trained = Training.Unlearn(
                workspace, parsed.GetValue(model)!, parsed.GetValue(release)!, parsed.GetValue(name), terminal.Clock,
                limits.Of(parsed), progress.Report);
            ModelTrainCommand.Tell(terminal, trained, parsed.GetValue(json));
            return (int)ExitCode.Done;
        });
        return command;
    }
}
