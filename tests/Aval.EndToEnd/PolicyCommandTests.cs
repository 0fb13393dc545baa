using System.Text.Json;

namespace Aval.EndToEnd;

/// <summary><c>aval policy</c>, as lawyers and scripts meet it. No workspace is needed.</summary>
public sealed class PolicyCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-policy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("opt-out")]
    [InlineData("opt-in")]
    [InlineData("opt-in-strict")]
    [InlineData("announced-2025")]
    [InlineData("cologne-2025")]
    public void A_shipped_policy_is_well_formed_and_shown_by_its_name(string name)
    {
        Assert.Contains(
            $"the policy \"{name}\" is well-formed", AvalProcess.Run(_folder, "policy", "check", name).Done().Output,
            StringComparison.Ordinal);
        Assert.Contains(
            $"Policy:       {name}\n", AvalProcess.Run(_folder, "policy", "show", name).Done().Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_is_printed_as_it_is_published()
    {
        var published = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "policies", "policy.schema.json"));

        Assert.Equal(published, AvalProcess.Run(_folder, "policy", "schema").Done().Output);
    }

    [Fact]
    public void Every_mistake_is_told_and_the_answer_is_3()
    {
        var path = Written("policy: Mine\ntitle: 5\n");

        foreach (var command in (string[])["check", "show"])
        {
            var answer = AvalProcess.Run(_folder, "policy", command, path);

            Assert.Equal(3, answer.Exit);
            Assert.Equal("", answer.Output);
            Assert.Contains($"{path}, line 1, column 9: \"policy\" is a name", answer.Error, StringComparison.Ordinal);
            Assert.Contains(
                $"{path}, line 2, column 8: \"title\" is a text, but the number 5 was found", answer.Error,
                StringComparison.Ordinal);
            Assert.Contains("Nothing was done.", answer.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Scripts_get_mistakes_as_JSON()
    {
        var answer = AvalProcess.Run(_folder, "policy", "check", Written("policy: Mine\n"), "--json");

        Assert.Equal(3, answer.Exit);
        using var document = JsonDocument.Parse(answer.Output);
        Assert.False(document.RootElement.GetProperty("well_formed").GetBoolean());
        Assert.Contains(
            document.RootElement.GetProperty("problems").EnumerateArray(),
            problem => problem.GetProperty("line").GetInt64() == 1 && problem.GetProperty("column").GetInt64() == 9);
    }

    [Fact]
    public void What_is_no_policy_at_all_is_a_wrong_use_of_the_command()
    {
        var answer = AvalProcess.Run(_folder, "policy", "show", "opt-uot");

        Assert.Equal(2, answer.Exit);
        Assert.Contains("(did you mean \"opt-out\"?)", answer.Error, StringComparison.Ordinal);
    }

    private string Written(string text)
    {
        var path = Path.Combine(_folder, "mine.yaml");
        File.WriteAllLines(path, text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return path;
    }
}
