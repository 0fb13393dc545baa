using System.CommandLine;
using System.Text.Json;
using Aval.Corpus;
using Aval.Orders;

namespace Aval.Cli;

// What orders name and nobody knows here: told when one is served, and listed afterwards.
internal static partial class OrderCommand
{
    private const int NamesShown = 20;

    private static Command Unmatched(Terminal terminal)
    {
        var authors = new Option<string[]>("--authors")
        {
            Description = "A list that was served, one account a line: those of it that nobody knows are named, with "
                + "what is spelled alike. An order itself names nobody",
            HelpName = "FILE",
        };
        var json = CommonOptions.Json();
        var command = new Command("unmatched", """
            List the orders that name what this workspace does not know: authors, services, releases to suspend. They
            stay in force, and reach what they name as soon as it comes.

            Examples: aval order unmatched
                      aval order unmatched --authors annex.txt
            """) { authors, json };
        command.SetAction(parsed =>
        {
            var (workspace, now) = (parsed.OpenWorkspace(), terminal.Clock.UtcNow());
            var listed = (parsed.GetValue(authors) ?? []).SelectMany(path => AuthorList.Read(workspace, path))
                .ToHashSet();
            var found = UnmatchedOrders.Among(
                workspace, OrderBook.Read(workspace), listed, Policies(workspace), now);
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, found, now));
            else
                Print(terminal.Out, found, now);
            return (int)ExitCode.Done;
        });
        return command;
    }

    // What is done is done: content that cannot be read keeps no order and no release back, and is told apart from it.
    private static IReadOnlyList<UnmatchedOrder> LookFor(
        Terminal terminal, Workspace workspace, Func<IReadOnlyList<ServedOrder>> orders,
        IReadOnlyCollection<Account> listed, string done)
    {
        try
        {
            return UnmatchedOrders.Among(
                workspace, orders(), listed, Policies(workspace), terminal.Clock.UtcNow());
        }
        catch (AvalException unread)
        {
            terminal.Error.WriteLine(
                $"{done} But whether this workspace knows what orders name could not be told: {unread.Message}");
            return [];
        }
    }

    // Of all releases.
    private static Lazy<IReadOnlySet<string>> Policies(Workspace workspace) => new(() =>
        (Directory.Exists(workspace.Corpus) ? Directory.EnumerateDirectories(workspace.Corpus) : [])
            .SelectMany(ReleaseName.Releases).Select(release => Manifest.Read(release).PolicyName)
            .ToHashSet(StringComparer.Ordinal));

    /// <summary>Says after a build which orders name what its content does not know.</summary>
    internal static void Warn(Terminal terminal, Workspace workspace)
    {
        foreach (var one in LookFor(
            terminal, workspace, () => OrderBook.Read(workspace), [], "The release is made."))
            terminal.Error.WriteLine($"{Shown.Of(one.Order.Citation)} names what this workspace does not know, and "
                + $"does nothing there until that comes: {Unknown(one)}. List all such orders with: "
                + "aval order unmatched");
    }

    private static void Print(TextWriter output, UnmatchedOrder one)
    {
        output.WriteLine("It names what this workspace does not know, and does nothing there until that comes: "
            + $"{Unknown(one)}.");
        PrintNames(output, one, NamesShown);
        output.WriteLine("All such orders: aval order unmatched"
            + (one.Authors > 0 ? " (--authors FILE names whom a list names)" : ""));
    }

    private static void Print(TextWriter output, IReadOnlyList<UnmatchedOrder> found, DateTimeOffset now)
    {
        if (found.Count == 0)
        {
            output.WriteLine($"As of {now.ToText()}, every order names what this workspace knows.");
            return;
        }

        output.WriteLine($"As of {now.ToText()}, {found.Count} order{(found.Count == 1 ? " names" : "s name")} what "
            + "this workspace does not know:");
        foreach (var one in found)
        {
            output.WriteLine($"  {Shown.Of(one.Order.Citation)}: {Unknown(one)}");
            PrintNames(output, one, int.MaxValue);
        }
    }

    private static void PrintNames(TextWriter output, UnmatchedOrder one, int most)
    {
        foreach (var account in one.Named.Take(most))
            output.WriteLine($"    {account.Account}{ChoicesCommand.Suggest(account.Nearest)}");
        if (one.Named.Count > most)
            output.WriteLine($"    … and {one.Named.Count - most} more.");
    }

    private static string Unknown(UnmatchedOrder one) => string.Join("; ", (string[])
    [
        .. one.Authors > 0 ? [$"{one.Authors} of {one.Listed} listed authors"] : Array.Empty<string>(),
        .. one.Services.Select(service => $"the service {service}"),
        .. one.Releases.Select(release => $"the release {Shown.Of(release)}"),
        .. one.Stopped.Select(service =>
            $"the service {service} (policies that name no services are stopped all the same)"),
        .. one.Policies.Select(policy => $"the policy {Shown.Of(policy)}"),
        .. one.Corpora.Select(corpus => $"the corpus {Shown.Of(corpus)}"),
    ]);

    private static void Write(Utf8JsonWriter json, IReadOnlyList<UnmatchedOrder> found, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("as_of", now.ToText());
        json.WriteNumber("unmatched", found.Count);
        json.WriteStartArray("orders");
        foreach (var one in found)
        {
            json.WriteStartObject();
            json.WriteNumber("entry", one.Order.Index.Value);
            Write(json, one);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, UnmatchedOrder one)
    {
        json.WriteNumber("listed", one.Listed);
        json.WriteNumber("authors", one.Authors);
        json.WriteStartArray("named");
        foreach (var account in one.Named)
        {
            json.WriteStartObject();
            json.WriteString("account", account.Account);
            Texts(json, "nearest", account.Nearest);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Texts(json, "services", [.. one.Services, .. one.Stopped]);
        Texts(json, "releases", one.Releases);
        Texts(json, "policies", one.Policies);
        Texts(json, "corpora", one.Corpora);
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
