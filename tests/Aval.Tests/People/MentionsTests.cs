using Aval.People;

namespace Aval.Tests.People;

/// <summary>Where a text points at accounts.</summary>
public sealed class MentionsTests
{
    [Theory]
    [InlineData("so says @kim.fictive.", "@kim.fictive", "facebook@kimfictive")]
    [InlineData("@Kim_Fictive!", "@Kim_Fictive", "facebook@kim_fictive")]
    [InlineData("(@kim)", "@kim", "facebook@kim")]
    [InlineData("hello@kim", "@kim", "facebook@kim")]
    [InlineData("＠kim", "＠kim", "facebook@kim")]
    [InlineData("@[100044] and more", "@[100044]", "facebook:100044")]
    [InlineData("with @[100044:2048:Kim Fictive]", "@[100044:2048:Kim Fictive]", "facebook:100044")]
    [InlineData(
        "see https://www.facebook.com/kim.fictive?ref=1 there", "https://www.facebook.com/kim.fictive?ref=1",
        "facebook@kimfictive")]
    [InlineData("<m.facebook.com/profile.php?id=100044>", "m.facebook.com/profile.php?id=100044", "facebook:100044")]
    [InlineData(
        "https://facebook.com/people/Kim-Fictive/100044/", "https://facebook.com/people/Kim-Fictive/100044/",
        "facebook:100044")]
    [InlineData("HTTPS://INSTAGRAM.COM/Kim.Fictive/", "HTTPS://INSTAGRAM.COM/Kim.Fictive/", "instagram@kim.fictive")]
    [InlineData("@zoé", "@zoé", "facebook@zoé")]
    public void It_is_found_with_whom_it_means(string text, string part, string key)
    {
        var mention = Assert.Single(Mentions.In("facebook", text));

        Assert.Equal(part, text.Substring(mention.Start, mention.Length));
        Assert.Equal(key, mention.Key);
    }

    [Theory]
    [InlineData("at 5 @ the corner")]
    [InlineData("@")]
    [InlineData("@[not closed")]
    [InlineData("facebook.com/")]
    [InlineData("@[]")]
    [InlineData("")]
    public void What_points_at_nobody_is_left_alone(string text) => Assert.Empty(Mentions.In("facebook", text));

    [Fact]
    public void A_handle_that_stands_in_a_link_is_found_beside_it() =>
        Assert.Equal(
            ["facebook@ada", "facebook@kim"],
            Mentions.In("facebook", "facebook.com/ada?to=@kim").Select(one => one.Key));

    [Theory]
    [InlineData("instagram", "instagram:Kim.Fictive", "instagram@kim.fictive")]
    [InlineData("facebook", "facebook:Kim.Fictive", "facebook@kimfictive")]
    public void A_tag_with_an_id_that_is_no_number_is_found_as_that_handle_too(string service, string id, string handle)
    {
        var found = Mentions.In(service, "with @[Kim.Fictive:2048:Kim] there");

        Assert.Equal([id, handle], found.Select(one => one.Key));
        Assert.All(found, one => Assert.Equal((5, 23), (one.Start, one.Length)));
    }

    [Theory]
    [InlineData("facebook.com/100044", "facebook:100044 facebook@100044")]
    [InlineData("https://m.facebook.com/profile.php?locale=de&id=100044", "facebook:100044")]
    [InlineData("facebook.com/groups/55/user/100044/", "facebook:100044")]
    [InlineData("instagram.com/kim_fictive很好", "instagram@kim_fictive很好 instagram@kim_fictive")]
    [InlineData("@kim_fictive-ul", "facebook@kim_fictive-ul facebook@kim_fictive")]
    [InlineData("@zoé-Fan", "facebook@zoé-fan facebook@zoé")]
    public void What_can_be_read_in_two_ways_is_found_in_both(string text, string keys) =>
        Assert.Equal(keys, string.Join(' ', Mentions.In("facebook", text).Select(one => one.Key)));

    [Fact]
    public void Where_a_hyphen_may_be_part_of_a_handle_it_is_one() =>
        Assert.Equal("code@kim-smith", Assert.Single(Mentions.In("code", "@kim-smith")).Key);

    [Fact]
    public void Several_stand_in_order()
    {
        var found = Mentions.In("instagram", "@ada, @[7], instagram.com/ben and @cleo");

        Assert.Equal(["instagram@ada", "instagram:7", "instagram@ben", "instagram@cleo"], found.Select(one => one.Key));
    }
}
