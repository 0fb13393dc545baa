using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Ledger;
using Aval.People;
using Aval.Recording;
using Aval.Requests;
using Aval.Storage;

namespace Aval.Cli;

internal static class ChooseCommand
{
    public static Command Create(Terminal terminal)
    {
        var kind = new Argument<string?>("KIND")
        {
            Description = "What is said: "
                + $"{string.Join(", ", Enum.GetValues<ChoiceKind>().Select(known => known.ToText()))}",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var columns = Columns();
        var from = new Option<string?>("--from")
        {
            Description = "Record a whole file instead: .csv, .jsonl (also .gz, .zst) or .parquet; all or nothing",
            HelpName = "FILE",
        };
        var mapping = new Option<string?>("--mapping")
        {
            Description = "With --from: a YAML file, each column of a choice as an SQL expression over the file's own",
            HelpName = "FILE",
        };
        var errors = new Option<string?>("--errors")
        {
            Description = $"With --from: write every error of a refused file here (the first {ChoiceFile.FaultsShown} "
                + "are printed)",
            HelpName = "FILE",
        };
        var receipt = new Option<string?>("--receipt")
        {
            Description = "Write the receipt here: one file for one choice; with --from, a directory for one "
                + "file a choice",
            HelpName = "PATH",
        };
        var json = CommonOptions.Json();
        var command = new Command("choose", """
            Record what a person said: one choice, or a file of them.
            Examples: aval choose objection --account facebook:100044
                      aval choose consent --account instagram:7 --notice 2025-04 --until 2027-01-01T00:00:00Z
                      aval choose objection --account facebook:100044 --receipt ann.receipt
                      aval choose objection --handle instagram:kim_invented
                      aval choose removal --scope item:facebook:98765 --actor anyone
                      aval choose mandate --account facebook:100044 --association rights.example
                      aval choose --from choices.csv
            """) { kind, from, mapping, errors, receipt, json };
        foreach (var option in columns.Values)
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var given = columns.Values.FirstOrDefault(option => parsed.GetResult(option) is not null);
            switch (parsed.GetValue(kind), parsed.GetValue(from))
            {
                case ({ } said, null):
                    if (parsed.GetValue(errors) is not null)
                        throw AvalException.Usage("--errors goes with --from. Nothing was recorded.");
                    if (parsed.GetValue(mapping) is not null)
                        throw AvalException.Usage("--mapping goes with --from. Nothing was recorded.");
                    return RecordOne(terminal, parsed, said, columns, parsed.GetValue(receipt), parsed.GetValue(json));
                case (null, { } file):
                    if (given is not null)
                        throw AvalException.Usage($"{given.Name} is about one choice, but --from records a file of "
                            + "them, which says it in its columns. Nothing was recorded. Leave one of the two out.");
                    return RecordFile(
                        terminal, parsed.OpenWorkspace(), file, parsed.GetValue(mapping), parsed.GetValue(errors),
                        parsed.GetValue(receipt), parsed.GetValue(json));
                default:
                    throw AvalException.Usage(
                        "Say either what was chosen (aval choose objection --account facebook:100044) or from which "
                        + "file choices come (aval choose --from choices.csv). Nothing was recorded.");
            }
        });
        return command;
    }

    private static Dictionary<string, Option<string?>> Columns() => new()
    {
        ["account"] = Text(
            "account",
            "On which account, service:id, or outside:ID for somebody who is only mentioned; a removal by anyone needs "
            + "none",
            "ACCOUNT"),
        ["handle"] = CommonOptions.Handle(),
        ["purpose"] = Text(
            "purpose",
            $"About which purpose: {string.Join(", ", Purpose.All)} (default: {Purpose.TrainGenerativeAi})",
            "PURPOSE"),
        ["scope"] = Text(
            "scope", "About what: everything (default), service:NAME, item:SERVICE:ID or about-me; several joined by ;",
            "SCOPE"),
        ["made_at"] = Text("made-at", "When it was said (default: when it was received)", "T"),
        ["received_at"] = Text(
            "received-at", "When it reached the controller: the clock of a letter runs from then (default: now)", "T"),
        ["until"] = Text("until", "Consents and mandates: when it ends (default: it does not)", "T"),
        ["actor"] = Text("actor", "Who said it: person (default), agent, controller or anyone", "ACTOR"),
        ["channel"] = Text("channel", "By what way it came, in your words", "TEXT"),
        ["evidence"] = Text("evidence", "SHA-256 of what proves it, 64 hexadecimal digits", "HEX"),
        ["notice"] = Text(
            "notice", "Consents, required there: the version of the information notice that is answered", "VERSION"),
        ["association"] = Text(
            "association", "Mandates, required there: the id of the association that may act for the person, such as "
            + "rights.example; of mandate-revoked: whose mandate ends (default: every one)", "ID"),
    };

    private static Option<string?> Text(string name, string description, string help) =>
        new($"--{name}") { Description = description, HelpName = help };

    private static int RecordOne(
        Terminal terminal, ParseResult parsed, string kind, Dictionary<string, Option<string?>> columns,
        string? receipt, bool json)
    {
        var workspace = parsed.OpenWorkspace();
        var now = terminal.Clock.UtcNow();
        var text = ChoiceText.Of(
            [("kind", kind), .. columns.Select(column => (column.Key, parsed.GetValue(column.Value)))]);
        var faults = new List<ChoiceFault>();
        if (text.Read(new ChoiceRules(workspace.Settings), now, faults, () =>
            Handles.Of(workspace, now, [text.Handle!])) is not { } choice)
        {
            var sentences = faults.Select(
                fault => fault.Describe(columns.TryGetValue(fault.Column, out var option) ? option.Name : "KIND"));
            throw AvalException.Usage($"{string.Join('\n', sentences)}\nNothing was recorded.");
        }

        if (!text.SaysWhen)
            choice = SaidNow.Of(workspace, [choice])[0];
        RequirePlace(receipt, isFolder: false);
        var acknowledged = Recorder.RecordOnce(workspace, now, choice);
        var recorded = new Recorded(acknowledged.Entries.First, choice);
        var written = receipt is null || IsDone(
            terminal, $"Entry {recorded.Index} is recorded. But its receipt was not written, and aval receipt "
                + $"{recorded.Index} writes it",
            () =>
            {
                using var receipts = Receipts.Open(workspace);
                receipts.Write(receipt, receipts.Of(recorded.Index));
            });
        receipt = written ? receipt : null;

        if (choice.Kind is ChoiceKind.RestrictionLifted)
            WarnOfOpen(terminal, workspace, now, recorded);
        UnmatchedChoice? unmatched = null;
        var looked = IsDone(
            terminal, Untold, () => UnmatchedChoices.Among(workspace, [recorded], now, found => unmatched = found));
        if (json)
            Write(
                terminal, writer =>
                {
                    WriteChoice(writer, recorded, acknowledged.Published, receipt, looked, unmatched);
                    if (!text.SaysWhen && choice.MadeAt > now)
                        writer.WriteString("said_at", now.ToText());
                });
        else
            Print(terminal, recorded, acknowledged.Published, receipt, unmatched, text.SaysWhen ? null : now);
        return (int)(written ? ExitCode.Done : ExitCode.No);
    }

    // Whoever lifts a restriction here may have told its person by another way, so it is recorded and not refused.
    private static void WarnOfOpen(Terminal terminal, Workspace workspace, DateTimeOffset now, Recorded recorded) =>
        IsDone(
            terminal, $"Entry {recorded.Index} is recorded. But whether a request about it is open could not be told",
            () =>
            {
                if (UnansweredRestriction.Of(workspace, now, recorded.Choice.Account) is { } open)
                    terminal.Error.WriteLine($"Entry {recorded.Index} is recorded, and request {open.Index} about it "
                        + "is open: tell the person first (Art. 18(3)). See: aval requests answer");
            });

    private static void WarnOfOpen(Terminal terminal, Workspace workspace, EntryRange entries) => IsDone(
        terminal, "Recorded. But whether requests about the restrictions that are lifted are open could not be told",
        () =>
        {
            Account[] lifted;
            using (var store = ChoiceStores.Open(workspace))
                lifted = [.. Of(store, entries).Where(one => one.Choice.Kind is ChoiceKind.RestrictionLifted)
                    .Select(one => one.Choice.Account).Distinct()];
            foreach (var open in UnansweredRestriction.Among(workspace, terminal.Clock.UtcNow(), lifted))
                terminal.Error.WriteLine($"The choices are recorded, and request {open.Index}, about a restriction "
                    + "that one of them lifts, is open: tell the person first (Art. 18(3)). See: aval requests answer");
        });

    private static IEnumerable<Recorded> Of(IChoiceStore store, EntryRange entries) => store
        .Read(new TreeSize(entries.First.Value + entries.Count))
        .SkipWhile(choice => choice.Index.Value < entries.First.Value);

    // What is recorded is recorded: content that cannot be read keeps nobody's choice back, and is told apart from it.
    private const string Untold = "Recorded. But whether the content knows what was named could not be told";

    // Whoever is told that nothing was recorded says it again, and what is said again is said later than what was said
    // in between.
    private static bool IsDone(Terminal terminal, string otherwise, Action work)
    {
        if (FileFailure.Why(work) is not { } why)
            return true;
        terminal.Error.WriteLine($"{otherwise}: {why}");
        return false;
    }

    private static void RequirePlace(string? receipt, bool isFolder)
    {
        if (receipt is null)
            return;
        if (File.Exists(receipt))
            throw AvalException.Usage($"{receipt}: expected a place for {(isFolder ? "receipts" : "a receipt")}, but "
                + "there is a file. It was not touched, and nothing was recorded. Name another place with --receipt.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(receipt));
        if (!isFolder && (Directory.Exists(receipt) || !Directory.Exists(folder)))
            throw AvalException.Usage($"{receipt}: expected a place for a receipt, but "
                + (Directory.Exists(receipt) ? "it is a folder" : $"there is no folder {folder}")
                + ". Nothing was recorded. Name a file in a folder that there is with --receipt.");
    }

    private static int RecordFile(
        Terminal terminal, Workspace workspace, string path, string? mapping, string? errors, string? receipts,
        bool json)
    {
        RequirePlace(receipts, isFolder: true);
        if (receipts is not null)
            FileModes.MakePrivateFolder(receipts);
        ChoiceFileOutcome outcome;
        using (var list = errors is null ? null : new ErrorList(errors))
        using (var progress = new ProgressLine(terminal))
            outcome = ChoiceFile.Record(
                workspace, path, terminal.Clock.UtcNow(), (doing, done) => progress.Report($"{path}: {doing}", done),
                list is null ? null : list.Add, mapping);
        var written = receipts is null || IsDone(
            terminal, $"Recorded, entries {outcome.Entries.First} to {outcome.Entries.Last}. But not all receipts were "
                + "written, and aval receipt writes each",
            () => WriteReceipts(terminal, workspace, outcome.Entries, receipts));
        var exit = (int)(written ? ExitCode.Done : ExitCode.No);
        receipts = written ? receipts : null;
        var listed = $"{path}.unmatched-{outcome.Entries.First}.jsonl";
        if (outcome.ByKind.ContainsKey(ChoiceKind.RestrictionLifted))
            WarnOfOpen(terminal, workspace, outcome.Entries);
        var unmatched = ListUnmatched(terminal, workspace, outcome.Entries, listed);
        if (json)
        {
            Write(terminal, writer => WriteOutcome(writer, path, outcome, unmatched, listed));
            return exit;
        }

        if (outcome.PassedOver > 0)
        {
            var what = outcome.PassedOver == 1 ? "it is no choice" : "they are no choices";
            terminal.Out.WriteLine(
                $"{path}: {Count(outcome.PassedOver, "row")} passed over, since {mapping} says that {what}.");
        }

        if (outcome.Entries.Count == 0)
        {
            terminal.Out.WriteLine($"{path}: it holds no choice, so none was recorded.");
            return exit;
        }

        terminal.Out.WriteLine($"{path}: {Count(outcome.Entries.Count, "choice")} recorded, entries "
            + $"{outcome.Entries.First} to {outcome.Entries.Last}.");
        foreach (var (kind, count) in outcome.ByKind)
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,12}  {kind.ToText()}"));
        if (outcome.After > 0)
            terminal.Out.WriteLine($"Of them, {outcome.After} {(outcome.After == 1 ? "counts" : "count")} as made "
                + "later than this machine's clock says, since what they answer was made then and the latest word "
                + "decides: the clock was set back since, or was ahead.");
        if (receipts is not null)
            terminal.Out.WriteLine($"{Count(outcome.Entries.Count, "receipt")} in {receipts}.");
        if (AccountingTable.Unmatched(unmatched ?? 0) is { } sentence)
            terminal.Out.WriteLine($"{sentence}. Those of this file are in {listed}");
        terminal.Out.WriteLine("Each line is a statement of its own: a file that is recorded twice is there twice, "
            + "and what it adds up to stays the same.");
        return exit;
    }

    private static long? ListUnmatched(Terminal terminal, Workspace workspace, EntryRange entries, string path)
    {
        if (entries.Count == 0)
            return 0;
        long? found = null;
        _ = IsDone(terminal, Untold, () =>
        {
            using var store = ChoiceStores.Open(workspace);
            using var list = new UnmatchedList(path);
            found = UnmatchedChoices.Among(workspace, Of(store, entries), terminal.Clock.UtcNow(), list.Add);
        });
        return found;
    }

    private static void WriteReceipts(Terminal terminal, Workspace workspace, EntryRange entries, string directory)
    {
        using var progress = new ProgressLine(terminal);
        using var receipts = Receipts.Open(workspace);
        FileModes.MakePrivateFolder(directory);
        for (var at = 0L; at < entries.Count; at++)
        {
            var index = new EntryIndex(entries.First.Value + at);
            receipts.Write(Path.Combine(directory, $"{index}.receipt"), receipts.Of(index));
            progress.Report("receipts", (double)(at + 1) / entries.Count);
        }
    }

    private static void Print(
        Terminal terminal, Recorded recorded, PublishedCheckpoint published, string? receipt,
        UnmatchedChoice? unmatched, DateTimeOffset? saidAt)
    {
        var choice = recorded.Choice;
        var who = choice.Account == Account.Anyone ? "by anyone" : $"of {choice.Account}";
        terminal.Out.WriteLine($"Entry {recorded.Index}: {choice.Kind.ToText()} {who}, "
            + $"scope {choice.Scope}, purpose {choice.Purpose}.");
        terminal.Out.WriteLine($"It means: {choice.Meaning()}");
        if (choice.MadeAt > saidAt)
            terminal.Out.WriteLine($"It counts as made at {choice.MadeAt.ToText()}, not at {saidAt.Value.ToText()} as "
                + "this machine's clock says, since what it answers was made then and the latest word decides: the "
                + "clock was set back since, or was ahead.");
        terminal.Out.WriteLine(choice.Kind.BearsOnStance()
            ? $"It counts in every release made as of {choice.CountsFrom().ToText()} or later."
            : $"It counts from {choice.CountsFrom().ToText()} on, and in no release.");
        terminal.Out.WriteLine(receipt is null
            ? $"It is under the signed checkpoint of {published.Size} entries. "
                + $"Its receipt: aval receipt {recorded.Index}"
            : $"It is under the signed checkpoint of {published.Size} entries. Its receipt is {receipt}: "
                + "hand it to the person.");
        if (unmatched is { Parts: null } && choice.Account.Service == Account.Outside)
            terminal.Out.WriteLine($"Nothing names {choice.Account}: no item tags it, and no name or handle of it is "
                + "registered. The choice has no effect until one is "
                + $"(aval person add {choice.Account} --name NAME --handle service:handle), or an import brings it. "
                + "All such choices: aval choices unmatched");
        else if (unmatched is { Parts: { } parts })
            terminal.Out.WriteLine((choice.Kind is ChoiceKind.Removal
                    ? $"The content does not know {parts}"
                    : $"The content knows nothing of {choice.Account} that {parts} names")
                + ": by that part of its scope the choice has no effect unless an import brings that. "
                + "All such choices: aval choices unmatched");
        else if (unmatched is not null)
            terminal.Out.WriteLine($"The content does not know {choice.Account}"
                + (unmatched.Nearest.Count == 0 ? "" : $" (did you mean {string.Join(" or ", unmatched.Nearest)}?)")
                + ": the choice has no effect until an import brings it. All such choices: aval choices unmatched");
    }

    private static string Count(long count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static void WriteChoice(
        Utf8JsonWriter json, Recorded recorded, PublishedCheckpoint published, string? receipt, bool looked,
        UnmatchedChoice? unmatched)
    {
        var choice = recorded.Choice;
        json.WriteNumber("index", recorded.Index.Value);
        json.WriteString("kind", choice.Kind.ToText());
        json.WriteString("account", choice.Account.ToString());
        json.WriteString("purpose", choice.Purpose.Name);
        json.WriteString("scope", choice.Scope.ToString());
        json.WriteString("made_at", choice.MadeAt.ToText());
        json.WriteString("received_at", choice.ReceivedAt.ToText());
        if (choice.Until is { } until)
            json.WriteString("until", until.ToText());
        json.WriteString("actor", choice.Actor.ToText());
        if (choice.Channel is { } channel)
            json.WriteString("channel", channel);
        if (choice.Evidence is { } evidence)
            json.WriteString("evidence", evidence);
        if (choice.Notice is { } notice)
            json.WriteString("notice", notice);
        if (choice.Association is { } association)
            json.WriteString("association", association);
        json.WriteString("meaning", choice.Meaning());
        json.WriteString("counts_from", choice.CountsFrom().ToText());
        json.WriteNumber("checkpoint_size", published.Size.Value);
        if (receipt is not null)
            json.WriteString("receipt", receipt);
        if (!looked)
            return;
        json.WriteBoolean("matched", unmatched is null);
        if (unmatched is null)
            return;
        if (unmatched.Parts is { } parts)
            json.WriteString("parts", parts);
        json.WriteStartArray("nearest");
        foreach (var near in unmatched.Nearest)
            json.WriteStringValue(near);
        json.WriteEndArray();
    }

    private static void WriteOutcome(
        Utf8JsonWriter json, string path, ChoiceFileOutcome outcome, long? unmatched, string listed)
    {
        json.WriteString("file", path);
        json.WriteString("sha256", outcome.Sha256);
        json.WriteNumber("recorded", outcome.Entries.Count);
        json.WriteNumber("passed_over", outcome.PassedOver);
        if (outcome.After > 0)
            json.WriteNumber("made_after_clock", outcome.After);
        if (outcome.Entries.Count > 0)
        {
            json.WriteNumber("first", outcome.Entries.First.Value);
            json.WriteNumber("last", outcome.Entries.Last.Value);
        }

        if (unmatched is { } without)
            json.WriteNumber("unmatched", without);
        if (unmatched > 0)
            json.WriteString("unmatched_file", listed);
        json.WriteStartObject("kinds");
        foreach (var (kind, count) in outcome.ByKind)
            json.WriteNumber(kind.ToText(), count);
        json.WriteEndObject();
    }

    private static void Write(Terminal terminal, Action<Utf8JsonWriter> members) => terminal.WriteJson(json =>
    {
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
    });

    /// <summary>
    /// Every error of a file, one a line, for files that have more than anybody wants on a terminal. Nothing is made
    /// when there is none.
    /// </summary>
    private sealed class ErrorList(string path) : IDisposable
    {
        private StreamWriter? _list;

        public void Add(string error)
        {
            _list ??= Create();
            _list.WriteLine(error);
        }

        public void Dispose() => _list?.Dispose();

        // Not over a file that exists: a slip of the keyboard must not put errors in the place of choices.
        private StreamWriter Create()
        {
            try
            {
                var list = new StreamWriter(new FileStream(path, FileMode.CreateNew)) { NewLine = "\n" };
                FileModes.MakePrivate(path); // It quotes what people said.
                return list;
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                throw AvalException.Usage($"--errors {path}: the file cannot be made: {failed.Message} Nothing was "
                    + "recorded. Name one that does not exist.");
            }
        }
    }
}
