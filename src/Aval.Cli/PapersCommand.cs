using System.CommandLine;
using System.Globalization;
using Aval.Documents;
using Aval.Papers;
using Aval.Requests;

namespace Aval.Cli;

internal static partial class PapersCommand
{
    public static Command Create(Terminal terminal) => new("papers", """
        Write what the law has a controller write, from what happened: as a page (.html) or for a word processor
        (.docx), in English, French or German. Each figure has a note that says where it comes from, and what only a
        human knows is marked as a blank. Beside the paper lies FILE.figures.json, by which aval papers check holds it
        against its sources, also after somebody has filled it (docs/papers.md).

        Examples: aval papers record --language fr --out record.docx
                  aval papers check record.docx
        """)
        {
            Make(terminal, PaperKind.Record, "The record of processing activities (GDPR Art. 30(1)(a) to (g))."),
            Summary(terminal),
            Make(terminal, PaperKind.Safeguards, "How effective the safeguards were: objections received, honoured and "
                + "late, by channel; how long releases held who objected; filters, masks, notices."),
            Make(terminal, PaperKind.Assessment, "The assessment of the legitimate interest in three steps (GDPR Art. "
                + "6(1)(f)), with the studies that were made and the figures of the balance."),
            Make(terminal, PaperKind.Impact, "The data-protection impact assessment (GDPR Art. 35), in the sections of "
                + "the EDPB's template of March 2026."),
            Check(terminal), Sign(terminal), Facts(terminal),
        };

    private static Command Make(Terminal terminal, PaperKind kind, string description)
    {
        var command = new Command(
            kind.ToText(),
            $"{description}\n\nExample: aval papers {kind.ToText()} --language fr --out {kind.ToText()}.docx");
        Written(command, terminal, kind, _ => null);
        return command;
    }

    private static Command Summary(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A registered model (aval model list)" };
        var command = new Command("summary", """
            The public summary of a model's training content (AI Act Art. 53(1)(d)), in the sections and fields of the
            template, from the model's lineage. What of the field's yardstick can be told by looking is told.

            Example: aval papers summary lm-1 --language en --out summary.html
            """) { model };
        Written(command, terminal, PaperKind.Summary, parsed => parsed.GetValue(model));
        return command;
    }

