using System.CommandLine;

namespace Aval.Cli;

/// <summary>Options that mean the same in every command that has them.</summary>
internal static class CommonOptions
{
    /// <summary>Where the workspace is.</summary>
    public static Option<string?> Workspace { get; } = new("--workspace")
    {
        Description = "The workspace's directory; without it, the nearest parent that has aval.yaml",
        HelpName = "DIR",
        Recursive = true,
    };

    /// <summary>Opens the workspace that a command line names.</summary>
    public static Workspace OpenWorkspace(this ParseResult parsed) =>
        Aval.Workspace.Open(parsed.GetValue(Workspace), Environment.CurrentDirectory);

    /// <summary>A new <c>--json</c> option.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON" };
}
