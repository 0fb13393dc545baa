using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Aval.Tests;

namespace Aval.EndToEnd.Cluster;

/// <summary>One task of an array, as the controller knows it.</summary>
/// <param name="Job">What sbatch answered.</param>
/// <param name="Index">Its place in the array; null where the job is none.</param>
/// <param name="Id">Its own number, once it runs: the <c>SLURM_JOB_ID</c> that its processes see.</param>
/// <param name="State">PENDING, RUNNING, COMPLETING, COMPLETED, FAILED, CANCELLED, TIMEOUT …</param>
/// <param name="Node">n1, n2 …; empty before it starts.</param>
internal sealed record ClusterTask(long Job, int? Index, long Id, string State, string Node)
{
    public bool IsOver => State is not ("PENDING" or "CONFIGURING" or "RUNNING" or "COMPLETING" or "SUSPENDED");
}

/// <summary>
/// Debian's Slurm on loopback: a controller and several nodes, all processes of ours in a temporary folder, with a key
/// and a socket of their own, so that nothing of the system's is touched and any user may run it. There is no slurmdbd:
/// what is over is forgotten five minutes later, and sacct answers nothing.
/// </summary>
/// <remarks>
/// The controller writes down what it was given some seconds later. <see cref="KillController"/> right after a
/// submission loses the job although sbatch had answered its number; <see cref="StopController"/> does not.
/// </remarks>
internal sealed class SlurmCluster : IDisposable
{
    private static readonly string[] Programs =
        ["/usr/sbin/munged", "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/bin/sbatch", "/usr/bin/squeue"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _daemons = [];
    private readonly int _nodes;
    private Process? _controller;

    private SlurmCluster(int nodes) => _nodes = nodes;

    /// <summary>
    /// What a command needs in its environment, so that its sbatch, squeue and scancel speak to this cluster.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string> { ["SLURM_CONF"] = Configuration };

    /// <summary>A folder that all nodes see.</summary>
    public string Shared => _folder.File("shared");

    private string Configuration => _folder.File("slurm.conf");

    /// <summary>
    /// Starts one, with all nodes idle. Skips the test where Slurm is not installed, and fails it in CI.
    /// </summary>
    public static SlurmCluster Start(int nodes = 2)
    {
        RequirePrograms();
        var cluster = new SlurmCluster(nodes);
        try
        {
            cluster.Prepare();
            cluster.StartAll();
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Submits a shell script as an array of tasks 0 to <paramref name="tasks"/> − 1; answers the job's number.
    /// </summary>
    public long Submit(string script, int tasks)
    {
        var file = Path.Combine(Shared, "script");
        using (var writer = new StreamWriter(file))
            writer.Write($"#!/bin/sh\n{script}\n");
        return long.Parse(
            Run("sbatch", "--parsable", $"--array=0-{tasks - 1}", $"--chdir={Shared}", "--output=%a.log", file),
            CultureInfo.InvariantCulture);
    }

    /// <summary>All tasks that the controller knows, those that are over too, ordered by job and index.</summary>
    public IReadOnlyList<ClusterTask> Tasks() =>
        [.. Run("squeue", "--noheader", "--array", "--states=all", "--format=%F|%K|%A|%T|%N")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('|'))
            .Select(part => new ClusterTask(
                Number(part[0]), int.TryParse(part[1], out var index) ? index : null, Number(part[2]), part[3],
                part[4]))
            .OrderBy(task => task.Job)
            .ThenBy(task => task.Index)];

    /// <summary>The tasks of a job, once they all are as they should be.</summary>
    public IReadOnlyList<ClusterTask> Await(long job, string what, Func<ClusterTask, bool> each)
    {
        IReadOnlyList<ClusterTask> last = [];
        Until($"{what} (job {job})", () =>
        {
            last = [.. Tasks().Where(task => task.Job == job)];
            return last.Count > 0 && last.All(each);
        });
        return last;
    }

    /// <summary>
    /// Waits for something that the cluster does; the test fails with the daemons' own words when it never does.
    /// </summary>
    public void Until(string what, Func<bool> reached)
    {
        var waited = Stopwatch.StartNew();
        while (!reached())
        {
            Assert.True(waited.Elapsed < Patience, $"Not within {Patience.TotalSeconds:0} s: {what}.\n{Logs()}");
            if (_controller is { } running && running.WaitForExit(Between))
                Assert.Fail($"The controller ended while this was awaited: {what}.\n{Logs()}");
        }
    }

    /// <summary>The operator cancels a job.</summary>
    public void Cancel(long job) => Run("scancel", job.ToString(CultureInfo.InvariantCulture));

    /// <summary>The processes of a running task; none when it is over.</summary>
    public IReadOnlyList<int> ProcessesOf(ClusterTask task) => Processes(one => one == $"SLURM_JOB_ID={task.Id}");

    /// <summary>Kills every process of a running task, as a machine does that is out of memory.</summary>
    public void Kill(ClusterTask task)
    {
        // A task is called running a moment before it is, and one of its processes may just be starting another.
        Until($"{task} has a process", () => ProcessesOf(task).Count > 0);
        Until($"{task} has no process any more", () =>
        {
            EndAtOnce(ProcessesOf(task));
            return ProcessesOf(task).Count == 0;
        });
    }

    /// <summary>
    /// The controller is gone at once, as in a power cut, with what it had not written down. Tasks run on.
    /// </summary>
    public void KillController()
    {
        _controller!.Kill();
        Forget();
    }

    /// <summary>The controller is stopped in order, and has written everything down. Tasks run on.</summary>
    public void StopController()
    {
        Terminate(_controller!);
        Forget();
    }

    /// <summary>Starts the controller again, and waits until it answers.</summary>
    public void StartController()
    {
        _controller = Daemon("slurmctld", "/usr/sbin/slurmctld", "-D", "-i");
        Until("the controller answers", () => Succeeds("scontrol", "ping"));
    }

    public void Dispose()
    {
        // Nodes leave their tasks running when they end, so the tasks end first.
        if (_controller is not null)
            _daemons.Add(_controller);
        _controller = null;
        EndAtOnce(Processes(one => one.StartsWith("SLURM_JOB_ID=", StringComparison.Ordinal)));
        foreach (var daemon in Enumerable.Reverse(_daemons))
        {
            Terminate(daemon);
            daemon.Dispose();
        }

        // A task that started meanwhile, and what watches over tasks.
        EndAtOnce(Processes(_ => true));
        _folder.Dispose();
    }

    private static void RequirePrograms()
    {
        if (Programs.All(File.Exists))
            return;
        const string missing = "Slurm is not installed (Debian packages slurm-wlm and munge).";
        Assert.SkipUnless(System.Environment.GetEnvironmentVariable("CI") == "true", missing);
        Assert.Fail(missing);
    }

    private void Prepare()
    {
        Directory.CreateDirectory(Shared);
        Directory.CreateDirectory(_folder.File("state"));
        Directory.CreateDirectory(_folder.File("spool"));
        using (var key = new FileStream(_folder.File("munge.key"), FileMode.CreateNew))
            key.Write(RandomNumberGenerator.GetBytes(128));
        if (!OperatingSystem.IsWindows())
        {
            // munged wants a key that is its own, and a socket that everybody could reach.
            File.SetUnixFileMode(_folder.File("munge.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_001_001);
        }

        using var configuration = new StreamWriter(Configuration);
        configuration.Write(Configured(FreePorts(_nodes + 1)));
    }

    private string Configured(List<int> ports)
    {
        var user = System.Environment.UserName;
        var nodes = Enumerable.Range(1, _nodes).Select(node => string.Create(
            CultureInfo.InvariantCulture,
            $"NodeName=n{node} NodeHostname=localhost NodeAddr=127.0.0.1 Port={ports[node]} CPUs=1 RealMemory=4000"));
        return string.Create(CultureInfo.InvariantCulture, $"""
            ClusterName=aval
            SlurmctldHost=localhost(127.0.0.1)
            SlurmctldPort={ports[0]}
            SlurmUser={user}
            SlurmdUser={user}
            AuthType=auth/munge
            AuthInfo=socket={_folder.File("munge.socket")}
            StateSaveLocation={_folder.File("state")}
            SlurmdSpoolDir={_folder.File("spool")}/%n
            SlurmctldPidFile={_folder.File("slurmctld.pid")}
            SlurmdPidFile={_folder.File("slurmd")}.%n.pid
            # A node is what stands below, whatever the machine has.
            SlurmdParameters=config_overrides
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            SchedulerType=sched/builtin
            ProctrackType=proctrack/linuxproc
            JobAcctGatherType=jobacct_gather/none
            TaskPlugin=task/none
            MpiDefault=none
            MailProg=/bin/true
            ReturnToService=2
            {string.Join('\n', nodes)}
            PartitionName=all Nodes=ALL Default=YES State=UP

            """);
    }

    private void StartAll()
    {
        var socket = _folder.File("munge.socket");
        _daemons.Add(Daemon("munged", "/usr/sbin/munged", "--foreground", $"--socket={socket}",
            $"--key-file={_folder.File("munge.key")}", $"--pid-file={_folder.File("munged.pid")}",
            $"--seed-file={_folder.File("munged.seed")}"));
        Until("munged has made its socket", () => File.Exists(socket) || Ended(_daemons[0]));
        StartController();
        for (var node = 1; node <= _nodes; node++)
            _daemons.Add(Daemon($"slurmd.n{node}", "/usr/sbin/slurmd", "-D", "-N", $"n{node}"));
        Until("all nodes are idle", () => Run("sinfo", "--noheader", "--Node", "--format=%N %T")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries) is var states
            && states.Length == _nodes && states.All(state => state.EndsWith(" idle", StringComparison.Ordinal)));
    }

    private bool Ended(Process daemon)
    {
        Assert.False(daemon.WaitForExit(Between), $"A daemon ended before the cluster was there.\n{Logs()}");
        return false;
    }

    // All are asked for before one is given back, so that they differ.
    private static List<int> FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }

    private Process Daemon(string name, string program, params string[] arguments)
    {
        // To a file, not a pipe: what a daemon starts inherits it. The shell becomes the daemon, so the pid is its own.
        var start = new ProcessStartInfo("sh")
        {
            ArgumentList = { "-c", "said=$1; shift; exec \"$@\" >> \"$said\" 2>&1 < /dev/null", "sh" },
            WorkingDirectory = _folder.Path,
        };
        foreach (var argument in (string[])[_folder.File($"{name}.said"), program, .. arguments])
            start.ArgumentList.Add(argument);
        start.Environment["SLURM_CONF"] = Configuration;
        return Process.Start(start)!;
    }

    private void Forget()
    {
        _controller!.WaitForExit();
        _controller.Dispose();
        _controller = null;
    }

    private static void Terminate(Process daemon)
    {
        if (daemon.HasExited)
            return;
        using (var kill = Process.Start("kill", ["-TERM", daemon.Id.ToString(CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        if (!daemon.WaitForExit(TimeSpan.FromSeconds(20)))
            daemon.Kill();
        daemon.WaitForExit();
    }

    // Of this cluster, by what they were started with. Others' processes do not show it, and are none of ours.
    private List<int> Processes(Func<string, bool> shows)
    {
        var found = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), out var id) || id == System.Environment.ProcessId)
                continue;
            try
            {
                var environment = File.ReadAllText(Path.Combine(directory, "environ")).Split('\0');
                if (environment.Contains($"SLURM_CONF={Configuration}") && environment.Any(shows))
                    found.Add(id);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or is somebody else's.
            }
        }

        return found;
    }

    private static void EndAtOnce(IReadOnlyList<int> processes)
    {
        foreach (var id in processes)
        {
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                // It ended with the one that was killed before it.
            }
        }
    }

    private string Run(string program, params string[] arguments)
    {
        var (exit, output, error) = Ask(program, arguments);
        Assert.True(exit == 0, $"{program} {string.Join(' ', arguments)} ended with {exit}: {error}\n{Logs()}");
        return output;
    }

    private bool Succeeds(string program, params string[] arguments) => Ask(program, arguments).Exit == 0;

    private (int Exit, string Output, string Error) Ask(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SLURM_CONF"] = Configuration;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private string Logs() =>
        string.Concat(Directory.EnumerateFiles(_folder.Path, "*.said").Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetFileName(file)}:\n{string.Join('\n', File.ReadLines(file).TakeLast(15))}\n"));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
