using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Orders;

namespace Aval.Cli;

internal static partial class OrderCommand
{
    public static Command Create(Terminal terminal) =>
        new("order", "What courts, authorities and the controller itself ordered: entries of the ledger that stop "
            + "builds, exports and runs (exit code 4), or keep what there is from being destroyed.\n\nExample: aval "
            + "order serve order.yaml")
        {
            Serve(terminal), List(terminal), Show(terminal), Unmatched(terminal), Lift(terminal), Resolve(terminal),
        };

    private static Command Serve(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The order: YAML (docs/formats/order.md)" };
        var document = new Option<string?>("--document")
        {
            Description = "The document itself: that its SHA-256 is the one that the order states is checked; it is "
                + "not kept",
            HelpName = "PDF",
        };
        var json = CommonOptions.Json();
        var command = new Command("serve", "Enter an order into the ledger, where anybody sees that there is one. It "
            + "binds from its date on, without a restart: a build that is under way is not committed. The text is as "
            + "public as the ledger: it names no person.\n\nExample: aval order serve order.yaml --document "
            + "beschluss.pdf") { file, document, json };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var listed = new HashSet<Account>();
            var order = OrderReader.Read(parsed.GetValue(file)!, workspace, listed);
            if (parsed.GetValue(document) is { } path && OrderReader.HashOf(path) is var hash && hash != order.Document)
                throw AvalException.BadInput($"{path}: expected the document whose SHA-256 the order states, "
                    + $"{order.Document ?? "none"}, but its SHA-256 is {hash}. Nothing was recorded. Correct "
                    + "\"document\", or name the other file.");
            var served = OrderBook.Serve(workspace, order, terminal.Clock);
            var unmatched = LookFor(terminal, workspace, () => [served], listed, "Served.").SingleOrDefault();
            Say(terminal, parsed.GetValue(json), served, $"Served: {served.Citation}.", unmatched);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Lift(Terminal terminal)
    {
        var index = Index();
        var because = new Option<string>("--because")
        {
            Description = "Who lifted it, and by what; it is as public as the order",
            Required = true,
            HelpName = "TEXT",
        };
        var json = CommonOptions.Json();
        var command = new Command("lift", "Enter into the ledger that an order is lifted. The order stays where it is, "
            + "and what it refused stays refused in the past.\n\nExample: aval order lift 4711 --because \"OLG, order "
            + "of 3 July 2025\"") { index, because, json };
        command.SetAction(parsed =>
        {
            var lifted = OrderBook.Lift(
                parsed.OpenWorkspace(), new EntryIndex(parsed.GetValue(index)), Said(parsed.GetValue(because)),
                terminal.Clock);
            Say(terminal, parsed.GetValue(json), lifted,
                $"Lifted: {lifted.Citation}; the lifting is ledger entry {lifted.Lifted!.Index}.");
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Resolve(Terminal terminal)
    {
        var index = Index();
        var to = new Option<long>("--yields-to")
        {
            Description = "The entry of the order to delete that it gives way to",
            Required = true,
            HelpName = "ENTRY",
        };
        var because = new Option<string>("--because")
        {
            Description = "Who resolved it, and why; it is as public as the orders",
            Required = true,
            HelpName = "TEXT",
        };
        var json = CommonOptions.Json();
        var command = new Command("resolve", "Enter into the ledger that an order to preserve gives way to an order to "
            + "delete, where both are in force and nobody can obey both: aval erase then takes out what the second "
            + "covers, and nothing else.\n\nExample: aval order resolve 4711 --yields-to 4799 --because \"the court "
            + "agrees, letter of 4 July 2025\"") { index, to, because, json };
        command.SetAction(parsed =>
        {
            var (preserve, delete) = (new EntryIndex(parsed.GetValue(index)), new EntryIndex(parsed.GetValue(to)));
            var resolved = OrderBook.Resolve(
                parsed.OpenWorkspace(), preserve, delete, Said(parsed.GetValue(because)), terminal.Clock);
            Say(terminal, parsed.GetValue(json), resolved,
                $"Resolved: {resolved.Citation} gives way to the order that is entry {delete}.");
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command List(Terminal terminal)
    {
        var json = CommonOptions.Json();
        var command = new Command("list", "All orders: those in force first, and what is to be reported by when.\n\n"
            + "Example: aval order list") { json };
        command.SetAction(parsed =>
        {
            var now = terminal.Clock.UtcNow();
            var all = OrderBook.Read(parsed.OpenWorkspace()).OrderBy(one => !one.IsInForce(now))
                .ThenBy(one => one.Index.Value).ToArray();
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(document =>
                {
                    document.WriteStartArray();
                    foreach (var one in all)
                        Write(document, one, now);
                    document.WriteEndArray();
                });
            }
            else
            {
                TextTable.Print(
                    terminal.Out, ["entry", "by", "file", "from", "state", "effects"],
                    all.Select(one => (string[])
                    [
                        one.Index.ToString(), Shown.Of(one.Order.Name), Shown.Of(one.Order.File),
                        one.Order.From.ToText(), State(one, now), Effects(one, now),
                    ]),
                    textColumns: 6, lastIsText: true);
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var index = Index();
        var json = CommonOptions.Json();
        var command = new Command("show", "One order, with its operative part.\n\nExample: aval order show 4711")
        {
            index, json,
        };
        command.SetAction(parsed =>
        {
            var now = terminal.Clock.UtcNow();
            var entry = new EntryIndex(parsed.GetValue(index));
            var one = OrderBook.Read(parsed.OpenWorkspace()).FirstOrDefault(order => order.Index == entry)
                ?? throw AvalException.Usage($"{entry}: no order was served with this entry of the ledger. List them: "
                    + "aval order list");
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, one, now));
            else
                terminal.Out.WriteLine($"""
                    {one.Order.Name}, file {one.Order.File}: {State(one, now)}
                    Served {one.ServedAt.ToText()}, ledger entry {one.Index}; document {one.Order.Document ?? "none"}
                    Effects: {Effects(one, now)}

                    {one.Order.Text}
                    """);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Argument<long> Index() =>
        new("ENTRY") { Description = "The order's entry of the ledger, as aval order list shows it" };

    private static string Said(string? because) => string.IsNullOrWhiteSpace(because)
        ? throw AvalException.Usage("--because is empty: who decided it, and by what, is a part of the entry. "
            + "Nothing was recorded.")
        : because;

    private static void Say(
        Terminal terminal, bool isJson, ServedOrder order, string sentence, UnmatchedOrder? unmatched = null)
    {
        if (isJson)
        {
            terminal.WriteJson(document => Write(document, order, terminal.Clock.UtcNow(), unmatched));
            return;
        }

        terminal.Out.WriteLine(sentence);
        if (unmatched is not null)
            Print(terminal.Out, unmatched);
    }

    // What hides or steers a terminal was refused when the order was read.
    private static string State(ServedOrder order, DateTimeOffset now) => order switch
    {
        { Lifted: { } lifted } => $"lifted {lifted.At.ToText()}",
        _ when order.IsInForce(now) => "in force",
        _ when now < order.Order.From => "not yet in force",
        _ => $"ended {order.Order.Until!.Value.ToText()}",
    };

    private static string Effects(ServedOrder order, DateTimeOffset now) =>
        string.Join("; ", order.Order.Effects.Select(effect => effect switch
        {
            OrderEffect.Report report => Shown.Of($"report: {report.What} by {report.By.ToText()}")
                + (report.By < now && order.Lifted is null ? " (overdue)" : ""),
            OrderEffect.Stop stop when Scope(stop) is { Length: > 0 } scope => $"stop: {scope}",
            OrderEffect.OfItems items => $"{items.Word}: {Scope(items)}",
            OrderEffect.Preserve when order.YieldsTo.Count > 0 =>
                $"preserve, but for what entry {string.Join(", ", order.YieldsTo)} deletes",
            OrderEffect.SuspendRelease suspended => $"suspend-release: {string.Join(", ", suspended.Releases)}",
            _ => effect.Word,
        }));

    private static string Scope(OrderEffect.Stop stop) => string.Join(
        ", ", stop.Policies.Concat(stop.Corpora).Concat(stop.Services).Concat(stop.Countries));

    private static string Scope(OrderEffect.OfItems items) => string.Join(
        ", ", items.Services.Concat(items.Kinds).Concat(items.Countries)
            .Concat(items.From is { } from ? [$"from {from.ToText()}"] : [])
            .Concat(items.Until is { } until ? [$"until {until.ToText()}"] : [])
            .Concat(items.Authors.Count > 0 ? [$"{items.Authors.Count} authors"] : []));

    private static void Write(
        Utf8JsonWriter json, ServedOrder one, DateTimeOffset now, UnmatchedOrder? unmatched = null)
    {
        json.WriteStartObject();
        json.WriteNumber("entry", one.Index.Value);
        json.WriteString("by", one.Order.By.ToString().ToLower(CultureInfo.InvariantCulture));
        json.WriteString("name", one.Order.Name);
        json.WriteString("file", one.Order.File);
        if (one.Order.Document is { } document)
            json.WriteString("document", document);
        json.WriteString("from", one.Order.From.ToText());
        if (one.Order.Until is { } until)
            json.WriteString("until", until.ToText());
        json.WriteString("served_at", one.ServedAt.ToText());
        json.WriteBoolean("in_force", one.IsInForce(now));
        json.WriteString("text", one.Order.Text);
        OrderJson.WriteEffects(json, one.Order);
        if (one.YieldsTo.Count > 0)
        {
            json.WriteStartArray("yields_to");
            foreach (var delete in one.YieldsTo)
                json.WriteNumberValue(delete);
            json.WriteEndArray();
        }

        if (one.Lifted is { } lifted)
        {
            json.WriteStartObject("lifted");
            json.WriteNumber("entry", lifted.Index.Value);
            json.WriteString("at", lifted.At.ToText());
            json.WriteString("because", lifted.Because);
            json.WriteEndObject();
        }

        if (unmatched is not null)
        {
            json.WriteStartObject("unmatched");
            Write(json, unmatched);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
