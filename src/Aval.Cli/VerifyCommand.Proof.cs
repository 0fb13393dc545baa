using System.CommandLine;

namespace Aval.Cli;

internal static partial class VerifyCommand
{
    private static Command Proof(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The proof" };
        var manifest = ManifestOption();
        var account = new Option<string>("--account")
        {
            Description = $"About whom: {Account.Example}",
            HelpName = "A",
            Required = true,
        };
        var key = KeyOption();
        var ledger = CopyOption();
        var json = CommonOptions.Json();
        var command = new Command("proof", "Verify that an account is in a release, or that it is not.\n\nExample: "
            + "aval verify proof mine.proof --manifest manifest.json --account facebook:100044 --key ledger.vkey")
        {
            file, manifest, account, key, ledger, json,
        };
        command.SetAction(parsed => Answer(terminal, parsed.GetValue(json), () =>
        {
            var keys = KeysOf(parsed, key);
            var proof = AuthorProof.Parse(Read(parsed.GetValue(file)!));
            var committed = ReadManifest(parsed.GetValue(manifest)!, parsed.GetValue(ledger), keys);
            var release = committed.Verify(KeyOf(committed, keys));
            RequireInCopy(parsed.GetValue(ledger), release.Checkpoint, committed.Entry, keys);
            // By the manifest's forms: in another spelling nobody is in any release, and that would be proved.
            var about = Account.Parse(parsed.GetValue(account)!, release.Manifest.Services);
            var signer = keys.For(proof.Inclusion.Note);
            return Describe(about, proof.Verify(release.Manifest.Authors, about.ToString(), signer), release);
        }));
        return command;
    }

    private static Option<string> ManifestOption() => new("--manifest")
    {
        Description = "The release's manifest.json; manifest.tlog-proof must lie beside it, or a copy of the ledger be "
            + "given: nothing else shows that its operator committed to it",
        HelpName = "FILE",
        Required = true,
    };

    private static Option<string?> CopyOption() => new("--ledger")
    {
        Description = "A copy of the ledger, from anybody: is it the same history? It also shows the manifest's entry "
            + "where manifest.tlog-proof is not at hand",
        HelpName = "DIR",
    };

    private static Found Describe(Account account, AuthorVerdict verdict, CommittedRelease committed)
    {
        var release = committed.Manifest;
        var (word, sentence) = verdict switch
        {
            AuthorVerdict.Absent =>
                ("absent", $"Verified: ABSENT. No item in {release.Name} is by {account}, as its operator committed."),
            AuthorVerdict.Present => ("present",
                $"Verified: PRESENT. At least one item in {release.Name} is by {account}, as its operator committed."),
        };
        var consent = verdict == AuthorVerdict.Present && release.Policy.Basis == "consent"
            ? "The release rests on consent: without the receipt of this account's consent the operator has not shown "
                + "that the presence is lawful (GDPR Art. 7(1))."
            : "";
        var text = Sentences(
            sentence,
            $"The release is entry {committed.Index} of the ledger {committed.Checkpoint.Origin}.",
            consent,
            release.Contradiction ?? "",
            "It proves: in the tree of authors that the manifest commits to there is one place where this account "
            + "could be, whoever made the keys, and the "
            + "account is " + (verdict == AuthorVerdict.Absent ? "not listed there." : "listed there."),
            "It does not prove: that the rows of the release are those of the tree (aval audit release), that others "
                + "wrote nothing about the person, nor anything about another account of the same person, another "
                + "corpus, earlier releases, copies or models.");
        return new Found(ExitCode.Done, text, writer =>
        {
            writer.WriteBoolean("verified", true);
            writer.WriteString("verdict", word);
            writer.WriteString("account", account.ToString());
            writer.WriteString("release", release.Name);
            writer.WriteString("as_of", release.AsOf.ToText());
            writer.WriteString("basis", release.Policy.Basis);
            writer.WriteNumber("release_index", committed.Index.Value);
            if (release.Contradiction is { } contradiction)
                writer.WriteString("contradiction", contradiction);
        });
    }
}
