using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Cli;

internal static class ExportCommand
{
    private const string Description = """
        Hand a release to a trainer: shuffled, split by person, counted in tokens, described in Croissant 1.1, and
        registered with its recipient. A withdrawn or replay-only release, or one that does not verify, is refused
        (exit code 4); rows of authors who had their use restricted since (Art. 18) are left out, and their number said.

        Examples: aval export opt-out --to ../corpus-fr --format parquet --language fr --shuffle 7
                  aval export opt-out --to ../corpus --format jsonl --split train=0.98,test=0.02 --recipient "Lab A"
        """;

    public static Command Create(Terminal terminal)
    {
        var release = new Argument<string>("RELEASE") { Description = "NAME/ID, NAME (its latest), or a path" };
        var to = new Option<string>("--to")
        {
            Description = "The folder to make; nothing may be there",
            Required = true,
            HelpName = "DIR",
        };
        var format = new Option<string>("--format")
        {
            Description = "parquet or jsonl (all columns), or text (the text alone, one item a line)",
            Required = true,
            HelpName = "parquet|jsonl|text",
        };
        var language = new Option<string?>("--language")
        {
            Description = "These languages alone, as the release has them (default: all)",
            HelpName = "fr,de",
        };
        var shuffle = new Option<string?>("--shuffle")
        {
            Description = "Bring all rows into an order that this word decides, the same every time (default: by "
                + "language and row key)",
            HelpName = "SEED",
        };
        var split = new Option<string?>("--split")
        {
            Description = "Parts with their shares of all persons; a person's linked accounts are in one part "
                + "(default: train=1)",
            HelpName = "train=0.98,test=0.02",
        };
        var slices = SlicesOption();
        var recipient = new Option<string?>("--recipient")
        {
            Description = "To which organisation it goes (default: it stays with the controller)",
            HelpName = "NAME",
        };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("export", Description)
        {
            release, to, format, language, shuffle, split, slices, recipient, json,
        };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(split) is not null && parsed.GetValue(slices) is not null)
                throw AvalException.Usage("--split and --slices do not go together: a person is in one part, and a "
                    + "slice is of buckets. Nothing was exported.");
            var request = new ExportRequest(
                parsed.GetValue(release), parsed.GetValue(to)!, ExportRequest.ParseFormat(parsed.GetValue(format)!))
            {
                Languages = parsed.GetValue(language)?.Split(',', StringSplitOptions.TrimEntries) ?? [],
                Seed = parsed.GetValue(shuffle),
                Splits = parsed.GetValue(split) is { } parts ? ExportRequest.ParseSplits(parts) : Split.One,
                Slices = parsed.GetValue(slices),
                Recipient = parsed.GetValue(recipient),
            };
            var outcome = Make(terminal, parsed.OpenWorkspace(), request, limits.Of(parsed));
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, outcome));
            else
                Print(terminal.Out, outcome);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static ExportOutcome Make(
        Terminal terminal, Workspace workspace, ExportRequest request, EngineLimits limits)
    {
        using var progress = new ProgressLine(terminal);
        return Exporting.Make(
            workspace, request, terminal.Clock, limits, stage => progress.Report(stage.Stage, stage.Done));
    }

    private static Option<int?> SlicesOption() => new("--slices")
    {
        Description = "Instead of parts: so many slices of buckets, read in order by a trainer that keeps what it has "
            + "after each; aval impact then says from which one on training has to be done again",
        HelpName = "K",
    };

    private static void Print(TextWriter output, ExportOutcome outcome)
    {
        var made = outcome.Made;
        foreach (var split in made.Splits)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{split.Name}: {split.Rows} rows, {split.Tokens} tokens ({made.Tokenizer})"));
        if (made.LeftOut is { } left)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Left out: {left.Rows} rows of authors who had their use restricted since (Art. 18)."));
        if (made.Unhonoured > 0)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Of its authors, {made.Unhonoured} have said since what this release does not honour; aval run will "
                    + $"say when that has become too old. Build or recall a newer one."));
        output.WriteLine($"{made.Folder}: registered as {made.Export}, entry {outcome.Registered.Index} of the ledger, "
            + (made.Recipient is { } to ? $"for {to}." : "without a recipient: it stays with the controller."));
    }

    private static void Write(Utf8JsonWriter json, ExportOutcome outcome)
    {
        var made = outcome.Made;
        json.WriteStartObject();
        json.WriteString("export", made.Export);
        json.WriteNumber("entry", outcome.Registered.Index.Value);
        json.WriteString("release", made.Release);
        json.WriteString("folder", made.Folder);
        if (made.Recipient is not null)
            json.WriteString("recipient", made.Recipient);
        json.WriteString("format", made.Format);
        json.WriteString("tokenizer", made.Tokenizer);
        json.WriteStartArray("splits");
        foreach (var split in made.Splits)
        {
            json.WriteStartObject();
            json.WriteString("name", split.Name);
            json.WriteNumber("rows", split.Rows);
            json.WriteNumber("tokens", split.Tokens);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("left_out", made.LeftOut?.Rows ?? 0);
        json.WriteNumber("unhonoured", made.Unhonoured);
        json.WriteStartArray("files");
        foreach (var file in outcome.Files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteString("sha256", file.Sha256);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
