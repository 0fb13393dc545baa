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
        var taken = jobs.ToDictionary(job => job.Name, _ => (Published: new List<double>(), Built: new List<double>()));
        for (var round = 0; round <= runs; round++)
        {
            foreach (var (name, arguments) in jobs)
            {
                Reset();
                var ours = Child.Finish(published, arguments).Elapsed.TotalMilliseconds;
                Reset();
                var plain = Child.Finish("Aval.Cli.dll", arguments);
                if (round == 0)
                    continue;
                taken[name].Published.Add(ours);
                taken[name].Built.Add(plain.Elapsed.TotalMilliseconds);
            }
        }

        Directory.Delete(Work, recursive: true);
        Line($"{Environment.ProcessorCount} processors; median of {runs} (least–most), milliseconds.\n");
        Line($"| | published | `dotnet build` | published takes |");
        Line($"| --- | ---: | ---: | ---: |");
        foreach (var (name, _) in jobs)
        {
            var (ours, plain) = taken[name];
            Line($"| {name} | {Shown(ours)} | {Shown(plain)} | {Median(ours) / Median(plain):F2} × |");
        }
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

    private static double Median(List<double> times)
    {
        var sorted = times.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Shown(List<double> times) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(times):F0} ({times.Min():F0}–{times.Max():F0})");

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
