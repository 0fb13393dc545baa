using System.Collections.Concurrent;
using System.Globalization;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Aval.Storage;

/// <summary>How much of the machine a command may use.</summary>
/// <param name="Threads">Worker threads of the engine.</param>
/// <param name="Memory">Bytes the engine may hold before it spills.</param>
internal sealed record EngineLimits(int Threads, long Memory)
{
    /// <summary>All processors and 4 GB (4·10⁹ bytes).</summary>
    public static EngineLimits Default { get; } = new(Environment.ProcessorCount, 4_000_000_000);
}

/// <summary>
/// An in-memory DuckDB with the settings that make its answers depend on nothing but its input: UTC, no extension
/// loaded from outside, a spill directory that goes when the engine goes. One engine is used by one thread;
/// <see cref="Fork"/> opens a second connection onto the same tables. It has no function of its own: each room hands in
/// those that its statements call (<see cref="Provide"/>).
/// </summary>
internal sealed class Engine : IDisposable
{
    private readonly string? _spill;
    private readonly WorkspaceKey? _key;
    private readonly HashSet<string> _provided;
    private readonly ConcurrentDictionary<Type, object> _left;
    private readonly Stack<IDisposable> _kept = new();

    private Engine(
        DuckDBConnection connection, string? spill, WorkspaceKey? key, HashSet<string> provided,
        ConcurrentDictionary<Type, object> left)
    {
        Connection = connection;
        _spill = spill;
        _key = key;
        _provided = provided;
        _left = left;
    }

    /// <summary>The connection itself, for what has no method here.</summary>
    public DuckDBConnection Connection { get; }

    /// <summary>The key under which its functions make keyed values.</summary>
    internal WorkspaceKey Key => _key
        ?? throw new InvalidOperationException(
            "This engine was opened without the workspace's key, and a keyed value is asked of it.");

