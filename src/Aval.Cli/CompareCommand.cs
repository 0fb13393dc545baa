using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Answers;
using Aval.Building;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Cli;

internal static class CompareCommand
{
    public static Command Create(Terminal terminal)
    {
        var first = new Argument<string>("POLICY") { Description = "A file, or a shipped policy by name" };
        var second = new Argument<string>("OTHER") { Description = "Another one" };
        var asOf =
            new Option<string?>("--as-of") { Description = "The instant to compare at (default: now)", HelpName = "T" };
        var atCheckpoint = new Option<long?>("--at-checkpoint")
        {
            Description = "Honour the choices with an index below N (default: all there are)",
            HelpName = "N",
        };
        var html = new Option<string?>("--html")
        {
            Description = "Also write one self-contained page with charts",
            HelpName = "FILE",
        };
        var svg = new Option<string?>("--svg")
        {
            Description = "Also write the chart alone, as a picture for a document",
            HelpName = "FILE",
        };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("compare", "Decide everything under two policies and show what each admits, "
            + "by service and language, and who moves and why. Nothing is built; replay-only policies may be "
            + "compared.\n\nExample: aval compare opt-out opt-in --html "
            + "comparison.html") { first, second, asOf, atCheckpoint, html, svg, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var now = terminal.Clock.UtcNow();
            var comparison = Comparison.Of(
                workspace,
                PolicyReader.Read(PolicyReader.Find(parsed.GetValue(first)!)),
                PolicyReader.Read(PolicyReader.Find(parsed.GetValue(second)!)),
                parsed.GetValue(asOf) is { } text ? Instant.Parse(text, "--as-of") : now,
                parsed.GetValue(atCheckpoint) is { } size ? new TreeSize(size) : null,
                limits.Of(parsed));
            comparison = comparison with { AheadOf = Pipeline.IsAhead(comparison.AsOf, now) ? now : null };
            if (parsed.GetValue(html) is { } page)
            {
                Durable.Replace(Path.GetFullPath(page), ComparisonPage.Of(comparison));
                terminal.Error.WriteLine($"{Path.GetFullPath(page)}: the comparison as a page.");
            }

            if (parsed.GetValue(svg) is { } picture)
            {
                Durable.Replace(Path.GetFullPath(picture), ComparisonChart.Of(comparison));
                terminal.Error.WriteLine($"{Path.GetFullPath(picture)}: the comparison as a picture.");
            }

            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, comparison));
            else
                Print(terminal.Out, comparison);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(TextWriter output, Comparison comparison)
    {
        output.WriteLine($"{comparison.First.Name} against {comparison.Second.Name}, as of {comparison.AsOf.ToText()}");
        if (comparison.Outlook is { } outlook)
            output.WriteLine(outlook);
        output.WriteLine();
        PrintTotals(output, comparison);
        output.WriteLine();
        Slices(output, "service", comparison, comparison.Services);
        Slices(output, "language", comparison, comparison.Languages);
        PrintMoves(output, comparison);
    }

    private static void PrintTotals(TextWriter output, Comparison comparison) =>
        TextTable.Print(output, ["", "people", "items", "characters"], [
            Row("all content", comparison.Read), Row(comparison.First.Name, comparison.Total.First),
            Row(comparison.Second.Name, comparison.Total.Second)]);

    private static void PrintMoves(TextWriter output, Comparison comparison)
    {
        TextTable.Print(
            output,
            [$"under {comparison.First.Name}", $"under {comparison.Second.Name}", "people", "items", "characters"],
            comparison.Moves.Select(move => new[]
            {
                Name(move.First), Name(move.Second), Number(move.People), Number(move.Items), Number(move.Characters),
            }),
            textColumns: 2);
    }

    private static void Slices(
        TextWriter output, string name, Comparison comparison,
        IReadOnlyList<(string Slice, Admitted Read, Admitted First, Admitted Second)> slices)
    {
        TextTable.Print(
            output,
            [
                name, "items", comparison.First.Name, comparison.Second.Name, "people", comparison.First.Name,
                comparison.Second.Name,
            ],
            slices.Select(slice => new[]
            {
                slice.Slice, Number(slice.Read.Items), Number(slice.First.Items), Number(slice.Second.Items),
                Number(slice.Read.People), Number(slice.First.People), Number(slice.Second.People),
            }));
        output.WriteLine();
    }

    private static void Write(Utf8JsonWriter json, Comparison comparison)
    {
        json.WriteStartObject();
        json.WriteString("first", comparison.First.Name);
        json.WriteString("second", comparison.Second.Name);
        json.WriteString("as_of", comparison.AsOf.ToText());
        if (comparison.AheadOf is { } now)
            json.WriteString("ahead_of", now.ToText());
        Write(json, "read", comparison.Read);
        Write(json, "admitted_first", comparison.Total.First);
        Write(json, "admitted_second", comparison.Total.Second);
        Write(json, "by_service", comparison.Services);
        Write(json, "by_language", comparison.Languages);
        json.WriteStartArray("moves");
        foreach (var move in comparison.Moves)
        {
            json.WriteStartObject();
            json.WriteString("first", Name(move.First));
            json.WriteString("second", Name(move.Second));
            json.WriteNumber("people", move.People);
            json.WriteNumber("items", move.Items);
            json.WriteNumber("characters", move.Characters);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(
        Utf8JsonWriter json, string name,
        IReadOnlyList<(string Slice, Admitted Read, Admitted First, Admitted Second)> slices)
    {
        json.WriteStartObject(name);
        foreach (var (slice, read, one, other) in slices)
        {
            json.WriteStartObject(slice);
            Write(json, "read", read);
            Write(json, "admitted_first", one);
            Write(json, "admitted_second", other);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Admitted admitted)
    {
        json.WriteStartObject(name);
        json.WriteNumber("people", admitted.People);
        json.WriteNumber("items", admitted.Items);
        json.WriteNumber("characters", admitted.Characters);
        json.WriteEndObject();
    }

    private static string[] Row(string name, Admitted admitted) =>
        [name, Number(admitted.People), Number(admitted.Items), Number(admitted.Characters)];

    internal static string Name(Why? why) => why?.Reason.ToText() ?? "admitted";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
