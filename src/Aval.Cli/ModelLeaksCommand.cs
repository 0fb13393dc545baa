using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Models;
using Aval.Text;
using Aval.Text.Languages;

namespace Aval.Cli;

internal static class ModelLeaksCommand
{
    private const string Description = """
        Look for traces of texts in a reference model: whether it says them by itself (regurgitation), whether planted
        texts are likelier than others of their shape (exposure), and whether somebody could tell texts that it was
        trained on from others (membership). What is found is evidence of a leak; that nothing is found proves nothing.

        Example: aval model leaks lm-1 --account facebook:100044 --release opt-out/20260115T000000Z-4f1c20aa93be
        Example: aval model leaks lm-1 --texts theirs.txt --others heldout.txt --canaries planted.txt --json
        """;

    public static Command Create(Terminal terminal)
    {
        var model = ModelCommand.Argument();
        var account = new Option<string[]>("--account")
        {
            Description = "Whose texts are looked for; may be said several times; with --release",
            HelpName = "A",
        };
        var release = new Option<string?>("--release")
        {
            Description = "Where their texts stand: before they objected",
            HelpName = "R",
        };
        var texts = new Option<string?>("--texts")
        {
            Description = "Texts to look for: a file as aval text language reads it",
            HelpName = "FILE",
        };
        var others = new Option<string?>("--others")
        {
            Description = "Texts of the same kind that the model was never trained on",
            HelpName = "FILE",
        };
        var canaries = new Option<string?>("--canaries")
        {
            Description = "Texts that were planted to be found",
            HelpName = "FILE",
        };
        var language = new Option<string?>("--language")
        {
            Description = "The language of the files' texts (default: each text's own)",
            HelpName = "TAG",
        };
        var prompt = Number("--prompt", 20, "Characters that the model is given of each text");
        var span = Number("--span", 50, "Characters that it has to say itself to have said it");
        var shapes = Number("--against", 1023, "With how many random texts a canary is compared");
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("leaks", Description)
        {
            model, account, release, texts, others, canaries, language, prompt, span, shapes, json,
        };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var leaks = new Leaks(ModelFolder.Open(workspace, parsed.GetValue(model)!));
            ProbedText[] Read(Option<string?> file) => parsed.GetValue(file) is { } path
                ? [.. TextFiles.Read(path, Console.OpenStandardInput, null, null)
                    .Select(text => Placed(text.Text, parsed.GetValue(language)))]
                : [];
            var theirs = Read(texts).Concat(Theirs(parsed, workspace, account, release, limits)).ToArray();
            var planted = Read(canaries);
            if (theirs.Length + planted.Length == 0)
                throw AvalException.Usage("There is no text to look for: name some by --account and --release, by "
                    + "--texts, or by --canaries. Nothing was done.");
            var found = new Found(
                leaks.Regurgitate(theirs, parsed.GetValue(prompt), parsed.GetValue(span)),
                leaks.Expose(planted, parsed.GetValue(shapes)), leaks.Tell(theirs, Read(others)));
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, found));
            else
                Print(terminal.Out, found, parsed.GetValue(span));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private sealed record Found(
        Regurgitation Regurgitation, IReadOnlyList<Exposure> Exposures, Membership? Membership);

    private static IReadOnlyList<ProbedText> Theirs(
        ParseResult parsed, Workspace workspace, Option<string[]> account, Option<string?> release,
        LimitOptions limits)
    {
        var accounts = parsed.GetValue(account) ?? [];
        if (accounts.Length == 0)
            return [];
        var named = parsed.GetValue(release) ?? throw AvalException.Usage(
            "--account is for the texts of a release: name it with --release. Nothing was done.");
        return ProbedTexts.Of(
            workspace, named, [.. accounts.Select(one => Account.Parse(one, workspace.Settings.Services))],
            limits.Of(parsed));
    }

    private static ProbedText Placed(string text, string? language) =>
        new(language ?? LanguageModel.Shipped.Detect(text).Code, text);

    private static void Print(TextWriter output, Found found, int span)
    {
        var (said, told) = (found.Regurgitation, found.Membership);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"regurgitation: of {said.Tried} texts, {said.Regurgitated} are said for {span} characters or more; the "
                + $"longest for {said.Longest}"));
        foreach (var exposure in found.Exposures)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"canary {exposure.Canary}: rank {exposure.Rank} among {exposure.Others + 1}, exposure "
                    + $"{exposure.Bits:F2} bits"));
        if (told is not null)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"membership: {told.Members} texts against {told.Others}: advantage {told.Advantage:F3}, area under "
                    + $"the curve {told.Area:F3}"));
        output.WriteLine("What is found is evidence of a leak; that nothing is found proves nothing.");
    }

    private static void Write(Utf8JsonWriter json, Found found)
    {
        json.WriteStartObject();
        json.WriteStartObject("regurgitation");
        json.WriteNumber("tried", found.Regurgitation.Tried);
        json.WriteNumber("regurgitated", found.Regurgitation.Regurgitated);
        json.WriteNumber("longest", found.Regurgitation.Longest);
        json.WriteEndObject();
        json.WriteStartArray("exposure");
        foreach (var exposure in found.Exposures)
        {
            json.WriteStartObject();
            json.WriteNumber("canary", exposure.Canary);
            json.WriteNumber("rank", exposure.Rank);
            json.WriteNumber("among", exposure.Others + 1);
            json.WriteNumber("bits", exposure.Bits);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (found.Membership is { } told)
        {
            json.WriteStartObject("membership");
            json.WriteNumber("members", told.Members);
            json.WriteNumber("others", told.Others);
            json.WriteNumber("advantage", told.Advantage);
            json.WriteNumber("area", told.Area);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static Option<int> Number(string name, int usual, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => usual,
        HelpName = "N",
    };
}
