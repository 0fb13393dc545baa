using System.CommandLine;
using Aval.Building;
using Aval.Storage;

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
        var stage = new Argument<string>("STAGE")
        {
            Description = "admit: decide, write and count buckets; commit: make what is missing of a build that was "
                + "submitted with --detach, and commit it",
        };
        var build = new Option<string>("--build")
        {
            Description = "The build's working folder: WORKSPACE/tmp/build-CORPUS",
            Required = true,
            HelpName = "DIR",
        };
        var task = new Option<int>("--task") { Description = "Which task this is, from 0", HelpName = "N" };
        var of =
            new Option<int>("--of") { Description = "Out of how many", DefaultValueFactory = _ => 1, HelpName = "K" };
        var job = new Option<string?>("--job")
        {
            Description = "Of commit: the number of this job, which the build's lease names",
            HelpName = "ID",
        };
        var limits = new LimitOptions();
        var command = new Command("run", """
            Make the parts of a stage that are one task's and are not there yet. The build itself waits for them and
            commits; killed, a task is simply run again. Of a build that was submitted with --detach, the job that
            commits runs the stage commit.

            Example: aval stage run admit --build /shared/w/tmp/build-opt-out --task 3 --of 16
            Example: aval stage run commit --build /shared/w/tmp/build-opt-out --job 18
            """) { stage, build, task, of, job };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var working = Path.GetFullPath(parsed.GetValue(build)!);
            switch (parsed.GetValue(stage))
            {
                case "admit":
                    Admit(terminal, working, (parsed.GetValue(task), parsed.GetValue(of)), limits.Of(parsed));
                    break;
                case "commit":
                    Commit(terminal, working, parsed.GetValue(job), limits.Of(parsed));
                    break;
                case var name:
                    throw AvalException.Usage(
                        $"\"{name}\" is no stage that tasks make; those are admit and commit. Nothing was done.");
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Admit(Terminal terminal, string working, (int Task, int Of) task, EngineLimits limits)
    {
        if (task.Of < 1 || task.Task < 0 || task.Task >= task.Of)
            throw AvalException.Usage($"--task {task.Task} --of {task.Of}: a task is a number from 0 up to, and not "
                + "including, --of. Nothing was done.");
        var made = PartTask.Run(
            working, task.Task, task.Of, limits,
            (done, all) => terminal.Error.WriteLine($"{done} of {all} parts"));
        terminal.Out.WriteLine($"{made} parts made.");
    }

    private static void Commit(Terminal terminal, string working, string? job, EngineLimits limits)
    {
        if (job is null)
            throw AvalException.Usage("aval stage run commit needs --job ID, the number of this job: the build's lease "
                + "names it, so that no other commits too. Nothing was done.");
        using var progress = new ProgressLine(terminal);
        var outcome = Pipeline.Finish(
            working, job, limits, terminal.Clock, stage => progress.Report(stage.Stage, stage.Done));
        progress.Dispose();
        BuildCommand.Print(terminal, outcome, progress.Elapsed, json: false);
    }
}
