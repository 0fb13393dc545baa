using System.CommandLine;
using System.Globalization;
using Aval.Cases;
using Aval.Ledger;
using Aval.Requests;

namespace Aval.Cli;

internal static partial class CaseCommand
{
    private static Command Add(Terminal terminal)
    {
        var (name, by, json) = (Name(), By(), CommonOptions.Json());
        var evidence = new Option<string[]>("--evidence")
        {
            Description = $"A kind ({CaseWords.List<EvidenceKind>()}) and a file; of a violation the receipt",
            HelpName = "KIND FILE",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        var manifest = Text("--manifest", "The manifest of the release that the evidence is about", "FILE");
        var proof = Text("--proof", "Of a violation: the proof that the account is there", "FILE");
        var account = Text("--account", "Whom a presence proof is about", "service:id");
        var key = new Option<string[]>("--key")
        {
            Description = "The ledger's public key, or a file that holds it; again for the key before or after a "
                + "change (default: this workspace's)",
            HelpName = "VKEY",
        };
        var shows = new Option<int[]>("--shows")
        {
            Description = "The allegations that the evidence shows; again for another",
            HelpName = "N",
        };
        var title = Text("--title", "The evidence in a few words", "T");
        var allegation = Text("--allegation", "A further allegation, one sentence", "T");
        var law = new Option<string[]>("--law") { Description = "What it breaks; again for another", HelpName = "LAW" };
        var remedy = Text("--remedy", "A further thing that is asked for", "T");
        var penalty = Text("--penalty", "What each breach of it is to cost", "T");
        var command = new Command("add", "Add one thing to a case: evidence, which is verified first and refused where "
            + "it does not hold, an allegation, or a remedy.\n\nExample: aval case add notice-1 --evidence "
            + "violation-verdict objection.receipt --proof mine.proof --manifest manifest.json --key ledger.vkey "
            + "--shows 1")
        {
            name, evidence, manifest, proof, account, key, shows, title, allegation, law, remedy, penalty, by, json,
        };
        command.SetAction(parsed =>
        {
            var (workspace, now) = (parsed.OpenWorkspace(), terminal.Clock.UtcNow());
            var (called, who) = (parsed.GetValue(name)!, By(parsed, by));
            var after = (parsed.GetValue(evidence), parsed.GetValue(allegation), parsed.GetValue(remedy)) switch
            {
                ([var kind, var file], null, null) => CaseSteps.AddEvidence(
                    workspace, called, new OfferedEvidence(RequestWords.Parse<EvidenceKind>("--evidence", kind), file)
                    {
                        Keys = Keys(workspace, parsed.GetValue(key)),
                        Manifest = parsed.GetValue(manifest),
                        Proof = parsed.GetValue(proof),
                        Account = parsed.GetValue(account),
                    }, parsed.GetValue(title), parsed.GetValue(shows) ?? [], now, who),
                (null or [], { } text, null) => CaseFolder.Step(workspace, called, now, who, before =>
                    CaseSteps.AddAllegation(before, text, parsed.GetValue(law) ?? [], [])),
                (null or [], null, { } text) => CaseFolder.Step(workspace, called, now, who, before =>
                    CaseSteps.AddRemedy(before, text, parsed.GetValue(penalty))),
                _ => throw AvalException.Usage("Add one thing at a time: --evidence KIND FILE, --allegation TEXT, or "
                    + "--remedy TEXT. Nothing was done."),
            };
            Show(terminal, workspace, after, parsed.GetValue(json));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command AnswerTo(Terminal terminal)
    {
        var (name, by, json) = (Name(), By(), CommonOptions.Json());
        var number = new Argument<int>("ALLEGATION") { Description = "Its number" };
        var kind = new Argument<string>("ANSWER") { Description = CaseWords.List<AnswerKind>() };
        var text = new Option<string>("--text") { Description = "In words", Required = true, HelpName = "T" };
        var with = new Option<string[]>("--with")
        {
            Description = "The evidence that shows it; again for another",
            HelpName = "e1",
        };
        var day = Text("--by-date", "Of an undertaking: the day from which it holds, or by which it is done", "DAY");
        var effects = new Option<string[]>("--effect")
        {
            Description = $"Of an undertaking: {CaseWords.List<UndertakingEffect>()}; again for another",
            HelpName = "E",
        };
        var penalty = Text("--penalty", "Of an undertaking: what each breach costs", "T");
        var command = new Command("answer", "Answer one allegation: admit it, contest it with evidence, or undertake, "
            + "which becomes an order by the controller itself (aval order list): a stop refuses every build, export "
            + "and run from its day on. "
            + "The last answer counts, and those before it stay on record.\n\nExample: aval case answer notice-1 2 "
            + "undertake --text \"No training before the answer.\" --by-date 2025-05-27 --effect stop")
        {
            name, number, kind, text, with, day, effects, penalty, by, json,
        };
        command.SetAction(parsed =>
        {
            var (workspace, now) = (parsed.OpenWorkspace(), terminal.Clock.UtcNow());
            var said = parsed.GetValue(text)!;
            var answer = new AllegationAnswer(
                parsed.GetValue(number), RequestWords.Parse<AnswerKind>("ANSWER", parsed.GetValue(kind)), said,
                parsed.GetValue(with) ?? [],
                Undertaken(said, parsed.GetValue(day), parsed.GetValue(effects) ?? [], parsed.GetValue(penalty)), now);
            var called = parsed.GetValue(name)!;
            Show(terminal, workspace, CaseFolder.Step(workspace, called, now, By(parsed, by), before =>
            {
                var answered = CaseSteps.Answer(before, answer);
                // The order first: an answer that is kept is never without what it promises.
                if (answer.Undertaking is not null)
                    terminal.Error.WriteLine(
                        $"It binds: {Undertakings.Serve(workspace, called, answer, terminal.Clock).Citation}.");
                return answered;
            }), parsed.GetValue(json));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Undertaking? Undertaken(string text, string? day, string[] effects, string? penalty)
    {
        if (day is null || effects.Length == 0)
            return day is null && effects.Length == 0 && penalty is null ? null : throw AvalException.Usage(
                "An undertaking has a day and at least one effect: --by-date 2025-05-27 --effect stop. Nothing was "
                    + "done.");
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var by))
            throw AvalException.Usage($"--by-date is a day, for example 2025-05-27, but {Shown.Of(day)} was found. "
                + "Nothing was done.");
        return new Undertaking(
            text, by, [.. effects.Select(word => RequestWords.Parse<UndertakingEffect>("--effect", word))], penalty);
    }

    // Whoever holds a controller's workspace verifies by its own key what it adds without another.
    private static LedgerKeys Keys(Workspace workspace, string[]? keys)
    {
        if (keys is null or [])
            return LedgerKeys.Of(workspace);
        try
        {
            return new LedgerKeys(
                [.. keys.Select(text => VerifierKey.Parse(File.Exists(text) ? File.ReadAllText(text) : text))]);
        }
        catch (ProofException none)
        {
            throw AvalException.BadInput($"--key: {none.Message} Nothing was added.", none);
        }
    }

    private static Option<string?> Text(string name, string what, string help) =>
        new(name) { Description = what, HelpName = help };
}
