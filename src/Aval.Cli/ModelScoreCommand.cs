using System.CommandLine;
using System.Globalization;
using System.Text;
using Aval.Models;
using Aval.Text;
using Aval.Text.Languages;

namespace Aval.Cli;

internal static class ModelScoreCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = ModelCommand.Argument();
        var texts = new TextOptions();
        var language = new Option<string?>("--language")
        {
            Description = "Whose table foretells the texts (default: each text's own, as aval text language tells it)",
            HelpName = "TAG",
        };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("score", """
            Say how well a reference model foretells texts: bits a byte and bits a character, by language. Fewer are
            better; 8 bits a byte is what knowing nothing gives.

            Example: aval model score lm-1 heldout.txt --language fr
            """) { model };
        texts.AddTo(command);
        command.Options.Add(language);
        command.Options.Add(json);
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var folder = ModelFolder.Open(parsed.OpenWorkspace(), parsed.GetValue(model)!);
            var scored = Score(folder, texts.Of(parsed), parsed.GetValue(language), limits.Of(parsed).Threads);
            if (parsed.GetValue(json))
                WriteJson(terminal, scored);
            else
                Print(terminal.Out, scored);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private sealed record Sum(Scored Scored, long Texts, long Characters);

    private static SortedDictionary<string, Sum> Score(
        ModelFolder folder, IEnumerable<PlacedText> texts, string? language, int threads)
    {
        var sums = new SortedDictionary<string, Sum>(StringComparer.Ordinal);
        // Sums of doubles depend on their order, so texts are added up in theirs, however many threads score them.
        foreach (var block in texts.Chunk(4096))
        {
            var scored = block.AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Min(threads, 512)).Select(text =>
            {
                var tag = language ?? LanguageModel.Shipped.Detect(text.Text).Code;
                var bytes = Encoding.UTF8.GetBytes(text.Text);
                var characters = text.Text.EnumerateRunes().Count();
                return (Tag: tag, Scored: folder.Read(tag).Score(bytes), Characters: characters);
            });
            foreach (var (tag, one, characters) in scored.ToArray())
            {
                var before = sums.GetValueOrDefault(tag) ?? new Sum(default, 0, 0);
                sums[tag] = new Sum(before.Scored + one, before.Texts + 1, before.Characters + characters);
            }
        }

        return sums;
    }

    private static void Print(TextWriter output, SortedDictionary<string, Sum> sums)
    {
        output.WriteLine("language      texts          bytes  bits/byte  bits/char  unknown");
        foreach (var (language, sum) in sums)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{language,-8} {sum.Texts,10} {sum.Scored.Bytes,14} {Rate(sum.Scored.Bits, sum.Scored.Bytes),10:F4} "
                    + $"{Rate(sum.Scored.Bits, sum.Characters),10:F4} {sum.Scored.Unknown,8}"));
        if (sums.Count == 0)
            output.WriteLine("There is no text.");
    }

    private static void WriteJson(Terminal terminal, SortedDictionary<string, Sum> sums) => terminal.WriteJson(json =>
    {
        json.WriteStartObject();
        foreach (var (language, sum) in sums)
        {
            json.WriteStartObject(language);
            json.WriteNumber("texts", sum.Texts);
            json.WriteNumber("bytes", sum.Scored.Bytes);
            json.WriteNumber("characters", sum.Characters);
            json.WriteNumber("unknown", sum.Scored.Unknown);
            json.WriteNumber("bits", sum.Scored.Bits);
            json.WriteNumber("bits_per_byte", Rate(sum.Scored.Bits, sum.Scored.Bytes));
            json.WriteNumber("bits_per_character", Rate(sum.Scored.Bits, sum.Characters));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    private static double Rate(double bits, long units) => units == 0 ? 0 : bits / units;
}
