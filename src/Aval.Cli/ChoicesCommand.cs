using System.CommandLine;
using System.Text.Json;
using Aval.Building;
using Aval.Choices;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Cli;

internal static class ChoicesCommand
{
    public static Command Create(Terminal terminal) =>
        new("choices", "Look at what was recorded: choices that have no effect yet.")
        {
            Unmatched(terminal),
        };

    private static Command Unmatched(Terminal terminal)
    {
        var asOf =
            new Option<string?>("--as-of") { Description = "The instant to look at (default: now)", HelpName = "T" };
        var output = new Option<string?>("--out")
        {
            Description = "Write them here, one JSON object a line, for its owner only",
            HelpName = "FILE",
        };
        var json = CommonOptions.Json();
        var command = new Command("unmatched", """
            List the choices that name what the content does not know: an account, with those that are spelled alike,
            or a part of their scope, such as a service on which the person has no account, or an item that the person
            did not publish. They stay recorded, and count there as soon as an import brings what they name.

            Examples: aval choices unmatched
                      aval choices unmatched --out unmatched.jsonl
            """) { asOf, output, json };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            // A clock that was set back makes nothing unsaid.
            var at = parsed.GetValue(asOf) is { } text
                ? Instant.Parse(text, "--as-of")
                : CommittedChoices.NotBefore(workspace, terminal.Clock.UtcNow());
            using var engine = Engine.Open(workspace.Temporary, EngineLimits.Default, workspace.ReadKey());
            Inputs.Load(engine, workspace, at, atCheckpoint: null);
            Stances.NameItems(engine);
            var count = UnmatchedChoices.Find(engine);
            var found = count == 0 ? [] : UnmatchedChoices.List(engine);
            if (parsed.GetValue(output) is { } path)
            {
                using (var list = new UnmatchedList(path))
                {
                    foreach (var choice in found)
                        list.Add(choice);
                }

                terminal.Out.WriteLine(count == 0
                    ? "Every choice names what the content knows: no file was written."
                    : $"{count} in {path}.");
            }
            else if (parsed.GetValue(json))
            {
                terminal.WriteJson(document => Write(document, at, count, found));
            }
            else
            {
                Print(terminal.Out, at, count, found);
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(TextWriter output, DateTimeOffset at, long count, IEnumerable<UnmatchedChoice> found)
    {
        output.WriteLine(AccountingTable.Unmatched(count) is null
            ? $"As of {at.ToText()}, every choice names what the content knows."
            : $"As of {at.ToText()}, {count} choice{(count == 1 ? " names" : "s name")} what the content "
                + "does not know:");
        foreach (var choice in found)
            output.WriteLine($"  {choice.Index,6}  {choice.MadeAt.ToText()}  {choice.Kind.ToText()}  "
                + $"{choice.Account ?? "a forgotten choice"}{(choice.Parts is null ? "" : $"  {choice.Parts}")}"
                + $"{Suggest(choice.Nearest)}");
    }

    /// <summary>"Did you mean …?", or nothing.</summary>
    internal static string Suggest(IReadOnlyList<string> nearest) =>
        nearest.Count == 0 ? "" : $"  (did you mean {string.Join(" or ", nearest)}?)";

    private static void Write(Utf8JsonWriter json, DateTimeOffset at, long count, IEnumerable<UnmatchedChoice> found)
    {
        json.WriteStartObject();
        json.WriteString("as_of", at.ToText());
        json.WriteNumber("unmatched", count);
        json.WriteStartArray("choices");
        foreach (var choice in found)
            Write(json, choice);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>An unmatched choice as JSON, the same wherever one is listed.</summary>
    internal static void Write(Utf8JsonWriter json, UnmatchedChoice choice)
    {
        json.WriteStartObject();
        json.WriteNumber("index", choice.Index.Value);
        json.WriteString("kind", choice.Kind.ToText());
        if (choice.Account is { } account)
            json.WriteString("account", account);
        else
            json.WriteBoolean("forgotten", true);
        json.WriteString("made_at", choice.MadeAt.ToText());
        if (choice.Parts is { } parts)
            json.WriteString("parts", parts);
        json.WriteStartArray("nearest");
        foreach (var near in choice.Nearest)
            json.WriteStringValue(near);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>
/// Unmatched choices as a file of JSON Lines that only its owner reads, since it names people. Nothing is made when
/// there is none.
/// </summary>
internal sealed class UnmatchedList(string path) : IDisposable
{
    private StreamWriter? _list;

    public void Add(UnmatchedChoice choice)
    {
        _list ??= Create();
        _list.WriteLine(
            System.Text.Encoding.UTF8.GetString(JsonText.WriteCompact(json => ChoicesCommand.Write(json, choice))));
    }

    public void Dispose() => _list?.Dispose();

    // Not over a file that exists: a slip of the keyboard must not put a list in the place of something else.
    private StreamWriter Create()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new StreamWriter(new FileStream(path, options)) { NewLine = "\n" };
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw AvalException.Usage($"{path}: the list of unmatched choices cannot be made: {failed.Message} Name "
                + "one that does not exist, with: aval choices unmatched --out FILE");
        }
    }
}
