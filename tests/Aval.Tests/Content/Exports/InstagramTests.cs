namespace Aval.Tests.Exports;

public class InstagramTests
{
    [Fact]
    public void A_caption_stands_outside_or_with_the_single_medium()
    {
        using var export = Fictional.Instagram().With(Fictional.InstagramPosts, new object[]
        {
            new { media = new[] { Medium("Alone 😀", "a.jpg", 10) } },
            new
            {
                media = new[] { Medium("", "b.jpg", 1), Medium("", "c.mp4", 2) },
                title = "Two",
                creation_timestamp = 20,
            },
            new
            {
                media = new[] { Medium("Two again", "d.jpg", 1), Medium("Its own", "e.jpg", 2) },
                title = "Two again",
                creation_timestamp = 30,
            },
            new { media = new[] { Medium("", "f.jpg", 1) } },
        });

        var found = Found.InInstagram(export.Zip());

        Assert.Equal(
            [("caption", "Its own", 2L), ("post", "Alone 😀", 10), ("post", "Two", 20), ("post", "Two again", 30)],
            found.Items.Select(item => (item.Kind, item.Text!, item.CreatedAt!.Value.ToUnixTimeSeconds()))
                .OrderBy(item => item.Item1)
                .ThenBy(item => item.Item3));
        Assert.Equal(
            ["photo", "video"], found.Items.Single(item => item.Text == "Two").Media.Select(media => media.Kind));
        Assert.Equal(1, found.LeftOutAs("entries without words of the owner"));
        Assert.Equal(
            ("instagram:jurate.o", "jurate.o", "Jūratė Ōmori", 1980),
            (found.Account!.Account, found.Account.Handle, found.Account.DisplayName, found.Account.BirthYear));
    }

    [Fact]
    public void Stories_and_reels_are_captions_where_they_have_text()
    {
        using var export = Fictional.Instagram()
            .With(
                "your_instagram_activity/media/stories.json",
                new { ig_stories = new[] { Medium("A story", "s.jpg", 1), Medium("", "t.jpg", 2) } })
            .With("your_instagram_activity/media/reels.json", new
            {
                ig_reels_media = new[]
                {
                    new
                    {
                        media = new[] { Medium("A reel with @Dora.Orsi, @jurate.o and mail@example.org.", "r.mp4", 3) },
                    },
                },
            })
            .With(
                "your_instagram_activity/media/archived_posts.json",
                new { ig_archived_post_media = new[] { new { media = new[] { Medium("Hidden", "h.jpg", 3) } } } })
            .With(
                "your_instagram_activity/threads/threads_and_replies.json",
                new { text_post_app_text_posts = new[] { new { media = new[] { Medium("On Threads", "", 3) } } } });

        var found = Found.InInstagram(export.Zip());

        Assert.Equal(["A reel with @Dora.Orsi, @jurate.o and mail@example.org.", "A story"], found.Texts.Order());
        Assert.All(found.Items, item => Assert.Equal("caption", item.Kind));
        Assert.Equal(
            [new("instagram:dora.orsi", "mentioned")], found.Items.Single(item => item.Text![2] == 'r').Persons);
        Assert.Equal(1, found.LeftOutAs("archived, deleted and edited versions"));
        Assert.Equal(1, found.LeftOutAs("Threads posts and replies"));
    }

    [Theory]
    [InlineData("Comment", "Media Owner", "Time")]
    [InlineData("Opmerking", "Media-eigenaar", "Tijd")]
    [InlineData("Kommentar", "Medieninhaber", "Zeit")]
    [InlineData("Commentaire", "Propriétaire du contenu multimédia", "Heure")]
    [InlineData("Σχόλιο", "Κάτοχος πολυμέσων", "Ώρα")]
    [InlineData("Comment", "ghaH", "poH")]
    public void Comments_are_read_in_every_language_that_is_known(string comment, string mediaOwner, string time)
    {
        using var export = Fictional.Instagram()
            .With(Fictional.InstagramComments, new[]
            {
                Map(comment, "Nice", mediaOwner, "dora.orsi", time, 50),
                Map(comment, "Wonderful, dear friend", mediaOwner, "jurate.o", time, 60),
            });

        var found = Found.InInstagram(export.Zip());

        Assert.Equal(
            [("comment", "Nice", 50L), ("comment", "Wonderful, dear friend", 60)],
            found.Items.Select(item => (item.Kind, item.Text!, item.CreatedAt!.Value.ToUnixTimeSeconds())));
        Assert.Equal([new("instagram:dora.orsi", "replied-to")], found.Items[0].Persons);
        Assert.Empty(found.Items[1].Persons); // Under a post of her own.
    }

    [Fact]
    public void In_a_language_that_is_not_known_prose_is_not_taken_for_the_comment()
    {
        using var export = Fictional.Instagram()
            .With(Fictional.InstagramComments, new[] { Map("ghaH", "dora.orsi", "qaplaʼ", "How lovely!", "poH", 50) });

        var found = Found.InInstagram(export.Zip());

        Assert.Empty(found.Items);
        Assert.Equal(
            (1, 1), (found.LeftOutAs(LabelTests.Unknown("ghaH")), found.LeftOutAs(LabelTests.Unknown("qaplaʼ"))));
    }

