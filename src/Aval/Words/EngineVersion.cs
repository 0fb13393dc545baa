using System.Reflection;
using DuckDB.NET.Data;

namespace Aval;

/// <summary>The versions that a release's bytes depend on.</summary>
internal static class EngineVersion
{
    /// <summary>For example <c>aval 0.1.0, duckdb v1.5.6</c>.</summary>
    public static string Text { get; } = $"aval {Own().InformationalVersion.Split('+')[0]}, duckdb {Duck()}";

    /// <summary>Which program this is, to the letter: what another program of the same version made may be made in
    /// another way. In no release.</summary>
    public static string Program { get; } =
        $"{Text}, {typeof(EngineVersion).Module.ModuleVersionId:N} {typeof(ProofException).Module.ModuleVersionId:N}";

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
