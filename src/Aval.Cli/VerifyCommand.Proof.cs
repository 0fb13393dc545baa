using System.CommandLine;
using Aval.Ledger;

namespace Aval.Cli;

internal static partial class VerifyCommand
{
    private static Command Proof(Terminal terminal)
    {
        var file = new Argument<string[]>("FILE")
        {
            Description = "The proof; two, where the release's forms spell the account in another way",
            Arity = new ArgumentArity(1, 2),
        };
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
            var proofs = ProofsOf(parsed.GetValue(file)!, keys);
            var committed = ReadManifest(parsed.GetValue(manifest)!, parsed.GetValue(ledger), keys);
            var release = committed.Verify(KeyOf(committed, keys));
            RequireInCopy(parsed.GetValue(ledger), release.Checkpoint, committed.Entry, keys);
            return Describe(About(release.Manifest, parsed.GetValue(account)!, proofs), release);
        }));
        return command;
    }

    private static (AuthorProof Proof, VerifierKey Key)[] ProofsOf(string[] files, LedgerKeys keys) =>
    [
        .. files.Select(file => AuthorProof.Parse(Read(file)))
            .Select(proof => (proof, keys.For(proof.Inclusion.Note))),
    ];

    // Under a name that nobody can have everybody is absent. But who can have which is the manifest's word, and it is
    // not taken against a presence.
    private static SpelledVerdict About(
        ManifestFacts release, string account, (AuthorProof Proof, VerifierKey Key)[] proofs)
    {
        if (Account.TryParse(account, release.Services, out _, out _))
            return SpelledVerdict.Of(release, account, proofs);
        try
        {
            if (SpelledVerdict.Of(release, account, proofs) is { Verdict: AuthorVerdict.Present } present)
                return present;
        }
        catch (ProofException)
        {
            // What the account should look like helps more than that no proof is about it.
        }

        // Says what the account should look like.
        return SpelledVerdict.Of(release, Account.Parse(account, release.Services).ToString(), proofs);
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

    private static Found Describe(SpelledVerdict shown, CommittedRelease committed)
    {
        var (release, verdict, account) = (committed.Manifest, shown.Verdict, Shown.Of(shown.Spelling));
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
            shown.Open,
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
            writer.WriteString("account", shown.Spelling);
            if (shown.Unshown is { } unshown)
                writer.WriteString("not_shown", unshown);
            writer.WriteString("release", release.Name);
            writer.WriteString("as_of", release.AsOf.ToText());
            writer.WriteString("basis", release.Policy.Basis);
            writer.WriteNumber("release_index", committed.Index.Value);
            if (release.Contradiction is { } contradiction)
                writer.WriteString("contradiction", contradiction);
        });
    }
}
