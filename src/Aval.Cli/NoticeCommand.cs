using System.CommandLine;
using System.Globalization;
using Aval.Policies;
using Aval.Portal;
using Aval.Portal.Doors;
using Aval.Portal.Telling;
using Aval.Storage;

namespace Aval.Cli;

internal static class NoticeCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("notice", "Tell people, so that they can answer: the text of an information "
            + "notice, its links, and what was delivered.\n\nExample: aval notice links --version 2025-04 --out "
            + "links.csv");
        command.Subcommands.Add(Draft(terminal));
        command.Subcommands.Add(Links(terminal));
        command.Subcommands.Add(Delivered(terminal));
        return command;
    }

    private static Command Draft(Terminal terminal)
    {
        var language = new Option<string>("--language")
        {
            Description = $"In which language: {string.Join(", ", NoticeWords.Available)}",
            Required = true,
            HelpName = "L",
        };
        var policy = new Option<string?>("--policy")
        {
            Description = "The regime that it is about (default: the one of portal.yaml)",
            HelpName = "POLICY",
        };
        var check = new Option<bool>("--check")
        {
            Description = "Write no text, but each item that Articles 13, 14 and 21(4) GDPR ask for, and whether it is "
                + "said; exit code 1 when one is missing",
        };
        var command = new Command("draft", "Write the text of the information notice: what is used, by whom, why, on "
            + "which basis, since when, how to say no. What only the controller knows stands in notice.yaml, beside "
            + "portal.yaml; where something is missing there, no text is written. {link} is where the mailer puts each "
            + "account's own link.\n\nExample: aval notice draft --language fr > notice.fr.md")
        { language, policy, check };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var settings = PortalSettings.Read(workspace);
            var about = parsed.GetValue(policy) is { } named
                ? PolicyReader.Read(PolicyReader.Find(named))
                : settings.Policy;
            var draft = new NoticeDraft(
                workspace, settings, NoticeFacts.Read(workspace), about, parsed.GetValue(language)!);
            if (!draft.IsReviewed)
                terminal.Error.WriteLine($"--language {parsed.GetValue(language)}: a machine drafted these sentences "
                    + "and no person has reviewed them. Have somebody who knows the language read the text before it "
                    + "is sent; until then the portal asks nobody for consent in it.");
            if (!parsed.GetValue(check))
            {
                terminal.Out.Write(draft.Write());
                return (int)ExitCode.Done;
            }

            var items = draft.Items();
            foreach (var item in items)
            {
                terminal.Out.WriteLine($"Art. {item.Provision}: " + (item.Sentence is null
                    ? $"missing; say it as {item.Key} in {NoticeFacts.FileName}"
                    : Shown.Of(item.Sentence)));
            }

            return (int)(items.Any(item => item.Sentence is null) ? ExitCode.No : ExitCode.Done);
        });
        return command;
    }

    private static Command Delivered(Terminal terminal)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "The mailer's report: CSV with link and delivered_at, and bounced_at, sent_at, channel, "
                + "language where it knows them",
        };
        var command = new Command("delivered", "Bring back which notices were delivered, as the platform's mailer "
            + "reports it by link. Only delivery counts: who was sent a notice that did not arrive was not informed. "
            + "Reports that name accounts come in by aval import table --as notices.\n\nExample: aval notice delivered "
            + "report.csv") { file };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var path = parsed.GetValue(file)!;
            FileModes.MakePrivateFolder(workspace.Temporary);
            var notices = Path.Combine(workspace.Temporary, $"delivered-{Guid.NewGuid():N}.csv");
            try
            {
                Translated read;
                using (var progress = new ProgressLine(terminal))
                using (var links = new NoticeLinks(workspace.ReadKey(), workspace.Settings.Services))
                using (var output = new StreamWriter(new FileStream(notices, FileMode.CreateNew)))
                {
                    FileModes.MakePrivate(notices);
                    read = DeliveredFile.Write(path, links, output, done => progress.Report("read", done));
                }

                if (read.Unknown > 0)
                    terminal.Error.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{path}: {read.Unknown} of {read.Rows} links were not made here, the first in line "
                            + $"{read.FirstUnknown}. Their rows are rejected below: they tell of nobody."));
                return (int)ImportCommand.Notices(terminal, workspace, notices);
            }
            finally
            {
                File.Delete(notices);
            }
        });
        return command;
    }

    private static Command Links(Terminal terminal)
    {
        var version = new Option<string?>("--version")
        {
            Description = "The version of the notice that the links stand in (default: the one of portal.yaml)",
            HelpName = "V",
        };
        var output = new Option<string>("--out")
        {
            Description = "Where they go: a file for its owner alone, CSV (account,link), or where it ends in .ndjson "
                + "one JSON object a line",
            Required = true,
            HelpName = "FILE",
        };
        var command = new Command("links", "Write one link an account, for the platform's own mailer. A link shows "
            + "nobody whom it is for, and authorises nothing but protective choices of that account; a version that "
            + "portal.yaml lists under revoked opens no door any more.\n\nExample: aval notice links --version "
            + "2025-04 --out links.csv") { version, output };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var settings = PortalSettings.Read(workspace);
            var path = Path.GetFullPath(parsed.GetValue(output)!);
            if (File.Exists(path))
                throw AvalException.Usage($"--out {path}: it is there already. Nothing was written. Name another one.");
            var unfinished = $"{path}.unfinished";
            long written;
            using (var progress = new ProgressLine(terminal))
            using (var file = new StreamWriter(new FileStream(unfinished, FileMode.Create)))
            {
                FileModes.MakePrivate(unfinished);
                written = NoticeLinkFile.Write(
                    workspace, settings.Address, parsed.GetValue(version) ?? settings.Notice, file,
                    path.EndsWith(".ndjson", StringComparison.Ordinal), terminal.Clock.UtcNow(),
                    done => progress.Report($"links: {done}", 0));
            }

            Durable.FlushFile(unfinished);
            File.Move(unfinished, path);
            terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{written} links in {path}. Whoever has the list can object for these people, and learn nothing."));
            return (int)ExitCode.Done;
        });
        return command;
    }
}
