namespace Aval.Cli;

/// <summary>Where a command writes, and its clock. Results go to <paramref name="Out"/>; progress and errors to <paramref name="Error"/>, so that a pipe holds results alone.</summary>
public sealed record Terminal(TextWriter Out, TextWriter Error, TimeProvider Clock)
{
    /// <summary>Whether somebody watches: progress is redrawn then, and plain lines otherwise.</summary>
    public bool Interactive { get; } = !Console.IsErrorRedirected && !Console.IsOutputRedirected;
}
