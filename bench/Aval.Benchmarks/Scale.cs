using System.Diagnostics;
using System.Globalization;

namespace Aval.Benchmarks;

/// <summary>What the tasks of one build took, as the program that each of them ran has noted it.</summary>
/// <param name="Processor">Of all tasks, with what they started.</param>
/// <param name="Longest">Wall clock of the longest.</param>
/// <param name="Over">When the last one ended.</param>
internal sealed record TasksTook(TimeSpan Processor, TimeSpan Longest, DateTimeOffset Over);

/// <summary>A build on the cluster.</summary>
/// <param name="Command">The command that loads, waits and commits.</param>
/// <param name="Tasks">What it waited for.</param>
internal sealed record ClusterRun(Run Command, TasksTook Tasks)
{
    /// <summary>Until the array was submitted: content, choices and facts.</summary>
    public TimeSpan Load => Command.Said.First(said => said.Line.StartsWith("job ", StringComparison.Ordinal)).At;

    /// <summary>After the last task: up to half a second until that is seen, the authors' tree, the commit.</summary>
    public TimeSpan After => Command.Began + Command.Elapsed - Tasks.Over;

    public TimeSpan Processor => Command.Processor + Tasks.Processor;
}

/// <summary>
/// One release built in this process and by a cluster, with one to eight buckets at a time; then what that would come
/// to at a platform's size, on paper.
/// </summary>
internal sealed class Scale(Sizes sizes, Generated data, string work)
{
    private static readonly int[] Threads = [1, 2];
    private static readonly int[] Tasks = [1, 2, 4, 8];

    private readonly Sizes _one = sizes with { Threads = 1 };

    private Filled Workspace => new(Path.Combine(work, "workspace"));

    private string Notes => Path.Combine(work, "notes");

    private string Program => Path.Combine(work, "aval-task");

    /// <summary>Runs everything and prints tables in Markdown; answers the exit code.</summary>
    public static int Hold(Sizes sizes, string folder)
    {
        if (NoCluster() is { } why)
        {
            Console.Error.WriteLine($"{why} Nothing was run. bench/with-slurm N COMMAND… starts a cluster of N "
                + "processors on this machine for as long as the command runs (docs/performance.md).");
            return 2;
        }

        // A path that tasks see as well: they start elsewhere.
        var work = Path.GetFullPath(Path.Combine(folder, "scale"));
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        Directory.CreateDirectory(work);
        new Scale(sizes, Generated.Of(sizes, Path.GetFullPath(folder)), work).Measure();
        Directory.Delete(work, recursive: true);
        return 0;
    }

    private static string? NoCluster()
    {
        if (Environment.GetEnvironmentVariable("SLURM_CONF") is not { Length: > 0 } configuration)
            return "SLURM_CONF names no cluster.";
        if (!File.Exists(configuration))
            return $"SLURM_CONF names {configuration}, which is not there.";
        try
        {
            _ = Child.Finish("sinfo", "--noheader");
            return null;
        }
        catch (Exception silent) when (silent is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"The cluster of {configuration} does not answer: {silent.Message.Trim()}";
        }
    }

    private void Measure()
    {
        var machine = Machine.Here();
        WriteProgram();
        var import = Filled.New(Workspace.Root).Fill(data, sizes, inPlace: false);
        var first = OnCluster(Workspace, 1, again: false);
        var release = Path.GetFileName(Workspace.Release);
        var held = Held.Of(Workspace, data);
        var local = Threads.ToDictionary(threads => threads, _ => new List<Run>());
        var cluster = Tasks.ToDictionary(tasks => tasks, _ => new List<ClusterRun>());
        for (var round = 0; round <= sizes.Runs; round++)
        {
            foreach (var threads in Threads)
            {
                Workspace.Clear(keepOutputs: true);
                var run = Workspace.BuildAgain(sizes with { Threads = threads });
                Same(release, $"--threads {threads}", round, run.Elapsed);
                if (round > 0)
                    local[threads].Add(run);
            }

            foreach (var tasks in Tasks)
            {
                Workspace.Clear(keepOutputs: true);
                var run = OnCluster(Workspace, tasks, again: true);
                Same(release, $"--tasks {tasks}", round, run.Command.Elapsed);
                if (round > 0)
                    cluster[tasks].Add(run);
            }
        }

        // After what counts: a build without choices admits other rows.
        Workspace.Clear(keepOutputs: true);
        var unsaid = OnCluster(Workspace, 1, again: false, "--at-checkpoint", "0", "--erased-to", "0");
        var table = new ScaleTable(machine, sizes, local, cluster);
        table.Print(Console.Out);
        Console.WriteLine();
        new Paper(new Measured(sizes, held, import, first, cluster[1], unsaid, Tiny())).Print(Console.Out);
    }

