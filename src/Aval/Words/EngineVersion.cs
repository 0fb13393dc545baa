using System.Reflection;
using DuckDB.NET.Data;

namespace Aval;

/// <summary>The versions that a release's bytes depend on.</summary>
internal static class EngineVersion
{
    /// <summary>For example <c>aval 0.1.0, duckdb v1.5.6</c>.</summary>
    public static string Text { get; } = $"aval {Own().InformationalVersion.Split('+')[0]}, duckdb {Duck()}";

    private static AssemblyInformationalVersionAttribute Own() =>
        typeof(EngineVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!;

    private static string Duck()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT library_version FROM pragma_version()";
        return (string)command.ExecuteScalar()!;
    }
}
