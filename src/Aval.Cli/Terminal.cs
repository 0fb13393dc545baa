using System.Text;
using System.Text.Json;
using Aval.Storage;

namespace Aval.Cli;

/// <summary>
/// Where a command writes, and its clock. Results go to <paramref name="Out"/>; progress and errors to
/// <paramref name="Error"/>, so that a pipe holds results alone.
/// </summary>
public sealed record Terminal(TextWriter Out, TextWriter Error, TimeProvider Clock)
{
    /// <summary>For what steers the terminal itself: <see cref="ProgressLine"/>, and nothing that came from
    /// outside.</summary>
    internal TextWriter Screen => Error is HarmlessWriter harmless ? harmless.Inner : Error;

    /// <summary>Whether somebody watches: progress is redrawn then, and plain lines otherwise.</summary>
    public bool Interactive { get; } = !Console.IsErrorRedirected && !Console.IsOutputRedirected;

    /// <summary>A result for programs, in the place of sentences.</summary>
    internal void WriteJson(Action<Utf8JsonWriter> document) =>
        Out.Write(Encoding.UTF8.GetString(JsonText.Write(document)));
}
