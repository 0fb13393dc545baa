using System.CommandLine;
using System.Globalization;
using Aval.Ledger;

namespace Aval.Cli;

internal static partial class VerifyCommand
{
    private static Command Members(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The list of members" };
        var opened = new Option<string[]>("--open")
        {
            Description = "The opening of a member who agreed to be named; again for another",
            HelpName = "FILE",
        };
        var manifest = new Option<string?>("--manifest")
        {
            Description = "The manifest.json of the list's release, manifest.tlog-proof beside it: are the members who "
                + "are opened in it?",
            HelpName = "FILE",
        };
        var (key, ledger, json) = (KeyOption(), CopyOption(), CommonOptions.Json());
        var command = new Command("members", "Verify a list of the members of a collective action, who are not named: "
            + "each is a commitment in the ledger, and none stands there twice.\n\nExample: aval verify members "
            + "members.list --key ledger.vkey --open ann.member") { file, opened, manifest, key, ledger, json };
        command.SetAction(parsed => Answer(terminal, parsed.GetValue(json), () =>
        {
            var keys = KeysOf(parsed, key);
            var bytes = Read(parsed.GetValue(file)!);
            var list = MemberList.Parse(bytes);
            var checkpoint = list.Verify(bytes, keys.For(bytes));
            var (copy, seen) = (parsed.GetValue(ledger), new SeenCheckpoints());
            seen.Add(Path.GetFileName(parsed.GetValue(file)!), checkpoint, list.Note);
            var release = parsed.GetValue(manifest) is { } path ? ReleaseOf(list, path, copy, seen, keys) : null;
            MemberOpening[] openings =
            [
                .. (parsed.GetValue(opened) ?? []).Select(one => Opened(list, bytes, one, release, seen, keys)),
            ];
            RequireSameHistory(copy, seen, keys);
            return Describe(list, checkpoint, openings, release);
        }));
        return command;
    }

    private static ManifestFacts ReleaseOf(
        MemberList list, string path, string? copy, SeenCheckpoints seen, LedgerKeys keys)
    {
        var committed = ReadManifest(path, copy, keys);
        var shown = committed.Verify(KeyOf(committed, keys));
        seen.Add(Path.GetFileName(path), shown.Checkpoint, InclusionProof.Parse(committed.Entry).Note);
        var release = shown.Manifest;
        return release.Sha256 == list.Release?.Manifest ? release : throw ProofException.Wrong("The list is about "
            + $"{Shown.Of(list.Release?.Name ?? "no release")}, and the manifest is another one, of {release.Name}.");
    }

    private static MemberOpening Opened(
        MemberList list, byte[] bytes, string file, ManifestFacts? release, SeenCheckpoints seen, LedgerKeys keys)
    {
        var opening = MemberOpening.Parse(Read(file));
        var note = opening.Receipt.Inclusion.Note;
        opening.Verify(list, bytes, keys.For(note));
        seen.Add(Path.GetFileName(file), Checkpoint.Parse(SignedNote.Parse(note).Text), note);
        if (release is not null && opening.Presence is { } presence)
            opening.RequirePresent(
                list, release, keys.For(AuthorProof.Parse(presence.Proof).Inclusion.Note));
        return opening;
    }

    private static Found Describe(
        MemberList list, Checkpoint checkpoint, MemberOpening[] openings, ManifestFacts? release)
    {
        static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
        var text = Sentences(
        [
            $"Verified: {Number(list.Members.Count)} member{(list.Members.Count == 1 ? "" : "s")} of the case "
                + $"{Shown.Of(list.Case)}, each by a commitment in the ledger {checkpoint.Origin} under one checkpoint "
                + $"of {checkpoint.Size} entries, and none twice.",
            $"  mandated: {Shown.Of(list.Association)}, for {Shown.Of(list.Purpose)}, as of {list.AsOf.ToText()}",
            list.Release is { } named ? $"  present:  {Number(list.Present)} of them in {Shown.Of(named.Name)}" : "",
            .. openings.Select(one => Sentence(one, release)),
            "It proves: the signer committed to each of these entries before signing that checkpoint; no entry, no "
                + "commitment and no pseudonym stands there twice; and what is said of a member who is opened.",
            "It is stated by the signer, and not proved: that the entries that are not opened are mandates in force, "
                + "that their pseudonyms are their accounts', which accounts are one person, how many are present.",
        ]);
        return new Found(ExitCode.Done, text, writer =>
        {
            writer.WriteBoolean("verified", true);
            writer.WriteString("case", list.Case);
            writer.WriteString("association", list.Association);
            writer.WriteString("purpose", list.Purpose);
            writer.WriteString("as_of", list.AsOf.ToText());
            writer.WriteNumber("members", list.Members.Count);
            if (list.Release is { } about)
            {
                writer.WriteString("release", about.Name);
                writer.WriteNumber("present", list.Present);
            }

            writer.WriteString("origin", checkpoint.Origin);
            writer.WriteNumber("size", checkpoint.Size.Value);
            writer.WriteStartArray("opened");
            foreach (var one in openings)
            {
                writer.WriteStartObject();
                writer.WriteNumber("index", one.Receipt.Inclusion.Index.Value);
                writer.WriteString("account", one.Receipt.Statement.Account);
                writer.WriteBoolean("present", one.Presence is not null && release is not null);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private static string Sentence(MemberOpening opening, ManifestFacts? release) =>
        $"Opened: the mandate of {Shown.Of(opening.Receipt.Statement.Account)}, entry "
            + $"{opening.Receipt.Inclusion.Index}, made {opening.Receipt.Statement.MadeAt.ToText()}"
            + (opening.Presence is null ? ""
                : release is null ? "; its proof of presence is checked with --manifest"
                : $"; the account is in {release.Name}")
            + ".";
}
