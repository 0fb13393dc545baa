using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Aval.Choices;

/// <summary>Gives a choice the random opening that its entry commits with.</summary>
internal static class Sealing
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _statement;

    /// <summary>The entry of a choice, with what opens it.</summary>
    public static NewEntry Seal(Choice choice)
    {
        var statement = _statement ??= new ArrayBufferWriter<byte>(512);
        statement.ResetWrittenCount();
        ChoiceJson.Write(choice, statement);
        var opening = new Opening(RandomNumberGenerator.GetBytes(Opening.Size));
        return new NewEntry(LedgerEntry.OfChoice(opening, statement.WrittenSpan), new SealedChoice(choice, opening));
    }

    /// <summary>The entry of an act, with what opens it.</summary>
    public static NewEntry Seal(Act act) =>
        Seal(new SealedAct(act, new Opening(RandomNumberGenerator.GetBytes(Opening.Size))));

    /// <summary>The entry of an act whose opening is known: HMAC-SHA256(opening, what it says), as of a
    /// choice.</summary>
    public static NewEntry Seal(SealedAct act) => new(
        new LedgerEntry(
            EntryKind.OfficerAction,
            LedgerEntry.OfChoice(act.Opening, Encoding.UTF8.GetBytes(act.Act.Said)).Digest),
        null, act);
}
