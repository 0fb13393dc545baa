using System.CommandLine;
using System.Globalization;
using Aval.Portal;
using Aval.Portal.Telling;
using Aval.Storage;

namespace Aval.Cli;

internal static class NoticeCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("notice", "Tell people, so that they can answer: the links of an information "
            + "notice.\n\nExample: aval notice links --version 2025-04 --out links.csv");
        command.Subcommands.Add(Links(terminal));
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
            Description = "Where they go: a CSV file, account,link, for its owner alone",
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
                    terminal.Clock.UtcNow(), done => progress.Report($"links: {done}", 0));
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
