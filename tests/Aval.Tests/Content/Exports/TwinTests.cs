using Aval.Content.Exports;

namespace Aval.Tests.Exports;

/// <summary>
/// The newer shape, in which words stand with a medium under a label, beside the older one that tells the same.
/// </summary>
public class TwinTests
{
    private const string Labelled = "your_instagram_activity/media/posts.json";
    private const string Wordless = "entries without words of the owner";

    [Theory]
    [InlineData("posts.json", "post")]
    [InlineData("reels.json", "caption")]
    [InlineData("stories.json", "caption")]
    public void Words_that_stand_only_with_a_medium_under_a_label_are_the_entrys(string file, string kind)
    {
        using var export = Fictional.Instagram().With($"your_instagram_activity/media/{file}", new object[]
        {
            Post(7, Medium("a.jpg", 5, "Žiema with @Dora.Orsi! ❄️")),
            Post(9, Medium("b.jpg", 6, ""), Medium("c.mp4", 7, "Of the second"), Medium("c.srt", 7, "")),
            Post(11, Medium("d.jpg", 8, "")),
        });

        var found = Found.InInstagram(export.Zip());

        Assert.Equal(
            [(kind, "Žiema with @Dora.Orsi! ❄️", 5L), (kind, "Of the second", 9)],
            found.Items.Select(item => (item.Kind, item.Text!, item.CreatedAt!.Value.ToUnixTimeSeconds())));
        Assert.Equal(
            ["media/posts/b.jpg photo", "media/posts/c.mp4 video"],
            found.Items[1].Media.Select(media => $"{media.Uri} {media.Kind}"));
        Assert.Equal([new("instagram:dora.orsi", "mentioned")], found.Items[0].Persons);
        Assert.Equal(1, found.LeftOutAs(Wordless));
    }

    [Fact]
    public void A_post_has_one_id_whether_the_export_tells_it_in_the_newer_file_in_the_older_or_in_both()
    {
        object[] newer = [Post(19, Medium("a.jpg", 10, "Alone")), Post(
            20, Medium("b.jpg", 18, "Together"), Medium("c.jpg", 19, ""))];
        object[] older =
        [
            new { media = new[] { InstagramTests.Medium("Alone", "media/posts/a.jpg", 10) } },
            new
            {
                media = new[]
                {
                    InstagramTests.Medium("", "media/posts/b.jpg", 18),
                    InstagramTests.Medium("", "media/posts/c.jpg", 19),
                },
                title = "Together",
                creation_timestamp = 20,
            },
        ];
        using var both = Fictional.Instagram().With(Labelled, newer).With(Fictional.InstagramPosts, older);
        using var onlyNewer = Fictional.Instagram().With(Labelled, newer);
        using var onlyOlder = Fictional.Instagram().With(Fictional.InstagramPosts, older);
        using var turned =
            Fictional.Instagram().With("content/posts_0.json", newer).With("content/posts_9.json", older);
        using var turnedAgain =
            Fictional.Instagram().With("content/posts_9.json", newer).With("content/posts_0.json", older);

        var all = new[] { both, onlyNewer, onlyOlder, turned, turnedAgain }
            .Select(export => Found.InInstagram(export.Zip())).ToList();

        Assert.All(all, found => Assert.Equal(Ids(all[0]), Ids(found)));
        Assert.All(all, found => Assert.Equal(2, found.Items.Count));
        Assert.Equal([2L, 0, 0, 2, 2], all.Select(found => found.LeftOutAs(ExportReading.Again)));
    }

    [Fact]
    public void A_checkin_has_one_id_whether_its_file_gives_the_platforms_number_or_not()
    {
        object[] newer = [new
        {
            timestamp = 9,
            label_values = new object[] { new { label = "Message", value = "At the sea" } },
            fbid = "987654321",
        }];
        using var both = Fictional.FacebookPosts(Fictional.Post("At the sea", 9))
            .With("your_facebook_activity/posts/check-ins.json", newer);
        using var onlyNewer = Fictional.Facebook().With("your_facebook_activity/posts/check-ins.json", newer);
        using var onlyOlder = Fictional.FacebookPosts(Fictional.Post("At the sea", 9));

        var ids = new[] { both, onlyNewer, onlyOlder }
            .Select(export => Found.InFacebook(export.Zip()).Only.ItemId).ToList();

        Assert.Single(ids.Distinct());
    }

