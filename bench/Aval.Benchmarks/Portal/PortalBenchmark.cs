using System.Globalization;
using System.Text;
using System.Text.Json;
using Aval.Ledger;
using Aval.Recording;

namespace Aval.Benchmarks.Portal;

/// <summary>
/// How many choices a second <c>aval serve</c> acknowledges over HTTP, each durable and with its receipt in the answer,
/// with the clients on the same processors and the limits of every client on; what it does when more are offered than
/// it can record; and whether all that was acknowledged is there after it was killed.
/// </summary>
internal static class PortalBenchmark
{
    private const int Clients = 512, ManyClients = 4_000;

    // What is offered beyond what is wanted, for ten seconds.
    private const double Most = 12_000;

    /// <summary>Measures and prints.</summary>
    /// <param name="folder">On the disk to be measured.</param>
    /// <param name="seconds">How long the steady load lasts.</param>
    /// <param name="rate">Of the steady load, a second.</param>
    /// <param name="postgres">A connection to an empty database; null = SQLite.</param>
    public static async Task<int> Hold(string folder, int seconds, double rate, string? postgres)
    {
        var directory = Path.Combine(Path.GetFullPath(folder), "portal");
        var store = postgres is null ? Settings.Default.Store : new StoreSettings(StoreKind.Postgres, postgres);
        var workspace = Served.Found(directory, store);
        Console.WriteLine("| | seconds | offered/s | acknowledged/s | 429 | other | p50 ms | p99 ms | worst ms "
            + "| server's processors | peak memory |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var acknowledged = new List<Acknowledged>();
        using (var served = Served.Start(workspace))
        {
            var generator = new Generator(served.Address, Served.Tokens);
            await Phase(served, generator, "warming up", "w", Clients, rate / 4, TimeSpan.FromSeconds(5));
            await Phase(
                served, generator, Text($"{rate:F0} a second"), "s", Clients, rate, TimeSpan.FromSeconds(seconds));
            var flood = new Flood(served.Address, Served.Tokens, ManyClients);
            var before = served.Processor;
            var outcome = await flood.Send("m", Most, TimeSpan.FromSeconds(10));
            Print(Text($"{Most:F0} a second"), outcome, served.Processor - before, served.PeakBytes);
            acknowledged.AddRange(generator.Acknowledged);
            acknowledged.AddRange(flood.Acknowledged);
            served.Kill();
        }

        acknowledged.AddRange(await Killed(workspace));
        Check(workspace, acknowledged);
        Directory.Delete(directory, recursive: true);
        return 0;
    }

    private static async Task Phase(
        Served served, Generator generator, string name, string prefix, int clients, double rate, TimeSpan lasting)
    {
        var before = served.Processor;
        var outcome = await generator.Send(prefix, clients, rate, lasting, isKeyed: true, CancellationToken.None);
        Print(name, outcome, served.Processor - before, served.PeakBytes);
    }

    // Under all that it can take, after a few seconds.
    private static async Task<IEnumerable<Acknowledged>> Killed(Workspace workspace)
    {
        using var served = Served.Start(workspace);
        var generator = new Generator(served.Address, Served.Tokens);
        using var stop = new CancellationTokenSource();
        var sending = generator.Send("k", ManyClients, Most, TimeSpan.FromSeconds(30), isKeyed: true, stop.Token);
        using var pause = new ManualResetEventSlim();
        while (generator.Acknowledged.Count < 20_000 && !sending.IsCompleted)
            pause.Wait(10);
        var (processor, peak) = (served.Processor, served.PeakBytes);
        served.Kill();
        await stop.CancelAsync();
        Print("killed under load", await sending, processor, peak);
        return generator.Acknowledged;
    }

    private static void Print(string name, Outcome outcome, TimeSpan processor, long peak) =>
        Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {outcome.Elapsed.TotalSeconds:F1} | {outcome.Sent / outcome.Sending.TotalSeconds:F0} | "
            + $"{outcome.Rate:F0} | {outcome.Refused} | {outcome.Other} | {outcome.Percentile(0.5):F0} | "
            + $"{outcome.Percentile(0.99):F0} | {outcome.Percentile(1):F0} | "
            + $"{processor.TotalSeconds / outcome.Elapsed.TotalSeconds:F2} | {peak / 1_000_000} MB |"));

    // Each at its index, said by its account; the whole ledger in itself; and of the receipts a sample.
    private static void Check(Workspace workspace, List<Acknowledged> acknowledged)
    {
        var key = SigningKey.Read(workspace.SigningKeyFile).Verifier;
        using (Receipts.Open(workspace))
        {
            // Opening publishes what was committed and not yet published when the server was killed.
        }

        var check = LedgerCheck.Require(workspace, key);
        using var choices = CommittedChoices.Open(workspace);
        var there = choices.Read(choices.Store.ChoicesSize)
            .ToDictionary(one => one.Index.Value, one => one.Choice.Account.ToString());
        var lost = acknowledged.Count(one => there.GetValueOrDefault(one.Index) != one.Account);
        var twice = acknowledged.Count - acknowledged.DistinctBy(one => one.Index).Count();
        var receipts = acknowledged.Where(one => one.Body is not null).ToArray();
        foreach (var one in receipts)
        {
            using var answer = JsonDocument.Parse(one.Body);
            var receipt = Receipt.Parse(Encoding.UTF8.GetBytes(answer.RootElement.GetProperty("receipt").GetString()!));
            receipt.Verify(key);
            if (receipt.Statement.Account != one.Account || receipt.Inclusion.Index.Value != one.Index)
                throw new InvalidOperationException($"The receipt of entry {one.Index} is another one's.");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{acknowledged.Count} were acknowledged; the store has {there.Count}, the ledger opens {check.Opened}. "
                + $"Lost: {lost}. Acknowledged twice: {twice}. Receipts verified: {receipts.Length}."));
        if (lost + twice > 0)
            throw new InvalidOperationException("What was acknowledged is not there, or is there twice.");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
