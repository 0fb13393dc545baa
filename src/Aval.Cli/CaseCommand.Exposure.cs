using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Cases;
using Aval.Runs;

namespace Aval.Cli;

internal static partial class CaseCommand
{
    private static readonly string Few = string.Create(CultureInfo.InvariantCulture, $"fewer than {Exposure.Fewest}");

    private static Command ExposureOf(Terminal terminal)
    {
        var figures = new Option<string?>("--figures")
        {
            Description = "Amounts to multiply, each with its source: a YAML file (docs/formats/case.md)",
            HelpName = "FILE",
        };
        var policies = new Option<string[]>("--policy")
        {
            Description = "Releases under this policy alone; again for another",
            HelpName = "P",
        };
        var (from, until) = (
            new Option<string?>("--from") { Description = "Releases in use after it", HelpName = "INSTANT" },
            new Option<string?>("--until") { Description = "Releases in use before it", HelpName = "INSTANT" });
        var (json, limits) = (CommonOptions.Json(), new LimitOptions());
        var command = new Command("exposure", $"""
            How many people, items, releases, models and countries are concerned by what was built, by policy. A release
            counts from the instant that it is made for until it was withdrawn or dropped. Of groups of {Few} people
            no number is told. Amounts are those that you enter, each with its source: Aval has none.

            Example: aval case exposure --policy opt-out --from 2025-05-27T00:00:00Z --figures figures.yaml
            """) { figures, policies, from, until, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            DateTimeOffset? At(Option<string?> option) =>
                parsed.GetValue(option) is { } text ? Instant.Parse(text, option.Name) : null;
            var exposure = Exposure.Of(
                parsed.OpenWorkspace(),
                new ExposureRequest(
                    At(from), At(until), parsed.GetValue(policies) ?? [],
                    parsed.GetValue(figures) is { } file ? ExposureFigure.Read(file) : []),
                terminal.Clock.UtcNow(), limits.Of(parsed));
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, exposure));
            else
                Print(terminal.Out, exposure);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(TextWriter output, Exposure exposure)
    {
        if (exposure.Releases == 0)
        {
            output.WriteLine("No release was in use: nobody is concerned.");
            return;
        }

        TextTable.Print(
            output, ["policy", "from", "until", "releases", "models", "people", "items"],
            [
                .. exposure.Policies.Select(one => (string[])[
                    one.Policy, one.First.ToText(), one.Last?.ToText() ?? "in use", Number(one.Releases),
                    Number(one.Models), Number(one.Count.People), Number(one.Count.Items),
                ]),
                [
                    "all", "", "", Number(exposure.Releases), Number(exposure.Models.Count),
                    Number(exposure.All.People), Number(exposure.All.Items),
                ],
            ],
            textColumns: 3);
        output.WriteLine();
        TextTable.Print(
            output, ["country", "people", "items"],
            exposure.Countries.Select(one => (string[])[
                one.Country, Number(one.Count.People), Number(one.Count.Items),
            ]));
        output.WriteLine("People are at most so many: accounts that a link does not join are counted apart. Countries "
            + "are those known now; an account of nobody knows where is \"unknown\".");
        if (exposure.Untold > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{exposure.Untold} releases were dropped, or "
                + $"an erasure took their rows: "
                + $"who was in them nobody can tell, and people and items are without them."));
        foreach (var model in exposure.Models)
            output.WriteLine($"model {model.Name}: {Given(model)}");
        foreach (var amount in exposure.Amounts)
            output.WriteLine(Sentence(amount));
        if (exposure.Amounts.Count > 0)
            output.WriteLine("Each amount is that of its source, multiplied; whether it is owed is not said by it.");
    }

    private static string Sentence(ExposureAmount amount)
    {
        var figure = amount.Figure;
        var where = string.Join(", ", figure.Countries.Concat(figure.Policies));
        return string.Create(CultureInfo.InvariantCulture, $"{Shown.Of(figure.Of)}: {figure.Amount:#,0.##} "
            + $"{figure.Currency} a {figure.Per.ToText()}{(where == "" ? "" : $" ({Shown.Of(where)})")}")
            + (amount.Total is { } total
                ? string.Create(CultureInfo.InvariantCulture, $" × {amount.Times:#,0} = {total:#,0.##} "
                    + $"{figure.Currency}")
                : $" × {Few} people: not multiplied")
            + $". Source: {Shown.Of(figure.Source)}";
    }

    private static string Number(long? number) =>
        number is { } told ? told.ToString(CultureInfo.InvariantCulture) : Few;

    private static string Given(Model model) => model.Widest switch
    {
        Distribution.Internal => "internal",
        Distribution.Api => "api",
        Distribution.OpenWeights => "open-weights",
    };

    private static void Write(Utf8JsonWriter json, Exposure exposure)
    {
        json.WriteStartObject();
        json.WriteNumber("releases", exposure.Releases);
        json.WriteNumber("releases_without_lineage", exposure.Untold);
        json.WriteNumber("fewest_people_told", Exposure.Fewest);
        Write(json, exposure.All);
        json.WriteStartArray("policies");
        foreach (var one in exposure.Policies)
        {
            json.WriteStartObject();
            json.WriteString("policy", one.Policy);
            json.WriteString("from", one.First.ToText());
            if (one.Last is { } last)
                json.WriteString("until", last.ToText());
            json.WriteNumber("releases", one.Releases);
            json.WriteNumber("models", one.Models);
            Write(json, one.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("countries");
        foreach (var (country, count) in exposure.Countries)
        {
            json.WriteStartObject();
            json.WriteString("country", country);
            Write(json, count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("models");
        foreach (var model in exposure.Models)
        {
            json.WriteStartObject();
            json.WriteString("model", model.Name);
            json.WriteString("distribution", Given(model));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("amounts");
        foreach (var amount in exposure.Amounts)
            Write(json, amount);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // What is not told is null, and not left out: it is not nothing.
    private static void Write(Utf8JsonWriter json, ExposureCount count)
    {
        foreach (var (name, number) in new[] { ("people", count.People), ("items", count.Items) })
        {
            if (number is { } told)
                json.WriteNumber(name, told);
            else
                json.WriteNull(name);
        }
    }

    private static void Write(Utf8JsonWriter json, ExposureAmount amount)
    {
        json.WriteStartObject();
        json.WriteString("of", amount.Figure.Of);
        json.WriteNumber("amount", amount.Figure.Amount);
        json.WriteString("currency", amount.Figure.Currency);
        json.WriteString("per", amount.Figure.Per.ToText());
        if (amount is { Times: { } times, Total: { } total })
        {
            json.WriteNumber("times", times);
            json.WriteNumber("total", total);
        }
        else
        {
            json.WriteNull("times");
            json.WriteNull("total");
        }

        json.WriteString("source", amount.Figure.Source);
        json.WriteEndObject();
    }
}
