using System.Text.Json;

namespace Aval.EndToEnd;

/// <summary>A reference model from the command line: trained, asked, recalled.</summary>
public sealed class ModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_model_is_trained_asked_and_unlearns_when_its_release_is_recalled()
    {
        var work = Path.Combine(_folder, "work");
        Platform.Write(Path.Combine(_folder, "files"), 4_000);
        Platform.Import(work, Path.Combine(_folder, "files"));
        AvalProcess.Run(work, "build", "--policy", "opt-out", "--as-of", Platform.AsOf).Done();
        var trained = Json(work, "model", "train", "opt-out", "--name", "lm", "--order", "5", "--least", "1", "--json");
        Assert.Equal(4, trained.GetProperty("counted").GetInt32());
        // Whatever language the made-up texts are taken for.
        var language = trained.GetProperty("languages").EnumerateObject().First().Name;
        var said = AvalProcess.Run(
            work, "model", "generate", "lm", "--language", language, "--prompt", "text num", "--seed", "3").Done()
            .Output;
        Assert.StartsWith("text number", said, StringComparison.Ordinal);

        var texts = Path.Combine(_folder, "texts.txt");
        File.WriteAllLines(texts, ["text number 12 — ünïcode 🙂", "nobody ever wrote anything of this kind"]);
        var scored = Json(work, "model", "score", "lm", texts, "--language", language, "--json");
        Assert.Equal(2, scored.GetProperty(language).GetProperty("texts").GetInt32());
        Assert.InRange(scored.GetProperty(language).GetProperty("bits_per_byte").GetDouble(), 0.1, 8);
        var leaks = Json(
            work, "model", "leaks", "lm", "--texts", texts, "--language", language, "--span", "10", "--prompt", "10",
            "--json");
        Assert.True(leaks.GetProperty("regurgitation").GetProperty("tried").GetInt32() > 0);
        var arpa = Path.Combine(_folder, "lm.arpa");
        AvalProcess.Run(work, "model", "export", "lm", "--language", language, "--arpa", arpa).Done();
        Assert.Equal("\\data\\", File.ReadLines(arpa).First());

        var author = Platform.Ask($"SELECT min(account) FROM '{work}/lineage/opt-out/*/*.parquet'");
        AvalProcess.Run(work, "choose", "objection", "--account", author).Done();
        var recalled = Json(work, "recall", "--corpus", "opt-out", "--json");
        Assert.Equal(
            "lm.2", Assert.Single(recalled[0].GetProperty("models").EnumerateArray()).GetProperty("replaced_by")
                .GetString());
        var shown = Json(work, "model", "show", "lm", "--json");
        Assert.Equal("lm.2", shown.GetProperty("replaced_by").GetString());
    }

    [Fact]
    public void What_cannot_be_is_refused_with_what_to_do()
    {
        var work = Path.Combine(_folder, "work");
        AvalProcess.Run(work, "init", "--buckets", "4").Done();
        foreach (var (words, said) in new (string[], string)[]
        {
            (["model", "train", "none", "--order", "9"], "--order is a whole number from 1 to 8 for bytes"),
            (["model", "train", "none", "--prune", "2,1"], "never a smaller one"),
            (["model", "train", "none"], "is no release of this workspace"),
            (["model", "score", "none"], "is no reference model"),
            (["model", "generate", "../../etc"], "is no reference model"),
            (["model", "unlearn", "none", "--release", "x"], "is no registered model"),
        })
        {
            var refused = AvalProcess.Run(work, words);
            Assert.Equal(2, refused.Exit);
            Assert.Contains(said, refused.Error, StringComparison.Ordinal);
        }
    }

    private static JsonElement Json(string work, params string[] words) =>
        JsonDocument.Parse(AvalProcess.Run(work, words).Done().Output).RootElement;
}
