using System.CommandLine;
using Aval.Content;
using Aval.Recall.Erasing;
using Aval.Storage;

namespace Aval.Cli;

/// <summary>
/// <c>aval import table --in-place --replace OLD NEW</c>: an owner's file without what is erased, in the place of one
/// that was left in place.
/// </summary>
internal static class ReplacedFile
{
    /// <summary>--replace OLD.</summary>
    public static Option<string?> Option() => new("--replace")
    {
        Description = "With --in-place: the file of an earlier import in whose place PATH stands from here on, "
            + "written by its owner without what is erased (aval erase lists it); anything else that differs is "
            + "refused",
        HelpName = "OLD",
    };

    /// <summary>Refuses what is said beside it: how a file is read was said when it was imported.</summary>
    public static void RefuseBeside(
        ParseResult parsed, Command command, Argument<string[]> paths, Option<bool> inPlace, Option<string?> replace)
    {
        if (!parsed.GetValue(inPlace) || parsed.GetValue(paths) is not [_])
            throw AvalException.Usage("--replace is for --in-place, and for one file in the place of another: "
                + "aval import table --in-place --replace OLD NEW. Nothing was changed.");
        var said = command.Options.Except([inPlace, replace])
            .FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }
                && option.Name is not ("--json" or "--threads" or "--memory"));
        if (said is not null)
            throw AvalException.Usage($"{said.Name} is not for --replace: the new file is read as the old one was. "
                + "Nothing was changed. Leave it out.");
    }

    /// <summary>Carries it out, and says what was done.</summary>
    public static ExitCode Replace(
        Terminal terminal, Workspace workspace, string old, string @new, EngineLimits limits, bool json)
    {
        var outcome = Erasures.Replace(workspace, Rewrite.Of(old, @new), limits, terminal.Clock);
        if (json)
        {
            terminal.WriteJson(document =>
            {
                document.WriteStartObject();
                document.WriteString("old", outcome.Rewrite.Old);
                document.WriteString("new", outcome.Rewrite.New.Path);
                document.WriteStartArray("imports");
                foreach (var import in outcome.Imports)
                    document.WriteStringValue(import);
                document.WriteEndArray();
                document.WriteNumber("erased_items", outcome.Items);
                document.WriteNumber("left_in_place", outcome.Left);
                document.WriteNumber("persons_in_place", outcome.PersonsFiles);
                document.WriteEndObject();
            });
            return ExitCode.Done;
        }

        terminal.Out.WriteLine($"{outcome.Rewrite.New.Path} stands in the place of {outcome.Rewrite.Old} "
            + $"({string.Join(", ", outcome.Imports)}): all that nothing erases is in it, and nothing else. "
            + $"{outcome.Items} erased items are in no content any more.");
        if (outcome.Left + outcome.PersonsFiles > 0)
            terminal.Out.WriteLine($"{outcome.Left} erased items, and {outcome.PersonsFiles} files with rows of erased "
                + "persons, are left in place elsewhere: aval erase lists them.");
        terminal.Out.WriteLine("The old file is yours to destroy. Releases that hold what was erased are made again "
            + "by: aval erase");
        return ExitCode.Done;
    }
}
