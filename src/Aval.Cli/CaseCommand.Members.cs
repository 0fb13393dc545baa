using System.CommandLine;
using Aval.Cases;
using Aval.Corpus;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Cli;

internal static partial class CaseCommand
{
    private static Command Members(Terminal terminal)
    {
        var (name, by, json) = (Name(), By(), CommonOptions.Json());
        var association = Text("--association", "Whose mandates make the members, by its id", "ID");
        var purpose = Text(
            "--purpose", $"Mandates for which purpose (default: {Purpose.TrainGenerativeAi})", "PURPOSE");
        var release = Text("--release", "Say of each member whether it is in this release: NAME/ID or NAME", "R");
        var title = Text("--title", "The list in a few words", "T");
        var open = Text("--open", "Open the member who gave a mandate on this account", "ACCOUNT");
        var agreement = Text("--agreement", "With --open: what the member agreed by; its SHA-256 is kept", "FILE");
        var of = Text("--of", "With --open: the list (default: the last one of the case)", "e1");
        var output = Text("--out", "With --open: where the opening goes", "FILE");
        var command = new Command("members", "List the members of a collective action without naming them: one "
            + "commitment a person who mandated the association, which the ledger holds. The list is added to the "
            + "case, and a bundle verifies it. Or open one member who agrees to be named "
            + "(docs/formats/members.md).\n\nExamples: aval case members action-1 --association rights.example "
            + "--release opt-out\n          aval case members action-1 --open facebook:100044 --agreement letter.pdf "
            + "--out ann.member")
        {
            name, association, purpose, release, title, open, agreement, of, output, by, json,
        };
        command.SetAction(parsed =>
        {
            var (workspace, called) = (parsed.OpenWorkspace(), parsed.GetValue(name)!);
            switch (parsed.GetValue(association), parsed.GetValue(open))
            {
                case ({ } whom, null):
                    if (new[] { agreement, of, output }.FirstOrDefault(one => parsed.GetValue(one) is not null)
                        is { } stray)
                        throw AvalException.Usage($"{stray.Name} goes with --open. Nothing was done.");
                    var now = CommittedChoices.NotBefore(workspace, terminal.Clock.UtcNow());
                    var asked = new MembersAsked(
                        called, whom, PurposeOf(parsed.GetValue(purpose)),
                        parsed.GetValue(release) is { } text ? ReleaseName.Find(workspace, text) : null, now);
                    Show(
                        terminal, workspace,
                        CaseSteps.AddMembers(workspace, asked, parsed.GetValue(title), By(parsed, by)),
                        parsed.GetValue(json));
                    return (int)ExitCode.Done;
                case (null, { } account):
                    if (new[] { purpose, release, title }.FirstOrDefault(one => parsed.GetValue(one) is not null)
                        is { } other)
                        throw AvalException.Usage($"{other.Name} goes with --association. Nothing was done.");
                    return OpenMember(
                        terminal, workspace, called, account, parsed.GetValue(of), Agreed(parsed.GetValue(agreement)),
                        parsed.GetValue(output) ?? throw AvalException.Usage(
                            "--open writes what names a member: say with --out where it goes. Nothing was done."),
                        By(parsed, by), parsed.GetValue(json));
                default:
                    throw AvalException.Usage("Say either whose members are listed (--association rights.example) or "
                        + "who is opened (--open facebook:100044). Nothing was done.");
            }
        });
        return command;
    }

    private static int OpenMember(
        Terminal terminal, Workspace workspace, string name, string account, string? of, Hash agreement, string output,
        string by, bool json)
    {
        var about = Account.Parse(account, workspace.Settings.Services);
        var path = Path.GetFullPath(output);
        if (File.Exists(path))
            throw AvalException.Usage($"{path}: there is a file here, and it was not touched. Nothing was done. Name "
                + "another place with --out.");
        var (opening, list) = CaseSteps.OpenMember(
            workspace, name, of, about, agreement, terminal.Clock.UtcNow(), by);
        Durable.CreateNew(path, opening.ToFile(), Durable.Private);
        if (json)
            terminal.WriteJson(document =>
            {
                document.WriteStartObject();
                document.WriteString("file", path);
                document.WriteString("list", list.Id);
                document.WriteNumber("index", opening.Receipt.Inclusion.Index.Value);
                document.WriteBoolean("present", opening.Presence is not null);
                document.WriteEndObject();
            });
        else
            terminal.Out.WriteLine($"{path}: it names the member of entry {opening.Receipt.Inclusion.Index} of "
                + $"{list.Id}"
                + (opening.Presence is null ? "" : ", and opens the proof that the account is in the list's release")
                + ". Hand it on as the member agreed.");
        return (int)ExitCode.Done;
    }

    private static Purpose PurposeOf(string? text) => text is null ? Purpose.TrainGenerativeAi
        : Purpose.TryParse(text, out var purpose) ? purpose
        : throw AvalException.Usage($"--purpose should hold one of {string.Join(", ", Purpose.All)}, but "
            + $"{Shown.Of(text)} was found. Nothing was done.");

    private static Hash Agreed(string? file) => file is not null && File.Exists(file)
        ? Hash.Of(File.ReadAllBytes(file))
        : throw AvalException.Usage("A member is opened when the member agrees: name with --agreement the file that "
            + "shows it. Nothing was done.");
}
