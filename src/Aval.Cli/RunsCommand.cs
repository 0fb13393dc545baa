using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Runs;

namespace Aval.Cli;

internal static class RunsCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = CommonOptions.Json();
        var command = new Command("runs", "List what left this workspace and what was made of it: exports with their "
            + "recipients, and runs with their ends.\n\nExample: aval runs") { json };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            SettledRuns.Tell(terminal, workspace);
            var register = Register.Read(workspace);
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, register));
            else
                Print(terminal.Out, register);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(TextWriter output, IReadOnlyList<Registered> register)
    {
        var ends = Ends(register);
        foreach (var one in register)
        {
            var line = one.Stated switch
            {
                ExportMade export => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{export.Export}  {export.Release}  {export.Format}, {export.Splits.Sum(split => split.Rows)} rows"
                        + $"  {export.Recipient ?? "(stays here)"}"),
                RunBegun run => $"{run.Run}  {run.Release}  {run.Name}  {End(ends.GetValueOrDefault(run.Run))}",
                StudyMade study => $"{study.Study}  {study.Release}  study{(study.Exploratory ? ", exploratory" : "")}",
                _ => null,
            };
            if (line is not null)
                output.WriteLine(line);
        }

        if (register.Count == 0)
            output.WriteLine("Nothing left this workspace yet. See: aval export --help, aval run --help");
    }

    private static string End(RunEnded? ended) => ended switch
    {
        null => "under way",
        { Exit: { } exit } => string.Create(
            CultureInfo.InvariantCulture, $"{Registering.ToText(ended.Ending)} with {exit}"),
        _ => Registering.ToText(ended.Ending),
    };

    private static Dictionary<string, RunEnded> Ends(IReadOnlyList<Registered> register) =>
        register.Select(one => one.Stated).OfType<RunEnded>()
            .ToDictionary(run => run.Run, StringComparer.Ordinal);

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Registered> register)
    {
        json.WriteStartArray();
        foreach (var one in register)
        {
            json.WriteStartObject();
            json.WriteNumber("entry", one.Index.Value);
            json.WriteString("sha256", one.Sha256);
            json.WritePropertyName("statement");
            json.WriteRawValue(one.Stated.ToPayload());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
