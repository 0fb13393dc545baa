using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Answers;
using Aval.Choices;
using Aval.Corpus;
using Aval.Policies;
using Aval.Recording;

namespace Aval.Cli;

internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var subject = new Argument<string?>("ITEM|ACCOUNT")
        {
            Description = "item:service:id, or service:id",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var handle = CommonOptions.Handle();
        var release = new Option<string?>("--release")
        {
            Description = "NAME/ID, NAME (its latest), or a path (default: the latest of all)",
            HelpName = "R",
        };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("explain", "Say why an item, or an account's items, are in a release or out of it: "
            + "the rule, its article, and the choice that decided.\n\n"
            + "Example: aval explain facebook:100044 --release opt-out") { subject, handle, release, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var isItem = Item.TryParse(parsed.GetValue(subject), out var item);
            if (isItem && parsed.GetValue(handle) is not null)
                throw AvalException.Usage(
                    "--handle names an account, and an item is named too: one of these. Nothing was done.");
            var account = isItem ? default : CommonOptions.Named(
                workspace, parsed.GetValue(subject), parsed.GetValue(handle), terminal.Clock.UtcNow());
            var text = isItem ? item.ToString() : account.ToString();
            var found = ReleaseName.Find(workspace, parsed.GetValue(release));
            using var replay = isItem
                ? Replay.Of(workspace, found, limits.Of(parsed), item)
                : Replay.Of(workspace, found, limits.Of(parsed), account);
            replay.LoadWhatProtects(workspace);
            if (isItem)
            {
                var explanation = Explanations.Of(replay, item) ?? throw Unknown(text, replay);
                if (parsed.GetValue(json))
                    terminal.WriteJson(document => Write(document, replay, explanation));
                else
                    terminal.Out.Write(Sentences(replay, explanation));
            }
            else
            {
                var explanation = Explanations.Of(replay, account) ?? throw Unknown(text, replay);
                // They are about who speaks for somebody and not about the release: as of now.
                var mandates = MandateBook.Of(
                    workspace, CommittedChoices.NotBefore(workspace, terminal.Clock.UtcNow()), account);
                if (parsed.GetValue(json))
                    terminal.WriteJson(document => Write(document, replay, explanation, mandates));
                else
                    terminal.Out.Write(Sentences(replay, explanation, mandates));
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static AvalException Unknown(string subject, Replay replay) =>
        AvalException.BadInput($"{subject}: the content of {Name(replay)}, as of {replay.Manifest.AsOf.ToText()}, "
            + "knows nothing of it. Check the spelling; if it came later, build a new release.");

    private static string Sentences(Replay replay, ItemExplanation about)
    {
        if (about.Against.Count == 0)
            return $"{about.Item} ({about.Kind} by {about.Author}) is in {Name(replay)}: no rule of the policy "
                + $"\"{replay.Policy.Name}\" excludes it. It is row {about.RowKey} of "
                + $"shards/b{about.Bucket:D3}.parquet"
                + (about.Masked.Count == 0
                    ? ".\n"
                    : $", with words of its text replaced: {string.Join(", ", about.Masked.Select(Replaced))}.\n");
        var first = about.Against[0];
        var others = about.Against.Skip(1)
            .Select(other => $"{other.Ground.RuleId} ({other.Ground.Reason.ToText()})").Distinct().ToArray();
        return $"{about.Item} ({about.Kind} by {about.Author}) is out of {Name(replay)}: "
            + $"{Because(first.Ground.Why, first.Ground.RuleId, first.Law, first.Choice, about.Author)}\n"
            + (about.Kept is { } kept ? $"The release holds row {kept} in its place.\n" : "")
            + (others.Length > 0
                ? $"It would be out without that rule too: {string.Join(", ", others)}.\n"
                : "No other rule excludes it.\n");
    }

    private static string Replaced((string Kind, long Count) of) =>
        string.Create(CultureInfo.InvariantCulture, $"{of.Kind} {of.Count} ×");

    private static string Sentences(
        Replay replay, AccountExplanation about, IReadOnlyList<StatedMandate> mandates)
    {
        var total = about.Admitted + about.Excluded.Sum(row => row.Items);
        var lines = new List<string>
        {
            $"{about.Account} has {total} items in the content of {Name(replay)}: {about.Admitted} are in, "
                + $"{total - about.Admitted} are out.",
        };
        lines.AddRange(about.Excluded.Select(
            row => $"- {row.Items} out: {Because(row.Why, row.Rule, row.Law, row.Choice, about.Account)}"));
        if (about.Linked.Count > 0)
            lines.Add("Linked accounts (kept from every release): "
                + string.Join(", ", about.Linked.Select(linked => $"{linked.Account}"
                    + $"{StanceCommand.Over(linked.Chain)}")) + ".");
        lines.Add(about.Covering.Count == 0 ? "Nothing was ever said for it." : "What was said for it, latest first:");
        lines.AddRange(about.Covering.Select(choice => $"- {Describe(choice, about.Account)}"));
        lines.AddRange(mandates.Select(one => $"Mandate to {one.Recorded.Choice.Association} of "
            + $"{one.Recorded.Choice.MadeAt.ToText()} (entry {one.Recorded.Index}, scope {one.Recorded.Choice.Scope}, "
            + $"purpose {one.Recorded.Choice.Purpose}"
            + $"{(one.Recorded.Choice.Until is { } until ? $", until {until.ToText()}" : "")}): "
            + (one.IsInForce ? "in force." : "no longer, or not yet, in force.")));
        return string.Join('\n', lines) + "\n";
    }

    private static string Because(Why why, string rule, string? law, Citation? choice, Account author) =>
        $"{why.Sentence} (reason {why.Reason.ToText()}, rule {rule}{(law is null ? "" : $", {law}")})."
        + (choice is null ? "" : $" Decided by the {Describe(choice, author)}.");

    private static string Describe(Citation choice, Account subject) =>
        $"{StanceCommand.Name(choice)} of {choice.MadeAt.ToText()} (entry "
        + $"{choice.Index}{StanceCommand.MadeOn(choice, subject)}"
        + $"{(choice.Purpose == Purpose.TrainGenerativeAi ? "" : $", purpose {choice.Purpose}")}"
        + $"{(choice.Until is { } until ? $", until {until.ToText()}" : "")})";

    private static string Name(Replay replay) => $"{replay.Manifest.Corpus}/{replay.Manifest.Release}";

    private static void Write(Utf8JsonWriter json, Replay replay, ItemExplanation about)
    {
        json.WriteStartObject();
        json.WriteString("item", about.Item.ToString());
        json.WriteString("account", about.Author.ToString());
        json.WriteString("release", Name(replay));
        json.WriteString("decision", about.Against.Count == 0 ? "admitted" : "excluded");
        json.WriteNumber("bucket", about.Bucket);
        if (about.RowKey is { } key)
            json.WriteString("row_key", key);
        if (about.Kept is { } kept)
            json.WriteString("kept_row_key", kept);
        if (about.Masked.Count > 0)
        {
            json.WriteStartObject("masked");
            foreach (var (kind, count) in about.Masked)
                json.WriteNumber(kind, count);
            json.WriteEndObject();
        }

        json.WriteStartArray("against");
        foreach (var against in about.Against)
        {
            json.WriteStartObject();
            json.WriteString("rule", against.Ground.RuleId);
            json.WriteString("reason", against.Ground.Reason.ToText());
            if (against.Law is not null)
                json.WriteString("law", against.Law);
            if (against.Choice is not null)
            {
                json.WritePropertyName("choice");
                StatedStance.Write(json, against.Choice);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(
        Utf8JsonWriter json, Replay replay, AccountExplanation about, IReadOnlyList<StatedMandate> mandates)
    {
        json.WriteStartObject();
        json.WriteString("account", about.Account.ToString());
        json.WriteString("release", Name(replay));
        json.WriteNumber("admitted", about.Admitted);
        json.WriteStartArray("excluded");
        foreach (var (why, rule, law, choice, items) in about.Excluded)
        {
            json.WriteStartObject();
            json.WriteString("reason", why.Reason.ToText());
            json.WriteString("rule", rule);
            if (law is not null)
                json.WriteString("law", law);
            json.WriteNumber("items", items);
            if (choice is not null)
            {
                json.WritePropertyName("choice");
                StatedStance.Write(json, choice);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("linked");
        foreach (var linked in about.Linked)
        {
            json.WriteStartObject();
            json.WriteString("account", linked.Account.ToString());
            json.WritePropertyName("chain");
            StatedStance.Write(json, linked.Chain);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("choices");
        foreach (var choice in about.Covering)
            StatedStance.Write(json, choice);
        json.WriteEndArray();
        Write(json, mandates);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<StatedMandate> mandates)
    {
        json.WriteStartArray("mandates");
        foreach (var (recorded, isInForce) in mandates)
        {
            json.WriteStartObject();
            json.WriteNumber("index", recorded.Index.Value);
            json.WriteString("association", recorded.Choice.Association);
            json.WriteString("purpose", recorded.Choice.Purpose.Name);
            json.WriteString("scope", recorded.Choice.Scope.ToString());
            json.WriteString("made_at", recorded.Choice.MadeAt.ToText());
            if (recorded.Choice.Until is { } until)
                json.WriteString("until", until.ToText());
            json.WriteBoolean("in_force", isInForce);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
