using System.CommandLine;
using System.Text.Json;
using Aval.Authors;
using Aval.Building;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Cli;

internal static partial class AuditCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "audit", "Check that what is proved about a release is true of its rows, and draw rows for an auditor.");
        command.Subcommands.Add(Release(terminal));
        command.Subcommands.Add(Sample(terminal));
        return command;
    }

    private static Command Release(Terminal terminal)
    {
        var release = new Argument<string>("RELEASE")
        {
            Description = "NAME/ID, NAME (its latest) or a directory, which needs no workspace",
        };
        var key = new Option<string?>("--key")
        {
            Description = "The ledger's key, or a file that holds it (default: the workspace's)",
            HelpName = "VKEY",
        };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("release", "Check that shards, audit sidecar and tree of authors say the same, "
            + "and that the tree is the signed one. With the workspace's lineage at hand, also that each author is the "
            + "account.\n\nExample: aval audit release opt-out") { release, key, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var named = parsed.GetValue(release)!;
            var workspace = AtHand(parsed);
            var directory = workspace is null
                ? File.Exists(Path.Combine(named, Manifest.FileName))
                    ? Path.GetFullPath(named)
                    : throw AvalException.Usage($"\"{named}\" is no directory with a {Manifest.FileName}, and there is "
                        + "no workspace here to look for it by name. Nothing was checked.")
                : ReleaseName.Find(workspace, named);
            var limit = limits.Of(parsed);
            using var progress = new ProgressLine(terminal);
            using var scratch = new Scratch();
            using var engine = Engine.Open(workspace?.Temporary ?? scratch.Path, limit);
            try
            {
                var verifier = KeyOf(parsed.GetValue(key), workspace, directory);
                if (workspace is not null && verifier.Name == workspace.Settings.Origin)
                    ReleaseCommitment.RequireContinued(workspace, directory);
                var outcome = ReleaseAudit.Of(
                    engine, directory, verifier, workspace, limit.Threads,
                    stage => progress.Report(stage.Stage, stage.Done));
                progress.Dispose();
                if (parsed.GetValue(json))
                    terminal.WriteJson(document => Write(document, outcome));
                else
                    Print(terminal.Out, outcome);
                return (int)ExitCode.Done;
            }
            catch (ProofException wrong)
            {
                throw new AvalException(wrong.Failure switch
                {
                    ProofFailure.Wrong or ProofFailure.Fork => ExitCode.No,
                    ProofFailure.Malformed => ExitCode.BadInput,
                }, wrong.Message, wrong);
            }
        });
        return command;
    }

    // An auditor elsewhere has the release and the key, and no workspace.
    private static Workspace? AtHand(ParseResult parsed)
    {
        try
        {
            return parsed.OpenWorkspace();
        }
        catch (AvalException none) when (none.Exit == ExitCode.Usage
            && parsed.GetValue(CommonOptions.Workspace) is null)
        {
            return null;
        }
    }

    private static VerifierKey KeyOf(string? given, Workspace? workspace, string release) => given switch
    {
        null when workspace is null => throw AvalException.Usage(
            "There is no workspace here whose key to use. Nothing was checked. Name the ledger's key with --key VKEY."),
        null => LedgerKeys.Of(workspace)
            .For(File.ReadAllBytes(Path.Combine(release, ReleaseAuthors.Directory, ReleaseAuthors.CheckpointName))),
        _ => VerifierKey.Parse(File.Exists(given) ? File.ReadAllText(given) : given),
    };

    private static void Print(TextWriter output, AuditOutcome outcome)
    {
        output.WriteLine($"{outcome.Manifest.Corpus}/{outcome.Manifest.Release}: {outcome.Rows} rows by "
            + $"{outcome.Authors} authors; shards, audit sidecar and the signed tree of authors say the same.");
        output.WriteLine(outcome.Traced
            ? "Each row's account was held against its author, by this workspace's lineage and key."
            : "Not checked here, since it takes the operator's lineage and key: that each author is the account that "
                + "the lineage names.");
    }

    private static void Write(Utf8JsonWriter json, AuditOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteString("corpus", outcome.Manifest.Corpus);
        json.WriteString("release", outcome.Manifest.Release);
        json.WriteNumber("rows", outcome.Rows);
        json.WriteNumber("authors", outcome.Authors);
        json.WriteBoolean("traced", outcome.Traced);
        json.WriteEndObject();
    }

    private sealed class Scratch : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("aval-audit-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
