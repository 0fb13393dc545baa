using System.CommandLine;
using System.Text;
using Aval.Storage;
using Aval.Text;
using Aval.Text.Identifiers;

namespace Aval.Cli;

internal static class TextMaskCommand
{
    public static Command Create(Terminal terminal)
    {
        var texts = new TextOptions();
        var kinds = new Option<string>("--kinds")
        {
            Description = "What is masked, with commas between; the rest is kept",
            DefaultValueFactory = _ => "all",
            HelpName = "email,phone,…",
        };
        var country = new Option<string?>("--country")
        {
            Description = "Where the authors live (ISO 3166): telephones and numbers of that state need less evidence",
            HelpName = "DE",
        };
        var json = new Option<bool>("--json") { Description = "One JSON object a text, with the spans" };
        var command = new Command("mask", $"""
            Put placeholders where a text identifies somebody: {string.Join(", ", IdentifierKindNames.All.Select(
                kind => kind.ToText()))}. Prints each text on a line. With --json also where each identifier stood:
            start and length count UTF-16 code units of the text that was read.

            Example: echo "Ruf an: 0151 23456789" | aval text mask --country DE
            Example: aval text mask posts.jsonl --field message --kinds email,phone,iban --json
            """);
        texts.AddTo(command);
        command.Options.Add(kinds);
        command.Options.Add(country);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var masks = Kinds(parsed.GetValue(kinds)!);
            var home = Country(parsed.GetValue(country));
            var answer = parsed.GetValue(json) ? (Func<PlacedText, List<IdentifierSpan>, string>)ToJson : ToLine;
            var found = new List<IdentifierSpan>();
            texts.Answer(parsed, terminal, text =>
            {
                IdentifierFinder.Find(text.Text, home, masks, found);
                return answer(text, found);
            });
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static IdentifierKinds Kinds(string text) => IdentifierKinds.TryParse(text, out var kinds, out var unknown)
        ? kinds
        : throw AvalException.Usage($"--kinds holds \"{unknown}\", and kinds are "
            + $"{string.Join(", ", IdentifierKindNames.All.Select(kind => kind.ToText()))}, or all. Nothing was read.");

    private static string? Country(string? text) => text switch
    {
        null => null,
        [var first, var second] when char.IsAsciiLetter(first) && char.IsAsciiLetter(second) => text.ToUpperInvariant(),
        _ => throw AvalException.Usage(
            $"--country is two letters of ISO 3166 (DE), but \"{text}\" was found. Nothing was read."),
    };

    private static string ToLine(PlacedText text, List<IdentifierSpan> found) =>
        Shown.OnALine(IdentifierMask.Apply(text.Text, found));

    private static string ToJson(PlacedText text, List<IdentifierSpan> found) =>
        Encoding.UTF8.GetString(JsonText.WriteCompact(json =>
        {
            json.WriteStartObject();
            json.WriteString("file", text.File);
            json.WriteNumber("line", text.Number);
            json.WriteString("masked", IdentifierMask.Apply(text.Text, found));
            json.WriteStartArray("spans");
            foreach (var span in found)
            {
                json.WriteStartObject();
                json.WriteString("kind", span.Kind.ToText());
                json.WriteNumber("start", span.Start);
                json.WriteNumber("length", span.Length);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }));
}
