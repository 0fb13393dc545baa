using System.CommandLine;
using System.Text;
using Aval.Storage;
using Aval.Text;
using Aval.Text.SpecialCategories;

namespace Aval.Cli;

internal static class TextSpecialCommand
{
    public static Command Create(Terminal terminal)
    {
        var texts = new TextOptions();
        var language = new Option<string?>("--language")
        {
            Description = "A language that the texts are said to be in: taken as evidence, not as truth",
            HelpName = "CODE",
        };
        var json = new Option<bool>("--json") { Description = "One JSON object a text, with the terms" };
        var command = new Command("special", $"""
            Try out what the rule special-categories finds: per text the categories ({string.Join(
                ", ", SpecialCategories.All.Select(category => category.ToText()))}), their
            confidence in points of {SpecialCategoryFinder.Certain}, and the terms that spoke for them. Nothing is kept.
            Looked through are {string.Join(", ", SpecialCategories.Languages)} (docs/text.md says how well).

            Example: echo "My chemo starts on Monday" | aval text special
            Example: aval text special posts.jsonl --field message --json
            """);
        texts.AddTo(command);
        command.Options.Add(language);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var (said, asJson) = (parsed.GetValue(language), parsed.GetValue(json));
            texts.Answer(parsed, terminal, text =>
            {
                var found = SpecialCategoryFinder.Find(text.Text, said);
                return asJson ? ToJson(text, found) : ToLine(text, found);
            });
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static string ToLine(PlacedText text, IReadOnlyList<FoundCategory> found)
    {
        var categories = found.Select(category => $"{category.Category.ToText()} "
            + $"{category.Points}/{SpecialCategoryFinder.Certain} "
            + $"({string.Join(", ", category.Terms.Select(term => term.Term).Distinct())})");
        return $"{(found.Count == 0 ? "-" : string.Join("; ", categories))}\t{Shown.OnALine(text.Text)}";
    }

    private static string ToJson(PlacedText text, IReadOnlyList<FoundCategory> found) =>
        Encoding.UTF8.GetString(JsonText.WriteCompact(json =>
        {
            json.WriteStartObject();
            json.WriteString("file", text.File);
            json.WriteNumber("line", text.Number);
            json.WriteStartArray("categories");
            foreach (var category in found)
            {
                json.WriteStartObject();
                json.WriteString("category", category.Category.ToText());
                json.WriteNumber("points", category.Points);
                json.WriteNumber("of", SpecialCategoryFinder.Certain);
                json.WriteStartArray("terms");
                foreach (var term in category.Terms)
                {
                    json.WriteStartObject();
                    json.WriteString("term", term.Term);
                    json.WriteString("language", term.Language);
                    json.WriteNumber("start", term.Start);
                    json.WriteNumber("points", term.Points);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }));
}
