using System.CommandLine;
using Aval.Founding;

namespace Aval.Cli;

internal static class InitCommand
{
    public static Command Create(Terminal terminal)
    {
        var directory =
            new Argument<string>("DIR") { Description = "Where to make it", DefaultValueFactory = _ => "." };
        var buckets = new Option<int>("--buckets")
        {
            Description = $"Into how many shards accounts are spread (1–{Settings.MaxBuckets}); fixed afterwards",
            DefaultValueFactory = _ => Settings.DefaultBuckets,
            HelpName = "N",
        };
        var controller = new Option<string>("--controller")
        {
            Description = "Who decides purposes and means (GDPR Art. 4(7)); printed in cards",
            DefaultValueFactory = _ => Settings.Default.Controller,
            HelpName = "NAME",
        };
        var origin = new Option<string>("--origin")
        {
            Description = "The ledger's name, which its checkpoints and its key bear: a URL of yours without the "
                + "scheme; fixed afterwards",
            DefaultValueFactory = _ => Settings.DefaultOrigin,
            HelpName = "NAME",
        };
        var command = new Command("init", "Make a workspace: aval.yaml, keys and empty folders.\n\n"
            + "Example: aval init work --origin example.org/aval") { directory, buckets, controller, origin };
        command.SetAction(parsed =>
        {
            var count = parsed.GetValue(buckets);
            if (count is < 1 or > Settings.MaxBuckets)
                throw AvalException.Usage($"--buckets is a whole number from 1 to {Settings.MaxBuckets}, but {count} "
                    + "was found. Nothing was done.");
            var name = parsed.GetValue(origin)!;
            if (!Settings.IsOrigin(name))
                throw AvalException.Usage("--origin has no space and no plus sign (for example example.org/aval), "
                    + $"but \"{name}\" was found. Nothing was done.");
            // --workspace DIR and DIR say the same thing; the argument wins when both are given.
            var where = parsed.GetResult(directory) is { Tokens.Count: > 0 }
                ? parsed.GetValue(directory)!
                : parsed.GetValue(CommonOptions.Workspace) ?? ".";
            var workspace = NewWorkspace.Create(
                where,
                Settings.Default with { Buckets = count, Controller = parsed.GetValue(controller)!, Origin = name });
            terminal.Out.WriteLine($"{workspace.Root}: a workspace with {count} buckets. "
                + $"Its keys lie in {workspace.Keys}: back them up, and never publish them.");
            return (int)ExitCode.Done;
        });
        return command;
    }
}
