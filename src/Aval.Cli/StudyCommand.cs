using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Studies;

namespace Aval.Cli;

internal static class StudyCommand
{
    private const string Description = """
        Measure how much is enough: whether models that read some of the people foretell others' texts as well as one
        that read everybody. The plan is entered into the ledger first; a plan that came after a result about the same
        people makes an exploratory study, and every page says so. Asks the gate as aval run does (exit code 4). Writes
        study.json, study.html, and study.en.md, study.fr.md and study.de.md for the impact assessment.

        Examples: aval study samples/study/plan.yaml --to ../study
                  aval study plan.yaml --commit        # enter the plan, show it to others, and measure later
        """;

    public static Command Create(Terminal terminal)
    {
        var plan = new Argument<string>("PLAN") { Description = "The plan's file (docs/formats/study.md)" };
        var to = new Option<string?>("--to")
        {
            Description = "The folder to make; nothing may be there (default: study-NAME)",
            HelpName = "DIR",
        };
        var commit = new Option<bool>("--commit") { Description = "Only enter the plan into the ledger" };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("study", Description) { plan, to, commit, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var asked = StudyPlanReader.Read(parsed.GetValue(plan)!);
            var workspace = parsed.OpenWorkspace();
            if (parsed.GetValue(commit))
            {
                Commit(terminal, workspace, asked, parsed.GetValue(json));
                return (int)ExitCode.Done;
            }

            using var progress = new ProgressLine(terminal);
            var outcome = Study.Make(
                workspace, asked, parsed.GetValue(to) ?? $"study-{asked.Name}", terminal.Clock.UtcNow(),
                limits.Of(parsed), stage => progress.Report(stage.Stage, stage.Done));
            progress.Dispose();
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, outcome));
            else
                Print(terminal.Out, outcome);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Commit(Terminal terminal, Workspace workspace, StudyPlan plan, bool json)
    {
        var planned = Study.Plan(workspace, plan, terminal.Clock.UtcNow());
        if (json)
            terminal.WriteJson(document =>
            {
                document.WriteStartObject();
                document.WriteString("study", plan.Name);
                document.WriteString("plan", plan.Sha256);
                document.WriteNumber("entry", planned.Index.Value);
                document.WriteEndObject();
            });
        else
            terminal.Out.WriteLine(
                $"The plan {plan.Sha256} is entry {planned.Index} of the ledger. Nothing was measured yet.");
    }

    private static void Print(TextWriter output, StudyOutcome outcome)
    {
        var result = outcome.Result;
        output.WriteLine(result.Plan.Question);
        foreach (var banner in StudyPage.Banners(result))
            output.WriteLine(banner);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.People} people in {result.Release}, "
            + $"{result.HeldOutPeople} held out, {result.Languages.Count} languages; gaps are bits more than with "
            + $"everybody, and {result.Plan.Margin.ToPercent()} is the margin."));
        output.WriteLine();
        output.WriteLine("share     gap     interval          in all languages");
        foreach (var (share, gap) in result.Together)
        {
            var name = share.ToString();
            var joint = result.Joint.FirstOrDefault(one => one.Share == name);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{share.ToPercent(),-8}"
                + $"{StudyPage.Percent(gap.Value),9} {Interval(gap),-18}").TrimEnd()
                + (joint is null ? "" : "  " + StudyWords.English.Of(joint.Verdict)));
        }

        output.WriteLine();
        Print(output, $"Control, {result.Plan.TooSmall.ToPercent()} must be insufficient", result.TooSmall);
        Print(output, "Control, two halves must be equal", result.Halves);
        output.WriteLine($"{outcome.Folder}: study.html, study.json and the text for an assessment (en, fr, de); entry "
            + string.Create(CultureInfo.InvariantCulture, $"{outcome.Entry} of the ledger, its plan entry "
                + $"{result.Standing.PlanEntry}."));
    }

    private static void Print(TextWriter output, string what, Control control) => output.WriteLine(
        $"{what}: " + (control.Gap is { } gap ? $"{StudyPage.Percent(gap.Value)} ({Interval(gap)})" : "not measured")
        + (control.Holds ? ", holds." : ", FAILS."));

    private static string Interval(Estimate gap) => $"{StudyPage.Percent(gap.Low)} to {StudyPage.Percent(gap.High)}";

    private static void Write(Utf8JsonWriter json, StudyOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteString("folder", outcome.Folder);
        json.WriteNumber("entry", outcome.Entry);
        json.WritePropertyName("result");
        StudyJson.WriteTo(json, outcome.Result);
        json.WriteEndObject();
    }
}
