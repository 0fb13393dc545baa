using System.CommandLine;
using System.Globalization;
using Aval.Choices;
using Aval.Portal;
using Aval.Recall.Erasing;
using Aval.Recording;
using Aval.Requests;

namespace Aval.Cli;

internal static class RequestsCommand
{
    public static Command Create(Terminal terminal) => new("requests", """
        What people ask for and have to be answered (GDPR Art. 15 to 21), each with its clock: one month from its
        receipt, two more where the person is told why within the first (Art. 12(3)). Erasures, restrictions and
        removals are among them, whatever way they came. Each step is an entry of the ledger that names nobody
        (docs/formats/requests.md).

        Examples: aval requests list
                  aval requests answer 17 --text "The year of birth is corrected."
        """)
        {
            List(terminal), Show(terminal), Record(terminal),
            Step(terminal, "accept", "Say that it will be done.", (at, by, request, _) =>
                new Accepted(at, by, request)),
            Step(terminal, "ask", "Ask the person for what is needed first. The clock goes on.", (at, by, request, _) =>
                new ActionRequired(at, by, request)),
            Step(terminal, "answered", "Record what the person answered to that, by letter or on the telephone.",
                (at, by, request, _) => new ActionPerformed(at, by, request)),
            Step(terminal, "answer", "Say that it was done, and what. An erasure has to be carried out first (aval "
                + "erase).", (at, by, request, _) => new Fulfilled(at, by, request)),
            Extend(terminal), Refuse(terminal),
        };

