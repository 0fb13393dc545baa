using System.Globalization;
using System.Runtime.InteropServices;

namespace Aval.Benchmarks;

/// <summary>
/// What a user waits for before anything happens: help, and a corpus's first build of 1,000 items, by the program as it
/// is published and by today's ordinary build of it, in turn, each run a process of its own.
/// </summary>
internal sealed class StartUp(string published, string folder, int runs)
{
    private static readonly Sizes Thousand = Sizes.Default with { Items = 1_000, Authors = 200 };

    private string Work => Path.Combine(folder, "start-up");

    private string Ready => Path.Combine(Work, "ready");

    private string Workspace => Path.Combine(Work, "workspace");

    /// <summary>Measures and prints a table in Markdown.</summary>
    /// <param name="published">A folder with a published <c>aval</c>; null = publish one from this checkout.</param>
    /// <param name="folder">Where generated data and the workspace lie.</param>
    /// <param name="runs">Counted runs of each; the median counts. One more before them is not counted.</param>
    public static int Hold(string? published, string folder, int runs)
    {
        Directory.CreateDirectory(folder);
        var program = Path.GetFullPath(Path.Combine(published ?? Publish(folder), "aval"));
        if (!File.Exists(program))
        {
            Console.Error.WriteLine(
                $"{program} is not there. Nothing was measured. Name the folder that aval was published into.");
            return 3;
        }

        new StartUp(program, folder, runs).Measure();
        return 0;
    }

    private static string Publish(string folder)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Aval.slnx")))
        {
            root = Path.GetDirectoryName(root)
                ?? throw new InvalidOperationException("This program lies in no checkout: name --published DIR.");
        }

        var output = Path.GetFullPath(Path.Combine(folder, "published"));
        var machine = $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        Console.Error.WriteLine($"dotnet publish src/Aval.Cli -r {machine} …");
        var project = Path.Combine(root, "src", "Aval.Cli");
        _ = Child.Finish(Child.Host, "publish", project, "-r", machine, "-o", output, "--disable-build-servers");
        return output;
    }

    private void Measure()
    {
        Prepare();
        (string Name, string[] Arguments)[] jobs =
        [
            ("`aval --help`", ["--help"]),
            ("first build of 1,000 items",
                ["build", "--policy", "opt-out", "--as-of", Generated.AsOf, "--workspace", Workspace]),
        ];
        var taken = jobs.ToDictionary(job => job.Name, _ => (Published: new Times(), Built: new Times()));
        for (var round = 0; round <= runs; round++)
        {
            foreach (var (name, arguments) in jobs)
            {
                Take(published, arguments, round == 0 ? null : taken[name].Published);
                Take("Aval.Cli.dll", arguments, round == 0 ? null : taken[name].Built);
            }
        }

        Directory.Delete(Work, recursive: true);
        Line($"{Environment.ProcessorCount} processors; {runs} runs of each in turn; ms, median (least–most).\n");
        Line($"| | published | of processors | `dotnet build` | of processors | published takes, of processors |");
        Line($"| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var (name, _) in jobs)
        {
            var (ours, plain) = taken[name];
            var (first, second) = ($"{ours.Shown} | {ours.Processor:F0}", $"{plain.Shown} | {plain.Processor:F0}");
            Line($"| {name} | {first} | {second} | {ours.Processor / plain.Processor:F2} × |");
        }
    }

    private void Take(string program, string[] arguments, Times? into)
    {
        Reset();
        var before = OfChildren();
        var run = Child.Finish(program, arguments);
        into?.Add(run.Elapsed, OfChildren() - before);
    }

    // Processor time of all children that have ended (proc(5): cutime and cstime, in hundredths of a second). A process
    // as short as these is over before anybody could ask it; what rounding loses is lost once and not in every run.
    private static TimeSpan OfChildren()
    {
        var fields = File.ReadAllText("/proc/self/stat").Split(") ")[1].Split(' ');
        var ticks = fields[13..15].Sum(text => long.Parse(text, CultureInfo.InvariantCulture));
        return TimeSpan.FromMilliseconds(10 * ticks);
    }

    private void Prepare()
    {
        if (Directory.Exists(Work))
            Directory.Delete(Work, recursive: true);
        var data = Generated.Of(Thousand, folder);
        Aval("init", "--buckets", Sizes.Buckets.ToString(CultureInfo.InvariantCulture));
        Aval("import", "table", data.Accounts, "--as", "accounts");
        Aval("import", "table", data.Notices, "--as", "notices");
        Aval("import", "table", data.Items, "--as", "items");
        Aval("choose", "--from", data.Choices);
    }

    private void Aval(params string[] arguments) => _ = Child.Finish(published, [.. arguments, "--workspace", Ready]);

    // Every run finds a workspace that has built nothing yet, wherever a build keeps what it made.
    private void Reset()
    {
        if (Directory.Exists(Workspace))
            Directory.Delete(Workspace, recursive: true);
        foreach (var from in Directory.EnumerateDirectories(Ready, "*", SearchOption.AllDirectories).Prepend(Ready))
            Directory.CreateDirectory(Path.Combine(Workspace, Path.GetRelativePath(Ready, from)));
        foreach (var file in Directory.EnumerateFiles(Ready, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(Workspace, Path.GetRelativePath(Ready, file)));
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>What the runs of one job took, in milliseconds.</summary>
    private sealed class Times
    {
        private readonly List<double> _elapsed = [];
        private double _processor;

        /// <summary>Of processors, a run, on average: what others on the machine disturb least.</summary>
        public double Processor => _processor / _elapsed.Count;

        /// <summary>Wall clock: the median, and between what.</summary>
        public string Shown
        {
            get
            {
                var sorted = _elapsed.Order().ToArray();
                var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
                return string.Create(CultureInfo.InvariantCulture, $"{median:F0} ({sorted[0]:F0}–{sorted[^1]:F0})");
            }
        }

        public void Add(TimeSpan elapsed, TimeSpan processor)
        {
            _elapsed.Add(elapsed.TotalMilliseconds);
            _processor += processor.TotalMilliseconds;
        }
    }
}
