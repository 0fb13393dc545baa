using System.CommandLine;

namespace Aval.Cli;

internal static partial class VerifyCommand
{
    private static Command Violation(Terminal terminal)
    {
        var receipt = new Option<string>("--receipt")
        {
            Description = "The receipt of the choice",
            HelpName = "FILE",
            Required = true,
        };
        var proof = new Option<string[]>("--proof")
        {
            Description = "The proof about the receipt's account; again for its other spelling, where the release's "
                + "forms have one",
            HelpName = "FILE",
            Required = true,
        };
        var manifest = ManifestOption();
        var key = KeyOption();
        var ledger = CopyOption();
        var json = CommonOptions.Json();
        var command = new Command("violation", "Verify that a release holds somebody whose choice it states to honour, "
            + "or knew and left out. Exit code 0: prima facie evidence; 1: these files are none.\n\nExample: aval "
            + "verify violation --receipt objection.receipt --proof mine.proof --manifest manifest.json --key "
            + "ledger.vkey") { receipt, proof, manifest, key, ledger, json };
        command.SetAction(parsed => Answer(terminal, parsed.GetValue(json), () =>
        {
            var keys = KeysOf(parsed, key);
            var held = Proofs.Receipt.Parse(Read(parsed.GetValue(receipt)!));
            var copy = parsed.GetValue(ledger);
            var committed = ReadManifest(parsed.GetValue(manifest)!, copy, keys);
            var (then, now) = (keys.For(held.Inclusion.Note), KeyOf(committed, keys));
            var verdict = Proofs.Violation.Verify(
                held, then, ProofsOf(parsed.GetValue(proof)!, keys), committed, now);
            RequireInCopy(copy, verdict.Receipted, held.Inclusion.ToFile(), keys);
            RequireInCopy(copy, verdict.Release.Checkpoint, committed.Entry, keys);
            return Describe(verdict);
        }));
        return command;
    }

    private static Found Describe(Violation verdict)
    {
        var (word, headline) = verdict.Finding switch
        {
            ViolationFinding.PrimaFacie => ("prima-facie", "PRIMA FACIE EVIDENCE OF A VIOLATION."),
            ViolationFinding.KnownChoiceLeftOut => ("known-choice-left-out", "PRIMA FACIE EVIDENCE THAT A KNOWN CHOICE "
                + "WAS LEFT OUT."),
            ViolationFinding.PresenceAloneDoesNotTell =>
                ("presence-alone-does-not-tell", "NO EVIDENCE BY PRESENCE ALONE. All files were verified."),
            ViolationFinding.NotShown => ("not-shown", "NO VIOLATION IS SHOWN. All files were verified."),
        };
        var (said, release, policy) = (verdict.Statement, verdict.Release.Manifest, verdict.Release.Manifest.Policy);
        var text = Sentences(
            headline,
            verdict.Why,
            $"  choice:   {said.Kind.ToText()}, entry {verdict.Index} of {verdict.Receipted.Origin}, "
                + $"made {said.MadeAt.ToText()}, received {said.ReceivedAt.ToText()}",
            $"  account:  {Shown.Of(said.Account)}",
            $"  scope:    {Shown.Of(said.Scope)}: {verdict.Covers}",
            $"  purpose:  {Shown.Of(said.Purpose)}",
            $"  release:  {release.Name} of {Shown.Of(release.Controller)}, entry {verdict.Release.Index}, as of "
                + $"{release.AsOf.ToText()}, purpose {policy.Purpose}, basis {policy.Basis}, honours the entries below "
                + $"{release.LedgerSize}{(policy.ReplayOnly ? "; for comparison only, never to be trained on" : "")}",
            $"  author:   {(verdict.Author == AuthorVerdict.Present ? "present" : "absent")}, as "
                + Shown.Of(verdict.Spelled.Spelling),
            verdict.Rebuttal,
            release.Contradiction ?? "",
            "What it rests on: the operator's own signatures on the receipt, on the tree of authors and on the "
                + "manifest. What a court makes of it is for the court to say.");
        var shown = verdict.Finding is ViolationFinding.PrimaFacie or ViolationFinding.KnownChoiceLeftOut;
        return new Found(shown ? ExitCode.Done : ExitCode.No, text, writer =>
        {
            writer.WriteBoolean("verified", true);
            writer.WriteString("finding", word);
            writer.WriteString("why", verdict.Why);
            writer.WriteString("covers", verdict.Covers);
            writer.WriteString("rebuttal", verdict.Rebuttal);
            writer.WriteString("kind", said.Kind.ToText());
            writer.WriteString("account", said.Account);
            writer.WriteString("scope", said.Scope);
            writer.WriteString("purpose", said.Purpose);
            writer.WriteString("made_at", said.MadeAt.ToText());
            writer.WriteString("received_at", said.ReceivedAt.ToText());
            writer.WriteNumber("index", verdict.Index.Value);
            writer.WriteString("author", verdict.Author == AuthorVerdict.Present ? "present" : "absent");
            writer.WriteString("asked_about", verdict.Spelled.Spelling);
            if (verdict.Spelled.Unshown is { } unshown)
                writer.WriteString("not_shown", unshown);
            writer.WriteString("release", release.Name);
            writer.WriteString("as_of", release.AsOf.ToText());
            writer.WriteString("basis", policy.Basis);
            writer.WriteNumber("ledger_size", release.LedgerSize.Value);
            writer.WriteNumber("release_index", verdict.Release.Index.Value);
            if (release.Contradiction is { } contradiction)
                writer.WriteString("contradiction", contradiction);
        });
    }
}
