using System.Buffers;
using System.Text;

namespace Aval.Choices;

/// <summary>
/// The canonical JSON of a choice (RFC 8785; docs/formats/ledger.md): the bytes that its entry commits to and that its
/// receipt holds. Members in order of their names, absent ones left out, all values text.
/// </summary>
internal static class ChoiceJson
{
    /// <summary>The bytes, without a newline.</summary>
    public static byte[] Of(Choice choice)
    {
        var buffer = new ArrayBufferWriter<byte>(384);
        Write(choice, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Appends the bytes to a buffer.</summary>
    public static void Write(Choice choice, IBufferWriter<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(choice);
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.Write("{\"account\":\""u8);
        Text(choice.Account.Service, buffer);
        buffer.Write(":"u8);
        Text(choice.Account.Id, buffer);
        Member("\",\"actor\":\""u8, choice.Actor.ToText(), buffer);
        Optional("\",\"association\":\""u8, choice.Association, buffer);
        Optional("\",\"channel\":\""u8, choice.Channel, buffer);
        Optional("\",\"evidence\":\""u8, choice.Evidence, buffer);
        Member("\",\"kind\":\""u8, choice.Kind.ToText(), buffer);
        Member("\",\"made_at\":\""u8, choice.MadeAt.ToText(), buffer);
        Optional("\",\"notice\":\""u8, choice.Notice, buffer);
        Member("\",\"purpose\":\""u8, choice.Purpose.Name, buffer);
        Member("\",\"received_at\":\""u8, choice.ReceivedAt.ToText(), buffer);
        Member("\",\"scope\":\""u8, choice.Scope.ToString(), buffer);
        Optional("\",\"until\":\""u8, choice.Until?.ToText(), buffer);
        buffer.Write("\"}"u8);
    }

    private static void Member(ReadOnlySpan<byte> name, string value, IBufferWriter<byte> buffer)
    {
        buffer.Write(name);
        Text(value, buffer);
    }

    private static void Optional(ReadOnlySpan<byte> name, string? value, IBufferWriter<byte> buffer)
    {
        if (value is not null)
            Member(name, value, buffer);
    }

    // RFC 8785 §3.2.2.2: everything stands as it is but '"', '\' and control characters. The rules of choices and the
    // spelling of accounts let none of the last through; nothing is written that they would have refused.
    private static void Text(string value, IBufferWriter<byte> buffer)
    {
        var rest = value.AsSpan();
        for (var at = rest.IndexOfAny('"', '\\'); at >= 0; at = rest.IndexOfAny('"', '\\'))
        {
            Encoding.UTF8.GetBytes(rest[..at], buffer);
            buffer.Write(rest[at] == '"' ? "\\\""u8 : "\\\\"u8);
            rest = rest[(at + 1)..];
        }

        Encoding.UTF8.GetBytes(rest, buffer);
    }
}
