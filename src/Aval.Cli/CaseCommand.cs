using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Cases;
using Aval.Requests;
using Aval.Terms;

namespace Aval.Cli;

internal static partial class CaseCommand
{
    public static Command Create(Terminal terminal) => new("case", """
        Formal notices, complaints, injunctions, collective actions and inquiries: what is alleged, each sentence tied
        to evidence that was verified when it was added, what is asked for, until when, and what was answered. A case
        lies in cases/NAME, for its owner alone (docs/formats/case.md). Terms are counted by rules of which the texts
        were not read for it; have a lawyer count them too.

        Examples: aval case open notice.yaml
                  aval case add notice-1 --evidence receipt objection.receipt --key ledger.vkey --shows 1
        """)
        {
            Open(terminal), List(terminal), Show(terminal), Add(terminal), AnswerTo(terminal), Close(terminal),
            Draft(terminal), Bundle(terminal), Members(terminal), ExposureOf(terminal),
        };

    private static Command Open(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "What it begins with: a YAML file" };
        var (by, json) = (By(), CommonOptions.Json());
        var command = new Command("open", "Open a case.\n\nExample: aval case open notice.yaml") { file, by, json };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var begun = CaseReader.Read(parsed.GetValue(file)!);
            Show(terminal, workspace, CaseFolder.Open(
                workspace, begun, terminal.Clock.UtcNow(), By(parsed, by)), parsed.GetValue(json));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command List(Terminal terminal)
    {
        var all = new Option<bool>("--all") { Description = "Those that are closed too" };
        var json = CommonOptions.Json();
        var command = new Command("list", "List cases, those that are overdue first.\n\nExample: aval case list --json")
        {
            all, json,
        };
        command.SetAction(parsed =>
        {
            var (workspace, now) = (parsed.OpenWorkspace(), terminal.Clock.UtcNow());
            var working = workspace.Settings.WorkingDays;
            var cases = CaseFolder.All(workspace);
            Case[] shown = [.. cases.Where(one => one.ClosedAt is null || parsed.GetValue(all))];
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(document =>
                {
                    document.WriteStartObject();
                    document.WriteNumber("overdue", cases.Count(one => one.IsOverdue(working, now)));
                    document.WriteStartArray("cases");
                    foreach (var one in shown)
                        Write(document, one, working, now);
                    document.WriteEndArray();
                    document.WriteEndObject();
                });
                return (int)ExitCode.Done;
            }

            terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{cases.Count(one => one.ClosedAt is null)} open, of them "
                    + $"{cases.Count(one => one.IsOverdue(working, now))} overdue; {cases.Count} in all."));
            if (shown.Length > 0)
                TextTable.Print(
                    terminal.Out, ["case", "kind", "until", "", "urgent until", "title"],
                    shown.Select(one => new[]
                    {
                        one.Name, RequestWords.Kebab(one.Kind), Until(one, working),
                        one.ClosedAt is not null ? "closed" : one.IsOverdue(working, now) ? "overdue" : "",
                        Urgency(one) is { } clock
                            ? RequestJson.Day(clock.LastDay) + (clock.IsLost(Today(now)) ? " (over)" : "")
                            : "",
                        Shown.Of(one.Title),
                    }),
                    textColumns: 6);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var (name, json) = (Name(), CommonOptions.Json());
        var command = new Command("show", "Show a case: allegations with their evidence, answers, history.\n\nExample: "
            + "aval case show notice-1") { name, json };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var whole = CaseFolder.Require(workspace, parsed.GetValue(name)!);
            // Evidence that is no more what was added is told, and not shown as if it were.
            foreach (var file in whole.Evidence.SelectMany(one => one.Files))
                _ = CaseFolder.Bytes(workspace, whole.Name, file);
            Show(terminal, workspace, whole, parsed.GetValue(json));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Close(Terminal terminal)
    {
        var name = Name();
        var outcome = new Option<string>("--outcome")
        {
            Description = "How it ended",
            Required = true,
            HelpName = "T",
        };
        var (by, json) = (By(), CommonOptions.Json());
        var command = new Command("close", "Close a case. It stays where it is.\n\nExample: aval case close notice-1 "
            + "--outcome \"undertaking of 21 May accepted\"") { name, outcome, by, json };
        command.SetAction(parsed =>
        {
            var (workspace, now) = (parsed.OpenWorkspace(), terminal.Clock.UtcNow());
            Show(terminal, workspace, CaseFolder.Step(
                workspace, parsed.GetValue(name)!, now, By(parsed, by),
                before => CaseSteps.Close(before, parsed.GetValue(outcome)!, now)), parsed.GetValue(json));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Bundle(Terminal terminal)
    {
        var name = Name();
        var output = new Option<string>("--out")
        {
            Description = "The new folder; the zip lies beside it, with .zip behind its name",
            Required = true,
            HelpName = "FOLDER",
        };
        var verifier = new Option<string?>("--verifier")
        {
            Description = "A folder with the published program, which is put into the bundle (176 MB), so that it "
                + "verifies where nothing is installed; verify.sh takes it unless AVAL names another",
            HelpName = "FOLDER",
        };
        var json = CommonOptions.Json();
        var command = new Command("bundle", "Write a case as one folder and one zip that anybody checks offline: "
            + "index.html, the evidence, keys, checkpoints, and verify.sh, which prints one line each. It refuses to "
            + "tell of a person who is no party; what is no text, a scan or a PDF, it cannot look into.\n\nExample: "
            + "aval case bundle notice-1 --out notice-1-bundle --verifier artifacts/linux-x64")
        {
            name, output, verifier, json,
        };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var whole = CaseFolder.Require(workspace, parsed.GetValue(name)!);
            var folder = Path.GetFullPath(parsed.GetValue(output)!);
            var zip = CaseBundle.Write(workspace, whole, folder, parsed.GetValue(verifier));
            if (parsed.GetValue(json))
                terminal.WriteJson(document =>
                {
                    document.WriteStartObject();
                    document.WriteString("folder", folder);
                    document.WriteString("zip", zip);
                    document.WriteEndObject();
                });
            else
                terminal.Out.WriteLine($"{folder}\n{zip}\nTo check it: sh {Path.Combine(folder, "verify.sh")}");
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Argument<string> Name() => new("CASE") { Description = "The case's name" };

    private static Option<string?> By() => new("--by")
    {
        Description = "Who does it (default: whoever is logged in on this machine)",
        HelpName = "NAME",
    };

    private static string By(ParseResult parsed, Option<string?> by) => parsed.GetValue(by) ?? Environment.UserName;

    private static DateOnly Today(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

    private static UrgencyClock? Urgency(Case one) => one.UrgentFrom is { } from ? new UrgencyClock(from) : null;

    private static string Until(Case one, WorkingDays working) =>
        one.Deadline is { } deadline ? RequestJson.Day(deadline.LastDay(working)) : "";

    private static void Show(Terminal terminal, Workspace workspace, Case one, bool json)
    {
        var (now, working) = (terminal.Clock.UtcNow(), workspace.Settings.WorkingDays);
        if (json)
        {
            terminal.WriteJson(document => Write(document, one, working, now));
            return;
        }

        var output = terminal.Out;
        output.WriteLine($"{one.Name}: {Shown.Of(one.Title)}");
        output.WriteLine($"{RequestWords.Kebab(one.Kind)}, {one.Jurisdiction}; {one.Footing.Cited()}");
        foreach (var party in one.Parties)
            output.WriteLine($"{RequestWords.Kebab(party.Role)}: {Shown.Of(party.Name)}"
                + (party.Accounts.Count > 0 ? $" ({Shown.Of(string.Join(", ", party.Accounts))})" : ""));
        if (one.Deadline is { } deadline)
            output.WriteLine($"until the end of {Until(one, working)}"
                + (deadline.Term is { } term && TermLaws.TryParse(deadline.Law, out var law)
                    ? $" ({term} from {RequestJson.Day(deadline.From!.Value)}, {law.Cited()})"
                    : ", the date that was set")
                + (one.IsOverdue(working, now) ? ", which is OVERDUE" : ""));
        if (Urgency(one) is { } clock)
            output.WriteLine($"urgent until {RequestJson.Day(clock.LastDay)}, a month after the announcement or first "
                + "knowledge" + (clock.IsLost(Today(now)) ? ", which is over" : ""));
        foreach (var allegation in one.Allegations)
            Print(output, one, allegation);
        foreach (var (at, remedy) in one.Remedies.Index())
            output.WriteLine($"asks {at + 1}: {Shown.Of(remedy.Text)}");
        foreach (var evidence in one.Evidence)
            output.WriteLine($"{evidence.Id}  {RequestWords.Kebab(evidence.Kind)}: {Shown.Of(evidence.Shows)}");
        foreach (var step in one.History)
            output.WriteLine($"  {step.At.ToText()}  {Shown.Of(step.By)}: {Shown.Of(step.What)}");
    }

    private static void Print(TextWriter output, Case one, Allegation allegation)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{allegation.Number}. {Shown.Of(allegation.Text)} ({Shown.Of(string.Join("; ", allegation.Law))}); "
                + $"{(allegation.Evidence.Count == 0 ? "no evidence" : string.Join(", ", allegation.Evidence))}"));
        if (one.Standing.TryGetValue(allegation.Number, out var answer))
            output.WriteLine($"   {RequestWords.Kebab(answer.Kind)}: {Shown.Of(answer.Text)}"
                + (answer.Undertaking is { } undertaking ? $", from {RequestJson.Day(undertaking.By)}" : ""));
    }

    private static void Write(Utf8JsonWriter json, Case one, WorkingDays working, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteBoolean("overdue", one.IsOverdue(working, now));
        if (one.Deadline is not null)
            json.WriteString("last_day", Until(one, working));
        if (Urgency(one) is { } clock)
        {
            json.WriteString("urgent_until", RequestJson.Day(clock.LastDay));
            json.WriteBoolean("urgency_over", clock.IsLost(Today(now)));
        }

        json.WritePropertyName("case");
        CaseJson.Write(json, one);
        json.WriteEndObject();
    }
}
