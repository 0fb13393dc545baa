using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Tests.Policies;

public sealed class PolicyWordsTests
{
    public static TheoryData<string> Shipped => [.. PolicyTexts.Shipped];

    /// <summary>
    /// Set AVAL_UPDATE_SNAPSHOTS=1 to write what is shown now, and read the difference before committing it.
    /// </summary>
    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_shipped_policy_is_shown_in_these_words(string name)
    {
        var snapshot = Snapshot(name + ".show.txt");
        var words = PolicyReader.Read(PolicyTexts.InRepository(name + ".yaml")).ToWords();
        if (Environment.GetEnvironmentVariable("AVAL_UPDATE_SNAPSHOTS") == "1")
            Durable.Replace(snapshot, Encoding.UTF8.GetBytes(words));

        Assert.Equal(File.ReadAllText(snapshot), words);
        Assert.All(words.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_rule_of_a_shipped_policy_names_its_law_or_is_off(string name)
    {
        var policy = PolicyReader.Read(PolicyTexts.InRepository(name + ".yaml"));

        Assert.Equal(name, policy.Name);
        Assert.NotEmpty(policy.Sources);
        Assert.All(
            policy.Rules.Where(rule => rule is not Rule.Off),
            rule => Assert.False(string.IsNullOrWhiteSpace(rule.Law), rule.Id));
        Assert.NotEmpty(Grounds.Of(policy));
    }

    [Fact]
    public void What_was_announced_can_only_be_replayed_and_the_others_need_not()
    {
        var replayOnly = PolicyTexts.Shipped.Where(
            name => PolicyReader.Read(PolicyTexts.InRepository(name + ".yaml")).ReplayOnly);

        Assert.Equal(["announced-2025"], replayOnly);
    }

    [Fact]
    public void Every_rule_speaks_in_whole_sentences() =>
        Assert.All(RuleSamples.All, rule => Assert.EndsWith(".", rule.ToSentence(), StringComparison.Ordinal));

    [Fact]
    public void Unknown_is_spoken_of_wherever_a_rule_needs_what_may_not_be_known()
    {
        foreach (var rule in RuleSamples.All.Where(
            rule => rule is Rule.Audience or Rule.Age or Rule.Residence or Rule.Objection { ForwardFrom: not null }))
            Assert.Contains("unknown", rule.ToSentence(), StringComparison.Ordinal);
        foreach (var rule in RuleSamples.All.Where(rule => rule is Rule.Informed or Rule.WaitingPeriod or Rule.Erasure))
            Assert.Contains("known", rule.ToSentence(), StringComparison.Ordinal);
    }

    [Fact]
    public void As_JSON_a_rule_has_its_sentence_and_one_that_is_off_its_reason()
    {
        var policy = PolicyTexts.Read(PolicyTexts.With("{id: erasure, law: GDPR 17}"));
        using var document = JsonDocument.Parse(JsonText.Write(policy.WriteTo));
        var rules = document.RootElement.GetProperty("rules");

        Assert.Equal("legitimate-interest", document.RootElement.GetProperty("basis").GetString());
        Assert.Equal(policy.Sha256, document.RootElement.GetProperty("sha256").GetString());
        Assert.Equal("""{"id":"about-me","off":"because this is a test"}""", JsonSerializer.Serialize(rules[4]));
        Assert.Equal("GDPR 17", rules[5].GetProperty("law").GetString());
        Assert.Equal(new Rule.Erasure("GDPR 17").ToSentence(), rules[5].GetProperty("sentence").GetString());
    }

    [Fact]
    public void A_long_word_overhangs_rather_than_being_cut()
    {
        var words = PolicyTexts.Read(PolicyTexts.Instead("A small policy", new string('x', 300))).ToWords();

        Assert.StartsWith(new string('x', 300) + "\n", words, StringComparison.Ordinal);
    }

    private static string Snapshot(string file, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Snapshots", file);
}