    private static void Written(
        Command command, Terminal terminal, PaperKind kind, Func<ParseResult, string?> model)
    {
        var language = new Option<string>("--language")
        {
            Description = $"The paper's language: {string.Join(", ", DocumentText.Languages)}",
            DefaultValueFactory = _ => "en",
            HelpName = "LANGUAGE",
        };
        var to = new Option<string>("--out")
        {
            Description = "The file to write, .html or .docx; one that is there is replaced",
            HelpName = "FILE",
            Required = true,
        };
        var (json, limits) = (CommonOptions.Json(), new LimitOptions());
        command.Options.Add(language);
        command.Options.Add(to);
        command.Options.Add(json);
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(to)!;
            DocumentFile.Require(file);
            var paper = Paper.Of(
                parsed.OpenWorkspace(), kind, model(parsed), parsed.GetValue(language)!, terminal.Clock.UtcNow(),
                limits.Of(parsed));
            paper.Write(file);
            if (parsed.GetValue(json))
                WriteJson(terminal, file, paper);
            else
                Print(terminal.Out, file, paper);
            return (int)ExitCode.Done;
        });
    }

    private static void Print(TextWriter output, string file, Paper paper)
    {
        var blanks = paper.Document.Blanks.Count();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {paper.Figures.Count} figures, each "
            + $"with its source ({Path.GetFileName(Paper.FiguresOf(file))}); {blanks} blanks to be completed."));
        foreach (var (recommendation, holds) in Yardstick(paper))
            output.WriteLine($"{(holds ? "holds " : "not yet")}  {recommendation}");
        output.WriteLine($"Once it is completed, see that it still says what happened: aval papers check {file}");
    }

    private static IReadOnlyList<(string Recommendation, bool Holds)> Yardstick(Paper paper) =>
        paper.Kind == PaperKind.Summary ? SummaryPaper.Yardstick(paper.Document) : [];

    private static void WriteJson(Terminal terminal, string file, Paper paper) => terminal.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteString("paper", paper.Kind.ToText());
        json.WriteString("file", file);
        json.WriteString("figures_file", Paper.FiguresOf(file));
        json.WriteString("at", paper.Document.At.ToText());
        json.WriteNumber("ledger_size", paper.Size.Value);
        json.WriteNumber("figures", paper.Figures.Count);
        json.WriteStartArray("blanks");
        foreach (var blank in paper.Document.Blanks)
            json.WriteStringValue(blank);
        json.WriteEndArray();
        if (paper.Kind == PaperKind.Summary)
        {
            json.WriteStartArray("yardstick");
            foreach (var (recommendation, holds) in Yardstick(paper))
            {
                json.WriteStartObject();
                json.WriteString("recommendation", recommendation);
                json.WriteBoolean("holds", holds);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    });

    private static Command Check(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A paper, with its FILE.figures.json beside it" };
        var (json, limits) = (CommonOptions.Json(), new LimitOptions());
        var command = new Command("check", """
            Hold a paper, as it is now, against its sources as of its instant and ledger size: each figure that was
            changed, or that the workspace contradicts by now, is named with its source.
            Exit codes: 0 none is, 1 some are.

            Example: aval papers check record.docx
            """) { file, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var check = PaperCheck.Of(workspace, parsed.GetValue(file)!, limits.Of(parsed));
            var signed = PaperSigning.Under(workspace, parsed.GetValue(file)!);
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, check, signed));
            else
                Print(terminal.Out, check, signed);
            return (int)(check.Contradictions.Count == 0 ? ExitCode.Done : ExitCode.No);
        });
        return command;
    }

    private static void Print(
        TextWriter output, PaperCheck check, (EntryIndex Index, PaperSigned Signed)? signed)
    {
        foreach (var wrong in check.Contradictions)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Figure {wrong.Figure} says "
                + $"\"{wrong.Says}\", but {wrong.Source} says "
                + $"{(wrong.Found is { } found ? $"\"{found}\"" : "nothing any more")}."));
        if (check.Removed.Count > 0)
            output.WriteLine($"Taken out of the paper: figures {string.Join(", ", check.Removed)}.");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{check.Figures} figures, of which "
            + $"{check.Contradictions.Count} are contradicted by their sources and {check.Removed.Count} were "
            + $"taken out."));
        output.WriteLine(signed is var (index, what)
            ? $"As it is now it was signed: {Sentence(index, what)}"
            : "As it is now nobody signed it.");
    }

    private static void Write(
        System.Text.Json.Utf8JsonWriter json, PaperCheck check, (EntryIndex Index, PaperSigned Signed)? signed)
    {
        json.WriteStartObject();
        json.WriteNumber("figures", check.Figures);
        json.WriteStartArray("removed");
        foreach (var figure in check.Removed)
            json.WriteNumberValue(figure);
        json.WriteEndArray();
        json.WriteStartArray("contradictions");
        foreach (var wrong in check.Contradictions)
        {
            json.WriteStartObject();
            json.WriteNumber("figure", wrong.Figure);
            json.WriteString("says", wrong.Says);
            json.WriteString("source", wrong.Source);
            json.WriteString("found", wrong.Found);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (signed is var (index, what))
        {
            json.WriteStartObject("signed");
            Members(json, index, what);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static Command Facts(Terminal terminal)
    {
        var (at, size) = (
            new Option<string?>("--at") { Description = "As of when (default: now)", HelpName = "INSTANT" },
            new Option<long?>("--ledger-size")
            {
                Description = "Entries below it count (default: all)",
                HelpName = "N",
            });
        var limits = new LimitOptions();
        var command = new Command("facts", """
            Print what papers cite, as JSON; it names no person. A note "aval papers facts#/choices/objection" is a JSON
            pointer into it, as of the paper's instant and ledger size.

            Example: aval papers facts --at 2025-10-01T00:00:00Z
            """) { at, size };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var instant = parsed.GetValue(at) is { } text ? Instant.Parse(text, "--at") : terminal.Clock.UtcNow();
            terminal.Out.Write(System.Text.Encoding.UTF8.GetString(PaperFacts.Of(
                parsed.OpenWorkspace(), instant, parsed.GetValue(size) is { } below ? new TreeSize(below) : null,
                limits.Of(parsed))));
            return (int)ExitCode.Done;
        });
        return command;
    }
}
