using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aval.Authors;
using Aval.Building;
using Aval.Choices;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Recording;

namespace Aval.Cases;

/// <summary>Whose members are listed.</summary>
/// <param name="Case">The name of the case.</param>
/// <param name="Association">Whom they mandated.</param>
/// <param name="Purpose">For which purpose.</param>
/// <param name="Release">The folder of a release in which their presence is looked for; null = nowhere.</param>
/// <param name="At">Mandates that are in force then.</param>
internal sealed record MembersAsked(
    string Case, string Association, Purpose Purpose, string? Release, DateTimeOffset At);

/// <summary>
/// The members of a collective action, without their names (docs/formats/members.md): each by the commitment of one
/// mandate, one person once. It is signed by the ledger's key, whose holder states what no commitment shows: that these
/// are the mandates in force, and which accounts are one person.
/// </summary>
internal static class CaseMembers
{
    // What a verifier reads at once; with the longest proofs there are.
    private const int Most = 40_000;

    /// <summary>Makes the list.</summary>
    /// <returns>The bytes of its file.</returns>
    /// <exception cref="AvalException">Usage: nobody mandated the association. Refused: links make more accounts one
    /// person than aval.yaml allows. Bad input: a choice, a tile or the release's tree is missing or
    /// damaged.</exception>
    public static byte[] List(Workspace workspace, MembersAsked asked)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(asked);
        if (!Mandates.IsAssociation(asked.Association))
            throw AvalException.Usage($"--association should hold {Mandates.AssociationForm}, but "
                + $"{Shown.Of(asked.Association)} was found. Nothing was done.");
        using var receipts = Receipts.Open(workspace);
        var given = MandateBook.InForce(workspace, asked.At).Where(one =>
            one.Recorded.Choice.Association == asked.Association && one.Recorded.Choice.Purpose == asked.Purpose
            && one.Recorded.Index.Value < receipts.Published.Size.Value).ToArray();
        if (given.Length == 0)
            throw AvalException.Usage($"No mandate to {asked.Association} for {asked.Purpose} is in force at "
                + $"{asked.At.ToText()}. Nothing was done. See: aval query \"SELECT association, count(*) FROM choices "
                + "WHERE kind = 'mandate' GROUP BY ALL\"");
        var release = asked.Release is null ? null : Presences.Open(workspace, asked.Case, asked.Release);
        var key = VrfKey.Read(workspace.VrfKeyFile);
        var tiles = new TileReader(workspace.Ledger, receipts.Published.Size);
        using var store = CommittedChoices.OpenStore(workspace);
        var members = given.GroupBy(one => one.Person, StringComparer.Ordinal)
            .Select(person => MemberOf([.. person.Select(one => one.Recorded.Index)], release, index =>
                store.Opened(index)?.Choice.Account ?? throw Gone(index), (index, account, presence) =>
                new ListedMember(
                    index, Hash.From(tiles.Entry(index).AsSpan(2)),
                    key.Output(MemberList.Alpha(workspace.Settings.Origin, asked.Case, account.ToString())), presence,
                    tiles.Inclusion(index))))
            .OrderBy(member => member.Index.Value).ToArray();
        if (members.Length > Most)
            throw AvalException.Refused(string.Create(
                CultureInfo.InvariantCulture,
                $"The list would have {members.Length} members, and one has at most {Most}. Nothing was done."));
        var list = new MemberList(
            asked.Case, asked.Association, asked.Purpose.Name, asked.At, release?.Named, key.Public,
            receipts.Published.Note, members);
        return SigningKey.Read(workspace.SigningKeyFile).Sign(list.ToText());
    }

    /// <summary>
    /// Opens the member who gave a mandate on an account, and checks the opening as a stranger would.
    /// </summary>
    /// <param name="workspace">Whose ledger.</param>
    /// <param name="list">The bytes of the list.</param>
    /// <param name="account">An account of the member's: the one of the mandate that is listed.</param>
    /// <param name="agreement">SHA-256 of what the member agreed by.</param>
    /// <exception cref="AvalException">Usage: no mandate of this account is in the list. Bad input: the choice was
    /// forgotten, or the list's release is not there any more.</exception>
    public static MemberOpening Open(Workspace workspace, byte[] list, Account account, Hash agreement)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var read = MemberList.Parse(list);
        var listed = read.Members.ToDictionary(member => member.Index.Value);
        using var receipts = Receipts.Open(workspace);
        EntryIndex[] own = [.. receipts.OfAccount(account).Where(index => listed.ContainsKey(index.Value))];
        if (own is not [var index])
            throw AvalException.Usage($"No mandate that was given on {account} is in this list. Nothing was done. Of a "
                + "person with several accounts the list names one mandate: open it by that account.");
        var key = VrfKey.Read(workspace.VrfKeyFile);
        var receipt = receipts.Of(index);
        var opening = new MemberOpening(
            Hash.Of(list), agreement, receipt,
            key.Prove(MemberList.Alpha(workspace.Settings.Origin, read.Case, receipt.Statement.Account)),
            listed[index.Value].Presence is null || read.Release is not { } release
                ? null
                : Presences.Open(workspace, read.Case, ReleaseName.Find(workspace, release.Name))
                    .Of(index, Account.Parse(receipt.Statement.Account)));
        try
        {
            opening.Verify(read, list, LedgerKeys.Of(workspace).For(receipt.Inclusion.Note));
            return opening;
        }
        catch (ProofException wrong)
        {
            throw AvalException.BadInput($"The member of entry {index} cannot be opened: {wrong.Message} Nothing was "
                + "written. The list is of another workspace, or keys/ or the release were replaced since.", wrong);
        }
    }

    // Of a person with several mandates the one whose account is in the release, else the first: so that nobody who is
    // present counts as absent, and nobody twice.
    private static ListedMember MemberOf(
        IReadOnlyList<EntryIndex> mandates, Presences? release, Func<EntryIndex, Account> accountOf,
        Func<EntryIndex, Account, Hash?, ListedMember> make)
    {
        foreach (var index in release is null ? [] : mandates)
        {
            var account = accountOf(index);
            if (release!.Of(index, account) is { } presence)
                return make(index, account, presence.Commitment);
        }

        return make(mandates[0], accountOf(mandates[0]), null);
    }

    private static AvalException Gone(EntryIndex index) => AvalException.Busy(
        $"The mandate of entry {index} was forgotten while the list was made. Nothing was done. Run the command "
            + "again.");

    /// <summary>The proofs that accounts are in a release, under what commits to them.</summary>
    private sealed class Presences(AuthorProver prover, Manifest manifest, NamedRelease named, byte[] key)
    {
        public NamedRelease Named => named;

        public static Presences Open(Workspace workspace, string name, string release)
        {
            ReleaseCommitment.RequireContinued(workspace, release);
            var manifest = Manifest.Read(release);
            return new Presences(
                AuthorProver.Open(workspace, release), manifest,
                new NamedRelease(
                    $"{manifest.Corpus}/{manifest.Release}",
                    Hash.Of(File.ReadAllBytes(Path.Combine(release, Manifest.FileName)))),
                workspace.ReadKey().MacKey($"aval/case-members/v1/{name}"));
        }

        /// <summary>The proof that an account is there; null = it is not. The same each time, its opening
        /// included.</summary>
        public OpenedPresence? Of(EntryIndex index, Account account)
        {
            if (!Account.TryParse(account.ToString(), manifest.Services, out var formed, out var expected))
                throw AvalException.BadInput($"Entry {index}: its account should be {expected} in {named.Name}, and "
                    + "nobody could say whether it is there. Nothing was done.");
            if (!prover.Holds(formed))
                return null;
            var (proof, verdict) = prover.Make(formed);
            return verdict switch
            {
                AuthorVerdict.Present => new OpenedPresence(
                    new Opening(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"{named.Name}\0{index}"))),
                    proof.ToFile()),
                AuthorVerdict.Absent => null,
            };
        }
    }
}
