using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Cli;

internal static class ImpactCommand
{
    private const string Description = """
        From a person, or from what was said since an entry of the ledger: the releases with these rows, the exports and
        runs, the models and what can honestly be said of each, the recipients and the notices that they are owed (GDPR
        Art. 17(2), 19). It finds what was registered, and names nobody.

        Examples: aval impact --since 15 --html impact.html
                  aval impact --account facebook:100044
                  aval impact --since 15 --notices ../notices
                  aval impact --model lm-1 --since 15 --forget-set ../lm-1-forget
        """;

    public static Command Create(Terminal terminal)
    {
        var account = new Option<string?>("--account") { Description = "Whose rows", HelpName = "service:id" };
        var handle = CommonOptions.Handle();
        var since = new Option<long?>("--since")
        {
            Description = "The rows that what was said from this entry of the ledger on excludes by now",
            HelpName = "N",
        };
        var html = new Option<string?>("--html")
        {
            Description = "Draw it, too, as a page that needs nothing else",
            HelpName = "FILE",
        };
        var notices = new Option<string?>("--notices")
        {
            Description = "Write what recipients are to be told, in French and English, into this new folder",
            HelpName = "DIR",
        };
        var model = new Option<string?>("--model")
        {
            Description = "With --forget-set: whose rows",
            HelpName = "MODEL",
        };
        var forget = new Option<string?>("--forget-set")
        {
            Description = "Write the rows of --model that left since, and a sample of those that stayed, into this new "
                + "folder: for a trainer that unlearns",
            HelpName = "DIR",
        };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("impact", Description)
        {
            account, handle, since, html, notices, model, forget, json,
        };
        limits.AddTo(command);
        command.Subcommands.Add(Acknowledge(terminal));
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var now = terminal.Clock.UtcNow();
            SettledRuns.Tell(terminal, workspace);
            if ((parsed.GetValue(model) is null) != (parsed.GetValue(forget) is null))
                throw AvalException.Usage("--model and --forget-set go together. Nothing was done.");
            var question = Question(
                workspace, parsed.GetValue(account), parsed.GetValue(handle), parsed.GetValue(since), now);
            if (parsed.GetValue(forget) is { } folder)
            {
                WriteForgetSet(terminal, workspace, parsed.GetValue(model)!, question, folder, limits.Of(parsed));
                return (int)ExitCode.Done;
            }

            var impact = Impact.Of(workspace, question, now, limits.Of(parsed));
            if (parsed.GetValue(html) is { } page)
                Durable.Replace(
                    Path.GetFullPath(page),
                    Encoding.UTF8.GetBytes(ImpactPage.Of(impact, RegisteredModels.Of(Register.Read(workspace)))),
                    Durable.Private);
            if (parsed.GetValue(notices) is { } place)
                Notice.Write(workspace, impact.Notices, place, now);
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, impact));
            else
                Print(terminal.Out, impact);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Acknowledge(Terminal terminal)
    {
        var notice = new Argument<string>("NOTICE") { Description = "The notice's number" };
        var command = new Command("acknowledge", "Record that a recipient has said that it did what a notice asks.\n\n"
            + "Example: aval impact acknowledge notice-0123456789ab") { notice };
        command.SetAction(parsed =>
        {
            var registered = Notice.Acknowledge(
                parsed.OpenWorkspace(), parsed.GetValue(notice)!, terminal.Clock.UtcNow());
            terminal.Out.WriteLine($"{parsed.GetValue(notice)}: acknowledged, entry {registered.Index} of the ledger.");
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static ImpactQuestion Question(
        Workspace workspace, string? account, string? handle, long? since, DateTimeOffset now) =>
        (account ?? handle, since) switch
        {
            (not null, null) =>
                new ImpactQuestion.OfPerson(CommonOptions.Named(workspace, account, handle, now)),
            (null, { } entry and >= 0) => new ImpactQuestion.Since(new EntryIndex(entry)),
            _ => throw AvalException.Usage("Say whose impact: of a person (--account or --handle), or of what was said "
                + "from an entry of the ledger on (--since N); one of these. Nothing was done."),
        };

    private static void WriteForgetSet(
        Terminal terminal, Workspace workspace, string model, ImpactQuestion question, string folder,
        EngineLimits limits)
    {
        if (question is not ImpactQuestion.Since { Entry: var entry })
            throw AvalException.Usage("--forget-set goes with --since N: what left a model is what was said since. "
                + "Nothing was done.");
        var outcome = ForgetSet.Write(workspace, model, entry, folder, terminal.Clock.UtcNow(), limits);
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFullPath(folder)}: {outcome.Forget} rows to forget, these and no others, and {outcome.Retain} "
                + $"that stayed. What is unlearned with them is mitigated, not removed: register it with --how "
                + $"unlearning. Destroy this folder afterwards."));
        if (outcome.Restricted > 0)
            terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{outcome.Restricted} rows more left and are not in it: their use is restricted (GDPR Art. 18)."));
    }

    private static void Print(TextWriter output, Impact impact)
    {
        output.WriteLine($"Of {impact.Question}:");
        foreach (var release in impact.Releases)
            output.WriteLine($"  release  {release.Name}: {ImpactPage.Rows(release.Rows)} rows");
        foreach (var export in impact.Exports)
            output.WriteLine($"  export   {export.Export.Export}: {ImpactPage.Rows(export.Rows)} rows, "
                + (export.Export.Recipient is { } to ? $"with {to}" : "stays here") + FromSlice(export.FirstSlice));
        foreach (var run in impact.Runs)
            output.WriteLine($"  run      {run.Run.Run} ({run.Run.Name}): {ImpactPage.Rows(run.Rows)} rows");
        foreach (var model in impact.Models)
            output.WriteLine($"  model    {model.Model.Name}: {ImpactPage.Words(model.Outcome)}"
                + (model.Outcome is Outcome.NotAffected ? "" : $", {ImpactPage.Rows(model.Rows)} rows")
                + (model.Successor is { } successor ? $", in its place {successor.Name}" : "")
                + FromSlice(model.FirstSlice));
        foreach (var notice in impact.Notices)
            output.WriteLine($"  notice   {notice.Id} to {notice.Recipient} about {notice.About}: "
                + (notice.AcknowledgedAt is { } done ? $"acknowledged {done.ToText()}"
                    : notice.WrittenAt is { } at ? $"written {at.ToText()}, not acknowledged"
                    : "not written yet (--notices DIR)"));
        if (impact.Releases.Count == 0)
            output.WriteLine("  No release here has such a row.");
        output.WriteLine("What was registered is found; a copy that nobody declared is not.");
    }

    private static string FromSlice(int? slice) => slice is { } first
        ? string.Create(CultureInfo.InvariantCulture, $"; training is to be done again from slice {first} on")
        : "";

    private static void Write(Utf8JsonWriter json, Impact impact)
    {
        json.WriteStartObject();
        json.WriteString("question", impact.Question);
        WriteAll(json, "releases", impact.Releases, one =>
        {
            json.WriteString("release", one.Name);
            WriteRows(json, one.Rows);
        });
        WriteAll(json, "exports", impact.Exports, one =>
        {
            json.WriteString("export", one.Export.Export);
            json.WriteString("release", one.Export.Release);
            if (one.Export.Recipient is { } recipient)
                json.WriteString("recipient", recipient);
            if (one.FirstSlice is { } first)
                json.WriteNumber("first_slice", first);
            WriteRows(json, one.Rows);
        });
        WriteAll(json, "runs", impact.Runs, one =>
        {
            json.WriteString("run", one.Run.Run);
            json.WriteString("name", one.Run.Name);
            json.WriteString("release", one.Run.Release);
            WriteRows(json, one.Rows);
        });
        WriteAll(json, "models", impact.Models, one =>
        {
            json.WriteString("model", one.Model.Name);
            json.WriteString("outcome", Registering.ToText(one.Outcome));
            WriteRows(json, one.Rows);
            if (one.Successor is { } successor)
                json.WriteString("successor", successor.Name);
            if (one.FirstSlice is { } first)
                json.WriteNumber("first_slice", first);
        });
        WriteAll(json, "notices", impact.Notices, one =>
        {
            json.WriteString("notice", one.Id);
            json.WriteString("recipient", one.Recipient);
            json.WriteString("about", one.About);
            if (one.WrittenAt is { } written)
                json.WriteString("written_at", written.ToText());
            if (one.AcknowledgedAt is { } acknowledged)
                json.WriteString("acknowledged_at", acknowledged.ToText());
        });
        json.WriteEndObject();
    }

    private static void WriteRows(Utf8JsonWriter json, long? rows)
    {
        if (rows is { } known)
            json.WriteNumber("rows", known);
        else
            json.WriteNull("rows");
    }

    private static void WriteAll<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> all, Action<T> members)
    {
        json.WriteStartArray(name);
        foreach (var one in all)
        {
            json.WriteStartObject();
            members(one);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
