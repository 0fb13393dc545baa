using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;

namespace Aval.Benchmarks;

/// <summary>
/// The build against its baselines, in turn (A B C D E, A B C D E, …), so that a machine that slows down slows all of
/// them. Each run is a process of its own; starting .NET counts for all. The first round is not counted: it finds the
/// files cold. Output is removed before every run.
/// </summary>
internal sealed class Contest(Sizes sizes, Generated data, string work)
{
    private readonly Dictionary<Contestant, long> _admitted = [];
    private readonly Dictionary<Contestant, string> _reasons = [];

    private string Workspace => Path.Combine(work, "workspace");

    private string Output => Path.Combine(work, "output");

    /// <summary>The shards of the first release, for (c).</summary>
    private string Admitted => Path.Combine(work, "admitted");

    /// <summary>Runs everything, and answers with what came out.</summary>
    /// <exception cref="InvalidOperationException">The build and the same release by hand do not agree.</exception>
    public Result Hold()
    {
        Prepare();
        var contestants = Enum.GetValues<Contestant>();
        var runs = contestants.ToDictionary(contestant => contestant, _ => new List<Run>());
        for (var round = 0; round <= sizes.Runs; round++)
        {
            foreach (var contestant in contestants)
            {
                Clear();
                var run = Start(contestant);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(round == 0 ? "warm-up" : $"run {round}")}: {contestant.Title()} {run.Elapsed.TotalSeconds:F2} s, {run.Processor.TotalSeconds:F2} processor seconds, {run.PeakBytes / 1e6:F0} MB"));
                if (round == 0)
                    Count(contestant);
                else
                    runs[contestant].Add(run);
            }
        }

        Clear();
        return new Result(sizes, Ask($"SELECT coalesce(sum(strlen(text)), 0)::BIGINT FROM '{data.Items}'"), [.. contestants.Select(contestant => new Standing(contestant, _admitted[contestant], runs[contestant]))]);
    }

    // Not timed: content left in place, choices recorded.
    private void Prepare()
    {
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        Directory.CreateDirectory(work);
        Aval("init", "--buckets", Number(Sizes.Buckets));
        Aval("import", "table", data.Accounts, "--as", "accounts", "--in-place");
        Aval("import", "table", data.Notices, "--as", "notices", "--in-place");
        Aval("import", "table", data.Items, "--as", "items", "--in-place");
        Aval("choose", "--from", data.Choices);
    }

    private Run Aval(params IReadOnlyList<string> arguments)
    {
        if (arguments[0] != "build")
            Console.Error.WriteLine($"aval {string.Join(' ', arguments)}");
        return Child.Finish("Aval.Cli.dll", [.. arguments, "--workspace", Workspace]);
    }

    private Run Start(Contestant contestant) => contestant == Contestant.Build
        ? Aval("build", "--policy", "opt-out", "--as-of", Generated.AsOf, "--threads", Number(sizes.Threads), "--memory", sizes.Memory)
        : Child.Finish("Aval.Benchmarks.dll", "child", contestant.ToString(), data.Folder, Output, Number(sizes.Threads), sizes.Memory, Path.Combine(Admitted, "*.parquet"));

    private void Clear()
    {
        foreach (var old in new[] { Output, Path.Combine(Workspace, "corpus"), Path.Combine(Workspace, "lineage") }.Where(Directory.Exists))
            Directory.Delete(old, recursive: true);
    }

    // Who admits another number of rows than it should did another job, and its time says nothing.
    private void Count(Contestant contestant)
    {
        var baselines = new Baselines(data, Output, sizes.Threads, sizes.Memory);
        switch (contestant)
        {
            case Contestant.Build:
                var release = Directory.EnumerateDirectories(Path.Combine(Workspace, "corpus", "opt-out")).Single();
                _reasons[contestant] = Reasons(Path.Combine(release, "accounting.json"));
                Directory.Move(Path.Combine(release, "shards"), Admitted);
                _admitted[contestant] = Rows(Directory.GetFiles(Admitted));
                break;
            case Contestant.SameRelease:
                _reasons[contestant] = Reasons(baselines);
                _admitted[contestant] = Rows(Directory.GetFiles(baselines.Shards));
                if (_reasons[contestant] != _reasons[Contestant.Build])
                    throw new InvalidOperationException($"The contestants do not agree.\naval build:\n{_reasons[Contestant.Build]}\nthe same release by hand:\n{_reasons[contestant]}");
                break;
            case Contestant.AntiJoin or Contestant.LawfulAntiJoin or Contestant.Copy:
                _admitted[contestant] = Rows([baselines.OneFile]);
                break;
        }
    }

    private static string Reasons(string accounting)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(accounting));
        var excluded = document.RootElement.GetProperty("excluded").EnumerateObject().Select(reason => (reason.Name, Items: reason.Value.GetInt64()));
        return Lines(excluded.Append(("", document.RootElement.GetProperty("admitted").GetInt64())));
    }

    private static string Reasons(Baselines baselines)
    {
        var counts = new List<(string, long)>();
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT coalesce(reason, ''), sum(items)::BIGINT FROM read_csv('{baselines.Counts}') GROUP BY ALL";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            counts.Add((reader.GetString(0), reader.GetInt64(1)));
        return Lines(counts);
    }

    private static string Lines(IEnumerable<(string Reason, long Items)> counts) =>
        string.Join('\n', counts.Where(count => count.Items > 0).OrderBy(count => count.Reason, StringComparer.Ordinal).Select(count => $"{(count.Reason.Length == 0 ? "admitted" : count.Reason)} {Number(count.Items)}"));

    private static long Rows(string[] files) => files.Length == 0 ? 0 : Ask($"SELECT count(*) FROM read_parquet([{string.Join(", ", files.Select(file => $"'{file}'"))}])");

    private static long Ask(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
