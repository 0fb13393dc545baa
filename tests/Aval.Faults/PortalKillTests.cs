using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aval.Founding;
using Aval.Ledger;
using Aval.Recording;
using Aval.Tests;

namespace Aval.Faults;

/// <summary>kill -9 of <c>aval serve</c> while many clients bring choices through its API.</summary>
public sealed class PortalKillTests : IDisposable
{
    private const string Token = "the-token-of-an-invented-agent";
    private const int Clients = 24;
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-faults-").FullName;
    private readonly Workspace _workspace;

    public PortalKillTests()
    {
        _workspace = NewWorkspace.Create(Path.Combine(_folder, "workspace"), Settings.Default);
        var sha = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Token)));
        using var settings = new StreamWriter(new FileStream(
            Path.Combine(_workspace.Root, "portal.yaml"), FileMode.CreateNew));
        settings.Write($$"""
            url: http://localhost
            policy: opt-out
            notice: v1
            contact: privacy@example.org
            authority: an invented authority
            agents: [{name: loud, token-sha256: {{sha}}, per-minute: 1000000}]
            """);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_and_what_was_not_is_recorded_once_when_sent_again()
    {
        var acknowledged = new ConcurrentDictionary<string, long>();
        var unanswered = new ConcurrentBag<string>();
        for (var round = 0; round < Kills.Out(2); round++)
        {
            await BringUntilKilled(round, acknowledged, unanswered);
            using var portal = Portal.Start(_workspace);
            using var client = portal.Client();
            foreach (var account in acknowledged.Keys.Where((_, at) => at % 20 == 0))
            {
                var (index, isRepeat) = await Bring(client, account);
                Assert.True(isRepeat, $"{account} was acknowledged, and its key is not known any more.");
                Assert.Equal(acknowledged[account], index);
            }

            while (unanswered.TryTake(out var account))
                acknowledged[account] = (await Bring(client, account)).Index;
        }

        LedgerCheck.Require(_workspace, SigningKey.Read(_workspace.SigningKeyFile).Verifier);
        using var choices = CommittedChoices.Open(_workspace);
        // Each account that was brought once, where its answer said: nothing is lost, nothing is there twice.
        Assert.Equal(
            acknowledged.OrderBy(one => one.Value).Select(one => (one.Value, one.Key)),
            choices.Read(choices.Store.ChoicesSize).Select(one => (one.Index.Value, one.Choice.Account.ToString())));
    }

    private async Task BringUntilKilled(
        int round, ConcurrentDictionary<string, long> acknowledged, ConcurrentBag<string> unanswered)
    {
        using var portal = Portal.Start(_workspace);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (before, number) = (acknowledged.Count, 0);
        var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            using var client = portal.Client();
            while (true)
            {
                var account = string.Create(
                    CultureInfo.InvariantCulture, $"facebook:k{round}-{Interlocked.Increment(ref number)}");
                try
                {
                    acknowledged[account] = (await Bring(client, account)).Index;
                    if (acknowledged.Count - before >= 10 * Clients)
                        enough.TrySetResult();
                }
                catch (HttpRequestException)
                {
                    unanswered.Add(account);
                    return;
                }
            }
        })).ToArray();
        await Task.WhenAny(enough.Task, Task.WhenAll(clients));
        portal.Kill();
        await Task.WhenAll(clients);
        Assert.True(acknowledged.Count > before, "Nothing was acknowledged: nothing was tried.");
        Assert.NotEmpty(unanswered);
    }

    private static async Task<(long Index, bool IsRepeat)> Bring(HttpClient client, string account)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/choices")
        {
            Content = new StringContent(
                $$"""{"kind":"objection","account":"{{account}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Idempotency-Key", account);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        using var said = JsonDocument.Parse(text);
        var receipt = Receipt.Parse(Encoding.UTF8.GetBytes(said.RootElement.GetProperty("receipt").GetString()!));
        Assert.Equal(account, receipt.Statement.Account);
        var index = said.RootElement.GetProperty("index").GetInt64();
        Assert.Equal(index, receipt.Inclusion.Index.Value);
        return (index, answer.Headers.Contains("Idempotent-Replayed"));
    }

    private sealed class Portal(Process process, Uri address) : IDisposable
    {
        public static Portal Start(Workspace workspace)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var address = $"http://{probe.LocalEndpoint}";
            probe.Stop();
            var start = ProgramUnderTest.Start("serve", "--listen", address);
            (start.RedirectStandardOutput, start.WorkingDirectory) = (true, workspace.Root);
            var process = Process.Start(start)!;
            Assert.StartsWith("The portal listens", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
            return new Portal(process, new Uri(address));
        }

        public HttpClient Client()
        {
            var client = new HttpClient { BaseAddress = address };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            return client;
        }

        public void Kill()
        {
            process.Kill();
            process.WaitForExit();
        }

        public void Dispose()
        {
            if (!process.HasExited)
                Kill();
            process.Dispose();
        }
    }
}
