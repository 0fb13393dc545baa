using System.CommandLine;
using System.Text.Json;
using Aval.Content;
using Aval.Content.Exports;
using Aval.People;
using Aval.Storage;

namespace Aval.Cli;

internal static class ImportCommand
{
    private static readonly Dictionary<string, Func<IReadOnlyList<string>, ExportOptions, IncomingExport>> Exports =
        new(StringComparer.Ordinal)
        {
            [FacebookExport.Service] = FacebookExport.Read,
            [InstagramExport.Service] = InstagramExport.Read,
        };

    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "import",
            "Bring platform content into the workspace.\n\nExample: aval import table items.parquet --as items");
        command.Subcommands.Add(Table(terminal));
        foreach (var service in Exports.Keys)
            command.Subcommands.Add(Export(terminal, service));
        command.Subcommands.Add(StartOver(terminal));
        return command;
    }

    private static Command StartOver(Terminal terminal)
    {
        var command = new Command("start-over", "Begin the log of imports again, after content/ was lost as a whole "
            + "and no backup has it. Refused while any content is there.\n\nExample: aval import start-over");
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            ImportLog.StartOver(workspace);
            terminal.Out.WriteLine($"{workspace.Content}: there is no content now, and the next import is the first. "
                + "Import everything again: a release is made from what is here.");
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Table(Terminal terminal)
    {
        var of = new TableOptions();
        var common = new Common(source: "Whose content this is (default: table)");
        var command = new Command("table", "Import items, accounts or notices from tables.\n\n"
            + "Example: aval import table 'posts-*.parquet' --as items --mapping map.yaml --in-place\n"
            + "Example: aval import table --in-place --replace posts-7.parquet posts-7-erased.parquet")
        {
            of.Paths, of.Kind, of.Mapping, of.InPlace, of.LayOut, of.Partitioned, of.Replace,
        };
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            if (parsed.GetValue(of.Replace) is { } old)
            {
                ReplacedFile.RefuseBeside(parsed, command, of.Paths, of.InPlace, of.Replace);
                return (int)ReplacedFile.Replace(
                    terminal, workspace, old, parsed.GetValue(of.Paths)![0], common.Of(parsed).Limits,
                    common.WantsJson(parsed));
            }

            var options = common.Of(parsed) with
            {
                As = KindOf(parsed.GetValue(of.Kind)),
                InPlace = parsed.GetValue(of.InPlace),
                MappingFile = parsed.GetValue(of.Mapping),
                Partitioned = parsed.GetValue(of.Partitioned),
            };
            if (parsed.GetValue(of.LayOut) && !options.InPlace)
                throw AvalException.Usage(
                    "--lay-out is for --in-place: what is copied lies by bucket already. Nothing was imported.");
            RefuseSnapshotOfNobody(options);
            using var progress = new ProgressLine(terminal);
            var outcome = Importing.Tables(
                workspace, parsed.GetValue(of.Paths)!, options, terminal.Clock, progress.Report);
            // What follows an import must not end it as one that was refused.
            var notLaidOut = parsed.GetValue(of.LayOut)
                ? FileFailure.Why(() => Compaction.LayOut(
                    workspace, options.As, options.Limits, terminal.Clock, done => progress.Report("lay out", done)))
                : null;
            progress.Dispose();
            Print(terminal, common.WantsJson(parsed), workspace, [outcome]);
            if (notLaidOut is not null)
                terminal.Error.WriteLine($"Imported. But the rows were not laid out by bucket: {notLaidOut}\nAll "
                    + "of them count, and builds read them where they lie.");
            if (outcome.NotFolded is { } why)
                terminal.Error.WriteLine($"Imported. But files that buckets share were not folded: {why}\nAll of them "
                    + "count as they are; the next import folds them, or aval compact.");
            WarnOfCrowds(terminal, workspace, [outcome]);
            return (int)Exit([outcome]);
        });
        return command;
    }

    private static void RefuseSnapshotOfNobody(ImportOptions options)
    {
        if (options is { Snapshot: true, Source: null })
            throw AvalException.Usage("--snapshot needs --source NAME: what is missing is compared with earlier "
                + "imports of the same source. Nothing was imported.");
    }

    private static ContentKind KindOf(string? text) => text is null
        ? throw AvalException.Usage("--as is required: items, accounts or notices. Nothing was imported.")
        : ContentKinds.TryParse(text, out var what) ? what : throw AvalException.Usage(
            $"--as is items, accounts or notices, but \"{text}\" was found. Nothing was imported.");

    /// <summary>Imports notices from one table, and says what came of it.</summary>
    internal static ExitCode Notices(Terminal terminal, Workspace workspace, string path)
    {
        using var progress = new ProgressLine(terminal);
        var outcome = Importing.Tables(
            workspace, [path],
            new ImportOptions(
                ContentKind.Notices, Source: null, Snapshot: false, InPlace: false, ObservedAt: null, Audience: null,
                MappingFile: null, EngineLimits.Default),
            terminal.Clock, progress.Report);
        progress.Dispose();
        Print(terminal, json: false, workspace, [outcome]);
        return Exit([outcome]);
    }

    private static Command Export(Terminal terminal, string service)
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "The zip that the platform hands out, or the unpacked folder; several when the "
                + "export was split",
            Arity = ArgumentArity.OneOrMore,
        };
        var account = new Option<string?>("--account")
        {
            Description = "The account, where the export does not tell a stable one",
            HelpName = "service:id",
        };
        var common = new Common(source: "Whose content this is (default: the profile's account)");
        var command = new Command(service, "Import one account's \"Download your information\" export (JSON) "
            + $"of {service}. Never messages, searches or ad interests.\n\n"
            + $"Example: aval import {service} {service}-export.zip --audience public") { paths, account };
        common.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var options = common.Of(parsed);
            RefuseSnapshotOfNobody(options);
            var stated = parsed.GetValue(account) is { } named
                ? Account.Parse(named, workspace.Settings.Services)
                : (Account?)null;
            using var progress = new ProgressLine(terminal);
            progress.Report("read", 0);
            var export = Exports[service](parsed.GetValue(paths)!, new ExportOptions(stated, options.Source)
            {
                Services = workspace.Settings.Services,
            });
            var outcomes = Importing.Export(
                workspace, export, options with { Account = stated }, terminal.Clock, progress.Report);
            progress.Dispose();
            Print(terminal, common.WantsJson(parsed), workspace, outcomes);
            WarnOfCrowds(terminal, workspace, outcomes);
            return (int)Exit(outcomes);
        });
        return command;
    }

    // Who hands in a file of which no line could be read must not take that for an import that went well.
    private static ExitCode Exit(IReadOnlyList<ImportOutcome> outcomes) =>
        outcomes.All(outcome => outcome.AllRejected) ? ExitCode.BadInput : ExitCode.Done;

    // Told here, where somebody still knows the file, and not when an hour of a build would begin.
    private static void WarnOfCrowds(Terminal terminal, Workspace workspace, IReadOnlyList<ImportOutcome> outcomes)
    {
        if (!outcomes.Any(outcome => outcome.Record.Kind is ContentKind.Accounts && !outcome.Known))
            return;
        var unread = FileFailure.Why(() =>
        {
            foreach (var crowd in LinkCrowds.Find(workspace, terminal.Clock.UtcNow()))
                terminal.Error.WriteLine(
                    $"Imported. But {crowd.Describe(workspace.Settings.Links)}\nUntil then nothing can be built.");
        });
        if (unread is not null)
            terminal.Error.WriteLine(
                $"Imported. But how many accounts links make one person could not be told: {unread}");
    }

    private static void Print(Terminal terminal, bool json, Workspace workspace, IReadOnlyList<ImportOutcome> outcomes)
    {
        if (json)
        {
            terminal.WriteJson(document => Write(document, outcomes));
            return;
        }

        foreach (var outcome in outcomes)
            Print(terminal.Out, workspace, outcome);
    }

    private static void Print(TextWriter output, Workspace workspace, ImportOutcome outcome)
    {
        var (record, counts) = (outcome.Record, outcome.Record.Counts);
        if (outcome.Known)
        {
            output.WriteLine(
                $"{record.As}: these {record.Files.Count} files were imported before, in this way, "
                + $"as {record.ImportId}, and say when they were observed. "
                + $"Nothing changed.{(outcome.AllRejected ? " Every line of them was rejected." : "")}");
            return;
        }

        if (record.Repeats is not null)
        {
            output.WriteLine(
                $"{record.As}: these {record.Files.Count} files were imported before, in this way, "
                + $"as {record.Repeats}; what they hold was observed again at {record.ImportedAt}; {counts.Deleted} "
                + $"deleted at source. Import {record.ImportId}, source {record.Source}. "
                + "If they were observed earlier, say so with "
                + $"--observed-at.{(outcome.AllRejected ? " Every line of them was rejected." : "")}");
            return;
        }

        output.WriteLine($"{record.As}: {record.Files.Count} files read, {counts.Read} rows: {counts.New} new, "
            + $"{counts.Newer} newer, {counts.Older} older, {counts.Unchanged} unchanged, {counts.Duplicates} "
            + $"repeated, {counts.Rejected} rejected; {counts.Deleted} deleted at source. "
            + $"Import {record.ImportId}, source {record.Source}{(record.InPlace ? ", left in place" : "")}.");
        // An export has thousands of files of messages: all are in the record, and here each kind has one line.
        foreach (var kind in record.LeftOut.GroupBy(left => left.What))
            output.WriteLine($"  left out: {kind.Sum(left => left.Count)} {kind.Key} "
                + $"({(kind.Count() == 1 ? kind.First().File : $"{kind.Count()} files")})");
        if (record.LeftOut.Any(left => left.What.StartsWith(ExportReading.UnderUnknown, StringComparison.Ordinal)))
            output.WriteLine(
                "  Nothing under these labels was imported. Where one holds what people wrote, report its name and "
                + "language: docs/formats/labels.md.");
        if (outcome.PassedOver.Count > 0)
            output.WriteLine($"  passed over, since no table is called so: {outcome.PassedOver.Count} "
                + $"({Shown.Of(string.Join(", ", outcome.PassedOver.Take(10)))})");
        if (outcome.Ignored.Count > 0)
            output.WriteLine(
                $"  columns that are not canonical were not read: {string.Join(", ", outcome.Ignored.Take(20))}");
        foreach (var reject in outcome.Rejects)
            output.WriteLine($"  rejected: {reject.Describe()}");
        if (outcome.RejectsFile is { } rejects)
            output.WriteLine($"  all {counts.Rejected} rejected lines: {Path.GetRelativePath(workspace.Root, rejects)} "
                + "in the workspace. "
                + (outcome.AllRejected
                    ? "Nothing was imported: correct them and run the import again."
                    : "They were not imported; everything else was."));
        if (counts.Erased > 0)
            output.WriteLine($"  {counts.Erased} of "
                + (record.Kind is ContentKind.Items ? "items" : "persons")
                + " that were erased: dropped, and nothing of them was kept.");
        if (counts.Rejected > 0)
            output.WriteLine(
                $"  {counts.Rejected} rejected; {counts.Held} {record.As} that they name by a readable id are held out "
                + "(unreadable-update) until a later observation reads well.");
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<ImportOutcome> outcomes)
    {
        json.WriteStartArray();
        foreach (var outcome in outcomes)
        {
            var (record, counts) = (outcome.Record, outcome.Record.Counts);
            json.WriteStartObject();
            json.WriteString("import_id", record.ImportId);
            json.WriteString("as", record.As);
            json.WriteString("format", record.Format);
            json.WriteString("source", record.Source);
            json.WriteBoolean("known", outcome.Known);
            json.WriteNumber("files", record.Files.Count);
            json.WriteNumber("read", counts.Read);
            json.WriteNumber("new", counts.New);
            json.WriteNumber("newer", counts.Newer);
            json.WriteNumber("older", counts.Older);
            json.WriteNumber("unchanged", counts.Unchanged);
            json.WriteNumber("duplicates", counts.Duplicates);
            json.WriteNumber("deleted", counts.Deleted);
            json.WriteNumber("rejected", counts.Rejected);
            json.WriteNumber("held", counts.Held);
            json.WriteNumber("erased", counts.Erased);
            if (record.Repeats is { } repeats)
                json.WriteString("repeats", repeats);
            json.WriteNumber("passed_over", outcome.PassedOver.Count);
            if (outcome.RejectsFile is { } rejects)
                json.WriteString("rejects_file", rejects);
            json.WriteStartArray("ignored");
            foreach (var column in outcome.Ignored)
                json.WriteStringValue(column);
            json.WriteEndArray();
            json.WriteStartArray("left_out");
            foreach (var left in record.LeftOut)
            {
                json.WriteStartObject();
                json.WriteString("what", left.What);
                json.WriteString("file", left.File);
                json.WriteNumber("count", left.Count);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>What an import of tables can be told.</summary>
    private sealed class TableOptions
    {
        public Argument<string[]> Paths { get; } = new("PATH")
        {
            Description = "Parquet, CSV or JSON Lines files (the latter two also .gz or .zst), or the folder that "
                + "holds them; patterns such as 'part-*.parquet' too",
            Arity = ArgumentArity.OneOrMore,
        };

        public Option<string?> Kind { get; } = new("--as")
        {
            Description = "What the files hold: items, accounts or notices (needed but with --replace)",
            HelpName = "KIND",
        };

        public Option<string?> Mapping { get; } = new("--mapping")
        {
            Description = "A YAML file: each canonical column as an SQL expression over the files' columns",
            HelpName = "FILE",
        };

        public Option<bool> InPlace { get; } = new("--in-place")
        {
            Description = "Leave Parquet where it lies; its hash is recorded, and a changed file is refused",
        };

        public Option<bool> LayOut { get; } = new("--lay-out")
        {
            Description = "With --in-place: write a copy by bucket, which builds read from here on; of what was left "
                + "in place before too",
        };

        public Option<string?> Partitioned { get; } = new("--partitioned")
        {
            Description = "Columns that stand in the names of folders (country=FR/), with their types, text or "
                + "integer: country:text,year:integer",
            HelpName = "COLUMNS",
        };

        public Option<string?> Replace { get; } = ReplacedFile.Option();
    }

    /// <summary>What every way to import can be told.</summary>
    private sealed class Common(string source)
    {
        private readonly Option<string?> _source = new("--source") { Description = source, HelpName = "NAME" };
        private readonly Option<bool> _snapshot = new("--snapshot")
        {
            Description = "What imports of the same source had observed by then and this one lacks is deleted at "
                + "source (needs --source)",
        };
        private readonly Option<string?> _observedAt = new("--observed-at")
        {
            Description = "When this was observed, where the content does not say (default: now)",
            HelpName = "T",
        };
        private readonly Option<string?> _audience = new("--audience")
        {
            Description = "To whom it was published, where the content does not say; it is recorded that you said so",
            HelpName = "AUDIENCE",
        };
        private readonly Option<bool> _json = CommonOptions.Json();
        private readonly LimitOptions _limits = new();

        public void AddTo(Command command)
        {
            command.Options.Add(_source);
            command.Options.Add(_snapshot);
            command.Options.Add(_observedAt);
            command.Options.Add(_audience);
            command.Options.Add(_json);
            _limits.AddTo(command);
        }

        public ImportOptions Of(ParseResult parsed) => new(
            ContentKind.Items, parsed.GetValue(_source), parsed.GetValue(_snapshot), InPlace: false,
            parsed.GetValue(_observedAt) is { } text ? Instant.Parse(text, "--observed-at") : null,
            parsed.GetValue(_audience), null, _limits.Of(parsed));

        public bool WantsJson(ParseResult parsed) => parsed.GetValue(_json);
    }
}
