using System.CommandLine;
using System.Globalization;
using Aval.Choices;
using Aval.Ledger;
using Aval.Orders;
using Aval.Recording;
using Aval.Requests;

namespace Aval.Cli;

internal static class ForgetCommand
{
    // Choices that are planned at once: each step rewrites the store's file, and holds its plan.
    private const int Step = 1 << 16;

    public static Command Create(Terminal terminal)
    {
        var entries = new Argument<string[]>("CHOICE")
        {
            Description = "The index of a choice, as aval choose and aval stance tell it; several of them",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var expired = new Option<bool>("--expired")
        {
            Description = "All choices that were kept for as long as retention in aval.yaml says",
        };
        var json = CommonOptions.Json();
        var command = new Command("forget", """
            Delete the record of a choice and what opens its entry. No stance and no release changes: what was said is known by keyed tokens from then on, which name nobody.

            Examples: aval forget 4711
                      aval forget --expired
            """) { entries, expired, json };
        command.SetAction(parsed =>
        {
            var named = parsed.GetValue(entries) ?? [];
            if (named.Length > 0 == parsed.GetValue(expired))
                throw AvalException.Usage("Say which choices: by index (aval forget 4711), or --expired; one of these. "
                    + "Nothing was forgotten.");
            var workspace = parsed.OpenWorkspace();
            var now = terminal.Clock.UtcNow();
            OrderGate.RequireDestruction(workspace, "A forgetting", "Nothing was forgotten.", now);
            var outcome = named.Length > 0 ? Named(workspace, [.. named.Select(Index)], now) : Expired(workspace, now);
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, outcome));
            else
                Print(terminal.Out, outcome);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Outcome Named(Workspace workspace, IReadOnlyList<EntryIndex> choices, DateTimeOffset now)
    {
        var integrator = new Integrator(workspace, SigningKey.Read(workspace.SigningKeyFile));
        using var store = CommittedChoices.OpenStore(workspace);
        var plan = Forgettings.Plan(workspace, store, choices, ForgettingReason.Request, now);
        var open = Open(workspace);
        string[] kept =
        [
            .. plan.Kept.Select(kept => kept.Why),
            .. choices.Where(open.Contains).Select(Unanswered),
        ];
        if (kept.Length > 0)
            throw AvalException.Refused(
                $"{string.Join(".\n", kept.Select(Sentence))}.\nNothing was forgotten.");
        var outcome = new Outcome();
        Forget(store, integrator, plan, outcome);
        return outcome;
    }

    private static Outcome Expired(Workspace workspace, DateTimeOffset now)
    {
        var integrator = new Integrator(workspace, SigningKey.Read(workspace.SigningKeyFile));
        var periods = workspace.Settings.Retention;
        using var store = CommittedChoices.OpenStore(workspace);
        using var reading = CommittedChoices.OpenStore(workspace);
        var outcome = new Outcome();
        var due = reading.Read(reading.Size)
            .Where(recorded => periods.TryGetValue(recorded.Choice.Kind, out var period)
                && period.End(recorded.Choice.ReceivedAt) <= now);
        var open = Open(workspace);
        foreach (var step in due.Select(recorded => recorded.Index).ToList().Chunk(Step))
        {
            outcome.Kept.AddRange(step.Where(open.Contains).Select(one => (one, Unanswered(one))));
            var plan = Forgettings.Plan(
                workspace, store, [.. step.Where(one => !open.Contains(one))], ForgettingReason.Retention, now);
            Forget(store, integrator, plan, outcome);
        }

        if (outcome.Forgotten.Count == 0)
            store.Forget([], store.Size); // What an earlier forgetting could not finish.
        return outcome;
    }

    // A request that nobody has answered would be gone with its clock.
    private static HashSet<EntryIndex> Open(Workspace workspace) =>
        [.. RequestBook.Read(workspace).Requests.Where(one => one.IsOpen).Select(one => one.Index)];

    private static string Unanswered(EntryIndex choice) =>
        $"entry {choice} is a request that is open: answer it first (aval requests answer {choice})";

    private static void Forget(IChoiceStore store, Integrator integrator, ForgettingPlan plan, Outcome outcome)
    {
        outcome.Kept.AddRange(plan.Kept);
        if (plan.Choices.Count == 0)
            return;
        var range = store.Forget(plan.Choices, plan.DecidedAt);
        outcome.Forgotten.AddRange(plan.Choices.Select((choice, at) => (choice.Choice,
            new EntryIndex(range.First.Value + at), choice.Instead.Kind.IsPermissive())));
        Recorder.PublishRecorded(integrator, store, range, null);
    }

    private static void Print(TextWriter output, Outcome outcome)
    {
        foreach (var (choice, entry, permissive) in outcome.Forgotten)
            output.WriteLine($"Choice {choice} was forgotten (entry {entry}): "
                + (permissive
                    ? "another statement decides as it did"
                    : "it still protects, by a token that names nobody") + ".");
        foreach (var (_, why) in outcome.Kept)
            output.WriteLine($"Kept: {why}.");
        output.WriteLine(outcome.Forgotten.Count == 0
            ? "No choice was forgotten."
            : "Records and openings are deleted. Receipts that were handed out stay valid, and so does the ledger. "
                + "Content, lineage and backups are not touched by this: see docs/operations.md, \"Forgetting, "
                + "and backups\".");
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, Outcome outcome)
    {
        json.WriteStartObject();
        json.WriteStartArray("forgotten");
        foreach (var (choice, entry, permissive) in outcome.Forgotten)
        {
            json.WriteStartObject();
            json.WriteNumber("choice", choice.Value);
            json.WriteNumber("entry", entry.Value);
            json.WriteBoolean("protects", !permissive);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("kept");
        foreach (var (choice, why) in outcome.Kept)
        {
            json.WriteStartObject();
            json.WriteNumber("choice", choice.Value);
            json.WriteString("why", why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static EntryIndex Index(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? new EntryIndex(index)
            : throw AvalException.Usage($"A choice is named by the index of its entry, a whole number, but \"{text}\" "
                + "was found. Nothing was forgotten.");

    private sealed class Outcome
    {
        public List<(EntryIndex Choice, EntryIndex Entry, bool Permissive)> Forgotten { get; } = [];

        public List<(EntryIndex Choice, string Why)> Kept { get; } = [];
    }
}
