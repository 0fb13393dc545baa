using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Runs;

namespace Aval.Cli;

internal static class ModelCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("model", "What was trained on releases: reference models, which can unlearn exactly, "
            + "and others that are registered; what was made of them, and to whom they were given.");
        command.Subcommands.Add(ModelTrainCommand.Create(terminal));
        command.Subcommands.Add(ModelGenerateCommand.Create(terminal));
        command.Subcommands.Add(ModelScoreCommand.Create(terminal));
        command.Subcommands.Add(ModelUnlearnCommand.Create(terminal));
        command.Subcommands.Add(ModelLeaksCommand.Create(terminal));
        command.Subcommands.Add(ModelExportCommand.Create(terminal));
        command.Subcommands.Add(Register(terminal));
        command.Subcommands.Add(List(terminal));
        command.Subcommands.Add(Show(terminal));
        command.Subcommands.Add(Distribute(terminal));
        return command;
    }

    private static Command Register(Terminal terminal)
    {
        var name = NameArgument();
        var directory = new Option<string>("--dir")
        {
            Description = "Where its files lie: each is stated by its hash",
            Required = true,
            HelpName = "DIR",
        };
        var release = new Option<string[]>("--release")
        {
            Description = "A release that it was trained on outside aval run; may be said several times",
            HelpName = "R",
        };
        var from = new Option<string[]>("--from")
        {
            Description = "A model that it was made of; may be said several times",
            HelpName = "MODEL",
        };
        var how = new Option<string?>("--how")
        {
            Description = "How it was made of them: fine-tune, quantisation, distillation, merge, unlearning",
            HelpName = "WORD",
        };
        var replaces = new Option<string?>("--replaces")
        {
            Description = "The model in whose place it stands from now on",
            HelpName = "MODEL",
        };
        var json = CommonOptions.Json();
        var command = new Command("register", "Register a model that no aval run made: one made of other models, or "
            + "trained elsewhere.\n\nExample: aval model register lm-1-small --dir ../lm-1-small --from lm-1 "
            + "--how quantisation") { name, directory, release, from, how, replaces, json };
        command.SetAction(parsed =>
        {
            var registered = Registering.Register(
                parsed.OpenWorkspace(),
                new ModelRequest(parsed.GetValue(name)!, parsed.GetValue(directory)!)
                {
                    Releases = parsed.GetValue(release) ?? [],
                    From = parsed.GetValue(from) ?? [],
                    How = parsed.GetValue(how) is { } word ? Registering.Parse<Derivation>("--how", word) : null,
                    Replaces = parsed.GetValue(replaces),
                },
                terminal.Clock.UtcNow());
            Tell(terminal, registered, parsed.GetValue(json));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Distribute(Terminal terminal)
    {
        var name = NameArgument();
        var way = new Option<string>("--as")
        {
            Description = "internal, api (it can be taken back), or open-weights (it cannot)",
            Required = true,
            HelpName = "WORD",
        };
        var recipient = new Option<string[]>("--recipient")
        {
            Description = "An organisation that it goes to; may be said several times",
            HelpName = "NAME",
        };
        var json = CommonOptions.Json();
        var command = new Command("distribute", "Write down to whom a model is given, so that they can be told when "
            + "somebody objects later (Art. 17(2), 19).\n\nExample: aval model distribute lm-1 --as api --recipient "
            + "\"Lab A\"") { name, way, recipient, json };
        command.SetAction(parsed =>
        {
            var registered = Registering.Distribute(
                parsed.OpenWorkspace(), parsed.GetValue(name)!,
                Registering.Parse<Distribution>("--as", parsed.GetValue(way)!), parsed.GetValue(recipient) ?? [],
                terminal.Clock.UtcNow());
            Tell(terminal, registered, parsed.GetValue(json));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command List(Terminal terminal)
    {
        var json = CommonOptions.Json();
        var command = new Command("list", "List the registered models.\n\nExample: aval model list") { json };
        command.SetAction(parsed =>
        {
            var models = RegisteredModels.Of(Runs.Register.Read(parsed.OpenWorkspace()));
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(document =>
                {
                    document.WriteStartArray();
                    foreach (var model in models.All)
                        Write(document, models, model);
                    document.WriteEndArray();
                });
                return (int)ExitCode.Done;
            }

            foreach (var model in models.All)
                terminal.Out.WriteLine($"{model.Name}  {Registering.ToText(model.Widest)}  "
                    + string.Join(", ", models.Sources(model).Select(source => source.Release).Distinct()));
            if (models.All.Count == 0)
                terminal.Out.WriteLine("No model is registered yet. See: aval run --help, aval model register --help");
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var name = NameArgument();
        var json = CommonOptions.Json();
        var command = new Command("show", "Show what a model was made of and to whom it was given.\n\n"
            + "Example: aval model show lm-1") { name, json };
        command.SetAction(parsed =>
        {
            var models = RegisteredModels.Of(Runs.Register.Read(parsed.OpenWorkspace()));
            var model = models.Require(parsed.GetValue(name)!, "Nothing was shown.");
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, models, model));
            else
                Print(terminal.Out, models, model);
            return (int)ExitCode.Done;
        });
        return command;
    }

    /// <summary>A reference model.</summary>
    public static Argument<string> Argument() =>
        new("MODEL") { Description = "A reference model of this workspace, or its folder" };

    private static Argument<string> NameArgument() => new("NAME") { Description = "The model's name" };

    private static void Tell(Terminal terminal, Registered registered, bool json)
    {
        if (json)
        {
            terminal.WriteJson(document =>
            {
                document.WriteStartObject();
                document.WriteNumber("entry", registered.Index.Value);
                document.WriteString("sha256", registered.Sha256);
                document.WriteEndObject();
            });
            return;
        }

        terminal.Out.WriteLine(registered.Stated switch
        {
            ModelRegistered model => string.Create(
                CultureInfo.InvariantCulture, $"{model.Model}: registered with {model.Subjects.Count} files"),
            ModelDistributed given => $"{given.Model}: {Registering.ToText(given.As)}"
                + (given.Recipients.Count > 0 ? $", to {string.Join(", ", given.Recipients)}" : ""),
            var other => other.GetType().Name,
        } + $"; entry {registered.Index} of the ledger.");
    }

    private static void Print(TextWriter output, RegisteredModels models, Model model)
    {
        output.WriteLine($"{model.Name}, registered {model.Registered.At.ToText()}");
        if (models.RunOf(model) is { } run)
            output.WriteLine($"  made by:      {run.Run} ({run.Name}), code {run.Commit ?? "under no git"}, on "
                + $"{run.Machine}");
        foreach (var (release, export) in models.Sources(model))
            output.WriteLine($"  trained on:   {release}{(export is null ? "" : $" by {export}")}");
        foreach (var ancestor in models.Ancestry(model).Skip(1))
            output.WriteLine($"  made of:      {ancestor.Name}");
        if (model.Registered.How is { } how)
            output.WriteLine($"  how:          {Registering.ToText(how)}");
        if (models.SuccessorOf(model) is { } successor)
            output.WriteLine($"  replaced by:  {successor.Name}");
        output.WriteLine($"  distribution: {Registering.ToText(model.Widest)}"
            + (model.Recipients.Count > 0 ? $", to {string.Join(", ", model.Recipients)}" : ""));
        foreach (var file in model.Registered.Subjects)
            output.WriteLine($"  {file.Sha256}  {file.Name}");
    }

    private static void Write(Utf8JsonWriter json, RegisteredModels models, Model model)
    {
        json.WriteStartObject();
        json.WriteString("model", model.Name);
        json.WriteString("registered_at", model.Registered.At.ToText());
        if (model.Registered.Run is { } run)
            json.WriteString("run", run);
        WriteAll(json, "releases", models.Sources(model).Select(source => source.Release).Distinct());
        WriteAll(json, "from", models.Ancestry(model).Skip(1).Select(one => one.Name));
        if (model.Registered.How is { } how)
            json.WriteString("how", Registering.ToText(how));
        if (models.SuccessorOf(model) is { } successor)
            json.WriteString("replaced_by", successor.Name);
        json.WriteString("distribution", Registering.ToText(model.Widest));
        WriteAll(json, "recipients", model.Recipients);
        json.WriteStartObject("files");
        foreach (var file in model.Registered.Subjects)
            json.WriteString(file.Name, file.Sha256);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAll(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
