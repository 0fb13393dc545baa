using System.Text.Json;
using Aval.Storage;

namespace Aval.EndToEnd;

/// <summary><c>aval text</c>, for whoever has texts and no workspace.</summary>
public sealed class TextCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-text-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Languages_are_told_of_plain_text_and_of_json_lines()
    {
        var plain = Written("plain.txt", "Ich komme gleich nach Hause\n@ana #tbt\nZaraz przyjdę, muszę kupić mleko\n");
        Assert.Equal(
            "de\tIch komme gleich nach Hause\nund\t@ana #tbt\npl\tZaraz przyjdę, muszę kupić mleko\n",
            AvalProcess.RunIn(_folder, "text", "language", plain).Done().Output);

        var lines = Written("posts.jsonl", "{\"said\": \"Jag kommer snart, måste bara köpa mjölk\"}\n");
        var answer = AvalProcess.RunIn(_folder, "text", "language", plain, lines, "--field", "said", "--json");
        Assert.Equal(3, answer.Exit);
        Assert.Contains("plain.txt, line 1: expected one JSON object", answer.Error, StringComparison.Ordinal);

        var json = AvalProcess.RunIn(_folder, "text", "language", lines, "--field", "said", "--json").Done().Output;
        var told = JsonDocument.Parse(json).RootElement;
        Assert.Equal("sv", told.GetProperty("language").GetString());
        Assert.Equal(1, told.GetProperty("line").GetInt32());
        Assert.True(told.GetProperty("margin").GetInt32() > 0);
    }

    [Fact]
    public void What_was_told_before_a_line_that_cannot_be_read_is_kept_and_the_line_is_named()
    {
        var lines = Written("posts.jsonl", "{\"text\": \"Mindjárt jövök, csak veszek tejet\"}\n{\"said\": 1}\n");
        var answer = AvalProcess.RunIn(_folder, "text", "language", lines);
        Assert.Equal(3, answer.Exit);
        Assert.StartsWith("hu\t", answer.Output, StringComparison.Ordinal);
        Assert.Contains("posts.jsonl, line 2: expected a member \"text\"", answer.Error, StringComparison.Ordinal);
        Assert.Equal(3, AvalProcess.RunIn(_folder, "text", "language", "nowhere.txt").Exit);
    }

    private string Written(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Durable.Replace(path, System.Text.Encoding.UTF8.GetBytes(text));
        return path;
    }
}
