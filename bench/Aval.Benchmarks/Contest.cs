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
    private readonly Dictionary<Entry, long> _rows = [];
    private string? _reasons;

    private Filled LaidOut => new(Path.Combine(work, "laid-out"));

    private Filled InPlace => new(Path.Combine(work, "in-place"));

    private Filled Imported => new(Path.Combine(work, "imported"));

    private string Output => Path.Combine(work, "output");

    /// <summary>The items once more, for baselines.</summary>
    private string Partitioned => Path.Combine(work, "partitioned");

    /// <summary>The shards of the first release, for (c).</summary>
    private string Admitted => Path.Combine(work, "admitted");

    private string AdmittedPartitioned => Path.Combine(work, "admitted-partitioned");

    /// <summary>Runs everything, and answers with what came out.</summary>
    /// <exception cref="InvalidOperationException">The builds and the same release by hand do not agree.</exception>
    public Result Hold()
    {
        Prepare();
        var runs = Entry.All.ToDictionary(entry => entry, _ => new List<Run>());
        for (var round = 0; round <= sizes.Runs; round++)
        {
            foreach (var entry in Entry.All)
            {
                Clear(entry.Contestant);
                var run = Start(entry);
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(round == 0 ? "warm-up" : $"run {round}")}: {entry.Contestant.Title()}, {entry.Layout.Title()}: "
                    + $"{run.Elapsed.TotalSeconds:F2} s, {run.Processor.TotalSeconds:F2} processor seconds, "
                    + $"{run.PeakBytes / 1e6:F0} MB"));
                if (round == 0)
                    Count(entry);
                else
                    runs[entry].Add(run);
            }
        }

        var text = Ask($"SELECT coalesce(sum(strlen(text)), 0)::BIGINT FROM '{data.Items}'");
        var standings = Entry.All.Select(entry => new Standing(entry, _rows[entry], runs[entry]));
        return new Result(Machine.Here(), sizes, text, [.. standings]);
    }

    // Not timed: content where each build wants it, choices recorded, and the items partitioned for baselines.
    private void Prepare()
    {
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        Directory.CreateDirectory(work);
        _ = Filled.New(LaidOut.Root).Fill(data, sizes, inPlace: false);
        _ = Filled.New(InPlace.Root).Fill(data, sizes, inPlace: true);
        _ = Hand(new Entry(Contestant.PartitionedCopy), Partitioned);
    }

    private Run Start(Entry entry) => entry.Contestant switch
    {
        Contestant.LaidOutFirst => LaidOut.Build(sizes),
        Contestant.LaidOut => LaidOut.BuildAgain(sizes),
        Contestant.LaidOutWithText => LaidOut.BuildAsShipped(sizes),
        Contestant.InPlaceFirst => InPlace.Build(sizes),
        Contestant.InPlace => InPlace.BuildAgain(sizes),
        Contestant.Import => Imported.Import(data, sizes),
        Contestant.AntiJoin or Contestant.LawfulAntiJoin or Contestant.SameRelease or Contestant.Copy
            or Contestant.PartitionedCopy => Hand(entry, Output),
    };

    private Run Hand(Entry entry, string output) => Child.Finish(
        "Aval.Benchmarks.dll", "child", entry.Contestant.ToString(), entry.Layout.ToString(), data.Folder, Reads(entry),
        output, Number(sizes.Threads), sizes.Memory);

    // A pattern.
    private string Reads(Entry entry) => (entry.Contestant, entry.Layout) switch
    {
        (Contestant.Copy, Layout.Generated) => Path.Combine(Admitted, "*.parquet"),
        (Contestant.Copy, Layout.Partitioned) => Path.Combine(AdmittedPartitioned, "*", "*.parquet"),
        (_, Layout.Generated) => data.Items,
        (_, Layout.Partitioned) => Path.Combine(Partitioned, "*", "*.parquet"),
    };

    private void Clear(Contestant next)
    {
        if (Directory.Exists(Output))
            Directory.Delete(Output, recursive: true);
        LaidOut.Clear(keepOutputs: next != Contestant.LaidOutFirst);
        InPlace.Clear(keepOutputs: next != Contestant.InPlaceFirst);
        if (next == Contestant.Import)
            _ = Filled.New(Imported.Root);
        else if (Directory.Exists(Imported.Root))
            Directory.Delete(Imported.Root, recursive: true);
    }

    // Who writes another number of rows than it should did another job, and its time says nothing.
    private void Count(Entry entry)
    {
        var baselines = new Baselines(data, Reads(entry), Output, sizes.Threads, sizes.Memory);
        switch (entry.Contestant)
        {
            case Contestant.LaidOutFirst:
                _rows[entry] = CountBuild(LaidOut, entry.Contestant);
                Directory.Move(Path.Combine(LaidOut.Release, "shards"), Admitted);
                Baselines.Partition($"{Admitted}/*.parquet", "row_key", AdmittedPartitioned);
                break;
            case Contestant.LaidOut:
                _rows[entry] = CountBuild(LaidOut, entry.Contestant);
                break;
            case Contestant.LaidOutWithText:
                _rows[entry] = Rows(Directory.GetFiles(Path.Combine(LaidOut.Release, "shards")));
                break;
            case Contestant.InPlaceFirst or Contestant.InPlace:
                _rows[entry] = CountBuild(InPlace, entry.Contestant);
                break;
            case Contestant.SameRelease:
                Agree(entry.Contestant, Reasons(baselines));
                _rows[entry] = Rows(Directory.GetFiles(baselines.Shards));
                break;
            case Contestant.AntiJoin or Contestant.LawfulAntiJoin or Contestant.Copy:
                _rows[entry] = Rows([baselines.OneFile]);
                break;
            case Contestant.Import:
                _rows[entry] = RequireAll(entry.Contestant, Rows(Imported.Items));
                break;
            case Contestant.PartitionedCopy:
                var files = Directory.GetFiles(Output, "*.parquet", SearchOption.AllDirectories);
                _rows[entry] = RequireAll(entry.Contestant, Rows(files));
                break;
        }
    }

    private long CountBuild(Filled filled, Contestant contestant)
    {
        Agree(contestant, Reasons(Path.Combine(filled.Release, "accounting.json")));
        return Rows(Directory.GetFiles(Path.Combine(filled.Release, "shards")));
    }

    private void Agree(Contestant contestant, string reasons)
    {
        _reasons ??= reasons;
        if (_reasons != reasons)
            throw new InvalidOperationException(
                $"The contestants do not agree.\n{Contestant.LaidOutFirst.Title()}:\n{_reasons}\n"
                + $"{contestant.Title()}:\n{reasons}");
    }

    private long RequireAll(Contestant contestant, long rows) => rows == sizes.Items ? rows
        : throw new InvalidOperationException($"{contestant.Title()} wrote {rows} rows, and there are {sizes.Items}.");

    private static string Reasons(string accounting)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(accounting));
        var excluded = document.RootElement.GetProperty("excluded").EnumerateObject()
            .Select(reason => (reason.Name, Items: reason.Value.GetInt64()));
        return Lines(excluded.Append(("", document.RootElement.GetProperty("admitted").GetInt64())));
    }

    private static string Reasons(Baselines baselines)
    {
        var counts = new List<(string, long)>();
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT coalesce(reason, ''), sum(items)::BIGINT FROM read_csv('{baselines.Counts}') GROUP BY ALL";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            counts.Add((reader.GetString(0), reader.GetInt64(1)));
        return Lines(counts);
    }

    private static string Lines(IEnumerable<(string Reason, long Items)> counts) => string.Join('\n', counts
        .Where(count => count.Items > 0).OrderBy(count => count.Reason, StringComparer.Ordinal)
        .Select(count => $"{(count.Reason.Length == 0 ? "admitted" : count.Reason)} {Number(count.Items)}"));

    private static long Rows(string[] files) => files.Length == 0 ? 0 : Ask($"""
        SELECT count(*)
        FROM read_parquet([{string.Join(", ", files.Select(file => $"'{file}'"))}], hive_partitioning = false)
        """);

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
