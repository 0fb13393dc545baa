using System.CommandLine;
using System.Globalization;
using Aval.Answers;
using Aval.Storage;

namespace Aval.Cli;

internal static partial class VerifyCommand
{
    private static Command AuditSampleOf(Terminal terminal)
    {
        var folder = new Argument<string>("FOLDER") { Description = "What aval audit sample wrote" };
        var (key, json) = (KeyOption(), CommonOptions.Json());
        var ledger = new Option<string?>("--ledger")
        {
            Description = "A copy of the ledger, from anybody: are the release, the receipts and the seed of its "
                + "history?",
            HelpName = "DIR",
        };
        var release = new Option<string?>("--release")
        {
            Description = "A copy of the release: the rows are held against its shards too",
            HelpName = "DIR",
        };
        var (wrong, wrongOut) = (
            WrongOption("--wrong", "rows"), WrongOption("--wrong-exclusions", "exclusions"));
        var planted = new Option<string?>("--planted")
        {
            Description = "The accounts that the auditor planted, one a line: all must have been followed",
            HelpName = "FILE",
        };
        var command = new Command("audit-sample", """
            Verify a sample of a release's rows and exclusions: that the seed drew these, that they are the release's,
            and that each choice opens an entry of the ledger; and say what share of wrong ones it bounds.
            Whether a decision is right is for the auditor to judge: --wrong says how many were not.
            Exit codes: 1 something does not hold, or a planted account was not followed to its exclusion.

            Example: aval verify audit-sample sample --key ledger.vkey --release corpus/opt-out/RELEASE --wrong 2
            """) { folder, key, release, planted, wrong, wrongOut, ledger, json };
        command.SetAction(parsed => Answer(terminal, parsed.GetValue(json), () =>
        {
            var keys = KeysOf(parsed, key);
            var scratch = Directory.CreateTempSubdirectory("aval-audit-").FullName;
            try
            {
                using var engine = Engine.Open(scratch, EngineLimits.Default);
                var verdict = AuditSampleCheck.Of(
                    parsed.GetValue(folder)!, keys, parsed.GetValue(release), engine,
                    parsed.GetValue(planted) is { } list ? forms => PlantedObjectors.Read(list, forms) : null);
                int[] found = [parsed.GetValue(wrong), parsed.GetValue(wrongOut)];
                RequireWrong(verdict, found);
                var copy = RequireSameHistory(parsed.GetValue(ledger), verdict.Seen, keys);
                var respelled = parsed.GetValue(planted) is { } mine
                    ? PlantedObjectors.Respelled(mine, verdict.Release.Manifest.Services)
                    : [];
                return Describe(verdict, found, copy, respelled);
            }
            finally
            {
                Directory.Delete(scratch, recursive: true);
            }
        }));
        return command;
    }

    private static Option<int> WrongOption(string name, string of) => new(name)
    {
        Description = $"How many of the drawn {of} the auditor found to be wrong",
        HelpName = "K",
    };

    private static void RequireWrong(AuditSampleVerdict verdict, int[] wrong)
    {
        foreach (var (stratum, found) in verdict.Strata.Zip(wrong))
        {
            if (found < 0 || found > stratum.Drawn)
                throw AvalException.Usage(string.Create(CultureInfo.InvariantCulture, $"{found} wrong of "
                    + $"{stratum.Drawn} that were drawn ({stratum.Name}) cannot be. Nothing was bounded."));
        }
    }

    private static Found Describe(
        AuditSampleVerdict verdict, int[] wrong, Checkpoint? copy,
        IReadOnlyList<(string Written, Account Followed)> respelled)
    {
        var manifest = verdict.Release.Manifest;
        var text = Sentences([
            string.Create(CultureInfo.InvariantCulture, $"Verified: {verdict.Strata[0].Drawn} of "
                + $"{verdict.Strata[0].Population} rows and {verdict.Strata[1].Drawn} of "
                + $"{verdict.Strata[1].Population} exclusions of {manifest.Name}, entry {verdict.Release.Index} of "
                + $"{verdict.Release.Checkpoint.Origin}, are those that the seed {verdict.Seed.ToHex()} draws."),
            verdict.Origin.Sentence(),
            verdict.RowsCompared
                ? "The rows are those of the shards that the manifest names."
                : "Not checked: that the rows are those of the shards (give a copy of the release: --release DIR).",
            string.Create(CultureInfo.InvariantCulture, $"{verdict.Receipts} choices open entries of the ledger."),
            verdict.Forgotten > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{verdict.Forgotten} choices were forgotten since, and "
                    + $"nothing opens them.")
                : "",
            verdict.Withheld > 0
                ? string.Create(CultureInfo.InvariantCulture, $"Of {verdict.Withheld} items the words are left out: "
                    + $"they are restricted, or to be erased.")
                : "",
            verdict.ErasedSince > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{verdict.ErasedSince} exclusions were erased since, "
                    + $"and could not be drawn.")
                : "",
            .. verdict.Planted.Select(planted => AuditStatement.Of(planted.Account, planted.Outcome)),
            .. respelled.Select(one => AuditStatement.Respelled(one.Written, one.Followed)),
            .. verdict.Strata.Zip(wrong).Select(one => AuditStatement.Of(one.First, one.Second)),
            copy is null
                ? "Not checked: that the release, the receipts and the seed are of one history of the ledger, beyond "
                    + "checkpoints of the same size (give a copy of it: --ledger DIR)."
                : $"The copy of the ledger has {copy.Size} entries and continues the checkpoints of the release, of "
                    + "the receipts and of the seed: the same history.",
            $"The seal is {verdict.Seal}. It does not prove: that a decision is right, which is yours to judge by what "
                + "each line holds; and of the exclusions, that these are all there were, which the counts of the "
                + "manifest and planted accounts speak for.",
        ]);
        return new Found(verdict.AllPlantedExcluded ? ExitCode.Done : ExitCode.No, text, writer =>
        {
            writer.WriteBoolean("verified", true);
            writer.WriteString("release", manifest.Name);
            writer.WriteString("seed", verdict.Seed.ToHex());
            writer.WriteString("seed_from", verdict.Origin.ToText());
            writer.WriteString("seal", verdict.Seal);
            writer.WriteBoolean("rows_compared", verdict.RowsCompared);
            writer.WriteNumber("receipts", verdict.Receipts);
            writer.WriteNumber("forgotten", verdict.Forgotten);
            writer.WriteNumber("withheld", verdict.Withheld);
            writer.WriteNumber("erased_since", verdict.ErasedSince);
            AuditStatement.Write(writer, verdict.Strata, wrong);
            AuditStatement.Write(writer, verdict.Planted);
            AuditStatement.Write(writer, respelled);
        });
    }
}
