using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Policies;

namespace Aval.Cli;

internal static class PolicyCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "policy", "Check a policy file, or show it in words.\n\nExample: aval policy show opt-out");
        command.Subcommands.Add(Check(terminal));
        command.Subcommands.Add(Show(terminal));
        command.Subcommands.Add(Schema(terminal));
        return command;
    }

    private static Command Check(Terminal terminal)
    {
        var file = File();
        var json = CommonOptions.Json();
        var command = new Command("check", "Read a policy file and tell every problem with its line and column. "
            + "Exit code 0: fine, 3: not.\n\nExample: aval policy check my-policy.yaml") { file, json };
        command.SetAction(parsed =>
        {
            var path = PolicyReader.Find(parsed.GetValue(file)!);
            var reading = PolicyReader.Check(path);
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, path, reading));
            else if (reading is PolicyReading.Sound { Policy: var policy })
                terminal.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: the policy \"{policy.Name}\" is well-formed: {policy.Rules.Count} rules, "
                        + $"{policy.Rules.Count(rule => rule is Rule.Off)} of them off, SHA-256 {policy.Sha256}."));
            else if (reading is PolicyReading.Faulty faulty)
                throw faulty.ToException();
            return (int)(reading is PolicyReading.Sound ? ExitCode.Done : ExitCode.BadInput);
        });
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var file = File();
        var json = CommonOptions.Json();
        var command = new Command("show", "Show a policy in words that a lawyer can read, with its articles.\n\n"
            + "Example: aval policy show opt-out") { file, json };
        command.SetAction(parsed =>
        {
            var policy = PolicyReader.Read(PolicyReader.Find(parsed.GetValue(file)!));
            if (parsed.GetValue(json))
                terminal.WriteJson(policy.WriteTo);
            else
                terminal.Out.Write(policy.ToWords());
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Schema(Terminal terminal)
    {
        var command = new Command(
            "schema",
            "Print the JSON Schema of policies, for editors.\n\nExample: aval policy schema > policy.schema.json");
        command.SetAction(_ =>
        {
            terminal.Out.Write(PolicySchema.Text);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Argument<string> File() =>
        new("FILE") { Description = "A file, or a shipped policy by name (opt-out, opt-in, …)" };

    private static void Write(Utf8JsonWriter json, string path, PolicyReading reading)
    {
        json.WriteStartObject();
        json.WriteString("file", path);
        json.WriteBoolean("well_formed", reading is PolicyReading.Sound);
        if (reading is PolicyReading.Sound { Policy: var policy })
        {
            json.WriteString("policy", policy.Name);
            json.WriteString("sha256", policy.Sha256);
        }

        json.WriteStartArray("problems");
        foreach (var problem in (reading as PolicyReading.Faulty)?.Problems ?? [])
        {
            json.WriteStartObject();
            json.WriteNumber("line", problem.Line);
            json.WriteNumber("column", problem.Column);
            json.WriteString("message", problem.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