    [Theory]
    [InlineData("check-ins.json")]
    [InlineData("your_posts_9.json")]
    public void What_only_one_of_two_tells_belongs_to_the_item_whichever_comes_first(string newer)
    {
        var labelled = new
        {
            timestamp = 9,
            label_values = new object[]
            {
                new { label = "Message", value = "At the sea" }, new { label = "Audience", value = "Friends" },
                new { title = "Tags", dict = new[] { new { label = "Name", value = "Dóra Őrsi" } } },
            },
        };
        var classic = new
        {
            timestamp = 9,
            data = new[] { new { post = "At the sea" } },
            tags = new[] { new { name = "Séamus Ó Néill" } },
            attachments = new[] { new { data = new[] { new { media = new { uri = "posts/media/a.jpg" } } } } },
        };
        using var export = Fictional.Facebook()
            .With($"posts/{newer}", new[] { labelled })
            .With("posts/your_posts_3.json", new[] { classic });

        var item = Found.InFacebook(export.Zip()).Only;

        Assert.Equal("friends", item.Audience);
        Assert.Equal(
            ["outside:Dóra_Őrsi", "outside:Séamus_Ó_Néill"],
            item.Persons.Select(person => person.Account).Order(StringComparer.Ordinal));
        Assert.Equal("posts/media/a.jpg", Assert.Single(item.Media).Uri);
    }

    [Theory]
    [InlineData("Draft", "True")]
    [InlineData("Brouillon", "Vrai")]
    [InlineData("Concept", "Waar")]
    public void A_draft_was_never_published_and_is_left_out(string label, string value)
    {
        object[] entries =
        [
            new
            {
                timestamp = 1,
                label_values = new object[]
                {
                    new { label = "Media", media = new[] { Medium("a.jpg", 1, "Not yet") } },
                    new { label, value },
                },
            },
            new
            {
                timestamp = 2,
                label_values = new object[]
                {
                    new { label = "Media", media = new[] { Medium("b.jpg", 2, "Published") } },
                    new { label, value = "False" },
                },
            },
        ];
        using var export = Fictional.Instagram().With(Labelled, entries);

        var found = Found.InInstagram(export.Zip());

        Assert.Equal("Published", found.Only.Text);
        Assert.Equal(1, found.LeftOutAs("drafts (never published)"));
    }

    [Fact]
    public void A_reel_that_is_listed_among_the_posts_too_is_one_item()
    {
        var reels = new
        {
            ig_reels_media = new[]
            {
                new { media = new[] { InstagramTests.Medium("A reel", "media/reels/r.mp4", 5) } },
            },
        };
        using var both = Fictional.Instagram()
            .With(Labelled, new object[] { Post(6, Medium("r.mp4", 5, "A reel")) })
            .With("your_instagram_activity/media/reels.json", reels);
        using var alone = Fictional.Instagram().With("your_instagram_activity/media/reels.json", reels);

        var (whole, later) = (Found.InInstagram(both.Zip()).Only, Found.InInstagram(alone.Zip()).Only);

        Assert.Equal(("post", "A reel"), (whole.Kind, whole.Text));
        Assert.Equal((whole.ItemId, "caption"), (later.ItemId, later.Kind));
    }

    [Fact]
    public void A_repeated_reel_gives_the_post_its_tags_and_its_audience()
    {
        using var export = Fictional.Instagram()
            .With(Labelled, new object[] { Post(6, Medium("r.mp4", 5, "A reel")) })
            .With("your_instagram_activity/media/reels.json", new object[]
            {
                new
                {
                    timestamp = 5,
                    label_values = new object[]
                    {
                        new { label = "Media", media = new[] { Medium("r.mp4", 5, "A reel") } },
                        new { label = "Audience", value = "Close friends" },
                        new
                        {
                            title = "Tagged people",
                            dict = new[] { new { label = "Username", value = "dora.orsi" } },
                        },
                    },
                },
            });

        var found = Found.InInstagram(export.Zip());

        Assert.Equal(("post", "friends"), (found.Only.Kind, found.Only.Audience));
        Assert.Equal([new("instagram:dora.orsi", "tagged")], found.Only.Persons);
        Assert.Equal(1, found.LeftOutAs(ExportReading.Again));
    }

    [Fact]
    public void A_repeated_photo_gives_every_post_that_it_may_be_of_its_tags_and_its_audience()
    {
        using var export = Fictional.Facebook()
            .With(Fictional.Posts, new[] { WithPhoto(9), WithPhoto(12) })
            .With("your_facebook_activity/posts/your_photos.json", new object[]
            {
                new { uri = "posts/media/a.jpg", creation_timestamp = 3, description = "With @[777:2048:Dóra Őrsi]" },
                new
                {
                    timestamp = 3,
                    media = new[] { new { uri = "posts/media/a.jpg", creation_timestamp = 3 } },
                    label_values = new object[]
                    {
                        new { label = "Description", value = "With Dóra Őrsi" },
                        new { label = "Audience", value = "Friends" },
                        new { title = "Tags", dict = new[] { new { label = "Name", value = "Séamus" } } },
                    },
                },
            });

        var found = Found.InFacebook(export.Zip());

        Assert.Equal([9L, 12], found.Items.Select(item => item.CreatedAt!.Value.ToUnixTimeSeconds()));
        Assert.All(found.Items, item =>
        {
            Assert.Equal("friends", item.Audience);
            Assert.Equal([new("facebook:777", "mentioned"), new("outside:Séamus", "tagged")], item.Persons);
        });
        Assert.Equal(2, found.LeftOutAs(ExportReading.Again));

        static object WithPhoto(long time) => new
        {
            timestamp = time,
            data = new[] { new { post = "With Dóra Őrsi" } },
            attachments = new[] { new { data = new[] { new { media = new { uri = "posts/media/a.jpg" } } } } },
        };
    }

