using Aval.Content.Exports;

namespace Aval.Tests.Exports;

/// <summary>What makes an item the same one in a later export.</summary>
public class IdentityTests
{
    [Fact]
    public void A_later_export_gives_the_same_ids_whatever_was_added_before_or_between()
    {
        using var first = Fictional.FacebookPosts(Fictional.Post("One", 1), Fictional.Post("Two", 2));
        using var later = Fictional.FacebookPosts(
            Fictional.Post("New", 3), Fictional.Post("Two", 2), Fictional.Post("Newer", 4), Fictional.Post("One", 1));

        var (before, after) = (Ids(Found.InFacebook(first.Zip())), Ids(Found.InFacebook(later.Zip())));

        Assert.Equal(before["One"], after["One"]);
        Assert.Equal(before["Two"], after["Two"]);
        Assert.Equal(4, after.Values.Distinct().Count());
    }

    [Fact]
    public void An_id_is_the_documented_one()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("One", 1));

        // printf 'aval/export-item/v1\0facebook\0facebook:100044123\0\0000\0post\0001\0One' | sha256sum | cut -c1-32
        Assert.Equal("41cb8596a2a20af5ee3ff46509e2e691", Found.InFacebook(export.Zip()).Only.ItemId);
    }

    [Fact]
    public void An_account_has_one_id_for_its_items_however_its_name_is_spelled()
    {
        static ExportFolder Of(string name) => new ExportFolder().With(
            "personal_information/profile_information/profile_information.json",
            new { profile_v2 = new { name = new { full_name = "Zoé" }, username = name } })
            .With(Fictional.Posts, new[] { Fictional.Post("One", 1) });
        using var capitals = Of("Zoe.Fictive");
        using var small = Of("zoe.fictive");

        var ids = new[]
        {
            Found.InFacebook(capitals.Zip()), Found.InFacebook(small.Zip()),
            Found.Of(FacebookExport.Read([capitals.Zip("again")], new(Account.Parse("facebook:zoe.fictive")))),
        }.Select(found => found.Only.ItemId);

        Assert.Single(ids.Distinct());
    }

    [Fact]
    public void Two_accounts_with_numbers_are_two_whatever_is_stated()
    {
        using var one = Fictional.FacebookPosts(Fictional.Post("One", 1));
        using var other = new ExportFolder().With(
            "personal_information/profile_information/profile_information.json",
            new
            {
                profile_v2 = new
                {
                    name = new { full_name = "Ada" },
                    profile_uri = "https://www.facebook.com/profile.php?id=200200",
                },
            });

        var refused = Assert.Throws<AvalException>(() => FacebookExport.Read(
            [one.Zip(), other.Zip("other")], new(Account.Parse("facebook:1"))));
        Assert.Contains("exports of different accounts", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_words_of_two_accounts_are_two_items()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("One", 1));
        var zip = export.Zip();

        var other = Found.Of(FacebookExport.Read([zip], new(Account.Parse("facebook:2"))));

        Assert.NotEqual(Found.InFacebook(zip).Only.ItemId, other.Only.ItemId);
        Assert.Equal(("facebook:2", "facebook:2"), (other.Only.Author, other.Account!.Account));
    }

    [Fact]
    public void The_same_words_twice_in_one_file_are_two_items_and_in_two_files_one()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("Yes"), Fictional.Post("Yes"))
            .With(Fictional.Posts.Replace("_1.", "_2.", StringComparison.Ordinal), new[] { Fictional.Post("Yes") });

        var found = Found.InFacebook(export.Zip());

        Assert.Equal(2, found.Items.Select(item => item.ItemId).Distinct().Count());
        Assert.Equal(2, found.Items.Count);
        Assert.Equal(1, found.LeftOutAs(ExportReading.Again));
    }

    [Fact]
    public void The_same_words_with_another_stated_audience_are_one_item_with_the_narrower()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("At the sea"))
            .With("your_facebook_activity/posts/check-ins_1.json", new[] { CheckIn("Public") })
            .With("your_facebook_activity/posts/check-ins_2.json", new[] { CheckIn("Only me"), CheckIn("Only me", 5) });

        var found = Found.InFacebook(export.Zip());

        Assert.Equal(
            [(1_700_000_000L, "private"), (5, "private")],
            found.Items.Select(item => (item.CreatedAt!.Value.ToUnixTimeSeconds(), item.Audience)));
        Assert.Equal(2, found.LeftOutAs(ExportReading.Again));

        static object CheckIn(string audience, long time = 1_700_000_000) =>
            new
            {
                timestamp = time,
                label_values = new[]
                {
                    new { label = "Message", value = "At the sea" },
                    new { label = "Audience", value = audience },
                },
                fbid = "7",
            };
    }

    [Fact]
    public void What_the_platform_numbers_alike_is_one_item_though_it_stands_twice_in_a_file()
    {
        using var export = Fictional.Facebook()
            .With("your_facebook_activity/posts/check-ins.json", new[] { CheckIn("7"), CheckIn("8"), CheckIn("7") });

        Assert.Equal(2, Found.InFacebook(export.Zip()).Items.Count);

        static object CheckIn(string fbid) =>
            new { timestamp = 9, label_values = new[] { new { label = "Message", value = "Yes" } }, fbid };
    }

    [Fact]
    public void Parts_of_one_export_zips_and_folders_and_any_order_of_them_are_one_import()
    {
        using var export = Fictional
            .FacebookPosts(Fictional.Post("One"), new
            {
                timestamp = 2,
                data = new[] { new { post = "With a picture" } },
                attachments = new[]
                {
                    new { data = new[] { new { media = new { uri = "your_facebook_activity/posts/media/a.jpg" } } } },
                },
            })
            .With(Fictional.Comments, new { comments_v2 = new[] { Fictional.Comment("Two") } })
            .WithText("your_facebook_activity/posts/media/a.jpg", "abc");
        var whole = Found.InFacebook(export.Zip());
        var first = export.Zip(
            "1.zip", prefix: "facebook-jurate/",
            only: path => path.Contains("posts/your", StringComparison.Ordinal)
                || path.Contains("personal", StringComparison.Ordinal));
        var second = export.Zip("2.zip", only: path => !path.Contains("posts/your", StringComparison.Ordinal));
        var folder = export.Folder(prefix: "deep/below/facebook-jurate/");

        Found[] all = [Found.InFacebook(first, second), Found.InFacebook(second, first), Found.InFacebook(
            folder), Found.InFacebook(folder, first), Found.InFacebook(
                Directory.GetParent(folder)!.FullName + "/unpacked/deep")];

        Assert.All(all, found => Assert.Equal(whole.Items.Select(Flat), found.Items.Select(Flat)));
        Assert.NotNull(whole.Items.Single(item => item.Media.Count > 0).Media[0].Sha256);
    }

    [Fact]
    public void What_is_recorded_of_the_source_is_what_was_given()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("One"))
            .With("your_facebook_activity/messages/inbox/x/message_1.json", new { messages = Array.Empty<object>() });
        var zip = export.Zip();

        var fromZip = FacebookExport.Read([zip], ExportOptions.None);
        var fromFolder = FacebookExport.Read([export.Folder()], new ExportOptions(Source: "mine"));

        Assert.Equal(("facebook", "facebook:100044123"), (fromZip.Format, fromZip.Source));
        Assert.Equal((zip, new FileInfo(zip).Length), (Assert.Single(fromZip.Files).Path, fromZip.Files[0].Bytes));
        Assert.Equal("mine", fromFolder.Source);
        Assert.Equal(2, fromFolder.Files.Count); // The posts and the profile; messages are not read.
    }

    [Fact]
    public void An_export_can_be_read_twice()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("One"), Fictional.Post("", 2));
        var incoming = FacebookExport.Read([export.Zip()], ExportOptions.None);

        var (first, second) = (Found.Of(incoming), Found.Of(incoming));

        Assert.Equal(first.Items.Select(Flat), second.Items.Select(Flat));
        Assert.Equal(first.LeftOut, second.LeftOut);
    }

    private static Dictionary<string, string> Ids(Found found) =>
        found.Items.ToDictionary(item => item.Text!, item => item.ItemId);

    private static (string, string, DateTimeOffset?, string?, string?) Flat(Content.ItemRow item) =>
        (item.ItemId, item.Kind, item.CreatedAt, item.Text, item.Media.Select(media => media.Sha256).SingleOrDefault());
}
