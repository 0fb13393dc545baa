using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aval.Benchmarks.Portal;

/// <summary>
/// More than a server can take, at a rate that holds whatever it does, at little cost to the processors that it shares:
/// all requests are written before the first is sent, each client sends one when it is due without waiting for the
/// answer to the one before (HTTP/1.1 pipelining), and of answers no more is read than what counts.
/// </summary>
internal sealed class Flood(IPEndPoint server, IReadOnlyList<string> tokens, int clients)
{
    private const int Sampled = 50;
    private readonly ConcurrentBag<Acknowledged> _acknowledged = [];
    private byte[] _requests = [];
    private int[] _ends = [];
    private long[] _due = [];
    private string _prefix = "";
    private long _refused, _other;

    /// <summary>All that was acknowledged, in no order.</summary>
    public IReadOnlyCollection<Acknowledged> Acknowledged => _acknowledged;

    /// <summary>Sends, and waits for every answer.</summary>
    /// <param name="prefix">Before the numbers of accounts.</param>
    /// <param name="rate">Requests a second.</param>
    /// <param name="lasting">For how long they fall due.</param>
    public async Task<Outcome> Send(string prefix, double rate, TimeSpan lasting)
    {
        _prefix = prefix;
        Write((int)(rate * lasting.TotalSeconds));
        var sockets = new Socket[clients];
        for (var number = 0; number < clients; number++)
        {
            sockets[number] = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            sockets[number].Bind(new IPEndPoint(Generator.Address(number), 0));
            await sockets[number].ConnectAsync(server);
        }

        var watch = Stopwatch.StartNew();
        var sending = Task.Factory.StartNew(() => Pace(sockets, rate, watch), TaskCreationOptions.LongRunning);
        var waits = await Task.WhenAll(sockets.Select((socket, number) => Task.Run(() => Read(socket, number))));
        var sent = await sending;
        foreach (var socket in sockets)
            socket.Dispose();
        var all = waits.SelectMany(own => own).ToArray();
        Array.Sort(all);
        return new Outcome(watch.Elapsed, _due.Length, _due.Length, _refused, _other, all) { Sending = sent };
    }

    private string Account(int number) => string.Create(CultureInfo.InvariantCulture, $"facebook:{_prefix}{number}");

    // Request n is of client n mod clients.
    private void Write(int count)
    {
        using var all = new MemoryStream(count * 300);
        (_ends, _due) = (new int[count], new long[count]);
        for (var number = 0; number < count; number++)
        {
            var account = Account(number);
            var body = $$"""{"kind":"objection","account":"{{account}}"}""";
            all.Write(Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"POST /api/v1/choices HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + $"{tokens[number % clients % tokens.Count]}\r\nIdempotency-Key: \"{account}\"\r\n"
                    + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}")));
            _ends[number] = (int)all.Position;
        }

        _requests = all.ToArray();
    }

    private TimeSpan Pace(Socket[] sockets, double rate, Stopwatch watch)
    {
        using var pause = new ManualResetEventSlim();
        for (var number = 0; number < _ends.Length;)
        {
            for (; number < _ends.Length && number < watch.Elapsed.TotalSeconds * rate; number++)
            {
                var from = number == 0 ? 0 : _ends[number - 1];
                Volatile.Write(ref _due[number], Stopwatch.GetTimestamp());
                sockets[number % clients].Send(_requests.AsSpan(from, _ends[number] - from));
            }

            pause.Wait(1);
        }

        return watch.Elapsed;
    }

    // The answers of one client come in the order of its requests.
    private async Task<List<double>> Read(Socket socket, int client)
    {
        var (waits, buffer, filled) = (new List<double>(), new byte[32 << 10], 0);
        for (var number = client; number < _ends.Length;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None);
            if (read == 0)
            {
                Interlocked.Add(ref _other, ((_ends.Length - 1 - number) / clients) + 1);
                break;
            }

            filled += read;
            var taken = 0;
            for (; Whole(buffer.AsSpan(taken, filled - taken)) is > 0 and var length; number += clients)
            {
                Take(buffer.AsSpan(taken, length), number, waits);
                taken += length;
            }

            buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
            filled -= taken;
        }

        return waits;
    }

    private void Take(ReadOnlySpan<byte> answer, int number, List<double> waits)
    {
        var status = answer[9..12];
        var body = answer[(answer.IndexOf("\r\n\r\n"u8) + 4)..];
        if (status.SequenceEqual("200"u8))
        {
            waits.Add(Stopwatch.GetElapsedTime(Volatile.Read(ref _due[number])).TotalMilliseconds);
            var name = "\"index\":"u8;
            if (!Utf8Parser.TryParse(body[(body.IndexOf(name) + name.Length)..], out long index, out _))
                throw new InvalidDataException($"No index in {Encoding.UTF8.GetString(body)}");
            _acknowledged.Add(new(index, Account(number), number % Sampled == 0 ? body.ToArray() : null));
        }
        else if (status.SequenceEqual("429"u8) && answer.IndexOf("Retry-After:"u8) >= 0)
        {
            Interlocked.Increment(ref _refused);
        }
        else
        {
            Interlocked.Increment(ref _other);
        }
    }

    // How long the first answer is; 0 = it is not whole yet.
    private static int Whole(ReadOnlySpan<byte> received)
    {
        if (received.IndexOf("\r\n\r\n"u8) is not (>= 0 and var end))
            return 0;
        var name = "Content-Length: "u8;
        var at = received[..end].IndexOf(name);
        if (at < 0 || !Utf8Parser.TryParse(received[(at + name.Length)..], out int length, out _))
            throw new InvalidDataException($"No length in {Encoding.ASCII.GetString(received[..end])}");
        return received.Length >= end + 4 + length ? end + 4 + length : 0;
    }
}
