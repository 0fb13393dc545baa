using System.CommandLine;
using Aval.People;

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

    /// <summary>A new <c>--handle</c> option: what a person knows who does not know an id.</summary>
    public static Option<string?> Handle() => new("--handle")
    {
        Description = "Instead of the account, a handle that it has or had: service:handle",
        HelpName = "instagram:kim_invented",
    };

    /// <summary>
    /// The account that a command line names, by itself or by a handle that it had at an instant or before.
    /// </summary>
    /// <exception cref="AvalException">Usage: neither or both, or a handle that means no account or several, naming
    /// them.</exception>
    public static Account Named(
        Workspace workspace, string? account, string? handle, DateTimeOffset now, DateTimeOffset? at = null,
        ServiceForms? forms = null) =>
        (account, handle) switch
        {
            ({ } stated, null) => Account.Parse(stated, forms ?? workspace.Settings.Services),
            (null, { } written) => Handles.Require(workspace, now, written, at ?? now),
            _ => throw AvalException.Usage("Say whom it is about: by the account (facebook:100044), or by --handle "
                + "instagram:kim_invented; one of these. Nothing was done."),
        };
}
