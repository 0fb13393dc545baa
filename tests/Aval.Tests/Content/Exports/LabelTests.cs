namespace Aval.Tests.Exports;

/// <summary>Labels: which of them hold the owner's words, and what becomes of one that nobody knows.</summary>
public class LabelTests
{
    private const string CheckIns = "your_facebook_activity/posts/check-ins.json";
    private const string Undecided = "entries of which no label is known to hold words";

    [Theory]
    [InlineData("Feeling", "feeling grateful")]
    [InlineData("Type of entry", "Image")]
    [InlineData("Album", "Holidays by the sea, 2024")]
    [InlineData("qaplaʼ", "Qo'vaD 'oH")]
    public void The_value_of_a_label_that_is_not_known_is_never_the_owners_words(string label, string value)
    {
        using var export = Fictional.Facebook().With(
            CheckIns, new object[] { Entry(1, (label, value)), Entry(2, (label, value), ("Message", "Written")) });
        using var instagram = Fictional.Instagram()
            .With("your_instagram_activity/media/posts.json", new object[] { Entry(3, (label, value)) })
            .With(Fictional.InstagramComments, new object[] { Entry(4, (label, value), ("ghaH", "dora.orsi")) });

        var (facebook, other) = (Found.InFacebook(export.Zip()), Found.InInstagram(instagram.Zip()));

        Assert.Equal("Written", facebook.Only.Text);
        Assert.Empty(other.Items);
        Assert.Equal(1, facebook.LeftOutAs(Undecided));
        Assert.Equal(2, other.LeftOutAs(Undecided));
        Assert.Equal(2, facebook.LeftOutAs(Unknown(label)));
        Assert.Equal(2, other.LeftOutAs(Unknown(label)));
        Assert.Equal(1, other.LeftOutAs(Unknown("ghaH")));
    }

    [Fact]
    public void A_label_that_is_known_and_holds_no_words_is_not_listed_as_unknown()
    {
        using var export = Fictional.Facebook()
            .With(CheckIns, new object[] { Entry(1, ("Place name", "Nida"), ("Audience", "Public")) });

        var found = Found.InFacebook(export.Zip());

        Assert.Empty(found.Items);
        Assert.Equal(["entries without words of the owner"], found.LeftOut.Select(left => left.What));
    }

    [Fact]
    public void Words_of_an_unknown_group_or_with_a_medium_under_an_unknown_label_are_named_by_that_label()
    {
        using var export = Fictional.Facebook().With(CheckIns, new object[]
        {
            new
            {
                timestamp = 1,
                label_values = new object[]
                {
                    new { title = "ngogh", dict = new[] { new { label = "Name", value = "In a group" } } },
                },
            },
            new
            {
                timestamp = 2,
                label_values = new object[]
                {
                    new { label = "mIllogh", media = new[] { new { uri = "a.jpg", description = "With a picture" } } },
                },
            },
        });

        var found = Found.InFacebook(export.Zip());

        Assert.Empty(found.Items);
        Assert.Equal((1, 1), (found.LeftOutAs(Unknown("ngogh")), found.LeftOutAs(Unknown("mIllogh"))));
        Assert.Equal(2, found.LeftOutAs(Undecided));
    }

    [Fact]
    public void The_name_of_an_unknown_label_is_harmless_and_their_number_is_bounded()
    {
        using var export = Fictional.Facebook()
            .With(CheckIns, Enumerable.Range(0, 500).Select(at => Entry(at + 1, ($"\u001b[2J{at}", "x"))).ToArray());

        var found = Found.InFacebook(export.Zip());

        Assert.DoesNotContain(found.LeftOut, left => left.What.Any(char.IsControl));
        Assert.InRange(found.LeftOut.Count, 2, 60);
        Assert.Equal(500, found.LeftOut.Where(left => left.What.StartsWith("values under", StringComparison.Ordinal))
            .Sum(left => left.Count));
    }

    [Theory]
    [InlineData("Bijschrift")]
    [InlineData("Légende")]
    [InlineData("Λεζάντα")]
    public void A_label_that_is_known_is_known_in_its_language_though_its_bytes_are_broken(string label)
    {
        using var export = Fictional.Instagram()
            .With("your_instagram_activity/media/posts.json", new object[] { Entry(1, (label, "Žiema! ❄️")) });

        Assert.Equal("Žiema! ❄️", Found.InInstagram(export.Zip()).Only.Text);
    }

    internal static string Unknown(string label) =>
        $"values under the label \"{label}\", which is not known to hold anybody's words";

    internal static object Entry(long time, params (string Label, string Value)[] values) =>
        new
        {
            timestamp = time,
            media = Array.Empty<object>(),
            label_values = values.Select(value => new { label = value.Label, value = value.Value }).ToArray(),
        };
}
