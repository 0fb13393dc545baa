using System.Security.Cryptography;
using System.Text;

namespace Aval.Proofs;

/// <summary>A proof of presence to which a list of members commits, and what opens that commitment.</summary>
/// <param name="Opening">32 bytes.</param>
/// <param name="Proof">The file of an <see cref="AuthorProof"/>.</param>
public sealed record OpenedPresence(Opening Opening, byte[] Proof)
{
    /// <summary>What the list holds: HMAC-SHA256(opening, the proof's file).</summary>
    public Hash Commitment
    {
        get
        {
            var commitment = default(Hash);
            HMACSHA256.HashData(Opening.Bytes, Proof, commitment);
            return commitment;
        }
    }
}

/// <summary>
/// One member of a list, who agreed to be named (docs/formats/members.md): the mandate with its opening, the proof of
/// the pseudonym, and where the member is in the list's release the proof of that. Reading it verifies nothing;
/// <see cref="Verify"/> does.
/// </summary>
/// <param name="List">SHA-256 of the list's file.</param>
/// <param name="Agreement">SHA-256 of what the member agreed by: stated, and to be shown by whoever has it.</param>
/// <param name="Receipt">Of the mandate.</param>
/// <param name="Pseudonym">The VRF proof of the pseudonym, 81 bytes.</param>
/// <param name="Presence">Null = the list says that the member is in no release, or that stays closed.</param>
public sealed record MemberOpening(
    Hash List, Hash Agreement, Receipt Receipt, byte[] Pseudonym, OpenedPresence? Presence)
{
    /// <summary>The first line.</summary>
    public const string Header = "aval-member/1";

    /// <summary>Reads one.</summary>
    /// <exception cref="ProofException">Malformed.</exception>
    public static MemberOpening Parse(ReadOnlySpan<byte> file)
    {
        var lines = Encoding.Latin1.GetString(Mailed.AsSent(file)).Split('\n');
        if (lines is not [Header, var list, var agreement, var receipt, var pseudonym, .. var rest, ""]
            || rest.Length is not (0 or 2))
            throw Broken($"it is not {Header} and its lines");
        return new MemberOpening(
            HashOf(list, "list "), HashOf(agreement, "agreement "), Receipt.Parse(Decoded(receipt, "receipt ")),
            Decoded(pseudonym, "pseudonym "),
            rest is [var opening, var proof]
                ? new OpenedPresence(OpeningOf(opening), Decoded(proof, "presence "))
                : null);
    }

    /// <summary>The bytes of the file.</summary>
    public byte[] ToFile()
    {
        var text = new StringBuilder(Header).Append('\n');
        void Line(string name, string value) => text.Append(name).Append(' ').Append(value).Append('\n');
        Line("list", List.ToString());
        Line("agreement", Agreement.ToString());
        Line("receipt", Convert.ToBase64String(Receipt.ToFile()));
        Line("pseudonym", Convert.ToBase64String(Pseudonym));
        if (Presence is { } presence)
        {
            Line("opening", Convert.ToBase64String(presence.Opening.Bytes));
            Line("presence", Convert.ToBase64String(presence.Proof));
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>
    /// Checks that this is a member of a list that was verified, that the mandate was given to the list's association
    /// for its purpose, and that it had not ended by the list's instant.
    /// </summary>
    /// <param name="list">The list.</param>
    /// <param name="file">The list's file.</param>
    /// <param name="key">The ledger's key, under which the mandate's receipt was made.</param>
    /// <exception cref="ProofException">It is not shown.</exception>
    public ListedMember Verify(MemberList list, ReadOnlySpan<byte> file, VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(key);
        if (Hash.Of(Mailed.AsSent(file)) != List)
            throw ProofException.Wrong("This opens a member of another list.");
        Receipt.Verify(key);
        var member = list.Members.FirstOrDefault(one => one.Index == Receipt.Inclusion.Index)
            ?? throw ProofException.Wrong($"Entry {Receipt.Inclusion.Index} is no member of the list.");
        if (member.Entry != Receipt.Entry)
            throw ProofException.Wrong($"The commitment of entry {member.Index} in the list is not that of the mandate "
                + "that is opened.");
        RequireMandate(list, Receipt.Statement);
        var alpha = MemberList.Alpha(key.Name, list.Case, Receipt.Statement.Account);
        if (list.Key.Verify(alpha, Pseudonym) != member.Pseudonym)
            throw ProofException.Wrong($"The pseudonym of entry {member.Index} in the list is not that of "
                + $"{ManifestFacts.Printable(Receipt.Statement.Account)}.");
        if (Presence is { } presence && presence.Commitment != member.Presence)
            throw ProofException.Wrong($"The proof of presence that is opened is not the one that the list commits to "
                + $"for entry {member.Index}.");
        return member;
    }

    /// <summary>Checks that the member is in the list's release.</summary>
    /// <param name="list">The list.</param>
    /// <param name="release">The release, verified.</param>
    /// <param name="key">Who must have signed the release's tree of authors.</param>
    /// <exception cref="ProofException">It is not shown.</exception>
    public void RequirePresent(MemberList list, ManifestFacts release, VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(release);
        if (Presence is not { } presence)
            throw ProofException.Wrong("No proof of presence is opened.");
        if (list.Release?.Manifest != release.Sha256)
            throw ProofException.Wrong($"The list is about {list.Release?.Name ?? "no release"}, and the manifest is "
                + $"another one, of {release.Name}.");
        var shown = SpelledVerdict.Of(
            release, Receipt.Statement.Account, [(AuthorProof.Parse(presence.Proof), key)]);
        if (shown.Verdict != AuthorVerdict.Present)
            throw ProofException.Wrong($"The proof shows that the member, {ManifestFacts.Printable(shown.Spelling)}, "
                + $"is absent from {release.Name}.");
    }

    private static void RequireMandate(MemberList list, Statement said)
    {
        if (said.Kind != StatementKind.Mandate)
            throw ProofException.Wrong($"What is opened is no mandate but: {said.Kind.ToText()}.");
        if (said.Association != list.Association || said.Purpose != list.Purpose)
            throw ProofException.Wrong("The mandate is to "
                + $"{ManifestFacts.Printable(said.Association ?? "nobody")} for "
                + $"{ManifestFacts.Printable(said.Purpose)}, and the list is of {list.Association} for "
                + $"{list.Purpose}.");
        if (said.MadeAt > list.AsOf || said.ReceivedAt > list.AsOf || said.Until <= list.AsOf)
            throw ProofException.Wrong($"The mandate was not in force at {Statement.ToText(list.AsOf)}.");
    }

    private static Hash HashOf(string line, string name) => Decoded(line, name) is { Length: Hash.Size } bytes
        ? Hash.From(bytes)
        : throw Broken($"its line \"{name.TrimEnd()}\" is not 32 bytes");

    private static Opening OpeningOf(string line) =>
        Decoded(line, "opening ") is { Length: Opening.Size } bytes
            ? new Opening(bytes)
            : throw Broken("its opening is not 32 bytes");

    private static byte[] Decoded(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) && Base64.TryDecode(line[name.Length..], out var bytes)
            ? bytes
            : throw Broken($"it has no line \"{name.TrimEnd()}\" in base64 where one should be");

    private static ProofException Broken(string why) =>
        ProofException.Malformed($"Not the opening of a member: {why}.");
}
