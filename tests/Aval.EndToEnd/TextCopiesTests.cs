using System.Text.Json;
using Aval.Storage;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>Texts that say the same, found without a workspace.</summary>
public sealed class TextCopiesTests : IDisposable
{
    private const string Words = "The ferry was late again, so we counted forty-one gulls on the roof of the bakery.";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Texts_that_say_the_same_stand_together_and_those_that_stand_alone_are_not_shown()
    {
        Durable.Replace(_folder.File("one.txt"), $"{Words}\nNothing of the kind.\n\nHello!\n");
        var slip = Words.Replace("bakery", "bakry", StringComparison.Ordinal);
        var lines = new[] { "hello", $"{Words.ToUpperInvariant()} 😀", slip }
            .Select(text => JsonSerializer.Serialize(new { text }));
        Durable.Replace(_folder.File("two.jsonl"), string.Join('\n', lines));

        Assert.Equal(
            $"\none.txt:1\t{Words}\ntwo.jsonl:2\t{Words.ToUpperInvariant()} 😀\ntwo.jsonl:3\t{slip}\n"
            + "\none.txt:4\tHello!\ntwo.jsonl:1\thello\n",
            Told("one.txt", "two.jsonl"));
        Assert.Equal(
            $"\none.txt:1\t{Words}\ntwo.jsonl:2\t{Words.ToUpperInvariant()} 😀\n"
            + "\none.txt:4\tHello!\ntwo.jsonl:1\thello\n",
            Told("one.txt", "two.jsonl", "--similarity", "0.98"));
    }

    [Fact]
    public void Json_says_how_much_each_shares_with_the_first_of_a_parquet_file()
    {
        using (var engine = Engine.Open(_folder.Path, EngineLimits.Default))
            engine.Execute($"""
                COPY (SELECT unnest(['alone in here', 'abcdefghij', 'abcdefghijk', 'ABCDEFGHIJ!']) AS text)
                TO {Engine.Literal(_folder.File("posts.parquet"))} (FORMAT parquet)
                """);

        using var cluster = JsonDocument.Parse(Told("posts.parquet", "--json"));

        var (first, again) = (cluster.RootElement.GetProperty("first"), cluster.RootElement.GetProperty("again"));
        Assert.Equal((2, "abcdefghij"), (first.GetProperty("line").GetInt32(), first.GetProperty("text").GetString()));
        Assert.Equal(
            [(3, 6, 7), (4, 6, 6)],
            again.EnumerateArray().Select(text => (
                text.GetProperty("line").GetInt32(), text.GetProperty("shared").GetInt32(),
                text.GetProperty("either").GetInt32())));
    }

    [Theory]
    [InlineData("0.4")]
    [InlineData("80")]
    public void A_similarity_that_is_none_is_refused_before_anything_is_read(string similarity)
    {
        var answer = AvalProcess.RunIn(_folder.Path, "text", "copies", "absent.txt", "--similarity", similarity);

        Assert.Equal(2, answer.Exit);
        Assert.Contains("from 0.5 to 1", answer.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was read", answer.Error, StringComparison.Ordinal);
    }

    private string Told(params string[] arguments) =>
        AvalProcess.RunIn(_folder.Path, ["text", "copies", .. arguments]).Done().Output;
}
