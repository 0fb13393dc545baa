using System.CommandLine;
using Aval.Cases;
using Aval.Documents;
using Aval.Requests;

namespace Aval.Cli;

internal static partial class CaseCommand
{
    private static Command Draft(Terminal terminal)
    {
        var name = Name();
        var kind = new Option<string>("--as")
        {
            Description = $"What is drafted: {CaseWords.List<DraftKind>()}",
            Required = true,
            HelpName = "KIND",
        };
        var language = new Option<string>("--language")
        {
            Description = $"In which language: {string.Join(", ", CaseText.Languages)}",
            Required = true,
            HelpName = "L",
        };
        var output = new Option<string>("--out")
        {
            Description = "Where it goes; its ending says in which form: .docx or .html",
            Required = true,
            HelpName = "FILE",
        };
        var json = CommonOptions.Json();
        var command = new Command("draft", "Draft a paper of a case: numbered allegations, each with its evidence and "
            + "the command that verifies it, what is asked for, and until when. Where a lawyer must write there is a "
            + "marked blank.\n\nExample: aval case draft notice-1 --as notice --language fr --out notice-1.docx")
        {
            name, kind, language, output, json,
        };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var path = Path.GetFullPath(parsed.GetValue(output)!);
            DocumentFile.Require(path);
            var draft = CaseDraft.Of(
                CaseFolder.Require(workspace, parsed.GetValue(name)!),
                RequestWords.Parse<DraftKind>("--as", parsed.GetValue(kind)), parsed.GetValue(language)!,
                workspace.Settings.WorkingDays);
            DocumentFile.Write(path, draft);
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(document =>
                {
                    document.WriteStartObject();
                    document.WriteString("file", path);
                    document.WriteStartArray("blanks");
                    foreach (var blank in draft.Blanks)
                        document.WriteStringValue(blank);
                    document.WriteEndArray();
                    document.WriteEndObject();
                });
                return (int)ExitCode.Done;
            }

            terminal.Out.WriteLine(path);
            terminal.Out.WriteLine("For a lawyer to write:");
            foreach (var blank in draft.Blanks)
                terminal.Out.WriteLine($"  {Shown.Of(blank)}");
            return (int)ExitCode.Done;
        });
        return command;
    }
}
