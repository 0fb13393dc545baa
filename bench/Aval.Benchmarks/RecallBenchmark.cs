using System.Globalization;
using DuckDB.NET.Data;

namespace Aval.Benchmarks;

/// <summary>
/// What an objection that comes after the release costs: recalls of single accounts and of shares of all accounts,
/// beside the time of the corpus's first build, each a process of its own.
/// </summary>
internal sealed class RecallBenchmark(Sizes sizes, Filled filled)
{
    private const int Buckets = 64;

    /// <summary>Items where nobody says how many: 200 accounts are recalled one after the other.</summary>
    public const long Items = 1_000_000;

    /// <summary>Accounts where nobody says how many.</summary>
    public const int Accounts = 200;

    /// <summary>Recalls that are measured where no rule reads text; each of another account.</summary>
    private const int Single = 5;

    private static readonly double[] Shares = [0.0001, 0.01, 0.1];

    /// <summary>Measures, and prints tables in Markdown.</summary>
    /// <param name="sizes">How many items; its runs are the accounts that are recalled by all rules.</param>
    /// <param name="folder">Where generated data and the workspace lie.</param>
    /// <param name="published">The folder of a published <c>aval</c>; null = <see cref="Filled.Program"/>.</param>
    public static int Hold(Sizes sizes, string folder, string? published)
    {
        var data = Generated.Of(sizes, folder);
        var filled = Filled.New(Path.Combine(folder, "recall"), Buckets, published);
        _ = filled.Fill(data, sizes, inPlace: false);
        Console.WriteLine(Machine.Here());
        Console.WriteLine();
        Line($"{sizes.Items} items, {sizes.Authors} accounts, {Buckets} buckets, {sizes.Threads} threads.");
        var bench = new RecallBenchmark(sizes, filled);
        bench.WithoutText();
        filled.Clear(keepOutputs: true);
        bench.AsShipped();
        Directory.Delete(filled.Root, recursive: true);
        return 0;
    }

    private void WithoutText()
    {
        var first = filled.Build(sizes);
        Head("no rule reads text", first);
        var accounts = Authors(Single + (int)(sizes.Authors * Shares.Sum()));
        foreach (var account in accounts.Take(Single))
        {
            filled.Object(account);
            if (Recall() is not var (took, processor, buckets, left))
                continue;
            var wanted = ((buckets + 1) * first.Elapsed.TotalSeconds / Buckets) + 3;
            Line($"| one account | {left} | {buckets} | {took:F2} | {processor:F2} | wanted: {wanted:F2} s |");
        }

        Curve(accounts[Math.Min(Single, accounts.Count)..]);
    }

    // Shares that add up, each of other accounts.
    private void Curve(List<string> accounts)
    {
        var next = 0;
        foreach (var share in Shares)
        {
            var some = accounts.Skip(next).Take(Math.Max(1, (int)(sizes.Authors * share))).ToArray();
            next += some.Length;
            var file = Path.Combine(filled.Root, "objections.csv");
            File.WriteAllLines(file, some.Select(account => $"objection,{account}").Prepend("kind,account"));
            filled.Choose(file);
            if (Recall() is var (took, processor, buckets, left))
                Line($"| {share:P2} of all accounts | {left} | {buckets} | {took:F2} | {processor:F2} | |");
        }
    }

    private void AsShipped()
    {
        Head("all rules of opt-out", filled.BuildAsShipped(sizes));
        // Of others than those who objected before, which the first recall honours.
        var accounts = Authors((2 * sizes.Runs) + (int)(sizes.Authors * Shares.Sum()) + Shares.Length, "DESC");
        if (Recall() is var (honouring, spent, of, left))
            Line($"| {Shares.Sum():P2} of all accounts | {left} | {of} | {honouring:F2} | {spent:F2} | |");
        var each = new List<(double Took, double Processor, int Buckets)>();
        foreach (var account in accounts.Take(2 * sizes.Runs))
        {
            if (each.Count == sizes.Runs)
                break;
            filled.Object(account);
            if (Recall() is var (took, processor, buckets, _))
                each.Add((took, processor, buckets));
        }

        string Both(double part) => string.Create(
            CultureInfo.InvariantCulture,
            $"{At(each.Select(one => (double)one.Buckets), part):F0} | {At(each.Select(one => one.Took), part):F2} | "
                + $"{At(each.Select(one => one.Processor), part):F2}");
        Line($"| one account, p50 of {each.Count} | | {Both(0.5)} | |");
        Line($"| one account, p99 of {each.Count} | | {Both(0.99)} | |");
        Curve(accounts[Math.Min(2 * sizes.Runs, accounts.Count)..]);
    }

    private static double At(IEnumerable<double> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];
    }

    private static void Head(string rules, Run first)
    {
        Console.WriteLine();
        Line($"| {rules} | rows that leave | buckets written | seconds | processor seconds | |");
        Line($"| --- | ---: | ---: | ---: | ---: | --- |");
        var (took, processor) = (first.Elapsed.TotalSeconds, first.Processor.TotalSeconds);
        Line($"| the first build | | {Buckets} | {took:F2} | {processor:F2} | |");
    }

    // Whom somebody else's objection reached by a link has left already: then nothing is to be done, and nothing of it
    // counts.
    private (double Took, double Processor, int Buckets, long Left)? Recall()
    {
        var (run, record) = filled.Recall(sizes);
        if (record is null)
            return null;
        using (record)
        {
            Console.Error.WriteLine($"  {run.Elapsed.TotalSeconds:F2} s; " + string.Join(' ', run.Said
                .Select(said => said.Line).Where(line => line.StartsWith("Of that time", StringComparison.Ordinal))));
            return (run.Elapsed.TotalSeconds, run.Processor.TotalSeconds,
                record.RootElement.GetProperty("buckets").GetProperty("rewritten").GetArrayLength(),
                record.RootElement.GetProperty("rows").GetProperty("left").GetInt64());
        }
    }

    // Of those who are in the release, in an order that has nothing to do with it.
    private List<string> Authors(int count, string order = "ASC")
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT DISTINCT account FROM read_parquet('{filled.Traces}/*.parquet') ORDER BY md5(account) {order}
            LIMIT {count}
            """;
        using var rows = command.ExecuteReader();
        var accounts = new List<string>();
        while (rows.Read())
            accounts.Add(rows.GetString(0));
        return accounts;
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
