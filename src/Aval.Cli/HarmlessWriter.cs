using System.Text;

namespace Aval.Cli;

/// <summary>All that a command prints passes here: what files and people brought may not steer a terminal, and no
/// private key is shown.</summary>
internal sealed class HarmlessWriter : TextWriter
{
    private HarmlessWriter(TextWriter inner) => Inner = inner;

    /// <summary>Where it goes. Only what we draw ourselves is written there at once.</summary>
    public TextWriter Inner { get; }

    public override Encoding Encoding => Inner.Encoding;

    public static TextWriter Over(TextWriter writer) => writer as HarmlessWriter ?? new HarmlessWriter(writer);

    public override void Write(char value)
    {
        // Half a character cannot be judged alone; whoever writes characters one by one writes our own.
        if (char.IsSurrogate(value))
            Inner.Write(value);
        else
            Write(value.ToString());
    }

    public override void Write(string? value) => Inner.Write(value is null ? null : Shown.OnATerminal(value));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void WriteLine() => Inner.WriteLine();

    public override void WriteLine(string? value) => Inner.WriteLine(value is null ? null : Shown.OnATerminal(value));

    public override void Flush() => Inner.Flush();
}
