using System.Security.Cryptography;
using Aval.LanguageTraining;
using Aval.Text.Languages;

namespace Aval.Tests.Languages;

/// <summary>A model is a function of its texts, on every machine.</summary>
public sealed class TrainingTests
{
    // Of the model that these few sentences make: what a processor rounds otherwise shows here.
    private const string Pinned = "df2c3381a9541a8531f950d55962ff4f69765dd38055f9cdf5122f8dd63492dc";

    [Fact]
    public void The_same_texts_train_the_same_bytes()
    {
        var first = Train();
        Assert.Equal(first, Train());
        Assert.Equal(Pinned, Convert.ToHexStringLower(SHA256.HashData(first)));
        var model = LanguageModelFile.FromBytes(first);
        Assert.All(
            Sentences.All.Where(one => one.Language is "de" or "fi" or "bg" or "hu" or "mt"),
            one => Assert.Equal(one.Language, model.Detect(one.Text).Code));
    }

    [Fact]
    public void What_is_held_out_and_what_is_not_free_is_not_read()
    {
        using var folder = new TemporaryFolder();
        foreach (var source in new[] { "ntrex128", "news" })
        {
            foreach (var variety in TrainedVariety.All)
            {
                Directory.CreateDirectory(folder.File(source));
                using var file = new StreamWriter(new System.IO.Compression.GZipStream(
                    File.Create(Path.Combine(folder.File(source), variety.Folders[0] + ".jsonl.gz")),
                    System.IO.Compression.CompressionLevel.Fastest));
                var text = Sentences.All.FirstOrDefault(one => one.Language == variety.Folders[0]).Text
                    ?? (variety.Known.Script switch
                    {
                        Script.Cyrillic => "добар дан свима",
                        Script.Arabic => "سلام بر همه",
                        _ => "good words of " + variety.Known.Name,
                    });
                file.WriteLine($$"""{"text": "{{text}}, {{source}}"}""");
                file.WriteLine($$"""{"text": "{{text}}, closed", "license": "CC BY-NC-SA 4.0"}""");
            }
        }

        var lines = Sources.Read([folder.Path]).SelectMany(sources => sources).SelectMany(source => source.Lines);
        Assert.All(lines, line => Assert.EndsWith(", news", line, StringComparison.Ordinal));
    }

    private static byte[] Train()
    {
        var texts = TrainedVariety.All.Select((variety, at) =>
        {
            var own = Sentences.All.Where(one => one.Language == variety.Known.Code
                    && one.Text.Any(unit => Letters.Scripts[Letters.Of[unit]] == variety.Known.Script))
                .Select(one => one.Text);
            return (List<SourceText>)[new("invented", [.. own.DefaultIfEmpty($"{variety.Known.Name} has {at} words")])];
        }).ToArray();
        return LanguageModelFile.ToBytes(Trainer.Train(texts, new Recipe(14, 1_000, 5_000, 3_000), _ => { }));
    }
}
