using System.CommandLine;
using Aval.Building;
using Aval.Cluster;
using Aval.Storage;

namespace Aval.Cli;

/// <summary><c>--executor</c> and its options: who makes a build's parts. None of them shows in a release.</summary>
internal sealed class ExecutorOptions
{
    private readonly Option<string> _executor = new("--executor")
    {
        Description = "local, or slurm: the buckets as a job array of a cluster with shared storage (docs/cluster.md)",
        DefaultValueFactory = _ => "local",
        HelpName = "E",
    };

    private readonly Option<int> _tasks = new("--tasks")
    {
        Description = "With --executor slurm: tasks of the job array",
        DefaultValueFactory = _ => 4,
        HelpName = "K",
    };

    private readonly Option<string?> _partition = new("--partition")
    {
        Description = "With --executor slurm: the cluster's partition (default: its own default)",
        HelpName = "P",
    };

    private readonly Option<string?> _program = new("--program")
    {
        Description = "With --executor slurm: aval on a path that every node sees (default: this program)",
        HelpName = "FILE",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "With --executor slurm: print the script that would be submitted, and do nothing",
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _executor, _tasks, _partition, _program, _dryRun })
            command.Options.Add(option);
    }

    public bool IsDryRun(ParseResult parsed) => parsed.GetValue(_dryRun);

    /// <exception cref="AvalException">Usage: no such executor, or an option that is another one's.</exception>
    public IPartExecutor Of(ParseResult parsed, EngineLimits limits, Terminal terminal) =>
        parsed.GetValue(_executor) switch
        {
            "slurm" => Slurm(parsed, limits, terminal),
            "local" when Foreign(parsed) is { } option =>
                throw AvalException.Usage(
                    $"{option} is for --executor slurm, and this build is local. Nothing was built."),
            "local" => LocalExecutor.Instance,
            var other => throw AvalException.Usage(
                $"--executor is local or slurm, but \"{other}\" was found. Nothing was built."),
        };

    public string Script(ParseResult parsed, EngineLimits limits, Terminal terminal, string working) =>
        Slurm(parsed, limits, terminal).Script(working);

    private SlurmExecutor Slurm(ParseResult parsed, EngineLimits limits, Terminal terminal)
    {
        var tasks = parsed.GetValue(_tasks);
        if (tasks is < 1 or > Settings.MaxBuckets)
            throw AvalException.Usage($"--tasks is a whole number from 1 to {Settings.MaxBuckets}, but {tasks} was "
                + "found. Nothing was built.");
        return new SlurmExecutor(
            new SlurmOptions(tasks, parsed.GetValue(_partition), Program(parsed), limits), terminal.Clock,
            terminal.Error.WriteLine);
    }

    private string? Foreign(ParseResult parsed) => new Option[] { _tasks, _partition, _program, _dryRun }
        .FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;

    // Run by the host of .NET, the program is that and the library.
    private IReadOnlyList<string> Program(ParseResult parsed)
    {
        if (parsed.GetValue(_program) is { } stated)
            return [Path.GetFullPath(stated)];
        var own = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(own) == "dotnet"
            ? [own, Path.Combine(AppContext.BaseDirectory, "Aval.Cli.dll")]
            : [own];
    }
}
