using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Models;
using Aval.Runs;

namespace Aval.Cli;

internal static class ModelTrainCommand
{
    public static Command Create(Terminal terminal)
    {
        var release = new Argument<string>("RELEASE") { Description = "NAME/ID, NAME (its latest), or a path" };
        var name = new Option<string?>("--name") { Description = "What to call the model", HelpName = "N" };
        var unit = new Option<string>("--unit")
        {
            Description = "What a text is a sequence of: byte, char or word",
            DefaultValueFactory = _ => "byte",
            HelpName = "WORD",
        };
        var order = new Option<int?>("--order")
        {
            Description = "Units of the longest n-gram (default: 8 bytes, 6 characters, 3 words)",
            HelpName = "N",
        };
        var prune = new Option<string?>("--prune")
        {
            Description = "By order from 1 up, how often an n-gram may have been seen and is left out, for example "
                + "0,0,1; counts are kept whole",
            HelpName = "N,…",
        };
        var least = new Option<long>("--least")
        {
            Description = "Bytes of text that a language has before it gets a table of its own; the others share und",
            DefaultValueFactory = _ => 16_384,
            HelpName = "BYTES",
        };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("train", """
            Train a reference model on a release: interpolated modified Kneser-Ney, a table a language. It needs no GPU,
            gives the same bytes on any number of threads, and can unlearn exactly: its counts are kept bucket by
            bucket. A run like any other: the gate is asked (exit code 4, and nothing is trained), and what came of it
            is signed and in the ledger. The model lies in models/NAME, for its owner alone.

            Example: aval model train opt-out --name lm-1 --order 6
            """) { release, name, unit, order, prune, least, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            SettledRuns.Tell(terminal, workspace);
            var form = ModelForm.Of(
                ModelForm.UnitOf(parsed.GetValue(unit)!), parsed.GetValue(order), Counts(parsed.GetValue(prune)));
            using var progress = new ProgressLine(terminal);
            var trained = Training.Train(
                workspace,
                new TrainingRequest(
                    parsed.GetValue(release), parsed.GetValue(name), form, parsed.GetValue(least)),
                terminal.Clock, limits.Of(parsed), progress.Report);
            Tell(terminal, trained, parsed.GetValue(json));
            return (int)ExitCode.Done;
        });
        return command;
    }

    /// <summary>Says what was trained, or what unlearned.</summary>
    public static void Tell(Terminal terminal, Trained trained, bool json)
    {
        if (json)
        {
            terminal.WriteJson(document => Write(document, trained));
            return;
        }

        var (output, statement, times) = (terminal.Out, trained.Folder.Statement, trained.Times);
        output.WriteLine($"{trained.Name}: trained on {statement.Release}");
        foreach (var (language, orders) in statement.Tables)
        {
            var read = statement.Languages.Where(one => one.Value.Table == language).ToArray();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {language,-4} {read.Sum(one => one.Value.Sums.Texts),10} texts "
                    + $"{read.Sum(one => one.Value.Sums.Bytes),14} bytes "
                    + $"{orders.Sum(order => order.Ngrams),12} n-grams"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {times.Counted} of {times.Shards} buckets counted in {ProgressLine.Seconds(times.Count)}, merged in "
                + $"{ProgressLine.Seconds(times.Merge)}, estimated in {ProgressLine.Seconds(times.Estimate)}"));
        output.WriteLine(trained.Folder.Path);
        output.WriteLine($"Stated in entries {trained.Run.Begun.Index} and {trained.Run.Ended.Index} of the ledger.");
    }

    private static void Write(Utf8JsonWriter json, Trained trained)
    {
        json.WriteStartObject();
        json.WriteString("model", trained.Name);
        json.WriteString("path", trained.Folder.Path);
        json.WriteString("release", trained.Folder.Statement.Release);
        json.WriteString("run", ((RunBegun)trained.Run.Begun.Stated).Run);
        json.WriteNumber("buckets", trained.Times.Shards);
        json.WriteNumber("counted", trained.Times.Counted);
        json.WriteNumber("count_seconds", trained.Times.Count.TotalSeconds);
        json.WriteNumber("merge_seconds", trained.Times.Merge.TotalSeconds);
        json.WriteNumber("estimate_seconds", trained.Times.Estimate.TotalSeconds);
        json.WriteStartObject("languages");
        foreach (var (language, (sums, table)) in trained.Folder.Statement.Languages)
        {
            json.WriteStartObject(language);
            json.WriteNumber("texts", sums.Texts);
            json.WriteNumber("bytes", sums.Bytes);
            json.WriteString("table", table);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static long[]? Counts(string? text)
    {
        if (text is null)
            return null;
        return [.. text.Split(',').Select(part =>
            long.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? count
                : throw AvalException.Usage($"--prune takes whole numbers with commas between them, but "
                    + $"\"{Shown.Of(text)}\" was found. Nothing was trained."))];
    }
}
