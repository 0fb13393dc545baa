using Aval.Content.Exports;

namespace Aval.Tests.Exports;

/// <summary>The shared exports, found whole.</summary>
public class GoldTests
{
    [Fact]
    public void Every_text_of_the_generated_facebook_export_is_found_once_and_nothing_else()
    {
        var found = Found.InFacebook(SharedData.Path("social/facebook_synth_2025.zip"));

        Assert.Equal(Gold("facebook"), Kinds(found));
        Assert.Empty(found.Rejects);
        Assert.Equal("facebook:zoe.mz", found.Account!.Account);
        Assert.Equal("Zoë Müller-Żółć", found.Account.DisplayName);
        Assert.Equal(96, found.Items.Count(item => item.Audience == "group"));
    }

    [Theory]
    [InlineData("instagram_en", "social/instagram_synth_2025_en.zip")]
    [InlineData("instagram_nl", "social/instagram_synth_2025_nl.zip")]
    public void Every_text_of_the_generated_instagram_exports_is_found_once_and_nothing_else(
        string archive, string path)
    {
        var found = Found.InInstagram(SharedData.Path(path));

        Assert.Equal(Gold(archive), Kinds(found));
        Assert.Empty(found.Rejects);
        Assert.Equal(5, found.LeftOutAs(ExportReading.Again)); // The reels' comments are listed among the posts' too.
        Assert.Contains(found.Items, item => item.Persons.Contains(new("instagram:owner_0", "replied-to")));
    }

    [Fact]
    public void An_archive_of_empty_files_gives_nothing_and_names_each()
    {
        var found = Found.InInstagram(SharedData.Path("social/d3i_ddp_2022/instagram_2022_09_26.zip"));

        Assert.Empty(found.Items);
        Assert.Empty(found.Rejects);
        Assert.Null(found.Account);
        Assert.Equal(16, found.LeftOutAs("category without data"));
        Assert.Equal(39, found.LeftOutAs("empty file"));
        Assert.Contains(found.LeftOut, left => left.What == "empty file"
            && left.File.EndsWith("instagram/content/stories.json", StringComparison.Ordinal));
    }

    // What a text is called, its time and the text itself: as often as it is written.
    private static List<(string, long, string)> Gold(string archive) =>
    [
        .. File.ReadLines(SharedData.Path("social/synth_gold.tsv")).Skip(1).Select(line => line.Split('\t')).Where(
            row => row[0] == archive)
            .Select(row => (row[1] switch { "comment" or "group_comment" => "comment", _ => "post" },
                long.Parse(row[2]), row[4])).Order(),
    ];

    private static List<(string, long, string)> Kinds(Found found) =>
        [.. found.Items.Select(item => (item.Kind, item.CreatedAt!.Value.ToUnixTimeSeconds(), item.Text!)).Order()];
}
