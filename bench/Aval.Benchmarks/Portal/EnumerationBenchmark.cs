using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aval.Content;
using Aval.Portal.Doors;
using Aval.Storage;

namespace Aval.Benchmarks.Portal;

/// <summary>
/// Whether the time that an answer takes tells whom it is about: of two questions, asked in turn, how often the answer
/// to the one took longer than that to the other. One half is what nobody can tell apart; the error of that share over
/// n pairs is about 1 : √(3n).
/// </summary>
internal static class EnumerationBenchmark
{
    private const string Key = "an-invented-key";

    // A client's limits are on: so many requests, and the next one has an address of its own.
    private const int OfOneClient = 25;

    /// <summary>Measures and prints.</summary>
    /// <param name="folder">Where to work.</param>
    /// <param name="pairs">How many times each question is asked.</param>
    public static async Task<int> Run(string folder, int pairs)
    {
        var directory = Path.Combine(Path.GetFullPath(folder), "enumeration");
        var workspace = Served.Found(directory, Settings.Default.Store);
        Fill(workspace);
        using (var served = Served.Start(workspace))
        using (var links = new NoticeLinks(workspace.ReadKey(), workspace.Settings.Services))
        {
            string Link(string account) => "/n/" + links.Make("v1", Account.Parse(account));
            var link = Link("facebook:10007");
            string Changed(int at) => string.Concat(
                link.AsSpan(0, at), link[at] == 'A' ? "B" : "A", link.AsSpan(at + 1));
            Console.WriteLine("| | median µs | median µs | p95 µs | p95 µs | the first took longer | expected |");
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
            await Compare(served, "a link: known, never heard of", pairs, (link, null), (Link("facebook:99999"), null));
            await Compare(
                served, "no link: wrong at its beginning, at its end", pairs, (Changed(4), null),
                (Changed(link.Length - 2), null));
            await Compare(
                served, "an address: carried, not carried", pairs, ("/login/mail", "address=bo%40example.org"),
                ("/login/mail", "address=al%40example.org"));
            // What it can tell apart at all: a page, and none.
            await Compare(served, "to compare: a link, and none", pairs, (link, null), (Changed(4), null));
        }

        Directory.Delete(directory, recursive: true);
        return 0;
    }

    private static void Fill(Workspace workspace)
    {
        Durable.CreateNew(
            Path.Combine(workspace.Keys, "contact.key"), System.Text.Encoding.UTF8.GetBytes(Key + "\n"),
            Durable.Private);
        Durable.AppendLine(
            Path.Combine(workspace.Root, "portal.yaml"),
            "mail: {from: \"Choices <choices@example.org>\", key-file: keys/contact.key, drop: letters}");
        var accounts = Path.Combine(workspace.Root, "accounts.csv");
        var contact = new ContactKey(Key);
        using (var rows = new StreamWriter(new FileStream(accounts, FileMode.CreateNew)))
        {
            rows.Write("account,contact,observed_at\n");
            for (var number = 0; number < 100_000; number++)
            {
                var address = number == 10_007 ? "bo@example.org" : $"{number}@example.org";
                rows.Write($"facebook:{number},{contact.Of(address)},2025-01-01T00:00:00Z\n");
            }
        }

        Importing.Tables(
            workspace, [accounts],
            new ImportOptions(ContentKind.Accounts, null, false, false, null, null, null, EngineLimits.Default),
            TimeProvider.System, (_, _) => { });
    }

    private static async Task Compare(
        Served served, string name, int pairs, (string Path, string? Form) one, (string Path, string? Form) other)
    {
        var (first, second) = (new List<double>(), new List<double>());
        for (var client = 0; first.Count < pairs; client++)
        {
            using var http = Client(served.Address, client);
            await Ask(http, one); // It connects.
            for (var time = 0; time < OfOneClient / 2; time++)
            {
                // In turn, and neither always first.
                var (a, b) = time % 2 == 0 ? (one, other) : (other, one);
                var (took, then) = (await Ask(http, a), await Ask(http, b));
                first.Add(time % 2 == 0 ? took : then);
                second.Add(time % 2 == 0 ? then : took);
            }
        }

        var longer = first.Zip(second, (a, b) => a > b ? 1 : 0).Sum() / (double)first.Count;
        first.Sort();
        second.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {first[first.Count / 2]:F0} | {second[second.Count / 2]:F0} | "
                + $"{first[first.Count * 95 / 100]:F0} | {second[second.Count * 95 / 100]:F0} | {longer:P1} | "
                + $"50 ± {100 / Math.Sqrt(first.Count):F1} % |"));
    }

    private static async Task<double> Ask(HttpClient http, (string Path, string? Form) question)
    {
        using var request = new HttpRequestMessage(
            question.Form is null ? HttpMethod.Get : HttpMethod.Post, question.Path);
        if (question.Form is not null)
            request.Content = new StringContent(
                question.Form, System.Text.Encoding.ASCII, "application/x-www-form-urlencoded");
        var began = Stopwatch.GetTimestamp();
        using var answer = await http.SendAsync(request);
        await answer.Content.ReadAsByteArrayAsync();
        var took = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        return answer.StatusCode is HttpStatusCode.TooManyRequests
            ? throw new InvalidOperationException("The limit of a client was met; the figures would be of refusals.")
            : took;
    }

    private static HttpClient Client(IPEndPoint server, int number) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, stopping) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(Generator.Address(number), 0));
            await socket.ConnectAsync(server, stopping);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri($"http://localhost:{server.Port}"),
    };
}
