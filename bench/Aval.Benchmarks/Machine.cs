using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using DuckDB.NET.Data;

namespace Aval.Benchmarks;

/// <summary>What figures were measured on: they say little without it.</summary>
/// <param name="Processor">Its model.</param>
/// <param name="Cores">How many this process may use.</param>
/// <param name="MemoryBytes">All of the machine's.</param>
/// <param name="Kernel">The system and its kernel's release.</param>
/// <param name="DotNet">The runtime.</param>
/// <param name="DuckDb">The engine.</param>
internal sealed record Machine(
    string Processor, int Cores, long MemoryBytes, string Kernel, string DotNet, string DuckDb)
{
    /// <summary>The one that this runs on.</summary>
    public static Machine Here()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var memory = (After("/proc/meminfo", "MemTotal") ?? "0 kB").Split(' ')[0];
        return new Machine(
            // An Arm machine tells no name, and is called by its kind.
            After("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.ProcessorCount,
            long.Parse(memory, CultureInfo.InvariantCulture) * 1024,
            $"{RuntimeInformation.OSDescription}, kernel {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}",
            RuntimeInformation.FrameworkDescription,
            connection.ServerVersion);
    }

    /// <summary>In one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processor}, {Cores} cores, {MemoryBytes / 1e9:F1} GB; {Kernel}; {DotNet}; DuckDB {DuckDb}.");

    /// <summary>As a member <c>machine</c> of an object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("machine");
        json.WriteString("processor", Processor);
        json.WriteNumber("cores", Cores);
        json.WriteNumber("memory_bytes", MemoryBytes);
        json.WriteString("kernel", Kernel);
        json.WriteString("dotnet", DotNet);
        json.WriteString("duckdb", DuckDb);
        json.WriteEndObject();
    }

    /// <summary>
    /// The part of a folder's path that names a column as Hive does (<c>year=2026</c>), or null. Below one, engines
    /// may read another column out of every path, and time and rows would not be those of the files.
    /// </summary>
    public static string? KeyedPart(string folder) => Path.GetFullPath(folder).Split(Path.DirectorySeparatorChar)
        .FirstOrDefault(part => part.IndexOf('=', StringComparison.Ordinal) > 0);

    private static string? After(string file, string name) => !File.Exists(file) ? null : File.ReadLines(file)
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()).FirstOrDefault();
}
