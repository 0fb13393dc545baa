using System.CommandLine;
using System.Text.Json;
using Aval.Checking;

namespace Aval.Cli;

internal static class CheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = CommonOptions.Json();
        var command = new Command("check", """
            Check that the workspace is as it was left: content against its log, choices against the ledger,
            tiles against the store, releases on disk against the ledger, permissions. Erasures that are
            overdue are told on the error stream. Everything is read; nothing is changed.
            Exit codes: 0 nothing is wrong, 1 something is.

            Example: aval check
            """) { json };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            IReadOnlyList<Checked> all;
            using (var progress = new ProgressLine(terminal))
                all = WorkspaceCheck.Of(workspace, name => progress.Report(name, 0));
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, all));
            else
                Print(terminal.Out, all);
            // The workspace is as it was left, and late all the same: so it is said, and no fault of it.
            EraseCommand.WarnAnyhow(terminal, workspace);
            return (int)(all.All(one => one.Faults.Count == 0) ? ExitCode.Done : ExitCode.No);
        });
        return command;
    }

    private static void Print(TextWriter output, IReadOnlyList<Checked> all)
    {
        foreach (var (name, faults) in all)
        {
            output.WriteLine($"{name,-12} {(faults.Count == 0 ? "as it should be" : $"{faults.Count} wrong")}");
            foreach (var fault in faults)
                output.WriteLine($"  {fault}");
        }
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Checked> all)
    {
        json.WriteStartObject();
        json.WriteNumber("faults", all.Sum(one => one.Faults.Count));
        json.WriteStartArray("checks");
        foreach (var (name, faults) in all)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteStartArray("faults");
            foreach (var fault in faults)
                json.WriteStringValue(fault);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
