using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Answers;
using Aval.Corpus;

namespace Aval.Cli;

internal static partial class AuditCommand
{
    private const int Usual = 300;

    private static Command Sample(Terminal terminal)
    {
        var release = new Argument<string>("RELEASE") { Description = "NAME/ID, NAME (its latest), or a path" };
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "A checkpoint of the ledger, later than the release's commitment: its hash is the seed",
            HelpName = "FILE",
        };
        var seed = new Option<string?>("--seed")
        {
            Description = "Instead, the seed itself: 64 hexadecimal digits",
            HelpName = "HEX",
        };
        var (admitted, excluded) = (Size("--rows", "rows of the shards"), Size("--exclusions", "exclusions"));
        var planted = new Option<string?>("--planted")
        {
            Description = "Accounts that the auditor made and objected with before the build, one a line",
            HelpName = "FILE",
        };
        var output = new Option<string>("--out")
        {
            Description = "The folder to write, a new one",
            HelpName = "FOLDER",
            Required = true,
        };
        var (json, limits) = (CommonOptions.Json(), new LimitOptions());
        var command = new Command("sample", """
            Draw rows and exclusions of a release for an auditor: the seed alone decides which, so that nobody chooses
            them (docs/formats/audit-sample.md). Of each the folder holds what was observed, what was decided and why,
            and the choices that count, opened. It names people: give it to the auditor, who is bound to secrecy, and
            to nobody else. The auditor checks it with: aval verify audit-sample.
            Exit codes: 1 a planted account was not followed to its exclusion (the folder is written nevertheless).

            Example: aval audit sample opt-out --checkpoint checkpoint-of-july --planted mine.txt --out sample
            """) { release, checkpoint, seed, admitted, excluded, planted, output, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var request = new AuditRequest(
                SeedOf(parsed.GetValue(seed)),
                parsed.GetValue(checkpoint) is { } file ? File.ReadAllBytes(file) : null,
                Checked(parsed.GetValue(admitted), "--rows"), Checked(parsed.GetValue(excluded), "--exclusions"),
                parsed.GetValue(planted) is { } list
                    ? PlantedObjectors.Read(list, workspace.Settings.Services)
                    : []);
            if (request.Seed is null == request.Checkpoint is null)
                throw AvalException.Usage("Say where the seed comes from: --checkpoint FILE, of which it is the hash, "
                    + "or --seed HEX; one of these. No sample was written.");
            var folder = parsed.GetValue(output)!;
            var sample = AuditSample.Write(
                workspace, ReleaseName.Find(workspace, parsed.GetValue(release)), request, folder,
                terminal.Clock.UtcNow(), limits.Of(parsed));
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, folder, sample));
            else
                Print(terminal.Out, folder, sample);
            return (int)(sample.Planted.All(one => one.Outcome == PlantedOutcome.Excluded)
                ? ExitCode.Done
                : ExitCode.No);
        });
        return command;
    }

    private static Option<int> Size(string name, string of) => new(name)
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"How many {of}, at most {AuditDraw.Most}"),
        DefaultValueFactory = _ => Usual,
        HelpName = "N",
    };

    private static int Checked(int size, string name) => size is >= 0 and <= AuditDraw.Most
        ? size
        : throw AvalException.Usage(string.Create(CultureInfo.InvariantCulture, $"{name} is a whole number from 0 to "
            + $"{AuditDraw.Most}, but {size} was found. No sample was written."));

    private static Hash? SeedOf(string? text) => text switch
    {
        null => null,
        { Length: 2 * Hash.Size } when text.All(char.IsAsciiHexDigitLower) => Hash.From(Convert.FromHexString(text)),
        _ => throw AvalException.Usage($"--seed is 64 hexadecimal digits in lower case, but \"{Shown.Of(text)}\" was "
            + "found. No sample was written."),
    };

    private static void Print(TextWriter output, string folder, AuditSample sample)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{folder}: {sample.Strata[0].Drawn} of "
            + $"{sample.Strata[0].Population} rows and {sample.Strata[1].Drawn} of {sample.Strata[1].Population} "
            + $"exclusions of {sample.Release}."));
        output.WriteLine(sample.Origin.Sentence());
        if (sample.ErasedSince > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sample.ErasedSince} exclusions were "
                + $"erased since: nobody can draw them."));
        foreach (var stratum in sample.Strata)
            output.WriteLine(AuditStatement.Of(stratum, 0));
        foreach (var planted in sample.Planted)
            output.WriteLine(AuditStatement.Of(planted.Account.ToString(), planted.Outcome));
        output.WriteLine($"The seal is {sample.Seal} (SHA-256 of SHA256SUMS): tell it to the auditor on another way "
            + "than the folder. It names people: for the auditor alone.");
    }

    private static void Write(Utf8JsonWriter json, string folder, AuditSample sample)
    {
        json.WriteStartObject();
        json.WriteString("folder", folder);
        json.WriteString("release", sample.Release);
        json.WriteString("seed", sample.Seed.ToHex());
        json.WriteString("seed_from", sample.Origin.ToText());
        json.WriteString("seal", sample.Seal);
        json.WriteNumber("erased_since", sample.ErasedSince);
        AuditStatement.Write(json, sample.Strata, [0, 0]);
        AuditStatement.Write(
            json, [.. sample.Planted.Select(planted => (planted.Account.ToString(), planted.Outcome))]);
        json.WriteEndObject();
    }
}
