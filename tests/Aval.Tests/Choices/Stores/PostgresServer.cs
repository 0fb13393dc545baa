using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Aval.Tests.Choices;

/// <summary>
/// Debian's PostgreSQL, started in a temporary folder on a free port, and ended with the tests. A server does not run
/// as root; where we are root, it runs as Debian's user postgres.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private static readonly Lock Starting = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-postgres-").FullName;
    private string? _programs;
    private int _port;
    private int _databases;

    /// <summary>A connection to a new, empty database. Starts the server when it is asked for the first one.</summary>
    public string NewDatabase(string options = "")
    {
        lock (Starting)
        {
            if (_programs is null)
                Start();
            var name = string.Create(CultureInfo.InvariantCulture, $"aval{_databases++}");
            Execute(Connection("postgres"), $"CREATE DATABASE {name} {options}");
            return Connection(name);
        }
    }

    /// <summary>The server is gone at once, as in a power cut.</summary>
    public void Kill() => Control("stop", "-m", "immediate", "-w");

    public void StartAgain() => Control("start", "-w", "-l", Path.Combine(_folder, "log"), "-o", Options);

    public static void Execute(string connection, string sql)
    {
        using var source = NpgsqlDataSource.Create(connection);
        using var command = source.CreateCommand(sql);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        if (_programs is not null && File.Exists(Path.Combine(Data, "postmaster.pid")))
            Control("stop", "-m", "fast", "-w");
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private string Options =>
        string.Create(CultureInfo.InvariantCulture, $"-h 127.0.0.1 -p {_port} -k {_folder} -c max_connections=60");

    private string Connection(string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database}");

    private void Start()
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .Select(version => Path.Combine(version, "bin"))
                .Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order().LastOrDefault()
            : null;
        if (programs is null)
        {
            const string missing = "PostgreSQL is not installed (Debian package postgresql)";
            if (Environment.GetEnvironmentVariable("CI") == "true")
                Assert.Fail(missing);
            Assert.Skip(missing);
        }

        _programs = programs;
        if (Environment.IsPrivilegedProcess)
            Run("chown", "postgres:postgres", _folder);
        RunAsServer("initdb", "-D", Data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync");
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            _port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        StartAgain();
    }

    private void Control(string command, params string[] arguments) =>
        RunAsServer("pg_ctl", [command, "-D", Data, .. arguments]);

    private void RunAsServer(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs!, program);
        if (Environment.IsPrivilegedProcess)
            Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments]);
        else
            Run(path, arguments);
    }

    // To a file, not a pipe: the server inherits it and would keep a pipe open for as long as it runs.
    private void Run(string program, params string[] arguments)
    {
        var said = Path.Combine(_folder, "said");
        var start = new ProcessStartInfo(
            "sh", ["-c", "said=$1; shift; exec \"$@\" > \"$said\" 2>&1 < /dev/null", "sh", said, program, .. arguments])
        {
            WorkingDirectory = _folder,
        };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.True(
            process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {File.ReadAllText(said)}");
    }
}
