using System.CommandLine;
using Aval.Models;
using Aval.Storage;

namespace Aval.Cli;

internal static class ModelExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = ModelCommand.Argument();
        var arpa = new Option<string>("--arpa")
        {
            Description = "The file to write, in the ARPA format of n-gram toolkits; - = standard output",
            Required = true,
            HelpName = "FILE",
        };
        var language = new Option<string>("--language")
        {
            Description = "The table of which language",
            DefaultValueFactory = _ => ModelStatement.Undetermined,
            HelpName = "TAG",
        };
        var command = new Command("export", """
            Write one language of a reference model as other toolkits read it. Bytes are written as 0x61, white space
            among characters as U+0020.

            Example: aval model export lm-words --language fr --arpa fr.arpa
            """) { model, arpa, language };
        command.SetAction(parsed =>
        {
            var table = ModelFolder.Open(parsed.OpenWorkspace(), parsed.GetValue(model)!)
                .Read(parsed.GetValue(language)!);
            if (parsed.GetValue(arpa) is "-")
            {
                ArpaFile.Write(table, terminal.Out);
                return (int)ExitCode.Done;
            }

            var path = Path.GetFullPath(parsed.GetValue(arpa)!);
            var partial = path + ".part";
            using (var output = new StreamWriter(partial, append: false))
                ArpaFile.Write(table, output);
            Durable.ReplaceWith(path, partial);
            terminal.Out.WriteLine(path);
            return (int)ExitCode.Done;
        });
        return command;
    }
}
