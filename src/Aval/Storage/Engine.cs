using System.Buffers;
using System.Globalization;
using System.Text;
using Aval.Choices;
using DuckDB.NET.Data;

namespace Aval.Storage;

/// <summary>How much of the machine a command may use.</summary>
/// <param name="Threads">Worker threads of the engine.</param>
/// <param name="Memory">Bytes the engine may hold before it spills to <see cref="Workspace.Temporary"/>.</param>
public sealed record EngineLimits(int Threads, long Memory)
{
    /// <summary>All processors and 4 GB (4·10⁹ bytes).</summary>
    public static EngineLimits Default { get; } = new(Environment.ProcessorCount, 4_000_000_000);
}

/// <summary>
/// An in-memory DuckDB with the settings that make its answers depend on nothing but its input: UTC, no extension
/// loaded from outside, a spill directory that goes when the engine goes. One engine is used by one thread;
/// <see cref="Fork"/> opens a second connection onto the same tables.
/// </summary>
public sealed class Engine : IDisposable
{
    private readonly string? _spill;

    private Engine(DuckDBConnection connection, string? spill)
    {
        Connection = connection;
        _spill = spill;
    }

    /// <summary>The connection itself, for what has no method here.</summary>
    public DuckDBConnection Connection { get; }

    /// <summary>Opens an engine whose spill files go below <paramref name="temporary"/>, or, where nothing can be written
    /// there, into a private folder below the system's.</summary>
    /// <param name="temporary">A directory; made when it is missing.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <param name="key">Registers <c>row_key(service, item_id)</c>, <c>bucket_of(account, buckets)</c> and <c>fingerprint(text)</c> under this key.</param>
    public static Engine Open(string temporary, EngineLimits limits, WorkspaceKey? key = null)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var spill = Spill(temporary);
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var engine = new Engine(connection, spill);
        engine.Execute($"""
            SET autoinstall_known_extensions = false;
            SET autoload_known_extensions = false;
            SET TimeZone = 'UTC';
            SET threads = {limits.Threads.ToString(CultureInfo.InvariantCulture)};
            SET memory_limit = '{limits.Memory.ToString(CultureInfo.InvariantCulture)}B';
            SET temp_directory = {Literal(spill)};
            SET preserve_insertion_order = false;
            """);
        if (key is not null)
            KeyedFunctions.Register(connection, key);
        return engine;
    }

    /// <summary>
    /// Removes what engines that were killed had spilled below <paramref name="temporary"/>: an hour old, and of a process
    /// that is not there. (A process on another machine that shares the directory looks so too; hence the hour.)
    /// </summary>
    public static void RemoveLeftovers(string temporary, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        if (!Directory.Exists(temporary))
            return;
        foreach (var spill in new DirectoryInfo(temporary).EnumerateDirectories("spill-*"))
        {
            var alive = int.TryParse(spill.Name.Split('-')[1], NumberStyles.None, CultureInfo.InvariantCulture, out var process) && File.Exists($"/proc/{process}/stat");
            if (!alive && clock.GetUtcNow() - spill.LastWriteTimeUtc > TimeSpan.FromHours(1))
                spill.Delete(recursive: true);
        }
    }

    /// <summary>A second connection onto the same tables, for work side by side. Dispose it before this one.</summary>
    public Engine Fork() => new(OpenAgain(Connection), spill: null);

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
    public List<T> Query<T>(string sql, Func<DuckDBDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        ArgumentNullException.ThrowIfNull(row);
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    /// <summary>The rows of a query, one after the other, as the engine makes them: for answers larger than memory. The connection does nothing else meanwhile.</summary>
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

    /// <summary>A text as an SQL literal, for the places that take no parameter (file names in COPY, settings).</summary>
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

    /// <inheritdoc/>
    public void Dispose()
    {
        Connection.Dispose();
        if (_spill is not null && Directory.Exists(_spill))
            Directory.Delete(_spill, recursive: true);
    }

    // The engine makes the spill directory itself when it needs one, but not its parents.
    private static string Spill(string temporary)
    {
        var above = Path.GetFullPath(temporary);
        while (!Directory.Exists(above) && Path.GetDirectoryName(above) is { } parent)
            above = parent;
        if (!FileModes.IsWritable(above))
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

/// <summary>The keyed functions, vectorised: the engine calls each once per batch of up to 2,048 rows.</summary>
internal static class KeyedFunctions
{
    public static void Register(DuckDBConnection connection, WorkspaceKey key)
    {
        var rowKeys = key.RowKeys;
        var buckets = key.Buckets;
        var fingerprints = key.Fingerprints;
        connection.RegisterScalarFunction<string, string, Guid>("row_key", (columns, result, rows) =>
        {
            using var text = new Scratch();
            for (ulong row = 0; row < rows; row++)
            {
                // The service's end is marked by a zero byte, which no id can hold, so no two items share an input.
                var (low, high) = rowKeys.Hash(text.Join(columns[0].GetValue<string>(row), columns[1].GetValue<string>(row)));
                result.WriteValue(ToGuid(low, high), row);
            }
        });
        connection.RegisterScalarFunction<string, int, int>("bucket_of", (columns, result, rows) =>
        {
            using var text = new Scratch();
            for (ulong row = 0; row < rows; row++)
                result.WriteValue((int)(buckets.Hash(text.Of(columns[0].GetValue<string>(row))).Low % (ulong)columns[1].GetValue<int>(row)), row);
        });
        var suppressions = new SuppressionTokens(key);
        connection.RegisterScalarFunction<string, string>("account_token", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(suppressions.OfAccount(columns[0].GetValue<string>(row)), row);
        });
        connection.RegisterScalarFunction<string, string, string>("item_token", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(suppressions.OfItem(columns[0].GetValue<string>(row), columns[1].GetValue<string>(row)), row);
        });
        RegisterLane(connection, "observation_low", key.Observations, hash => hash.Low);
        RegisterLane(connection, "observation_high", key.Observations, hash => hash.High);
        connection.RegisterScalarFunction<string, Guid>("fingerprint", (columns, result, rows) =>
        {
            using var text = new Scratch();
            for (ulong row = 0; row < rows; row++)
            {
                var (low, high) = fingerprints.Hash(text.Of(columns[0].GetValue<string>(row)));
                result.WriteValue(ToGuid(low, high), row);
            }
        });
    }

    private static void RegisterLane(DuckDBConnection connection, string name, SipHash key, Func<(ulong Low, ulong High), ulong> lane) =>
        connection.RegisterScalarFunction<string, ulong>(name, (columns, result, rows) =>
        {
            using var text = new Scratch();
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(lane(key.Hash(text.Of(columns[0].GetValue<string>(row)))), row);
        });

    /// <summary>The value's sixteen bytes in order, as the UUID that prints them in order.</summary>
    internal static Guid ToGuid(ulong low, ulong high)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes, low);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], high);
        return new Guid(bytes, bigEndian: true);
    }

    private sealed class Scratch : IDisposable
    {
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1024);

        public ReadOnlySpan<byte> Of(string text)
        {
            Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
            return _bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, _bytes));
        }

        public ReadOnlySpan<byte> Join(string first, string second)
        {
            Reserve(Encoding.UTF8.GetMaxByteCount(first.Length + second.Length) + 1);
            var length = Encoding.UTF8.GetBytes(first, _bytes);
            _bytes[length++] = 0;
            length += Encoding.UTF8.GetBytes(second, _bytes.AsSpan(length));
            return _bytes.AsSpan(0, length);
        }

        public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

        private void Reserve(int size)
        {
            if (_bytes.Length >= size)
                return;
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = ArrayPool<byte>.Shared.Rent(size);
        }
    }
}
