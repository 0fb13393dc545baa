using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Threading.Channels;

namespace Aval.Benchmarks.Portal;

/// <summary>What came of a load.</summary>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="Offered">Requests that were due.</param>
/// <param name="Sent">Requests that were sent.</param>
/// <param name="Refused">Answers that say to come again, and when.</param>
/// <param name="Other">Answers of any other kind, and connections that broke.</param>
/// <param name="Waits">How long each acknowledged one waited since it was due, in milliseconds, sorted.</param>
internal sealed record Outcome(
    TimeSpan Elapsed, long Offered, long Sent, long Refused, long Other, double[] Waits)
{
    /// <summary>From the first request to the last.</summary>
    public TimeSpan Sending { get; init; } = Elapsed;

    public double Rate => Waits.Length / Elapsed.TotalSeconds;

    public double Percentile(double share) =>
        Waits.Length == 0 ? double.NaN : Waits[(int)Math.Min(Waits.Length - 1, Waits.Length * share)];
}

/// <summary>A choice that a server acknowledged.</summary>
internal readonly record struct Acknowledged(long Index, string Account, byte[]? Body);

/// <summary>
/// Many clients, each with an address and a token of its own. Requests fall due at a steady rate whatever the server
/// does, and each waits from when it was due: a server that stops shows as long waits, and not as fewer requests.
/// </summary>
internal sealed class Generator(IPEndPoint server, IReadOnlyList<string> tokens)
{
    // Of so many one receipt is kept, to be verified afterwards.
    private const int Sampled = 50;

    /// <summary>All that was acknowledged, in no order.</summary>
    public ConcurrentBag<Acknowledged> Acknowledged { get; } = [];

    /// <summary>Sends.</summary>
    /// <param name="prefix">Before the numbers of accounts.</param>
    /// <param name="clients">How many, each with one request under way.</param>
    /// <param name="rate">Requests a second.</param>
    /// <param name="lasting">For how long they fall due.</param>
    /// <param name="isKeyed">Whether each carries a key.</param>
    /// <param name="stop">Ends it before.</param>
    public async Task<Outcome> Send(
        string prefix, int clients, double rate, TimeSpan lasting, bool isKeyed, CancellationToken stop)
    {
        var due = Channel.CreateUnbounded<(long Number, long At)>(new() { SingleWriter = true });
        var (sent, refused, other) = (0L, 0L, 0L);
        var waits = new ConcurrentBag<List<double>>();
        var watch = Stopwatch.StartNew();
        var pacing = Task.Factory.StartNew(
            () => Pace(due.Writer, rate, lasting, stop), TaskCreationOptions.LongRunning);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(number => Task.Run(async () =>
        {
            var own = new List<double>();
            waits.Add(own);
            using var client = new Client(server, Address(number), tokens[number % tokens.Count]);
            await foreach (var (at, from) in due.Reader.ReadAllAsync(CancellationToken.None))
            {
                if (stop.IsCancellationRequested)
                    break;
                var account = string.Create(CultureInfo.InvariantCulture, $"facebook:{prefix}{at}");
                Interlocked.Increment(ref sent);
                var answer = await client.Post(account, isKeyed ? account : null);
                if (answer.Status == 200)
                {
                    own.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
                    Acknowledged.Add(new(answer.Index, account, at % Sampled == 0 ? answer.Body : null));
                }
                else if (answer is { Status: 429, HasRetryAfter: true })
                    Interlocked.Increment(ref refused);
                else
                    Interlocked.Increment(ref other);
            }
        })));
        var offered = await pacing;
        var all = waits.SelectMany(own => own).ToArray();
        Array.Sort(all);
        return new Outcome(watch.Elapsed, offered, sent, refused, other, all);
    }

    /// <summary>A client's own: 127.0.0.0/8 is this machine, all of it.</summary>
    public static IPAddress Address(int number) =>
        new([127, 1, (byte)(number >> 8), (byte)(1 + (number & 0x7F) + ((number & 0x80) >> 1))]);

    private static long Pace(
        ChannelWriter<(long Number, long At)> due, double rate, TimeSpan lasting, CancellationToken stop)
    {
        var (began, number) = (Stopwatch.GetTimestamp(), 0L);
        using var pause = new ManualResetEventSlim();
        while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < lasting && !stop.IsCancellationRequested)
        {
            for (; number < elapsed.TotalSeconds * rate; number++)
                due.TryWrite((number, began + (long)(number / rate * Stopwatch.Frequency)));
            pause.Wait(1, CancellationToken.None);
        }

        due.Complete();
        return number;
    }
}
