using System.CommandLine;
using System.Globalization;
using System.Text;
using Aval.Content;
using Aval.Storage;

namespace Aval.Cli;

internal static class CompactCommand
{
    public static Command Create(Terminal terminal)
    {
        var buckets = new Option<int?>("--buckets")
        {
            Description = "Split each bucket into two: twice as many as now. The next release has as many shards",
            HelpName = "2B",
        };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("compact", """
            Write content together again, so that each bucket's rows lie in one sorted file and a build reads
            less. No row is changed, and no release. Imports do some of it by themselves.

            Example: aval compact
            Example: aval compact --buckets 32
            """) { buckets, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            IReadOnlyList<CompactionOutcome> outcomes;
            using (var progress = new ProgressLine(terminal))
            {
                outcomes = Compaction.Fold(
                    workspace, parsed.GetValue(buckets), limits.Of(parsed), terminal.Clock, progress.Report);
            }

            if (parsed.GetValue(json))
                terminal.Out.Write(Encoding.UTF8.GetString(ToJson(outcomes)));
            else
                Print(terminal.Out, outcomes);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(TextWriter output, IReadOnlyList<CompactionOutcome> outcomes)
    {
        if (outcomes.Count == 0)
            output.WriteLine("No content lies by bucket, so there is nothing to write together.");
        foreach (var one in outcomes)
        {
            output.WriteLine(one.Rows == 0
                ? $"{one.Kind.ToText(),-8} lies as it should: {Number(one.After)} files."
                : $"{one.Kind.ToText(),-8} {Number(one.Rows)} rows of {Number(one.Before)} files, now in "
                    + $"{Number(one.After)}.");
            if (one.Waiting > 0)
            {
                output.WriteLine($"         {Number(one.Waiting)} files that were replaced are being read, and stay "
                    + "until the next aval compact.");
            }
        }
    }

    private static byte[] ToJson(IReadOnlyList<CompactionOutcome> outcomes) => JsonText.Write(json =>
    {
        json.WriteStartArray();
        foreach (var one in outcomes)
        {
            json.WriteStartObject();
            json.WriteString("content", one.Kind.ToText());
            json.WriteNumber("files_before", one.Before);
            json.WriteNumber("files_after", one.After);
            json.WriteNumber("rows", one.Rows);
            json.WriteNumber("files_waiting", one.Waiting);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
