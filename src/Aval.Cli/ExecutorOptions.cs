using System.CommandLine;
using Aval.Building;
using Aval.Cluster;
using Aval.Leases;
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

    private readonly Option<bool> _detach = new("--detach")
    {
        Description = "With --executor slurm: load, submit the buckets and a job that commits, and do not wait. "
            + "See aval build status",
    };

    private readonly Option<string?> _commitPartition = new("--commit-partition")
    {
        Description = "With --detach: the partition of the job that commits, which alone reads keys/ (default: "
            + "--partition)",
        HelpName = "P",
    };

    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Options.Add(option);
    }

    public bool IsDryRun(ParseResult parsed) => parsed.GetValue(_dryRun);

    /// <summary>Whether what comes after loading is left to jobs.</summary>
    /// <exception cref="AvalException">Usage: an option that needs it stands without it.</exception>
    private bool IsDetached(ParseResult parsed) => parsed.GetValue(_detach)
        || (parsed.GetValue(_commitPartition) is null
            ? false
            : throw AvalException.Usage("--commit-partition is for --detach: without it, the build commits where it "
                + "was started. Nothing was built."));

    /// <summary>What gives a build's parts to jobs and does not wait; null = the build waits.</summary>
    public Func<PartsToMake, IReadOnlyList<Job>>? Submitter(
        ParseResult parsed, EngineLimits limits, Terminal terminal) =>
        IsDetached(parsed) ? Slurm(parsed, limits, terminal).Submit : null;

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

    public string Script(ParseResult parsed, EngineLimits limits, Terminal terminal, string working)
    {
        var slurm = Slurm(parsed, limits, terminal);
        return slurm.Script(working) + (IsDetached(parsed) ? "\n" + slurm.CommitScript(working) : "");
    }

    private Option[] All => [_executor, _tasks, _partition, _program, _dryRun, _detach, _commitPartition];

    private SlurmExecutor Slurm(ParseResult parsed, EngineLimits limits, Terminal terminal)
    {
        var tasks = parsed.GetValue(_tasks);
        if (tasks is < 1 or > Settings.MaxBuckets)
            throw AvalException.Usage($"--tasks is a whole number from 1 to {Settings.MaxBuckets}, but {tasks} was "
                + "found. Nothing was built.");
        return new SlurmExecutor(
            new SlurmOptions(tasks, parsed.GetValue(_partition), Program(parsed), limits)
            {
                CommitPartition = parsed.GetValue(_commitPartition),
            },
            terminal.Clock, terminal.Error.WriteLine);
    }

    private string? Foreign(ParseResult parsed) => All.Except([_executor])
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
