using System.CommandLine;
using System.Runtime.InteropServices;
using Aval.Portal;
using Aval.Portal.Demo;
using Aval.Portal.Doors;

namespace Aval.Cli;

internal static class ServeCommand
{
    /// <summary>Where a portal listens when nothing else is said.</summary>
    public const string DefaultAddress = "http://127.0.0.1:8400";

    public static Command Create(Terminal terminal)
    {
        var listen = new Option<string>("--listen")
        {
            Description = "Where to listen; behind a proxy that speaks https to the world",
            DefaultValueFactory = _ => DefaultAddress,
            HelpName = "URL",
        };
        var roles = Enum.GetValues<OfficerRole>().ToDictionary(role => role, Whom);
        var command = new Command("serve", "Serve the portal: people object, consent, take back, see and verify, and "
            + "agents bring choices (docs/portal.md). What it asks and where it is stands in portal.yaml, beside "
            + "aval.yaml. Stops at Ctrl-C; what was acknowledged is recorded.\n\nExample: aval serve --listen "
            + "http://127.0.0.1:8400 --officer Ada") { listen };
        foreach (var option in roles.Values)
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            Serve(
                terminal, workspace, PortalSettings.Read(workspace), Address(parsed.GetValue(listen)!), platform: null,
                [
                    .. roles.SelectMany(role => (parsed.GetValue(role.Value) ?? [])
                        .Select(name => new ShownOfficer(Name(name), role.Key))),
                ]);
            return (int)ExitCode.Done;
        });
        return command;
    }

    /// <summary>Serves until somebody stops it.</summary>
    internal static void Serve(
        Terminal terminal, Workspace workspace, PortalSettings settings, string listen, DemoPlatform? platform,
        IReadOnlyList<ShownOfficer> officers)
    {
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        Run(terminal, workspace, settings, listen, platform, officers, stop.Token).GetAwaiter().GetResult();
    }

    private static async Task Run(
        Terminal terminal, Workspace workspace, PortalSettings settings, string listen, DemoPlatform? platform,
        IReadOnlyList<ShownOfficer> officers, CancellationToken stop)
    {
        var portal = await PortalHost.Start(
            workspace, settings, listen, terminal.Clock, platform is null ? null : platform.Map)
            .ConfigureAwait(false);
        await using (portal.ConfigureAwait(false))
        {
            terminal.Out.WriteLine($"The portal listens at {portal.Address}. Ctrl-C stops it.");
            if (platform is not null)
            {
                foreach (var account in DemoPlatform.People)
                    terminal.Out.WriteLine($"The link in the notice of {account}: {settings.Address}/n/"
                        + portal.Links.Make(settings.Notice, Account.Parse(account)));
            }

            foreach (var officer in officers)
                terminal.Out.WriteLine($"The officer's side, for {officer.By}, good once within "
                    + $"{(int)OfficerLinks.Life.TotalMinutes} minutes: {settings.Address}/officer/enter/"
                    + portal.Officers.Issue(officer));
            terminal.Out.Flush();
            await portal.Run(stop).ConfigureAwait(false);
        }
    }

    private static Option<string[]> Whom(OfficerRole role) => new($"--{role.ToString().ToLowerInvariant()}")
    {
        Description = role switch
        {
            OfficerRole.Officer => "Print a link, good once, to the officer's side for this person",
            OfficerRole.Auditor => "The same for somebody who sees all of it and changes nothing",
            OfficerRole.Agent => "The same for somebody who types what people said, and sees nothing else",
        },
        HelpName = "NAME",
    };

    private static string Name(string name) => name.Length is > 0 and <= 64 && !name.Any(char.IsControl)
        ? name
        : throw AvalException.Usage($"\"{Shown.Of(name)}\" should be a name of at most 64 letters: the trail of acts "
            + "says it. Nothing was started.");

    /// <summary>An address to listen at.</summary>
    internal static string Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http", PathAndQuery: "/" }
            ? url.GetLeftPart(UriPartial.Authority)
            : throw AvalException.Usage($"--listen is http://HOST:PORT, but \"{Shown.Of(text)}\" was found. Nothing "
                + "was started.");
}