    private static Command List(Terminal terminal)
    {
        var all = new Option<bool>("--all") { Description = "Those that are closed too" };
        var json = CommonOptions.Json();
        var command = new Command("list", "List requests, those whose clock ends first at the top.\n\nExample: aval "
            + "requests list --json") { all, json };
        command.SetAction(parsed =>
        {
            var now = terminal.Clock.UtcNow();
            var workspace = parsed.OpenWorkspace();
            var (requests, forgotten) = RequestBook.Read(workspace);
            Request[] shown = [.. requests.Where(request => request.IsOpen || parsed.GetValue(all))];
            if (parsed.GetValue(json))
                terminal.WriteJson(document =>
                {
                    document.WriteStartObject();
                    document.WriteNumber("open", requests.Count(request => request.IsOpen));
                    document.WriteNumber(
                        "late", requests.Count(request => request.IsOpen && request.IsLate(now)));
                    document.WriteNumber("forgotten", forgotten);
                    document.WriteStartArray("requests");
                    foreach (var request in shown)
                        RequestJson.Write(document, request, now);
                    document.WriteEndArray();
                    document.WriteEndObject();
                });
            else
                Print(terminal.Out, shown, requests.Count, forgotten, now, requests.Where(
                    request => request.AnsweredAfter is not null).Select(request => request.Index));
            EraseCommand.Warn(terminal, workspace);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(
        TextWriter output, Request[] shown, int all, long forgotten, DateTimeOffset now,
        IEnumerable<EntryIndex> answeredAfter)
    {
        var late = shown.Count(request => request.IsOpen && request.IsLate(now));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{shown.Count(request => request.IsOpen)} open, of them {late} late; {all} in all"
                + $"{(forgotten > 0 ? $", and {forgotten} of people who are erased" : "")}."));
        if (shown.Length > 0)
            TextTable.Print(
                output, ["request", "right", "state", "until", "", "by"],
                shown.Select(request => new[]
                {
                    request.Index.ToString(), request.Right.ToText(), request.State.ToText(),
                    RequestJson.Day(request.LastDay), request.IsLate(now) ? "late" : "",
                    request.Account?.ToString() ?? (request.IsNameless ? "erased" : "nobody's account"),
                }),
                textColumns: 6);
        if (string.Join(", ", answeredAfter) is { Length: > 0 } answered)
            output.WriteLine($"Answered by the person after they were closed: {answered}. See: aval requests show "
                + "NUMBER");
    }

    private static Command Show(Terminal terminal)
    {
        var number = Number();
        var json = CommonOptions.Json();
        var command = new Command("show", "Show a request and what was done about it.\n\nExample: aval requests show "
            + "17") { number, json };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var request = RequestBook.Require(workspace, new EntryIndex(parsed.GetValue(number)));
            Show(terminal, request, parsed.GetValue(json));
            if (!parsed.GetValue(json) && ErasureClock.Read(workspace).Of(request.Index) is { } waiting)
                terminal.Out.WriteLine($"not carried out; aval erase is to have done so by {waiting.Due.ToText()}"
                    + $"{(waiting.Due < terminal.Clock.UtcNow() ? ", which is OVERDUE" : "")}");
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Show(Terminal terminal, Request[] requests, bool json)
    {
        if (json)
            terminal.WriteJson(document =>
            {
                document.WriteStartObject();
                document.WriteStartArray("requests");
                foreach (var request in requests)
                    RequestJson.Write(document, request, terminal.Clock.UtcNow());
                document.WriteEndArray();
                document.WriteEndObject();
            });
        else
            Array.ForEach(requests, request => Show(terminal, request, json: false));
    }

    private static void Show(Terminal terminal, Request request, bool json)
    {
        var now = terminal.Clock.UtcNow();
        if (json)
        {
            terminal.WriteJson(document => RequestJson.Write(document, request, now));
            return;
        }

        var output = terminal.Out;
        output.WriteLine($"Request {request.Index}: {request.Right.ToText()} ({request.Right.Article()}), by "
            + $"{request.By}");
        output.WriteLine($"received {request.ReceivedAt.ToText()}{(request.Channel is { } way ? $", {way}" : "")}");
        output.WriteLine($"{request.State.ToText()}; to be answered by {RequestJson.Day(request.LastDay)}"
            + $"{(request.IsLate(now) ? ", which was missed" : "")}");
        if (request.Text is { } text)
            output.WriteLine($"asks: {text}");
        if (request.Reach is { } reach)
            output.WriteLine($"to be reached at: {reach}");
        foreach (var taken in request.Steps)
        {
            var step = taken.Step;
            output.WriteLine($"  {taken.Index,6}  {step.At.ToText()}  {step.Word}, {step.By}"
                + $"{(RequestJson.Reason(step) is { } reason ? $", {reason}" : "")}"
                + $"{(taken.Counts ? "" : " (without effect: somebody else was earlier)")}"
                + $"{(step.Text is { } said ? $": {said}" : "")}");
            if (step is Rejected rejected)
                output.WriteLine($"          told: complaint to {rejected.Authority} (Art. 77), and court (Art. 79)");
        }
    }

    private static Command Record(Terminal terminal)
    {
        var right = new Option<string>("--right")
        {
            Description = "What is asked for: access, rectification, portability, objection (of somebody without an "
                + "account). The others are choices: aval choose erasure",
            Required = true,
            HelpName = "R",
        };
        var account = new Option<string?>("--account")
        {
            Description = "By whom (default: somebody without an account)",
            HelpName = "service:id",
        };
        var text = new Option<string>("--text") { Description = "In their words", Required = true, HelpName = "T" };
        var received = new Option<string?>("--received")
        {
            Description = "When it came, from which its clock runs (default: now)",
            HelpName = "T",
        };
        var reach = new Option<string?>("--reach")
        {
            Description = "Where an answer reaches somebody without an account",
            HelpName = "TEXT",
        };
        var channel = new Option<string>("--channel")
        {
            Description = "By what way it came",
            DefaultValueFactory = _ => "letter",
            HelpName = "TEXT",
        };
        var (by, json) = (By(), CommonOptions.Json());
        var command = new Command("record", "Record a request that came by letter, e-mail or telephone.\n\nExample: "
            + "aval requests record --right access --account facebook:100044 --text \"a copy\" --received "
            + "2026-03-05T09:00:00Z") { right, account, text, received, reach, channel, by, json };
        command.SetAction(parsed =>
        {
            var (workspace, now) = (parsed.OpenWorkspace(), terminal.Clock.UtcNow());
            var asked = RequestWords.Parse<Right>("--right", parsed.GetValue(right));
            if (asked is Right.Erasure or Right.Restriction or Right.Removal)
                throw AvalException.Usage($"--right {asked.ToText()}: this is a choice, which takes effect by being "
                    + $"recorded: aval choose {asked.ToText()}. Its clock runs from there. Nothing was recorded.");
            if (asked is Right.Objection && parsed.GetValue(account) is { } objecting)
                throw AvalException.Usage($"--right objection: the objection of an account is a choice, which takes "
                    + $"effect by being recorded: aval choose objection --account {objecting}. Nothing was recorded. "
                    + "(Of somebody without an account it is a request: leave --account out.)");
            var from = parsed.GetValue(received) is { } at ? Instant.Parse(at, "--received") : now;
            if (from > now)
                throw AvalException.Usage($"--received {from.ToText()} has not come yet. Nothing was recorded.");
            var entry = new Asked(
                now, By(parsed, by), asked,
                parsed.GetValue(account) is { } named ? Account.Parse(named, workspace.Settings.Services) : null,
                from, parsed.GetValue(channel)!, IsAcknowledged: false)
            {
                Text = parsed.GetValue(text),
                Reach = parsed.GetValue(reach),
            }.Seal();
            var index = Recorder.EnterOnce(workspace, entry).Entries.First;
            Show(terminal, RequestBook.Require(workspace, index), parsed.GetValue(json));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Step(
        Terminal terminal, string name, string what, Func<DateTimeOffset, string, long, string, Step> step) =>
        Step(terminal, new Command(name, $"{what}\n\nExample: aval requests {name} 17 --text \"…\""), (_, at, by,
            request, text) => step(at, by, request, text));

    private static Command Extend(Terminal terminal)
    {
        var reason = Reason<DelayReason>();
        return Step(
            terminal,
            new Command("extend", "Take two months more, and tell why: within the first month, and once (Art. 12(3))."
                + "\n\nExample: aval requests extend 17 --reason complexity-of-process --text \"…\"") { reason },
            (parsed, at, by, request, _) => new Delayed(
                at, by, request, RequestWords.Parse<DelayReason>("--reason", parsed.GetValue(reason))));
    }

    private static Command Refuse(Terminal terminal)
    {
        var reason = Reason<RefusalReason>();
        var authority = new Option<string?>("--authority")
        {
            Description = "To which authority they may complain (default: the one of portal.yaml)",
            HelpName = "NAME",
        };
        return Step(
            terminal,
            new Command("refuse", "Refuse a request, and tell why, where to complain, and that there are courts (Art. "
                + "12(4)). Choices are not the controller's to refuse.\n\nExample: aval requests refuse 17 --reason "
                + "process-excessive --text \"…\"") { reason, authority },
            (parsed, at, by, request, _) => new Rejected(
                at, by, request, RequestWords.Parse<RefusalReason>("--reason", parsed.GetValue(reason)),
                parsed.GetValue(authority) ?? PortalSettings.Read(parsed.OpenWorkspace()).Authority));
    }

    private static Command Step(
        Terminal terminal, Command command, Func<ParseResult, DateTimeOffset, string, long, string, Step> step)
    {
        var (by, json) = (By(), CommonOptions.Json());
        var numbers = new Argument<long[]>("REQUEST")
        {
            Description = "The number of the request; several are told the same, all or none",
            Arity = ArgumentArity.OneOrMore,
        };
        var text = new Option<string>("--text")
        {
            Description = "What the person is told; of answered: what they answered",
            Required = true,
            HelpName = "T",
        };
        command.Arguments.Add(numbers);
        command.Options.Add(text);
        command.Options.Add(by);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            if (string.IsNullOrWhiteSpace(parsed.GetValue(text)))
                throw AvalException.Usage("--text is what the person is told, and it is empty. Nothing was recorded.");
            Request[] requests =
            [
                .. parsed.GetValue(numbers)!.Distinct()
                    .Select(number => RequestBook.Require(workspace, new EntryIndex(number))),
            ];
            var entries = new List<NewEntry>();
            foreach (var request in requests)
            {
                var next = step(
                    parsed, terminal.Clock.UtcNow(), By(parsed, by), request.Index.Value, parsed.GetValue(text)!)
                    with
                { Account = request.Account, Text = parsed.GetValue(text) };
                entries.Add(RequestBook.Next(request, next));
                if (next is Fulfilled)
                    AskedErasures.RequireCarriedOut(workspace, request, terminal.Clock);
            }

            var first = Recorder.EnterOnce(workspace, entries).Entries.First;
            Show(
                terminal,
                [
                    .. requests.Select((request, at) => RequestBook.Settle(
                        workspace, request.Index, new EntryIndex(first.Value + at))),
                ],
                parsed.GetValue(json));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Argument<long> Number() => new("REQUEST") { Description = "The number of the request" };

    private static Option<string?> By() => new("--by")
    {
        Description = "Who answers (default: whoever is logged in on this machine)",
        HelpName = "NAME",
    };

    private static string By(ParseResult parsed, Option<string?> by) =>
        $"officer {parsed.GetValue(by) ?? Environment.UserName}";

    private static Option<string> Reason<T>()
        where T : struct, Enum => new("--reason")
        {
            Description = $"Why: {string.Join(", ", Enum.GetValues<T>().Select(RequestWords.Kebab))}",
            Required = true,
            HelpName = "REASON",
        };
}
