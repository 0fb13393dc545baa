using Aval.Runs;

namespace Aval.Cli;

/// <summary>Runs whose process is gone: whoever asks about runs writes down that they were killed.</summary>
internal static class SettledRuns
{
    /// <summary>Writes them down, and says so.</summary>
    public static void Tell(Terminal terminal, Workspace workspace)
    {
        foreach (var run in Running.Settle(workspace, terminal.Clock))
            terminal.Error.WriteLine($"{run} was begun, and what watched over it was killed: written down as such. "
                + "What its trainer left behind, if anything, is not known here; register it with: aval model "
                + "register");
    }
}