    // What a build costs whatever it holds, and what each bucket costs whatever is in it.
    private ClusterRun Tiny()
    {
        var thousand = _one with { Items = 1_000, Authors = 200 };
        var tiny = Filled.New(Path.Combine(work, "tiny"), Measured.TinyBuckets);
        _ = tiny.Fill(Generated.Of(thousand, Path.GetDirectoryName(work)!), thousand, inPlace: false);
        _ = tiny.Build(thousand);
        tiny.Clear(keepOutputs: true);
        return OnCluster(tiny, 1, again: true);
    }

    private void Same(string release, string how, int round, TimeSpan took)
    {
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(round == 0 ? "warm-up" : $"run {round}")}: {how}: {took.TotalSeconds:F2} s"));
        if (Path.GetFileName(Workspace.Release) is var made && made != release)
            throw new InvalidOperationException(
                $"Built with {how} the release is {made}, and with one task {release}.");
    }

    private ClusterRun OnCluster(Filled filled, int tasks, bool again, params string[] options)
    {
        if (Directory.Exists(Notes))
            Directory.Delete(Notes, recursive: true);
        Directory.CreateDirectory(Notes);
        string[] all =
        [
            "--executor", "slurm", "--tasks", tasks.ToString(CultureInfo.InvariantCulture), "--program", Program,
            .. options,
        ];
        var run = again ? filled.BuildAgain(_one, all) : filled.Build(_one, all);
        return new ClusterRun(run, Noted(tasks));
    }

    // A task is over a moment after its last bucket, and the build need not have waited for that.
    private TasksTook Noted(int tasks)
    {
        using var wait = new ManualResetEventSlim();
        var waited = Stopwatch.StartNew();
        while (Directory.GetFiles(Notes, "*.done").Length < tasks)
        {
            if (waited.Elapsed > TimeSpan.FromMinutes(1))
                throw new InvalidOperationException($"{Notes}: not each of {tasks} tasks has noted what it took.");
            wait.Wait(TimeSpan.FromMilliseconds(50));
        }

        // Seconds since 1970 at its start and its end; then what `times` says, of the shell and of what it ran.
        var notes = Directory.GetFiles(Notes, "*.done")
            .Select(file => File.ReadAllText(file).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
            .ToArray();
        return new TasksTook(
            TimeSpan.FromSeconds(notes.Sum(note => note[2..].Sum(Seconds))),
            TimeSpan.FromSeconds(notes.Max(note => Number(note[1]) - Number(note[0]))),
            DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(notes.Max(note => Number(note[1]))));
    }

    private void WriteProgram()
    {
        var library = Path.Combine(AppContext.BaseDirectory, "Aval.Cli.dll");
        using (var writer = new StreamWriter(Program))
        {
            writer.Write($"""
                #!/bin/sh
                # A task of bench scale: runs aval, and notes what it took. The note is complete or absent.
                began=$(date +%s.%N)
                '{Child.Host}' '{library}' "$@"
                code=$?
                note='{Notes}'/$SLURM_ARRAY_TASK_ID
                echo "$began $(date +%s.%N)" > "$note"
                times >> "$note"
                mv "$note" "$note.done"
                exit $code

                """);
        }

        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // 1m2.345s
    private static double Seconds(string text)
    {
        var parts = text.TrimEnd('s').Split('m');
        return (60 * Number(parts[0])) + Number(parts[1]);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
