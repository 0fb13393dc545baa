using System.CommandLine;
using Aval.Models;

namespace Aval.Cli;

internal static class ModelGenerateCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = ModelCommand.Argument();
        var language = new Option<string>("--language")
        {
            Description = "In which language",
            DefaultValueFactory = _ => ModelStatement.Undetermined,
            HelpName = "TAG",
        };
        var prompt = new Option<string>("--prompt")
        {
            Description = "How the text begins",
            DefaultValueFactory = _ => "",
            HelpName = "T",
        };
        var seed = new Option<string>("--seed")
        {
            Description = "The same seed says the same",
            DefaultValueFactory = _ => "0",
            HelpName = "S",
        };
        var temperature = new Option<double>("--temperature")
        {
            Description = "From 0 (always what is likeliest) to 5; 1 = as the model has it",
            DefaultValueFactory = _ => 1,
            HelpName = "N",
        };
        var longest = new Option<int>("--longest")
        {
            Description = "Stop after so many bytes, characters or words",
            DefaultValueFactory = _ => 400,
            HelpName = "N",
        };
        var command = new Command("generate", """
            Have a reference model go on from a prompt, and print both.

            Example: aval model generate lm-1 --language fr --prompt "Je voudrais" --seed 7
            """) { model, language, prompt, seed, temperature, longest };
        command.SetAction(parsed =>
        {
            var heat = parsed.GetValue(temperature);
            if (heat is not (>= 0 and <= 5))
                throw AvalException.Usage("--temperature is a number from 0 to 5. Nothing was done.");
            if (parsed.GetValue(longest) is < 1 or > 1_000_000)
                throw AvalException.Usage("--longest is a whole number from 1 to 1,000,000. Nothing was done.");
            var table = ModelFolder.Open(parsed.OpenWorkspace(), parsed.GetValue(model)!)
                .Read(parsed.GetValue(language)!);
            terminal.Out.WriteLine(parsed.GetValue(prompt) + Generation.Continue(
                table,
                new GenerationRequest(
                    parsed.GetValue(prompt)!, parsed.GetValue(seed)!, heat, parsed.GetValue(longest))));
            return (int)ExitCode.Done;
        });
        return command;
    }
}
