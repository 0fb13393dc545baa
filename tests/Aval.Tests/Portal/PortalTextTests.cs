using System.Text.RegularExpressions;
using Aval.Portal.Words;

namespace Aval.Tests.Portal;

/// <summary>What the portal says, in every language.</summary>
public sealed partial class PortalTextTests
{
    public static TheoryData<string> Available => [.. PortalText.Available];

    [Theory, MemberData(nameof(Available))]
    public void Every_sentence_is_there_and_names_what_the_English_one_names(string language)
    {
        var (text, english) = (PortalText.Of(language), PortalText.Of("en"));
        Assert.Equal(12, text.Months.Count);
        foreach (var sentence in typeof(PortalText).GetProperties()
            .Where(property => property.PropertyType == typeof(string) && property.Name is not "Date"))
        {
            var said = (string)sentence.GetValue(text)!;
            Assert.False(string.IsNullOrWhiteSpace(said), $"{language}: {sentence.Name} is empty");
            Assert.Equal(
                Holes().Matches((string)sentence.GetValue(english)!).Select(hole => hole.Value).Order(
                    StringComparer.Ordinal),
                Holes().Matches(said).Select(hole => hole.Value).Order(StringComparer.Ordinal));
        }
    }

    [Theory, MemberData(nameof(Available))]
    public void Every_number_finds_its_form(string language)
    {
        var text = PortalText.Of(language);
        for (var number = 0; number < 1_000; number++)
        {
            Assert.True(
                text.Posts.ContainsKey(PluralForm.Of(language, number)),
                $"{language}: {number} asks for {PluralForm.Of(language, number)}");
        }
    }

    // Unicode CLDR, Language Plural Rules: each language's samples.
    [Theory]
    [InlineData("mt", "few one two few many other", 0, 1, 2, 10, 19, 20)]
    [InlineData("pl", "many one few many few many", 0, 1, 2, 5, 22, 112)]
    [InlineData("cs", "other one few other", 0, 1, 4, 5)]
    [InlineData("sl", "other one two few one", 0, 1, 2, 4, 101)]
    [InlineData("ga", "other one two few many other", 0, 1, 2, 6, 10, 11)]
    [InlineData("lv", "zero one zero one other", 0, 1, 11, 21, 2)]
    [InlineData("lt", "other one few other one", 0, 1, 2, 11, 21)]
    [InlineData("ro", "few one few other few", 0, 1, 19, 20, 101)]
    [InlineData("hr", "other one few other one", 0, 1, 2, 11, 21)]
    [InlineData("fr", "one one other many", 0, 1, 2, 1_000_000)]
    [InlineData("en", "other one other", 0, 1, 2)]
    public void A_number_asks_for_the_form_that_the_language_has_for_it(
        string language, string forms, params int[] numbers) =>
        Assert.Equal(forms, string.Join(' ', numbers.Select(number => PluralForm.Of(language, number))));

    [Theory]
    [InlineData("fr-CA,en;q=0.8", "fr")]
    [InlineData("xx, mt;q=0.5, de;q=0.9", "de")]
    [InlineData("de;q=0", "en")]
    [InlineData("", "en")]
    [InlineData(",;;q=,q=x", "en")]
    public void A_browser_is_answered_in_the_language_that_it_prefers(string header, string language) =>
        Assert.Equal(language, PortalText.Preferred(header));

    [GeneratedRegex("\\{[a-z]+\\}")]
    private static partial Regex Holes();
}
