using System.CommandLine;
using System.Text;
using System.Text.Json;
using Aval.Policies;
using Aval.Storage;
using Aval.Text;
using Aval.Text.Duplicates;

namespace Aval.Cli;

internal static class TextCopiesCommand
{
    private const string Usual = "0.8";

    public static Command Create(Terminal terminal)
    {
        var texts = new TextOptions();
        var similarity = new Option<string>("--similarity")
        {
            Description = "From which part on two texts are alike, 0.5 to 1: of all runs of five letters that are in "
                + "either, those that are in both",
            DefaultValueFactory = _ => Usual,
            HelpName = "PART",
        };
        var json = new Option<bool>("--json") { Description = "One JSON object a cluster" };
        var command = new Command("copies", """
            Find texts that say the same, whatever their capitals, accents, spaces, punctuation and emoji, and but for
            slips of the pen. Prints each cluster behind an empty line: where each text stands, a tab and the text, in
            the order in which they were read. Texts that stand alone are not printed. With --json, of each text after
            the first also how many runs of five letters it shares with the first, of how many that are in either.

            Example: aval text copies posts.jsonl --field message --json
            Example: aval text copies monday.txt tuesday.txt --similarity 0.9
            """);
        texts.AddTo(command);
        command.Options.Add(similarity);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var alike = Alike(parsed.GetValue(similarity)!);
            var write = parsed.GetValue(json) ? (Func<TextCluster, string>)ToJson : ToLines;
            using var engine = Engine.Open(Path.GetTempPath(), EngineLimits.Default);
            foreach (var cluster in TextClusters.Find(engine, texts.Of(parsed), alike))
                terminal.Out.Write(write(cluster));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Ratio Alike(string text) =>
        Ratio.TryParse(text, out var ratio) && ratio.IsAtLeast(new Ratio(5, 10))
            ? ratio
            : throw AvalException.Usage($"--similarity is a decimal fraction from 0.5 to 1, with at most four digits "
                + $"behind the point, but \"{Shown.Of(text)}\" was found. Nothing was read.");

    private static string ToLines(TextCluster cluster)
    {
        var lines = new StringBuilder("\n");
        foreach (var text in cluster.Again.Select(again => again.Text).Prepend(cluster.First))
            lines.Append($"{Shown.Of(text.File)}:{text.Number}\t{Shown.OnALine(text.Text)}\n");
        return lines.ToString();
    }

    private static string ToJson(TextCluster cluster) =>
        Encoding.UTF8.GetString(JsonText.WriteCompact(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("first");
            Write(json, cluster.First);
            json.WriteEndObject();
            json.WriteStartArray("again");
            foreach (var again in cluster.Again)
            {
                json.WriteStartObject();
                Write(json, again.Text);
                json.WriteNumber("shared", again.Overlap.Shared);
                json.WriteNumber("either", again.Overlap.Either);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        })) + "\n";

    private static void Write(Utf8JsonWriter json, PlacedText text)
    {
        json.WriteString("file", text.File);
        json.WriteNumber("line", text.Number);
        json.WriteString("text", text.Text);
    }
}
