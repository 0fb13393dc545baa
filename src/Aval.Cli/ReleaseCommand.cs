using System.CommandLine;
using System.Globalization;
using Aval.Corpus;
using Aval.Leases;
using Aval.Orders;

namespace Aval.Cli;

internal static class ReleaseCommand
{
    public static Command Create(Terminal terminal) =>
        new("release", "What releases there are, and dropping one that is not kept any longer.")
        {
            List(terminal), Show(terminal), Drop(terminal),
        };

    private static Command List(Terminal terminal)
    {
        var json = CommonOptions.Json();
        var command = new Command("list", "All releases, oldest first, and what became of each.") { json };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            StatedRelease[] all = Directory.Exists(workspace.Corpus)
                ? [.. Directory.EnumerateDirectories(workspace.Corpus).SelectMany(StatedRelease.In)
                    .OrderBy(one => one.Folder, StringComparer.Ordinal)]
                : [];
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(document =>
                {
                    document.WriteStartArray();
                    foreach (var one in all)
                        one.Write(document, withPath: true);
                    document.WriteEndArray();
                });
            }
            else
            {
                TextTable.Print(
                    terminal.Out, ["release", "policy", "protects until", "rows", "state"],
                    all.Select(one => (string[])
                    [
                        one.Name, one.Manifest.PolicyName, one.Manifest.ProtectUntil.ToText(),
                        Number(one.Manifest.Admitted), one.State,
                    ]),
                    textColumns: 3, lastIsText: true);
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var release = Named();
        var json = CommonOptions.Json();
        var command = new Command("show", "One release: what it was made of, and whether it may be used.")
        {
            release, json,
        };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var one = StatedRelease.Of(ReleaseName.Find(workspace, parsed.GetValue(release)));
            if (parsed.GetValue(json))
                terminal.WriteJson(document => one.Write(document, withPath: true));
            else
                terminal.Out.Write($"""
                    {one.Name}: {one.State}
                      policy:   {one.Manifest.PolicyName}, as of {one.Manifest.AsOf.ToText()}
                      protects: until {one.Manifest.ProtectUntil.ToText()}
                      choices:  below {one.Manifest.LedgerSize}, erasures below {one.Manifest.ErasedTo}
                      rows:     {Number(one.Manifest.Admitted)} of {Number(one.Manifest.ItemsRead)} items
                      {one.Folder}

                    """);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Drop(Terminal terminal)
    {
        var release = Named();
        var command = new Command("drop", """
            Keep a release no longer (GDPR Art. 5(1)(e)): its rows, lineage and authors are deleted; its manifest, its
            numbers and its entry in the ledger stay. Files that another release shares stay with that one.

            Example: aval release drop opt-out/20260115T000000Z-0123456789ab
            """) { release };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var name = parsed.GetValue(release)!;
            // "The newest" is another one tomorrow.
            if (!name.Contains('/', StringComparison.Ordinal))
                throw AvalException.Usage($"\"{name}\" names a corpus; what is dropped is named in full, NAME/ID. "
                    + "Nothing was dropped. See: aval release list");
            // Without what became of it: a dropped.json that is damaged is written again by dropping the release again.
            var folder = ReleaseName.Find(workspace, name);
            var dropped = Manifest.Read(folder);
            var named = $"{dropped.Corpus}/{dropped.Release}";
            var now = terminal.Clock.UtcNow();
            OrderGate.RequireDestruction(workspace, "Dropping a release", "Nothing was dropped.", now);
            using var held = HeldLease.Take(
                Path.GetDirectoryName(folder)!,
                new Lease(
                    dropped.Corpus, dropped.PolicyName, dropped.AsOf.ToText(), now.ToText(),
                    $"aval release drop {named}", ProcessIdentity.Own));
            var bytes = DroppedRelease.Drop(workspace, folder, now);
            held.End();
            terminal.Out.WriteLine($"{named} is dropped: {Number(bytes)} bytes of rows, lineage and authors are no "
                + "longer in it. Its manifest and its entry in the ledger stay.");
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Argument<string?> Named() => new("RELEASE")
    {
        Description = "NAME/ID, NAME (its newest that is not withdrawn), or a path",
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