    [Fact]
    public void A_description_within_a_post_that_repeats_words_gives_their_item_whom_it_names()
    {
        using var export = Fictional.FacebookPosts(
            With("With Dóra", ("a.jpg", "With @[777:2048:Dóra]"), ("b.jpg", "Sun"), ("c.jpg", "Sun")),
            With("Later", ("d.jpg", "At @[778:2048:Séamus]'s"), ("e.jpg", "At @[779:2048:Séamus]'s")));

        var found = Found.InFacebook(export.Zip());

        Assert.Equal(["facebook:777"], Persons("With Dóra"));
        Assert.Equal(["facebook:778", "facebook:779"], Persons("At Séamus's"));
        Assert.Equal(4, found.Items.Count);

        IEnumerable<string> Persons(string text) =>
            found.Items.Single(item => item.Text == text).Persons.Select(person => person.Account);

        static object With(string post, params (string Uri, string Description)[] photos) => new
        {
            timestamp = 9,
            data = new[] { new { post } },
            attachments = new[]
            {
                new
                {
                    data = photos
                        .Select(photo => new { media = new { uri = photo.Uri, description = photo.Description } })
                        .ToArray(),
                },
            },
        };
    }

    [Fact]
    public void A_description_under_a_label_is_a_caption_as_it_is_with_a_post()
    {
        object[] entries =
        [
            new
            {
                timestamp = 9,
                label_values = new object[]
                {
                    new { label = "Message", value = "On the road" },
                    new
                    {
                        label = "Media",
                        media = new[] { Described("a.jpg", "Sunset"), Described("b.jpg", "On the road") },
                    },
                },
            },
            new
            {
                timestamp = 11,
                label_values = new object[] { new { label = "Media", media = new[] { Described("c.jpg", "Dawn") } } },
            },
        ];
        using var export = Fictional.Facebook().With("your_facebook_activity/posts/check-ins.json", entries);
        using var classic = Fictional.FacebookPosts(new
        {
            timestamp = 11,
            data = Array.Empty<object>(),
            attachments = new[] { new { data = new[] { new { media = Described("c.jpg", "Dawn") } } } },
        });

        var (found, before) = (Found.InFacebook(export.Zip()), Found.InFacebook(classic.Zip()));

        Assert.Equal(
            [("caption", "Dawn"), ("caption", "Sunset"), ("post", "On the road")],
            found.Items.Select(item => (item.Kind, item.Text!)).Order());
        Assert.Equal(before.Only.ItemId, found.Items.Single(item => item.Text == "Dawn").ItemId);
        Assert.Equal(
            ["a.jpg", "b.jpg"], found.Items.Single(item => item.Kind == "post").Media.Select(media => media.Uri));
        Assert.Equal(0, found.LeftOutAs(Wordless));
    }

    [Fact]
    public void People_who_are_tagged_in_the_newer_shape_are_persons_of_the_item()
    {
        var tagged = new
        {
            title = "Tagged people",
            dict = new[]
            {
                new
                {
                    dict = new[]
                    {
                        new { label = "Username", value = "dora.orsi" },
                        new { label = "Name", value = "Dóra" },
                    },
                },
            },
        };
        var media = new { label = "Media", media = new[] { Medium("a.jpg", 1, "Together") } };
        using var export = Fictional.Instagram()
            .With(Labelled, new object[] { new { timestamp = 1, label_values = new object[] { media, tagged } } })
            .With(
                Fictional.InstagramPosts,
                new[] { new { media = new[] { InstagramTests.Medium("Together", "media/posts/a.jpg", 1) } } });

        Assert.Equal([new("instagram:dora.orsi", "tagged")], Found.InInstagram(export.Zip()).Only.Persons);
    }

    private static object Post(long time, object first, params object[] others) => new
    {
        timestamp = time,
        media = Array.Empty<object>(),
        label_values = others.Length == 0
            ? new object[]
            {
                new { label = "Media", media = new[] { first } },
                new { label = "Draft", value = "False" },
            }
            : [new { label = "Media", media = new[] { first } }, new
            {
                title = "Media",
                dict = others.Select(other =>
                    new { title = "", dict = new[] { new { label = "Media", media = new[] { other } } } }).ToArray(),
            }],
        fbid = $"1784{time}",
    };

    private static object Medium(string name, long time, string title) =>
        new { uri = $"media/posts/{name}", creation_timestamp = time, title };

    private static object Described(string name, string description) =>
        new { uri = name, creation_timestamp = 3, description };

    private static List<(string?, string)> Ids(Found found) =>
        [.. found.Items.Select(item => (item.Text, item.ItemId)).Order()];
}