    [Fact]
    public void All_shapes_of_a_comment_are_one_and_the_same_item()
    {
        const long time = 1_650_000_000;
        object[] shapes =
        [
            new[] { Map("Comment", "Nice!", "Media Owner", "dora.orsi", "Time", time) },
            new
            {
                comments_media_comments = new[] { Map("Comment", "Nice!", "Media Owner", "dora.orsi", "Time", time) },
            },
            Map("Comment", "Nice!", "Media Owner", "dora.orsi", "Time", time),
            new
            {
                comments_media_comments = new[]
                {
                    new
                    {
                        title = "dora.orsi",
                        string_list_data = new[]
                        {
                            new { href = "https://www.instagram.com/p/x", value = "Nice!", timestamp = time },
                        },
                    },
                },
            },
            new[]
            {
                new
                {
                    timestamp = time,
                    media = Array.Empty<object>(),
                    fbid = "9",
                    label_values = new object[]
                    {
                        new { label = "Comment", value = "Nice!" },
                        new
                        {
                            title = "Media Owner",
                            dict = new[]
                            {
                                new
                                {
                                    title = "",
                                    dict = new[]
                                    {
                                        new { label = "URL", value = "", href = "https://x" },
                                        new { label = "Name", value = "Dóra" , href = "" },
                                        new { label = "Username", value = "dora.orsi", href = "" },
                                    },
                                },
                            },
                        },
                    },
                },
            },
            new[]
            {
                new
                {
                    media = Array.Empty<object>(),
                    label_values = new object[]
                    {
                        new { label = "poH", timestamp_value = time },
                        new { label = "ghaH", value = "dora.orsi" },
                        new { label = "Comment", value = "Nice!" },
                    },
                },
            },
        ];
        var items = new List<Content.ItemRow>();
        foreach (var shape in shapes)
        {
            using var export = Fictional.Instagram().With(Fictional.InstagramComments, shape);
            items.Add(Found.InInstagram(export.Zip()).Only);
        }

        using var flat = new ExportFolder()
            .WithText("jurate_20200501/profile.json", """{"username": "jurate.o", "name": "Jūratė Ōmori"}""")
            .WithText(
                "jurate_20200501/comments.json",
                """{"media_comments": [["2022-04-15T05:20:00+00:00", "Nice!", "dora.orsi"]]}""");
        items.Add(Found.InInstagram(flat.Zip()).Only);

        Assert.All(items, item => Assert.Equal(
            (items[0].ItemId, "comment", "Nice!", items[0].CreatedAt),
            (item.ItemId, item.Kind, item.Text, item.CreatedAt)));
        Assert.All(items, item => Assert.Equal([new("instagram:dora.orsi", "replied-to")], item.Persons));
    }

    [Fact]
    public void The_flat_layout_of_2020_is_read_without_repairing_its_text()
    {
        using var export = new ExportFolder()
            .WithText(
                "profile.json",
                """{"username": "jurate.o", "name": "Jūratė Ōmori", "private_account": true, "date_of_birth": "1980-02-03"}""")
            .WithText(
                "media.json",
                """{"photos": [{"caption": "Ã© été 😀", "taken_at": "2019-05-01T12:00:00+00:00", "path": "photos/a.jpg"}, {"caption": "Ã© été 😀", "taken_at": "2019-05-01T12:00:00+00:00", "path": "photos/b.jpg"}, {"caption": "", "taken_at": "2019-05-01T12:00:00+00:00", "path": "photos/c.jpg"}], "stories": [{"caption": "No zone", "taken_at": "2018-10-16T12:34:56", "path": "stories/d.jpg"}], "direct": [{"taken_at": "2019-05-01T12:00:00+00:00", "path": "direct/e.jpg"}]}""")
            .WithText(
                "comments.json",
                """{"media_comments": [["2019-05-02T12:00:00+00:00", "Hi Ã©", "Two Words"], ["2019"], 5]}""")
            .WithText("messages.json", """[{"participants": [], "conversation": [{"text": "secret"}]}]""")
            .WithText("searches.json", """{"main_search_history": [{"search_click": "secret"}]}""");

        var found = Found.InInstagram(export.Zip());

        Assert.Equal(
            [("caption", "No zone"), ("comment", "Hi Ã©"), ("post", "Ã© été 😀")],
            found.Items.Select(item => (item.Kind, item.Text!)).Order());
        // A time without a zone is no instant.
        Assert.Null(found.Items.Single(item => item.Kind == "caption").CreatedAt);
        Assert.All(found.Items, item => Assert.Equal("followers", item.Audience));
        Assert.Equal(
            [new("outside:Two_Words", "replied-to")], found.Items.Single(item => item.Kind == "comment").Persons);
        Assert.Equal(2, found.Rejects.Count);
        Assert.Equal(2, found.LeftOutAs("messages"));
        Assert.Equal(1, found.LeftOutAs("searches"));
    }

