using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Runs;

namespace Aval.Cli;

internal static class RunCommand
{
    private const string Description = """
        Start a trainer, any program, on a release, and write down what came of it: signed, and in the ledger.
        Refused (exit code 4, and nothing is started) when the release was withdrawn, is replay-only or does not verify,
        when an author in it had the use of what is theirs restricted, or has said what it does not honour for longer
        than the policy's max-lag. The trainer finds its files by AVAL_DATA (a folder: the export's data, or the
        shards), AVAL_SHARDS, AVAL_MANIFEST, AVAL_RELEASE, AVAL_RUN, AVAL_MODEL and AVAL_SEED; signals are sent on.
        Exit code 0: it ended with 0; 1: it ended otherwise, or was killed.

        Example: aval run --release opt-out --export ../corpus --name lm-1 --model ../lm-1 --seed 7 -- python3 train.py
        """;

    public static Command Create(Terminal terminal)
    {
        var words = new Argument<string[]>("COMMAND")
        {
            Description = "The trainer and its words, after --",
            Arity = ArgumentArity.OneOrMore,
        };
        var release = new Option<string>("--release")
        {
            Description = "NAME/ID, NAME (its latest), or a path",
            Required = true,
            HelpName = "R",
        };
        var export = new Option<string?>("--export")
        {
            Description = "An export of it, which the trainer reads instead of the shards",
            HelpName = "DIR",
        };
        var name = new Option<string?>("--name") { Description = "What to call run and model", HelpName = "N" };
        var model = new Option<string?>("--model")
        {
            Description = "The folder, empty or new, into which the trainer writes its model: it is registered",
            HelpName = "DIR",
        };
        var from = new Option<string[]>("--from")
        {
            Description = "A registered model that it begins with; may be said several times",
            HelpName = "MODEL",
        };
        var replaces = new Option<string?>("--replaces")
        {
            Description = "The registered model in whose place the new one stands from now on",
            HelpName = "MODEL",
        };
        var seed = new Option<string?>("--seed") { Description = "Given to the trainer and kept", HelpName = "S" };
        var lineage = new Option<string?>("--openlineage")
        {
            Description = "Where events of OpenLineage go: a file, or an http(s) address",
            HelpName = "FILE|URL",
        };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("run", Description)
        {
            words, release, export, name, model, from, replaces, seed, lineage, json,
        };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            SettledRuns.Tell(terminal, workspace);
            var outcome = Running.Run(
                workspace,
                new RunRequest(parsed.GetValue(release), parsed.GetValue(words)!)
                {
                    Name = parsed.GetValue(name),
                    Export = parsed.GetValue(export),
                    Model = parsed.GetValue(model),
                    From = parsed.GetValue(from) ?? [],
                    Replaces = parsed.GetValue(replaces),
                    Seed = parsed.GetValue(seed),
                    OpenLineage = parsed.GetValue(lineage),
                },
                terminal.Clock, limits.Of(parsed), terminal.Error.WriteLine);
            return Tell(terminal, outcome, parsed.GetValue(json));
        });
        return command;
    }

    private static int Tell(Terminal terminal, RunOutcome outcome, bool json)
    {
        if (json)
            terminal.WriteJson(document => Write(document, outcome));
        else
            Print(terminal.Out, outcome);
        return (int)(((RunEnded)outcome.Ended.Stated).Exit == 0 ? ExitCode.Done : ExitCode.No);
    }

    private static void Print(TextWriter output, RunOutcome outcome)
    {
        var (begun, ended) = ((RunBegun)outcome.Begun.Stated, (RunEnded)outcome.Ended.Stated);
        output.WriteLine(ended.Ending switch
        {
            RunEnding.Ended => string.Create(
                CultureInfo.InvariantCulture, $"{begun.Run} ended with {ended.Exit}, on {begun.Release}."),
            RunEnding.Killed => string.Create(
                CultureInfo.InvariantCulture,
                $"{begun.Run} was killed (signal {ended.Exit - 128}), on {begun.Release}; what it left is stated."),
            RunEnding.NotStarted => $"{begun.Run}: \"{begun.Command[0]}\" could not be started: {outcome.Why}",
        });
        if (begun.Unhonoured > 0)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Of its authors, {begun.Unhonoured} have said since what the release does not honour; that is within "
                    + $"the policy's max-lag, and will not be for long."));
        if (outcome.Model?.Stated is ModelRegistered model)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Model {model.Model}: {model.Subjects.Count} files, registered. Say to whom it goes: aval model "
                    + $"distribute {model.Model} --as api --recipient NAME"));
        output.WriteLine($"Stated in entries {outcome.Begun.Index} and {outcome.Ended.Index} of the ledger.");
    }

    private static void Write(Utf8JsonWriter json, RunOutcome outcome)
    {
        var (begun, ended) = ((RunBegun)outcome.Begun.Stated, (RunEnded)outcome.Ended.Stated);
        json.WriteStartObject();
        json.WriteString("run", begun.Run);
        json.WriteString("release", begun.Release);
        if (begun.Export is not null)
            json.WriteString("export", begun.Export);
        json.WriteString("ending", Registering.ToText(ended.Ending));
        if (ended.Exit is { } exit)
            json.WriteNumber("exit", exit);
        if (outcome.Why is not null)
            json.WriteString("why", outcome.Why);
        if (outcome.Model?.Stated is ModelRegistered model)
            json.WriteString("model", model.Model);
        json.WriteNumber("unhonoured", begun.Unhonoured);
        json.WriteNumber("begun_entry", outcome.Begun.Index.Value);
        json.WriteNumber("ended_entry", outcome.Ended.Index.Value);
        json.WriteEndObject();
    }
}
