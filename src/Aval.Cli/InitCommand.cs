using System.CommandLine;

namespace Aval.Cli;

internal static class InitCommand
{
    public static Command Create(Terminal terminal)
    {
        var directory = new Argument<string>("DIR") { Description = "Where to make it", DefaultValueFactory = _ => "." };
        var buckets = new Option<int>("--buckets") { Description = $"Into how many shards accounts are spread (1–{Settings.MaxBuckets}); fixed afterwards", DefaultValueFactory = _ => Settings.DefaultBuckets, HelpName = "N" };
        var controller = new Option<string>("--controller") { Description = "Who decides purposes and means (GDPR Art. 4(7)); printed in cards", DefaultValueFactory = _ => Settings.Default.Controller, HelpName = "NAME" };
        var command = new Command("init", "Make a workspace: aval.yaml, keys and empty folders.\n\nExample: aval init work --buckets 16") { directory, buckets, controller };
        command.SetAction(parsed =>
        {
            var count = parsed.GetValue(buckets);
            if (count is < 1 or > Settings.MaxBuckets)
                throw AvalException.Usage($"--buckets is a whole number from 1 to {Settings.MaxBuckets}, but {count} was found. Nothing was done.");
            // --workspace DIR and DIR say the same thing; the argument wins when both are given.
            var where = parsed.GetResult(directory) is { Tokens.Count: > 0 } ? parsed.GetValue(directory)! : parsed.GetValue(CommonOptions.Workspace) ?? ".";
            var workspace = Workspace.Create(where, Settings.Default with { Buckets = count, Controller = parsed.GetValue(controller)! });
            terminal.Out.WriteLine($"{workspace.Root}: a workspace with {count} buckets. Its key lies in {workspace.Keys}: back it up, and never publish it.");
            return (int)ExitCode.Done;
        });
        return command;
    }
}
