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
            among characters as U+0020. It holds words of the release, so it is refused where a run on the release
            would be (exit 4); no register knows the copy.

            Example: aval model export lm-words --language fr --arpa fr.arpa
            """) { model, arpa, language };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var folder = ModelFolder.Open(workspace, parsed.GetValue(model)!);
            ModelGate.Require(workspace, folder, terminal.Clock.UtcNow(), EngineLimits.Default);
            var table = folder.Read(parsed.GetValue(language)!);
            if (parsed.GetValue(arpa) is "-")
            {
                ArpaFile.Write(table, terminal.Out);
                return (int)ExitCode.Done;
            }

            var path = Path.GetFullPath(parsed.GetValue(arpa)!);
            var partial = path + ".part";
            try
            {
                Durable.Replace(partial, [], Durable.Private);
                using (var output = new StreamWriter(partial, append: false))
                    ArpaFile.Write(table, output);
                // It may have been withdrawn, or an order served, while this was written.
                ModelGate.Require(workspace, folder, terminal.Clock.UtcNow(), EngineLimits.Default);
                Durable.ReplaceWith(path, partial);
            }
            finally
            {
                File.Delete(partial);
            }

            terminal.Out.WriteLine(path);
            return (int)ExitCode.Done;
        });
        return command;
    }
}