    [Theory]
    [InlineData("Everyone", "followers")]
    [InlineData("Close friends", "friends")]
    [InlineData("An audience of 2031", "private")]
    public void What_an_entry_of_a_private_account_states_can_only_narrow_who_sees_it(string stated, string audience)
    {
        var entries = new[] { LabelTests.Entry(1, ("Caption", "For few"), ("Audience", stated)) };
        using var export = Fictional.Instagram(privateAccount: "True").With(Fictional.InstagramPosts, entries);

        Assert.Equal(audience, Found.InInstagram(export.Zip()).Only.Audience);
    }

    [Theory]
    [InlineData("Private Account", "True", "followers")]
    [InlineData("Privates Konto", "Ja", "followers")]
    [InlineData("Private Account", "False", "unknown")]
    public void A_private_accounts_entries_are_for_its_followers(string label, string value, string audience)
    {
        using var export = new ExportFolder()
            .With("account_information/personal_information.json", new
            {
                profile_user = new[]
                {
                    new
                    {
                        string_map_data = new Dictionary<string, object>
                        {
                            ["Kullanıcı adı"] = new { value = "jurate.o" },
                            [label] = new { value },
                        },
                    },
                },
            })
            .With("content/posts_1.json", new[] { new { media = new[] { Medium("Hello", "a.jpg", 1) } } });

        Assert.Equal(audience, Found.InInstagram(export.Zip()).Only.Audience);
    }

    [Theory]
    [InlineData("""{"media": [{"uri": "a.jpg", "creation_timestamp": 1, "title": "Alone"}]}""", 1, 0, 0)]
    [InlineData("""{"ig_stories": {"media": [{"uri": "a.jpg", "creation_timestamp": 1, "title": "A"}]}}""", 1, 0, 0)]
    [InlineData("""{"data": [{"post": "a"}], "media": "b"}""", 0, 1, 0)]
    [InlineData("""{"ig_stories": {"new": [{"title": "a"}, {"title": "b"}]}}""", 0, 0, 2)]
    [InlineData("null", 0, 0, 1)]
    public void What_a_file_says_beside_its_lists_is_read_rejected_or_counted(
        string content, int items, int rejected, int leftOut)
    {
        using var export =
            Fictional.Instagram().WithText("your_instagram_activity/media/stories.json", content);

        var found = Found.InInstagram(export.Zip());

        Assert.Equal(
            (items, rejected, leftOut),
            (found.Items.Count, found.Rejects.Count,
                (int)found.LeftOutAs(Content.Exports.ExportReading.Beside)));
    }

    [Fact]
    public void The_username_is_found_in_an_unknown_language()
    {
        using var export = Fictional.Instagram(label: "pong")
            .With(Fictional.InstagramPosts, new[] { new { media = new[] { Medium("Hello", "a.jpg", 1) } } });

        Assert.Equal("instagram:jurate.o", Found.InInstagram(export.Zip()).Only.Author);
    }

    [Fact]
    public void An_impossible_time_rejects_a_post_and_a_missing_one_is_unknown()
    {
        using var export = Fictional.Instagram().With(Fictional.InstagramPosts, new object[]
        {
            new { media = new[] { Medium("Too late", "a.jpg", 253_402_300_799) } },
            new { media = new[] { new { uri = "b.jpg", title = "No time" } } },
            new { media = "nothing", title = "x" },
        });

        var found = Found.InInstagram(export.Zip());

        Assert.Equal("No time", found.Only.Text);
        Assert.Null(found.Only.CreatedAt);
        Assert.Equal(["media[0].creation_timestamp", "media"], found.Rejects.Select(reject => reject.Column));
    }

    [Fact]
    public void A_medium_that_lies_in_the_archive_is_named_by_its_hash()
    {
        using var export = Fictional.Instagram()
            .With("x/" + Fictional.InstagramPosts, new[]
            {
                new
                {
                    media = new[] { Medium("Here", "media/posts/a.jpg", 1), Medium("Here", "media/posts/b.jpg", 1) },
                },
            })
            .WithText("x/media/posts/a.jpg", "abc");

        Assert.Equal(
            ["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", null],
            Found.InInstagram(export.Zip()).Only.Media.Select(media => media.Sha256));
    }

    internal static object Medium(string title, string uri, long time) => new
    {
        uri,
        creation_timestamp = time,
        media_metadata = new { camera_metadata = new { has_camera_metadata = false } },
        title,
        cross_post_source = new { source_app = "FB" },
    };

    private static object Map(
        string first, string firstValue, string second, string secondValue, string third, long time) =>
        new
        {
            media_list_data = new[] { new { uri = "" } },
            string_map_data = new Dictionary<string, object>
            {
                [first] = new { value = firstValue },
                [second] = new { value = secondValue },
                [third] = new { timestamp = time },
            },
        };
}
