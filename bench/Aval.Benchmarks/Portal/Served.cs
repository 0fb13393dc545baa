using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Aval.Founding;

namespace Aval.Benchmarks.Portal;

/// <summary>A workspace that <c>aval serve</c> serves in a process of its own.</summary>
internal sealed class Served : IDisposable
{
    private const int AgentCount = 256;
    private readonly Process _process;

    private Served(Workspace workspace, IPEndPoint address, Process process) =>
        (Workspace, Address, _process) = (workspace, address, process);

    public Workspace Workspace { get; }

    public IPEndPoint Address { get; }

    /// <summary>The tokens of its agents.</summary>
    public static IReadOnlyList<string> Tokens { get; } = [.. Enumerable.Range(0, AgentCount)
        .Select(number => string.Create(CultureInfo.InvariantCulture, $"token-of-invented-agent-{number}"))];

    /// <summary>Processor time so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The most memory so far.</summary>
    public long PeakBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>A new workspace with a portal and its agents.</summary>
    public static Workspace Found(string directory, StoreSettings store)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        var workspace = NewWorkspace.Create(directory, Settings.Default with { Store = store });
        var agents = Tokens.Select((token, number) => string.Create(
            CultureInfo.InvariantCulture,
            $"  - {{name: agent-{number}, token-sha256: {Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes(token)))}}}\n"));
        using var settings = new StreamWriter(new FileStream(
            Path.Combine(directory, "portal.yaml"), FileMode.CreateNew));
        settings.Write($"""
            url: http://localhost
            policy: opt-out
            notice: v1
            contact: privacy@example.org
            authority: an invented authority
            agents:
            {string.Concat(agents)}
            """);
        return workspace;
    }

    /// <summary>Starts the server, and waits until it listens.</summary>
    public static Served Start(Workspace workspace)
    {
        int port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        var start = new ProcessStartInfo(Child.Host) { RedirectStandardOutput = true };
        foreach (var argument in new[]
        {
            Path.Combine(AppContext.BaseDirectory, "Aval.Cli.dll"), "serve", "--workspace", workspace.Root, "--listen",
            string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
        })
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        return process.StandardOutput.ReadLine() is { } said && said.StartsWith("The portal", StringComparison.Ordinal)
            ? new Served(workspace, new IPEndPoint(IPAddress.Loopback, port), process)
            : throw new InvalidOperationException("aval serve did not start.");
    }

    /// <summary>Ends the process as a power cut would (SIGKILL).</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