    /// <summary>
    /// Opens an engine whose spill files go below <paramref name="temporary"/>, or, where nothing can be written there,
    /// into a private folder below the system's.
    /// </summary>
    /// <param name="temporary">A directory; made when it is missing.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <param name="key">The workspace's, where keyed values will be asked for.</param>
    public static Engine Open(string temporary, EngineLimits limits, WorkspaceKey? key = null)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var spill = Spill(temporary);
        EngineAllocator.KeepFreed();
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var engine = new Engine(connection, spill, key, [], []);
        engine.Execute($"""
            SET autoinstall_known_extensions = false;
            SET autoload_known_extensions = false;
            SET TimeZone = 'UTC';
            SET threads = {limits.Threads.ToString(CultureInfo.InvariantCulture)};
            SET memory_limit = '{limits.Memory.ToString(CultureInfo.InvariantCulture)}B';
            SET temp_directory = {Literal(spill)};
            SET preserve_insertion_order = false;
            """);
        engine.Leave(limits);
        return engine;
    }

    /// <summary>Does a work during which the engine holds a part of the memory that it was opened with, since others
    /// need the rest. Where it holds more already that it cannot put aside, it goes on with all.</summary>
    /// <param name="part">More than 0, at most 1.</param>
    /// <param name="work">The work.</param>
    public T WithAtMost<T>(double part, Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        HoldAtMost(part);
        try
        {
            return work();
        }
        finally
        {
            HoldAtMost(1);
        }
    }

    private void HoldAtMost(double part)
    {
        var bytes = (long)(Left<EngineLimits>()!.Memory * part);
        try
        {
            Execute($"SET memory_limit = '{bytes.ToString(CultureInfo.InvariantCulture)}B'");
        }
        catch (DuckDBException full) when (full.ErrorType == DuckDBErrorType.OutOfMemory)
        {
            // It goes on as before.
        }
    }

    /// <summary>
    /// Removes what engines that were killed had spilled below <paramref name="temporary"/>: an hour old, and of a
    /// process that is not there. (A process on another machine that shares the directory looks so too; hence the
    /// hour.)
    /// </summary>
    public static void RemoveLeftovers(string temporary, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        if (!Directory.Exists(temporary))
            return;
        foreach (var spill in new DirectoryInfo(temporary).EnumerateDirectories("spill-*"))
        {
            var alive = int.TryParse(
                spill.Name.Split('-')[1], NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && File.Exists($"/proc/{process}/stat");
            if (!alive && clock.GetUtcNow() - spill.LastWriteTimeUtc > TimeSpan.FromHours(1))
                spill.Delete(recursive: true);
        }
    }

    /// <summary>A second connection onto the same tables, for work side by side. Dispose it before this one.</summary>
    public Engine Fork() => new(OpenAgain(Connection), spill: null, _key, _provided, _left);

    /// <summary>
    /// Registers a room's functions, once an engine; its forks have them too. A room says so before each statement of
    /// its own that calls one, so that nobody who opens an engine has to know what will be asked of it.
    /// </summary>
    /// <param name="functions">The functions' name as a whole.</param>
    /// <param name="register">Registers each, vectorised: the engine calls it once per batch of up to 2,048
    /// rows.</param>
    internal void Provide(string functions, Action<DuckDBConnection> register)
    {
        lock (_provided)
        {
            if (_provided.Contains(functions))
                return;
            register(Connection);
            _provided.Add(functions);
        }
    }

    /// <summary>Runs statements that answer nothing. Values are passed by name (<c>$name</c>), never pasted.</summary>
    public void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    /// <summary>Runs one statement and tells, a few times a second, how much of it is done (0–1).</summary>
    public void ExecuteWatched(string sql, Action<double> watch)
    {
        ArgumentNullException.ThrowIfNull(watch);
        Execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false");
        using var timer = new Timer(_ =>
        {
            if (Connection.GetQueryProgress().Percentage is > 0 and var percent)
                watch(Math.Min(percent, 100) / 100);
        });
        timer.Change(TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
        Execute(sql);
        using var quiet = new ManualResetEvent(false);
        timer.Dispose(quiet); // The connection must not be asked after this method, so wait for a callback under way.
        quiet.WaitOne();
    }

    /// <summary>The single value of a query.</summary>
    public T Scalar<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            throw new InvalidOperationException($"The query answered no row: {sql}");
        return reader.GetFieldValue<T>(0);
    }

    /// <summary>The rows of a query, read by <paramref name="row"/>.</summary>
    public List<T> Query<T>(
        string sql, Func<DuckDBDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        ArgumentNullException.ThrowIfNull(row);
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    /// <summary>
    /// The rows of a query, one after the other, as the engine makes them: for answers larger than memory. The
    /// connection does nothing else meanwhile.
    /// </summary>
    public IEnumerable<T> Stream<T>(string sql, Func<DuckDBDataReader, T> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Rows();

        IEnumerable<T> Rows()
        {
            using var command = Command(sql, []);
            command.UseStreamingMode = true;
            using var reader = command.ExecuteReader();
            while (reader.Read())
                yield return row(reader);
        }
    }

    /// <summary>
    /// A text as an SQL literal, for the places that take no parameter (file names in COPY, settings).
    /// </summary>
    public static string Literal(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
    }

    /// <summary>Several texts as an SQL list literal.</summary>
    public static string Literal(IEnumerable<string> texts) => "[" + string.Join(", ", texts.Select(Literal)) + "]";

    /// <summary>An instant as an SQL literal of type TIMESTAMP (UTC, microseconds).</summary>
    public static string Literal(DateTimeOffset instant) =>
        $"make_timestamp({instant.ToMicroseconds().ToString(CultureInfo.InvariantCulture)}::BIGINT)";

    /// <summary>An SQL name in quotes.</summary>
    public static string Identifier(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }

    /// <summary>Leaves something that tells of this engine's relations, for whoever asks it and its forks; the last of
    /// its type counts.</summary>
    internal void Leave<T>(T left)
        where T : class => _left[typeof(T)] = left;

    /// <summary>What was left; null = nothing of this type was.</summary>
    internal T? Left<T>()
        where T : class => (T?)_left.GetValueOrDefault(typeof(T));

    /// <summary>A folder for its owner alone, beside what is spilled, for files that are needed for as long as this
    /// engine is open.</summary>
    internal string Room()
    {
        var spill = _spill ?? throw new InvalidOperationException("A fork has no room of its own.");
        FileModes.MakePrivateFolder(spill);
        return spill;
    }

    /// <summary>Keeps something for as long as this engine is open.</summary>
    internal void Keep(IDisposable kept) => _kept.Push(kept);

    /// <inheritdoc/>
    public void Dispose()
    {
        Connection.Dispose();
        while (_kept.TryPop(out var kept))
            kept.Dispose();
        if (_spill is not null && Directory.Exists(_spill))
            Directory.Delete(_spill, recursive: true);
    }

    // The engine makes the spill directory itself when it needs one, but not its parents.
    private static string Spill(string temporary)
    {
        if (!FileModes.CanBeMade(temporary))
            return Directory.CreateTempSubdirectory("aval-spill-").FullName;
        FileModes.MakePrivateFolder(temporary);
        return Path.Combine(temporary, $"spill-{Environment.ProcessId}-{Guid.NewGuid():N}");
    }

    private DuckDBCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.Add(new DuckDBParameter(name, value ?? DBNull.Value));
        return command;
    }

    private static DuckDBConnection OpenAgain(DuckDBConnection connection)
    {
        var other = connection.Duplicate();
        if (other.State != System.Data.ConnectionState.Open)
            other.Open();
        return other;
    }
}
