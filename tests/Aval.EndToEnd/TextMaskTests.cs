using System.Text.Json;

namespace Aval.EndToEnd;

/// <summary>Masking without a workspace, from files of each form.</summary>
public sealed class TextMaskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-text-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Lines_are_masked_and_the_rest_of_them_stays()
    {
        var file = Written(
            "posts.txt", "Ruf an: 0151 23456789\nNichts hier\nkim@example.org und 4111 1111 1111 1111\n");
        Assert.Equal(
            "Ruf an: <PHONE>\nNichts hier\n<EMAIL> und <CARD>\n",
            AvalProcess.RunIn(_folder, "text", "mask", file, "--country", "de").Done().Output);
        Assert.Equal(
            "Ruf an: 0151 23456789\nNichts hier\n<EMAIL> und 4111 1111 1111 1111\n",
            AvalProcess.RunIn(_folder, "text", "mask", file, "--kinds", "email").Done().Output);
    }

    [Fact]
    public void Spans_count_utf16_of_the_text_that_was_read()
    {
        var file = Written("posts.jsonl", "{\"message\":\"😀 kim@example.org\"}\n");
        var answer = AvalProcess.RunIn(_folder, "text", "mask", file, "--field", "message", "--json").Done().Output;
        using var document = JsonDocument.Parse(answer);
        Assert.Equal("😀 <EMAIL>", document.RootElement.GetProperty("masked").GetString());
        var span = document.RootElement.GetProperty("spans")[0];
        Assert.Equal("email", span.GetProperty("kind").GetString());
        Assert.Equal((3, 15), (span.GetProperty("start").GetInt32(), span.GetProperty("length").GetInt32()));
    }

    [Fact]
    public void A_kind_that_is_none_is_refused_before_anything_is_read()
    {
        var answer = AvalProcess.RunIn(_folder, "text", "mask", "absent.txt", "--kinds", "email,fax");
        Assert.Equal(2, answer.Exit);
        Assert.Contains("\"fax\"", answer.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was read", answer.Error, StringComparison.Ordinal);
    }

    private string Written(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllLines(path, text.TrimEnd('\n').Split('\n'));
        return path;
    }
}
