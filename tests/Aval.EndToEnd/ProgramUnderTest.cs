using System.Diagnostics;

namespace Aval.Tests;

/// <summary>
/// The program that tests run as processes: the one that <c>./test</c> published, compiled ahead as users have it
/// (<c>AVAL_PUBLISHED</c>, its folder), or the one that was built, which compiles itself as it runs.
/// </summary>
internal static class ProgramUnderTest
{
    private static readonly string[] Words = Published is { } folder
        ? [Path.Combine(folder, "aval")]
        : ["dotnet", Built()];

    /// <summary>The folder of the published one; null = there is none.</summary>
    public static string? Published => Environment.GetEnvironmentVariable("AVAL_PUBLISHED") is { Length: > 0 } folder
        ? folder
        : null;

    /// <summary>The folder that it lies in, with a slash behind it.</summary>
    public static string Folder => (Path.GetDirectoryName(Words[^1]) ?? "") + Path.DirectorySeparatorChar;

    /// <summary>As a shell is told to run it.</summary>
    public static string Shell => string.Join(' ', Words.Select(word => $"'{word}'"));

    /// <summary>As the words of a command.</summary>
    public static IEnumerable<string> With(params IEnumerable<string> arguments) => Words.Concat(arguments);

    /// <summary>As a process that is to be started.</summary>
    public static ProcessStartInfo Start(params IEnumerable<string> arguments) =>
        new(Words[0], [.. Words[1..], .. arguments]);

    // Beside the tests, or …/src/Aval.Cli/bin/CONFIGURATION/net10.0/ beside …/tests/NAME/bin/CONFIGURATION/net10.0/
    private static string Built()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var beside = Path.Combine(here.FullName, "Aval.Cli.dll");
        return File.Exists(beside)
            ? beside
            : Path.Combine(
                here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName, "src", "Aval.Cli", "bin", here.Parent.Name,
                here.Name, "Aval.Cli.dll");
    }
}
