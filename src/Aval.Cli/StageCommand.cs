using System.CommandLine;
using Aval.Building;

namespace Aval.Cli;

internal static class StageCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "stage", "One stage of a build that is under way: what a task of a cluster runs (docs/cluster.md).");
        command.Subcommands.Add(Run(terminal));
        return command;
    }

    private static Command Run(Terminal terminal)
    {
        var stage = new Argument<string>("STAGE") { Description = "admit: decide, write and count buckets" };
        var build = new Option<string>("--build")
        {
            Description = "The build's working folder: WORKSPACE/tmp/build-CORPUS",
            Required = true,
            HelpName = "DIR",
        };
        var task = new Option<int>("--task") { Description = "Which task this is, from 0", HelpName = "N" };
        var of =
            new Option<int>("--of") { Description = "Out of how many", DefaultValueFactory = _ => 1, HelpName = "K" };
        var limits = new LimitOptions();
        var command = new Command("run", """
            Make the parts of a stage that are one task's and are not there yet. The build itself waits for them and
            commits; killed, a task is simply run again.

            Example: aval stage run admit --build /shared/w/tmp/build-opt-out --task 3 --of 16
            """) { stage, build, task, of };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(stage) is not "admit" and var name)
                throw AvalException.Usage($"\"{name}\" is no stage that tasks make; that is admit. Nothing was done.");
            var (number, count) = (parsed.GetValue(task), parsed.GetValue(of));
            if (count < 1 || number < 0 || number >= count)
                throw AvalException.Usage($"--task {number} --of {count}: a task is a number from 0 up to, and not "
                    + "including, --of. Nothing was done.");
            var made = PartTask.Run(
                Path.GetFullPath(parsed.GetValue(build)!), number, count, limits.Of(parsed),
                (done, all) => terminal.Error.WriteLine($"{done} of {all} parts"));
            terminal.Out.WriteLine($"{made} parts made.");
            return (int)ExitCode.Done;
        });
        return command;
    }
}
