using System.CommandLine;
using System.Text.Json;
using Aval.Authors;
using Aval.Building;
using Aval.Corpus;
using Aval.Storage;

namespace Aval.Cli;

internal static class ProveCommand
{
    public static Command Create(Terminal terminal)
    {
        var account = new Argument<string?>("ACCOUNT")
        {
            Description = $"About whom: {Account.Example}",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var handle = CommonOptions.Handle();
        var release = new Option<string?>("--release")
        {
            Description = "NAME/ID, NAME (its latest) or a path (default: the workspace's latest)",
            HelpName = "R",
        };
        var output = new Option<string?>("--out")
        {
            Description = "Where the proof goes (default: ACCOUNT.RELEASE.proof here)",
            HelpName = "FILE",
        };
        var json = CommonOptions.Json();
        var command = new Command("prove", "Make the proof that an account is, or is not, among the authors of a "
            + "release. It is for the person whose account it is: nobody else is to ask.\n\n"
            + "Example: aval prove facebook:100044 --release opt-out "
            + "--out ann.proof") { account, handle, release, output, json };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var directory = ReleaseName.Find(workspace, parsed.GetValue(release));
            var about = CommonOptions.Named(
                workspace, parsed.GetValue(account), parsed.GetValue(handle), terminal.Clock.UtcNow(),
                forms: Manifest.Read(directory).Services);
            ReleaseCommitment.RequireContinued(workspace, directory);
            var (proof, verdict) = AuthorProofs.Make(workspace, directory, about);
            var manifest = Manifest.Read(directory);
            // An id is verbatim and may hold what no file name can; the name is for people and proves nothing.
            var path = Path.GetFullPath(parsed.GetValue(output)
                ?? string.Concat(
                    about.ToString().Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'))
                    + $".{manifest.Release}.proof");
            Durable.Replace(path, proof.ToFile());
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, about, manifest, verdict, path));
            else
                Print(terminal.Out, about, manifest, verdict, path);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(TextWriter output, Account about, Manifest manifest, AuthorVerdict verdict, string path)
    {
        output.WriteLine(verdict switch
        {
            AuthorVerdict.Absent =>
                $"Absent: {about} is not among the authors of the release {manifest.Corpus}/{manifest.Release}.",
            AuthorVerdict.Present =>
                $"Present: {about} is among the authors of the release {manifest.Corpus}/{manifest.Release}.",
        });
        output.WriteLine("It proves this of what the release's signed tree of authors commits to, to anybody who has "
            + "the manifest and the ledger's key. It does not prove anything about what others wrote about the "
            + "account, about other releases and models, or about other accounts of the same person; and that the rows "
            + "are by whom the tree says is shown by: aval audit release.");
        output.WriteLine("Whoever holds it can follow the account: its output is the same in every tree of authors of "
            + "this workspace, of all corpora, before and after. Give it only to whom that may be known.");
        output.WriteLine(path);
    }

    private static void Write(Utf8JsonWriter json, Account about, Manifest manifest, AuthorVerdict verdict, string path)
    {
        json.WriteStartObject();
        json.WriteString("account", about.ToString());
        json.WriteString("corpus", manifest.Corpus);
        json.WriteString("release", manifest.Release);
        json.WriteString(
            "verdict", verdict switch { AuthorVerdict.Absent => "absent", AuthorVerdict.Present => "present" });
        json.WriteString("proof", path);
        json.WriteEndObject();
    }
}
