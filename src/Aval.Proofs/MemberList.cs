using System.Globalization;
using System.Text;

namespace Aval.Proofs;

/// <summary>A member of a collective action, by the commitment of a mandate.</summary>
/// <param name="Index">Where the mandate stands in the ledger.</param>
/// <param name="Digest">The 32 bytes of its entry.</param>
/// <param name="Pseudonym">The VRF output for the account that gave it, under this case: another account has another
/// one.</param>
/// <param name="Presence">The commitment to the proof that the account is in the release; null = it is not, or no
/// release is named.</param>
/// <param name="Hashes">That the entry is in the ledger: its sibling first, up to the root's child.</param>
public sealed record ListedMember(
    EntryIndex Index, Hash Digest, Hash Pseudonym, Hash? Presence, IReadOnlyList<Hash> Hashes)
{
    /// <summary>The entry to which the ledger commits.</summary>
    public LedgerEntry Entry => new(EntryKind.Choice, Digest);
}

/// <summary>A release in which members are.</summary>
/// <param name="Name"><c>corpus/release</c>.</param>
/// <param name="Manifest">SHA-256 of its manifest.</param>
public sealed record NamedRelease(string Name, Hash Manifest);

/// <summary>
/// The members of a collective action, without their names (docs/formats/members.md): a note signed by the ledger's
/// key. Reading it verifies nothing; <see cref="Verify"/> does.
/// </summary>
/// <param name="Case">The name of the case.</param>
/// <param name="Association">Whom they mandated.</param>
/// <param name="Purpose">For which purpose.</param>
/// <param name="AsOf">Their mandates were in force then.</param>
/// <param name="Release">Where their presence was looked for; null = nowhere.</param>
/// <param name="Key">Who made the pseudonyms.</param>
/// <param name="Note">The checkpoint to which all of them lead.</param>
/// <param name="Members">In the order of the ledger.</param>
public sealed record MemberList(
    string Case, string Association, string Purpose, DateTimeOffset AsOf, NamedRelease? Release, VrfPublicKey Key,
    byte[] Note, IReadOnlyList<ListedMember> Members)
{
    /// <summary>The first line.</summary>
    public const string Header = "aval-members/1";

    private const string None = "-";

    /// <summary>How many of them are in the release.</summary>
    public int Present => Members.Count(member => member.Presence is not null);

    /// <summary>The text that is signed.</summary>
    public string ToText()
    {
        var text = new StringBuilder(Header).Append('\n');
        void Line(string name, string value) => text.Append(name).Append(' ').Append(value).Append('\n');
        Line("case", Case);
        Line("association", Association);
        Line("purpose", Purpose);
        Line("as_of", Statement.ToText(AsOf));
        Line("vrf_key", Key.ToString());
        Line("checkpoint", Convert.ToBase64String(Note));
        Line("members", Members.Count.ToString(CultureInfo.InvariantCulture));
        Line("release", Release is { } release ? $"{release.Name} {release.Manifest}" : None);
        Line("present", Release is null ? None : Present.ToString(CultureInfo.InvariantCulture));
        foreach (var member in Members)
            text.Append(member.Index).Append(' ').Append(member.Digest).Append(' ').Append(member.Pseudonym).Append(' ')
                .Append(member.Presence?.ToString() ?? None).Append(' ')
                .Append(member.Hashes.Count == 0 ? None : string.Join(',', member.Hashes)).Append('\n');
        return text.ToString();
    }

    /// <summary>Reads a list: there is one spelling of each.</summary>
    /// <exception cref="ProofException">Malformed.</exception>
    public static MemberList Parse(ReadOnlySpan<byte> file)
    {
        var text = SignedNote.Parse(file).Text;
        var lines = new Queue<string>(text[..^1].Split('\n'));
        if (lines.Dequeue() != Header)
            throw Broken($"its first line is not {Header}");
        string Take(string name) =>
            lines.TryDequeue(out var line) && line.StartsWith($"{name} ", StringComparison.Ordinal)
                ? line[(name.Length + 1)..]
                : throw Broken($"it has no line \"{name}\" where one should be");
        var (name, association, purpose) = (Take("case"), Take("association"), Take("purpose"));
        if (!Statement.TryInstant(Take("as_of"), out var asOf))
            throw Broken("its as_of is not an instant (2025-05-27T00:00:00.000000Z)");
        if (!Base64.TryDecode(Take("vrf_key"), out var key) || !Base64.TryDecode(Take("checkpoint"), out var note))
            throw Broken("its vrf_key or its checkpoint is not base64");
        var (count, release, present) = (Take("members"), Take("release"), Take("present"));
        var list = new MemberList(
            name, association, purpose, asOf, Named(release), VrfPublicKey.Parse(key), note,
            [.. lines.Select(Member)]);
        // Written again and compared: the numbers that it states are those of its lines, and nothing stands there
        // twice or in another spelling.
        return list.ToText() == text
            ? list
            : throw Broken($"it states {count} members, {present} of them present, and its lines do not, or it is not "
                + "in the one spelling that it has");
    }

    /// <summary>
    /// Checks all that the list shows without a name: the signature, that each member's entry is in the ledger under
    /// one signed checkpoint, and that no entry, commitment or pseudonym stands there twice.
    /// </summary>
    /// <param name="file">The file, as it was parsed.</param>
    /// <param name="key">Who must have signed: the ledger's key.</param>
    /// <exception cref="ProofException">It is not shown.</exception>
    public Checkpoint Verify(ReadOnlySpan<byte> file, VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var signed = SignedNote.Parse(file);
        if (signed.Text != ToText())
            throw ProofException.Wrong("The file is another list than the one that is verified.");
        signed.RequireSignature(key);
        var checkpoint = Checkpoint.Verify(Note, key, key.Name);
        RequireDistinct();
        var entry = new byte[LedgerEntry.Size];
        foreach (var member in Members)
        {
            member.Entry.CopyTo(entry);
            MerkleTree.RequireInclusion(
                MerkleTree.Leaf(entry), member.Index, checkpoint.Size, checkpoint.Root, member.Hashes);
        }

        return checkpoint;
    }

    /// <summary>
    /// The input of the VRF for a member's account: <c>aval/member/v1 ‖ 0 ‖ origin ‖ 0 ‖ case ‖ 0 ‖ service:id</c>,
    /// UTF-8. By case, so that the lists of two cases do not tell who is in both.
    /// </summary>
    /// <exception cref="ProofException">One of them is empty, or holds a control character, which could move the border
    /// between two.</exception>
    public static byte[] Alpha(string origin, string name, string account)
    {
        string[] parts = [origin, name, account];
        return parts.All(part => part.Length > 0 && !part.Any(char.IsControl))
            ? Encoding.UTF8.GetBytes($"aval/member/v1\0{origin}\0{name}\0{account}")
            : throw ProofException.Malformed("The ledger, the case or the account is empty or holds a control "
                + "character: no member is named so.");
    }

    private void RequireDistinct()
    {
        var (digests, pseudonyms) = (new HashSet<Hash>(), new HashSet<Hash>());
        var before = new EntryIndex(-1);
        foreach (var member in Members)
        {
            if (member.Index.Value <= before.Value)
                throw ProofException.Wrong($"Entry {member.Index} stands in the list after entry {before}: a member "
                    + "may be counted twice.");
            if (!digests.Add(member.Digest) || !pseudonyms.Add(member.Pseudonym))
                throw ProofException.Wrong($"The member of entry {member.Index} is in the list already: somebody was "
                    + "counted twice.");
            if (member.Presence is not null && Release is null)
                throw ProofException.Wrong($"The member of entry {member.Index} is said to be present in a release, "
                    + "and the list names none.");
            before = member.Index;
        }
    }

    private static NamedRelease? Named(string release) => release == None ? null
        : release.Split(' ') is [{ Length: > 0 } name, var manifest] && Hash.TryParse(manifest, out var hash)
            ? new NamedRelease(name, hash)
            : throw Broken("its release is not a name and the hash of a manifest");

    private static ListedMember Member(string line)
    {
        if (line.Split(' ') is not [var index, var digest, var pseudonym, var presence, var hashes]
            || !TreeSize.TryParse(index, out var place) || !Hash.TryParse(digest, out var committed)
            || !Hash.TryParse(pseudonym, out var who))
            throw Broken("a line of it is not a member");
        var there = presence == None ? (Hash?)null : Parsed(presence);
        string[] path = hashes == None ? [] : hashes.Split(',');
        return path.Length <= MerkleTree.MaxProof
            ? new ListedMember(new EntryIndex(place), committed, who, there, [.. path.Select(Parsed)])
            : throw Broken($"a member of it has more than {MerkleTree.MaxProof} hashes");
    }

    private static Hash Parsed(string text) =>
        Hash.TryParse(text, out var hash) ? hash : throw Broken("a line of it has a hash that is none");

    private static ProofException Broken(string why) => ProofException.Malformed($"Not a list of members: {why}.");
}
