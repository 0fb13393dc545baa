using System.CommandLine;
using System.Text;
using Aval.Storage;
using Aval.Text;
using Aval.Text.Languages;

namespace Aval.Cli;

internal static class TextLanguageCommand
{
    public static Command Create(Terminal terminal)
    {
        var texts = new TextOptions();
        var hint = new Option<string?>("--hint")
        {
            Description = "A language that the texts are said to be in: taken as evidence, not as truth",
            HelpName = "CODE",
        };
        var json = new Option<bool>("--json") { Description = "One JSON object a text" };
        var command = new Command("language", $"""
            Tell the language of each text: one of the EU's 24 official ones, ca eu gl no is bs sr uk ru tr ar, or
            und when it is not known. Prints a code, a tab and the text. With --json also the margin: each
            {LanguageModel.Unit} makes the language e times as likely as the next one.

            Example: aval text language posts.jsonl --field message --json
            Example: echo "Ich komme gleich" | aval text language
            """);
        texts.AddTo(command);
        command.Options.Add(hint);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var (said, asJson) = (parsed.GetValue(hint), parsed.GetValue(json));
            texts.Answer(parsed, terminal, text =>
            {
                var found = LanguageModel.Shipped.Detect(text.Text, said);
                return asJson ? ToJson(text, found) : $"{found.Code}\t{Shown.OnALine(text.Text)}";
            });
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static string ToJson(PlacedText text, DetectedLanguage found) =>
        Encoding.UTF8.GetString(JsonText.WriteCompact(json =>
        {
            json.WriteStartObject();
            json.WriteString("file", text.File);
            json.WriteNumber("line", text.Number);
            json.WriteString("language", found.Code);
            json.WriteNumber("margin", found.Margin);
            json.WriteNumber("letters", found.Letters);
            json.WriteEndObject();
        }));
}
