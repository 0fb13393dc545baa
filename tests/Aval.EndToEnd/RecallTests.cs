using System.Text.Json;

namespace Aval.EndToEnd;

/// <summary>A recall of all corpora, as a timer runs it.</summary>
public sealed class RecallTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-recall-").FullName;

    private string Workspace => Path.Combine(_folder, "work");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_corpus_that_cannot_be_recalled_keeps_no_other_from_it(bool isJson)
    {
        Begin();
        Build("one");
        Build("two");
        Object("2026-01-17T00:00:00Z");
        var old = Releases("one").Single();
        foreach (var shard in Directory.GetFiles(Path.Combine(Workspace, "corpus", "one", old, "shards")))
            File.WriteAllBytes(shard, [1, 2, 3]);
        // An erasure is late, too, and that is said whatever else is answered.
        AvalProcess.Run(
            Workspace, "choose", "--from", Choices("erasure", "2026-01-10T00:00:00Z", "facebook:100003")).Done();

        var answer = AvalProcess.Run(Workspace, ["recall", .. isJson ? ["--json"] : Array.Empty<string>()]);

        Assert.Equal(3, answer.Exit);
        Assert.Equal([old], Releases("one"));
        Assert.Equal(2, Releases("two").Length);
        Assert.Contains("The corpus one was not recalled: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("OVERDUE", answer.Error, StringComparison.Ordinal);
        if (!isJson)
        {
            Assert.Contains("two/", answer.Output, StringComparison.Ordinal);
            return;
        }

        using var json = JsonDocument.Parse(answer.Output);
        Assert.Equal(
            ["two", "one"], json.RootElement.EnumerateArray().Select(one => one.TryGetProperty("base", out var name)
                ? name.GetString()!.Split('/')[0]
                : one.GetProperty("corpus").GetString()));
        Assert.Equal(3, json.RootElement[1].GetProperty("exit").GetInt32());
    }

    [Fact]
    public void An_instant_that_is_too_early_for_one_corpus_leaves_all_as_they_are()
    {
        Begin();
        Build("one");
        Build("two", "--protect-until", "2026-01-20T00:00:00Z");
        Object("2026-01-17T00:00:00Z");

        var refused = AvalProcess.Run(Workspace, "recall", "--until", "2026-01-18T00:00:00Z");

        Assert.Equal(2, refused.Exit);
        Assert.Contains("Nothing was recalled", refused.Error, StringComparison.Ordinal);
        Assert.Equal((1, 1), (Releases("one").Length, Releases("two").Length));
        AvalProcess.Run(Workspace, "recall").Done();
        Assert.Equal((2, 2), (Releases("one").Length, Releases("two").Length));
    }

    private void Begin()
    {
        Platform.Write(Path.Combine(_folder, "files"), 200);
        Platform.Import(Workspace, Path.Combine(_folder, "files"));
    }

    private void Build(string corpus, params string[] more) => AvalProcess.Run(
        Workspace,
        ["build", "--policy", "opt-out", "--as-of", Platform.AsOf, "--corpus", corpus, .. more]).Done();

    private void Object(string at) => AvalProcess.Run(
        Workspace, "choose", "--from",
        Choices("objection", at, "facebook:100002", "facebook:100004", "facebook:100007", "facebook:100008")).Done();

    private string Choices(string kind, string at, params string[] accounts)
    {
        var file = Path.Combine(_folder, $"{kind}.csv");
        File.WriteAllLines(
            file, ["kind,account,made_at,received_at", .. accounts.Select(who => $"{kind},{who},{at},{at}")]);
        return file;
    }

    private string[] Releases(string corpus) =>
    [
        .. Directory.GetDirectories(Path.Combine(Workspace, "corpus", corpus))
            .Where(path => File.Exists(Path.Combine(path, "manifest.json"))).Select(path => Path.GetFileName(path)),
    ];
}
