using System.CommandLine;
using Aval.Content;
using Aval.People;

namespace Aval.Cli;

internal static class PersonCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "person", "Persons who have no account and are named by others.\n\n"
                + "Example: aval person add outside:kim --name \"Kim Fictive\"");
        command.Subcommands.Add(Add(terminal));
        return command;
    }

    private static Command Add(Terminal terminal)
    {
        var account = new Argument<string>("outside:ID") { Description = "Who: as choices name this person" };
        var names = new Option<string[]>("--name")
        {
            Description = "What others call this person, in full; several times for several names",
            HelpName = "NAME",
        };
        var handles = new Option<string[]>("--handle")
        {
            Description = "What this person is called on a service; several times for several handles",
            HelpName = "service:handle",
        };
        var observedAt = new Option<string?>("--observed-at")
        {
            Description = "Since when this is so: earlier instants are built without it (default: now)",
            HelpName = "T",
        };
        var json = CommonOptions.Json();
        var command = new Command("add", """
            Register names and handles of somebody who has no account here, so that a choice on outside:ID takes effect
            in what others publish: handles wherever they are written, names in items that tag the person or write a
            handle. A name that stands free is not found. What is registered adds to what was, and is kept with the
            content.

            Example: aval person add outside:kim --name "Kim Fictive" --handle instagram:kim.fictive
            """) { account, names, handles, observedAt, json };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var at = parsed.GetValue(observedAt) is { } text
                ? Instant.Parse(text, "--observed-at")
                : (DateTimeOffset?)null;
            var person = OutsidePerson.Parse(
                Account.Parse(parsed.GetValue(account)!, workspace.Settings.Services),
                parsed.GetValue(names) ?? [], parsed.GetValue(handles) ?? []);
            var outcome = Importing.Person(workspace, person.Rows, at, terminal.Clock);
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, person, outcome));
            else
                Print(terminal.Out, person, outcome);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(TextWriter output, OutsidePerson person, ImportOutcome outcome)
    {
        output.WriteLine(outcome.Record.Counts.New + outcome.Record.Counts.Newer + outcome.Record.Counts.Older == 0
            ? $"{person.Account}: all of this was registered before. Import {outcome.Record.ImportId}."
            : $"{person.Account}: registered {Shown.Of(string.Join(", ", person.Names.Concat(person.Handles)))}. "
                + $"Import {outcome.Record.ImportId}.");
        output.WriteLine(
            $"A choice on {person.Account} (aval choose objection --account {person.Account} --scope about-me) takes "
            + "effect wherever others tag it, write one of its handles, or tag one of its names.");
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, OutsidePerson person, ImportOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteString("account", person.Account.ToString());
        json.WriteStartArray("names");
        foreach (var name in person.Names)
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteStartArray("handles");
        foreach (var handle in person.Handles)
            json.WriteStringValue(handle);
        json.WriteEndArray();
        json.WriteString("import_id", outcome.Record.ImportId);
        json.WriteNumber(
            "registered", outcome.Record.Counts.New + outcome.Record.Counts.Newer + outcome.Record.Counts.Older);
        json.WriteEndObject();
    }
}
