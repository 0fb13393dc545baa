using System.Buffers.Binary;
using System.Text;

namespace Aval.Proofs;

/// <summary>One signature line of a note.</summary>
/// <param name="Name">The key's name.</param>
/// <param name="Id">The key's id.</param>
/// <param name="Signature">What follows the id; 64 bytes when it is Ed25519.</param>
public sealed record NoteSignature(string Name, uint Id, byte[] Signature);

/// <summary>
/// A text with signatures below it (C2SP signed-note). Reading it verifies nothing; <see cref="RequireSignature"/>
/// does.
/// </summary>
public sealed class SignedNote
{
    /// <summary>The most signature lines that are read.</summary>
    public const int MaxSignatures = 100;

    private const string Dash = "\u2014 ";
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private SignedNote(string text, IReadOnlyList<NoteSignature> signatures) => (Text, Signatures) = (text, signatures);

    /// <summary>The signed text; its last character is a newline.</summary>
    public string Text { get; }

    /// <summary>At least one.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>Reads a note.</summary>
    /// <exception cref="ProofException">Malformed.</exception>
    public static SignedNote Parse(ReadOnlySpan<byte> note)
    {
        string whole;
        try
        {
            whole = Strict.GetString(Mailed.AsSent(note));
        }
        catch (DecoderFallbackException broken)
        {
            throw ProofException.Malformed("The signed note is not UTF-8.", broken);
        }

        if (whole.Any(c => c < ' ' && c != '\n'))
            throw ProofException.Malformed("The signed note holds a control character.");
        // The last empty line: the text may have some of its own.
        var split = whole.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || !whole.EndsWith('\n') || split + 2 == whole.Length)
            throw ProofException.Malformed("The signed note has no signature below an empty line.");
        var lines = whole[(split + 2)..^1].Split('\n');
        return lines.Length <= MaxSignatures
            ? new SignedNote(whole[..(split + 1)], [.. lines.Select(Signature)])
            : throw ProofException.Malformed($"The signed note has more than {MaxSignatures} signatures.");
    }

    /// <summary>
    /// Checks that <paramref name="key"/> signed the text. Lines of other keys are ignored, as the specification has
    /// it; a line that bears this key's name and id and does not verify spoils the note, whatever else it holds.
    /// </summary>
    /// <exception cref="ProofException">It did not.</exception>
    public void RequireSignature(VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var ours = Signatures.Where(line => line.Name == key.Name && line.Id == key.Id).ToArray();
        if (ours.Length == 0)
            throw ProofException.Wrong($"It is not signed by {key.Name}+{key.Id:x8}; it is signed by "
                + $"{string.Join(", ", Signatures.Select(line => $"{line.Name}+{line.Id:x8}"))}.");
        var text = Encoding.UTF8.GetBytes(Text);
        if (!ours.All(line => key.Verifies(text, line.Signature)))
            throw ProofException.Wrong($"The signature of {key.Name}+{key.Id:x8} does not belong to this text.");
    }

    /// <summary>The bytes of a note: the text, an empty line, the signature lines.</summary>
    internal static byte[] Write(string text, IEnumerable<NoteSignature> signatures)
    {
        var note = new StringBuilder(text).Append('\n');
        foreach (var line in signatures)
        {
            var id = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(id, line.Id);
            note.Append(Dash).Append(line.Name).Append(' ').Append(Convert.ToBase64String([.. id, .. line.Signature]))
                .Append('\n');
        }

        return Strict.GetBytes(note.ToString());
    }

    private static NoteSignature Signature(string line)
    {
        var parts = line.StartsWith(Dash, StringComparison.Ordinal) ? line[Dash.Length..].Split(' ') : [];
        if (parts.Length != 2 || !VerifierKey.IsName(parts[0]) || !Base64.TryDecode(parts[1], out var bytes)
            || bytes.Length < 5)
            throw ProofException.Malformed("The signed note has a line among its signatures that is none.");
        return new NoteSignature(parts[0], BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes[4..]);
    }
}
