using System.Text.Json;
using System.Text.Json.Nodes;
using Aval.Content;

namespace Aval.Tests.Exports;

public class FacebookTests
{
    private const string Owner = "Jūratė Ōmori";

    [Fact]
    public void A_post_is_an_item_with_its_time_text_author_and_unknown_audience()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("Žiema! ❄️"));

        var found = Found.InFacebook(export.Zip());

        var item = found.Only;
        Assert.Equal(
            ("facebook", "post", "facebook:100044123", "unknown", "Žiema! ❄️"),
            (item.Service, item.Kind, item.Author, item.Audience, item.Text));
        Assert.Equal(Fictional.At(1_700_000_000), item.CreatedAt);
        Assert.Equal(
            new AccountRow("facebook:100044123", "facebook", null, Owner, "jurate.o", null, 1980, null), found.Account);
        Assert.Empty(item.Persons);
    }

    [Fact]
    public void Tagged_and_mentioned_people_are_persons_of_the_item_and_the_text_keeps_their_names()
    {
        using var export = Fictional.FacebookPosts(
            new
            {
                timestamp = 1_700_000_000,
                data = new[] { new { post = "With @[100055:2048:Séamus Ó Néill] and @[100044123:2048:Me]" } },
                tags = new object[] { new { name = "Dóra Őrsi" }, "Old Tag", new { name = Owner } },
            });

        var item = Found.InFacebook(export.Zip()).Only;

        Assert.Equal("With Séamus Ó Néill and Me", item.Text);
        Assert.Equal(
            [new("facebook:100055", "mentioned"), new("outside:Dóra_Őrsi", "tagged"), new("outside:Old_Tag", "tagged")],
            item.Persons);
    }

    [Fact]
    public void A_name_too_long_for_an_id_is_cut_and_still_protected()
    {
        using var export = Fictional.FacebookPosts(new
        {
            timestamp = 1,
            data = new[] { new { post = "x" } },
            tags = new[] { new { name = new string('ő', 400) }, new { name = " \u0007 " } },
        });

        var person = Assert.Single(Found.InFacebook(export.Zip()).Only.Persons);

        Assert.True(Account.TryParse(person.Account, out var account));
        Assert.Equal(new string('ő', 128), account.Id);
    }

    [Fact]
    public void Titles_are_not_read_for_names_and_posts_on_other_timelines_are_the_owners()
    {
        using var export = Fictional.FacebookPosts(new
        {
            timestamp = 1,
            title = $"{Owner} wrote on Ελένη's timeline.",
            data = new[] { new { post = "Happy birthday" } },
        });

        Assert.Empty(Found.InFacebook(export.Zip()).Only.Persons);
    }

    [Fact]
    public void A_photos_description_that_repeats_the_post_is_not_counted_twice()
    {
        using var export = Fictional.FacebookPosts(Photo("Sunset", "Sunset", "a.jpg"))
            .With("your_facebook_activity/posts/album/0.json", new
            {
                name = "Holidays",
                photos = new[] { Medium("Sunset", "a.jpg") },
                cover_photo = Medium("Sunset", "a.jpg"),
                last_modified_timestamp = 5,
                description = "About us",
            });

        var found = Found.InFacebook(export.Zip());

        Assert.Equal(("post", "Sunset"), (found.Only.Kind, found.Only.Text));
        Assert.Equal("a.jpg", Assert.Single(found.Only.Media).Uri.Split('/')[^1]);
        Assert.Equal(1, found.LeftOutAs("the same words of the same moment again"));
        Assert.Equal(1, found.LeftOutAs("descriptions of whole albums (their time is not stated)"));
    }

    [Fact]
    public void A_description_that_a_later_post_of_the_file_carries_as_its_words_is_not_counted_twice()
    {
        using var export = Fictional.FacebookPosts(Photo("", "Sunset", "a.jpg"), Photo("Sunset", "Sunset", "a.jpg"));

        Assert.Equal(["Sunset"], Found.InFacebook(export.Zip()).Texts);
    }

    [Fact]
    public void A_photos_own_description_is_a_caption_once_wherever_the_photo_is_shown()
    {
        using var export = Fictional.FacebookPosts(Photo("On the road", "Sunset", "a.jpg"))
            .With("your_facebook_activity/posts/album/0.json", new
            {
                name = "Holidays",
                photos = new[] { Medium("Sunset", "a.jpg"), Medium("Dawn", "b.jpg"), Medium("", "c.jpg") },
            })
            .With(
                "your_facebook_activity/posts/your_videos.json", new { videos_v2 = new[] { Medium("Waves", "v.mp4") } })
            .With(
                "your_facebook_activity/posts/your_uncategorized_photos.json",
                new { other_photos_v2 = new[] { Medium("Dawn", "b.jpg") } });

        var found = Found.InFacebook(export.Zip());

        Assert.Equal(
            [("caption", "Dawn"), ("caption", "Sunset"), ("caption", "Waves"), ("post", "On the road")],
            found.Items.Select(item => (item.Kind, item.Text!)).Order());
        Assert.Equal("video", found.Items.Single(item => item.Text == "Waves").Media[0].Kind);
        Assert.Equal(Fictional.At(1_600_000_000), found.Items.Single(item => item.Text == "Dawn").CreatedAt);
    }

    [Fact]
    public void A_cameras_impossible_time_is_unknown_and_a_posts_impossible_time_is_rejected()
    {
        using var export = Fictional
            .FacebookPosts(
                Fictional.Post("a", -62_169_958_800), Fictional.Post("b", 253_402_300_799), Fictional.Post("c", 0))
            .With("your_facebook_activity/posts/your_uncategorized_photos.json", new
            {
                other_photos_v2 = new[]
                {
                    new { uri = "x.jpg", description = "Old", creation_timestamp = -62_169_958_800 },
                },
            });

        var found = Found.InFacebook(export.Zip());

        Assert.Null(found.Only.CreatedAt);
        Assert.Equal(["-62169958800", "253402300799", "0"], found.Rejects.Select(reject => reject.Found));
        Assert.All(found.Rejects, reject => Assert.Equal("timestamp", reject.Column));
    }

    [Fact]
    public void A_reject_names_file_line_member_and_reason()
    {
        using var export = Fictional.Facebook().WithText(Fictional.Posts, "[\n  {\"timestamp\": 1, \"data\": "
            + "[{\"post\": \"good\"}]},\n  {\"timestamp\": 2,\n   \"data\": [\n     {\"post\": 42}]},\n"
            + " {\"data\": []}, 7]");

        var found = Found.InFacebook(export.Zip());

        Assert.Equal("good", found.Only.Text);
        Assert.Equal(
            [(5L, "data[0].post", "a string",
                "42"), (6L, "timestamp", "a value, as every such object does", "null"), (6L, "", "an object", "7")],
            found.Rejects.Select(reject => (reject.Line, reject.Column, reject.Reason, reject.Found)));
        Assert.All(
            found.Rejects,
            reject => Assert.EndsWith($"export.zip!/{Fictional.Posts}", reject.File, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"a\\u0000b\"", "text without NUL characters")]
    [InlineData("\"\\ud83d\"", "valid Unicode")]
    [InlineData("\"\u00ff\"", "valid Unicode")]
    [InlineData("null", "a string")]
    public void Text_that_no_item_can_hold_rejects_its_entry_only(string text, string reason)
    {
        var json = $"[{{\"timestamp\": 1, \"data\": [{{\"post\": {text}}}]}}, {{\"timestamp\": 2, \"data\": "
            + "[{\"post\": \"good\"}]}]";
        using var export = Fictional.Facebook().WithBytes(Fictional.Posts, System.Text.Encoding.Latin1.GetBytes(json));

        var found = Found.InFacebook(export.Zip());

        Assert.Equal("good", found.Only.Text);
        Assert.Equal(reason, Assert.Single(found.Rejects).Reason);
    }

    [Fact]
    public void Comments_are_the_owners_only_when_their_author_is()
    {
        using var export = Fictional.Facebook()
            .With(Fictional.Comments, new
            {
                comments_v2 = new[]
                {
                    Fictional.Comment("Mine"),
                    Fictional.Comment("Not mine", "Dóra Őrsi"),
                    Fictional.Comment(""),
                },
            });

        var found = Found.InFacebook(export.Zip());

        Assert.Equal(("comment", "Mine"), (found.Only.Kind, found.Only.Text));
        Assert.Equal(1, found.LeftOutAs("entries by others"));
        Assert.Equal(1, found.LeftOutAs("comments without words (stickers, pictures)"));
        Assert.Empty(found.Only.Persons);
    }

    [Fact]
    public void Without_a_profile_nobody_can_say_whose_comments_they_are()
    {
        using var export = new ExportFolder()
            .With(Fictional.Comments, new { comments_v2 = new[] { Fictional.Comment("Mine?") } });

        var found = Found.Of(Content.Exports.FacebookExport.Read([export.Zip()], new(Account.Parse("facebook:1"))));

        Assert.Empty(found.Items);
        Assert.Equal(1, found.LeftOutAs("entries whose author cannot be compared (the export has no profile)"));
    }

    /// <summary><c>--audience public</c> does not mean what was said in a group.</summary>
    [Theory]
    [InlineData("Group")]
    [InlineData("Groep")]
    public void A_comment_in_a_group_that_is_told_by_labels_has_the_group_as_audience(string label)
    {
        using var export = Fictional.Facebook().With(Fictional.Comments, new object[]
        {
            new
            {
                timestamp = 9,
                media = Array.Empty<object>(),
                label_values = new object[]
                {
                    new { label = "Comment", value = "In here" },
                    new { label, value = "Secret group" },
                },
                fbid = "77",
            },
        });

        Assert.Equal("group", Assert.Single(Found.InFacebook(export.Zip()).Items).Audience);
    }

    [Fact]
    public void What_is_written_in_a_group_has_the_group_as_audience_wherever_it_is_told()
    {
        var inGroup = new
        {
            timestamp = 9,
            data = new[]
            {
                new { comment = new { timestamp = 9, comment = "In here", author = Owner, group = "Grúpa" } },
            },
        };
        using var export = Fictional.Facebook()
            .With(
                "your_facebook_activity/groups/your_comments_in_groups.json",
                new { group_comments_v2 = new[] { inGroup } })
            .With(
                "your_facebook_activity/groups/group_posts_and_comments.json",
                new { group_posts_v2 = new[] { Fictional.Post("Hello group") } })
            .With(Fictional.Comments, new
            {
                comments_v2 = new object[]
                {
                    inGroup,
                    Fictional.Comment("In here", timestamp: 9),
                    new
                    {
                        timestamp = 8,
                        data = new[]
                        {
                            new
                            {
                                comment = new { timestamp = 8, comment = "Only here", author = Owner, group = "Grúpa" },
                            },
                        },
                    },
                },
            });

        var found = Found.InFacebook(export.Zip());

        Assert.Equal(["Hello group", "In here", "In here", "Only here"], found.Texts.Order());
        Assert.Equal(3, found.Items.Count(item => item.Audience == "group"));
        // Twice the same words in the second comments.json are two comments: the second one is not known to be in a
        // group.
        Assert.Equal("unknown", found.Items.Single(item => item.Audience != "group").Audience);
    }

    [Fact]
    public void Comments_under_a_photo_are_the_owners_and_told_once()
    {
        var photo = new
        {
            uri = "a.jpg",
            creation_timestamp = 5,
            description = "Sunset",
            comments = new[]
            {
                new { timestamp = 1_700_000_000, comment = "Thanks", author = Owner },
                new { timestamp = 7, comment = "Lovely", author = "Dóra Őrsi" },
            },
        };
        using var export = Fictional
            .FacebookPosts(new
            {
                timestamp = 1,
                data = new[] { new { post = "Sunset" } },
                attachments = new[] { new { data = new[] { new { media = photo } } } },
            })
            .With(Fictional.Comments, new { comments_v2 = new[] { Fictional.Comment("Thanks") } });

        var found = Found.InFacebook(export.Zip());

        Assert.Equal(["Sunset", "Thanks"], found.Texts.Order());
        Assert.Equal(1, found.LeftOutAs("entries by others"));
    }

    [Fact]
    public void A_comment_under_a_photo_is_seen_by_whom_the_post_is_and_is_nobodys_without_an_author()
    {
        var photo = new
        {
            uri = "a.jpg",
            creation_timestamp = 5,
            comments = new object[]
            {
                new { timestamp = 6, comment = "Thanks", author = Owner },
                new { timestamp = 7, comment = "Whose?" },
                new { timestamp = 8, comment = "And whose?", author = "" },
            },
        };
        using var export = Fictional.Facebook().With(
            "your_facebook_activity/groups/group_posts_and_comments.json",
            new
            {
                group_posts_v2 = new[]
                {
                    new
                    {
                        timestamp = 1,
                        data = new[] { new { post = "In a group" } },
                        attachments = new[] { new { data = new[] { new { media = photo } } } },
                    },
                },
            });

        var found = Found.InFacebook(export.Zip());

        Assert.Equal(
            [("In a group", "group"), ("Thanks", "group")], found.Items.Select(item => (item.Text!, item.Audience)));
        Assert.Equal(2, found.LeftOutAs("entries by others"));
    }

    [Theory]
    [InlineData("Public", "public")]
    [InlineData("Öffentlich", "public")]
    [InlineData("Friends", "friends")]
    [InlineData("Only me", "private")]
    [InlineData("Klingon", "private")]
    public void An_audience_that_the_export_states_is_taken_and_an_unknown_word_is_never_the_public(
        string stated, string audience)
    {
        using var export = Fictional.Facebook().With("your_facebook_activity/posts/check-ins.json", new[]
        {
            new
            {
                timestamp = 1_700_000_000,
                media = Array.Empty<object>(),
                label_values = new object[]
                {
                    new { label = "Message", value = "At the sea" },
                    new { label = "Audience", value = stated },
                    new { label = "Place tags", dict = new[] { new { label = "Name", value = "Nida" } } },
                },
                fbid = "987654321",
            },
        });

        var item = Found.InFacebook(export.Zip()).Only;

        Assert.Equal((audience, "At the sea", "post"), (item.Audience, item.Text, item.Kind));
        Assert.Empty(item.Persons);
    }

    [Fact]
    public void A_check_in_without_a_message_has_no_words_of_the_owner_and_a_single_one_may_be_no_list()
    {
        using var export = Fictional.Facebook()
            .With("your_facebook_activity/posts/check-ins.json", new
            {
                timestamp = 1,
                media = Array.Empty<object>(),
                label_values = new object[] { new { label = "Message", value = "Alone in its file" } },
                fbid = "5",
            })
            .With("posts/check-ins.json", new[]
            {
                new
                {
                    timestamp = 1,
                    label_values = new[]
                    {
                        new { label = "Place name", value = "Nida" },
                        new { label = "Name of application used to tag this place", value = "Facebook for iPhone" },
                    },
                },
            });

        var found = Found.InFacebook(export.Zip());

        Assert.Equal(["Alone in its file"], found.Texts);
        Assert.Equal(1, found.LeftOutAs("entries without words of the owner"));
    }

    [Fact]
    public void A_places_description_and_another_authors_entry_are_not_the_owners_words()
    {
        using var export = Fictional.Facebook()
            .With("your_facebook_activity/comments_and_reactions/comments.json", new object[]
            {
                new
                {
                    timestamp = 1,
                    label_values = new object[]
                    {
                        new { label = "Comment", value = "Mine" }, new { label = "Author", value = Owner },
                    },
                },
                new
                {
                    timestamp = 2,
                    label_values = new object[]
                    {
                        new { label = "Comment", value = "Not mine" },
                        new { label = "Author", value = "Dóra Őrsi" },
                    },
                },
                new
                {
                    timestamp = 3,
                    label_values = new object[]
                    {
                        new
                        {
                            title = "Place",
                            dict = new[] { new { label = "Description", value = "A bar by the sea" } },
                        },
                    },
                },
                new
                {
                    timestamp = 4,
                    label_values = new object[]
                    {
                        new
                        {
                            title = "Comment",
                            dict = new[] { new { label = "?", value = "In a group of its own" } },
                        },
                    },
                },
            });

        var found = Found.InFacebook(export.Zip());

        Assert.Equal(["Mine", "In a group of its own"], found.Texts);
        Assert.Equal(1, found.LeftOutAs("entries by others"));
        Assert.Equal(1, found.LeftOutAs("entries without words of the owner"));
    }

    [Fact]
    public void Nothing_but_the_owners_published_words_is_taken_and_each_kind_is_named_with_its_count()
    {
        const string secret = "never to be seen";
        using var export = Fictional.FacebookPosts(
                Fictional.Post("Hello"),
                new
                {
                    timestamp = 2,
                    data = Array.Empty<object>(),
                    attachments = new[]
                    {
                        new
                        {
                            data = new[]
                            {
                                new { external_context = new { name = secret, url = "https://example.org" } },
                            },
                        },
                    },
                },
                new { timestamp = 3, data = new[] { new { update_timestamp = 3 } } },
                new
                {
                    timestamp = 4,
                    data = new[] { new { post = "Look" } },
                    attachments = new[] { new { data = new[] { new { text = secret } } } },
                })
            .With("your_facebook_activity/messages/inbox/dora_1/message_1.json", new
            {
                participants = new[] { new { name = "a" }, new { name = "b" } },
                messages = new[] { new { content = secret }, new { content = secret }, new { content = secret } },
                title = "x",
            })
            .With(
                "logged_information/search/your_search_history.json",
                new { searches_v2 = new[] { new { data = new[] { new { text = secret } } } } })
            .With("ads_information/ads_interests.json", new { topics_v2 = new[] { secret, secret } })
            .With(
                "your_facebook_activity/comments_and_reactions/likes_and_reactions_1.json",
                new[] { new { title = secret } })
            .With(
                "your_facebook_activity/posts/other_people's_posts_to_your_timeline.json",
                new { wall_posts_sent_to_you = new[] { Fictional.Post(secret) } })
            .With(
                "your_facebook_activity/posts/places_you_have_been_tagged_in.json",
                new[] { new { label_values = new[] { new { label = "Place name", value = secret } } } })
            .With(
                "your_facebook_activity/saved_items_and_collections/your_saved_items.json",
                new { saves_v2 = new[] { new { title = secret } } })
            .With(
                "your_facebook_activity/polls/polls_you_voted_on.json",
                new { poll_votes_v2 = new[] { new { title = secret } } })
            .With("your_facebook_activity/brand_new_2031/x.json", new { things = new[] { secret } })
            .WithText("your_facebook_activity/messages/broken.json", "{\"messages\": [1, 2")
            .WithText("start_here.html", "<html></html>");

        var found = Found.InFacebook(export.Zip());

        Assert.Equal(["Hello", "Look"], found.Texts.Order());
        Assert.DoesNotContain(
            secret, JsonSerializer.Serialize((object[])[found.Items, found.Rejects, found.LeftOut]),
            StringComparison.Ordinal);
        Assert.Equal(3 + 1, found.LeftOutAs("messages")); // One was whole before the broken file ends.
        Assert.Equal(1, found.LeftOutAs("searches"));
        Assert.Equal(2, found.LeftOutAs("ads, topics and interests"));
        Assert.Equal(1, found.LeftOutAs("likes and reactions"));
        Assert.Equal(1 + 1, found.LeftOutAs("other people's posts and tags"));
        Assert.Equal(1, found.LeftOutAs("saved things"));
        Assert.Equal(1, found.LeftOutAs("polls and sticker answers"));
        Assert.Equal(1, found.LeftOutAs("unknown kind of file"));
        Assert.Equal(1, found.LeftOutAs("page for a browser"));
        Assert.Equal(2, found.LeftOutAs("entries without words of the owner"));
        Assert.Equal(1, found.LeftOutAs("texts attached to posts (whose, the export does not say)"));
    }

    [Theory]
    [InlineData(
        "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json",
        "your_facebook_activity/comments_and_reactions/comments.json",
        "your_facebook_activity/groups/group_posts_and_comments.json",
        "personal_information/profile_information/profile_information.json")]
    [InlineData(
        "posts/your_posts_1.json", "comments/comments.json", "groups/your_posts_and_comments_in_groups.json",
        "profile_information/profile_information.json")]
    [InlineData(
        "facebook-jurate/posts/your_posts.json", "facebook-jurate/comments_and_reactions/comments.json",
        "facebook-jurate/groups/your_posts_and_comments_in_groups.json",
        "facebook-jurate/profile_information/profile_information.json")]
    public void The_layouts_of_2018_to_2025_say_the_same(string posts, string comments, string groups, string profile)
    {
        using var export = new ExportFolder()
            .With(profile, new
            {
                profile = new
                {
                    name = new { full_name = Owner },
                    profile_uri = "https://www.facebook.com/people/X/100044123/",
                },
            })
            .With(posts, new { status_updates = new[] { Fictional.Post("Post") } })
            .With(comments, new { comments = new[] { Fictional.Comment("Comment") } })
            .With(groups, new { group_posts = new { activity_log_data = new[] { Fictional.Post("Group") } } });
        using var today = Fictional.FacebookPosts(Fictional.Post("Post"))
            .With(Fictional.Comments, new { comments_v2 = new[] { Fictional.Comment("Comment") } })
            .With(
                "your_facebook_activity/groups/group_posts_and_comments.json",
                new { group_posts_v2 = new[] { Fictional.Post("Group") } });

        var (then, now) = (Found.InFacebook(export.Zip()), Found.InFacebook(today.Zip()));

        Assert.Equal(
            now.Items.Select(item => (item.ItemId, item.Kind, item.Audience, item.Text)),
            then.Items.Select(item => (item.ItemId, item.Kind, item.Audience, item.Text)));
        Assert.Equal(3, then.Items.Count);
    }

    [Theory]
    [InlineData("""{"data": [{"post": "a"}]}""", 1, 0)]
    [InlineData("""{"label_values": "Message"}""", 1, 0)]
    [InlineData("""{"status_updates": {"data": [{"post": "a"}], "title": "b"}}""", 1, 0)]
    [InlineData("""{"status_updates": {"new": [{"timestamp": 1}, {"timestamp": 2}], "at": 7}}""", 0, 2)]
    [InlineData("""{"status_updates": {"activity_log_data": [], "new": ["a", "b"]}}""", 0, 2)]
    [InlineData("""{"status_updates": null}""", 0, 1)]
    [InlineData("""{"status_updates": [], "said": "words", "at": 7, "none": ""}""", 0, 1)]
    [InlineData("null", 0, 1)]
    [InlineData("\"words\"", 0, 1)]
    public void What_a_file_says_beside_its_lists_is_rejected_or_counted(string content, int rejected, int leftOut)
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("good")).WithText("posts/check-ins.json", content);

        var found = Found.InFacebook(export.Zip());

        Assert.Equal("good", found.Only.Text);
        Assert.Equal(rejected, found.Rejects.Count);
        Assert.All(found.Rejects, reject => Assert.Equal(1, reject.Line));
        Assert.Equal(leftOut, found.LeftOutAs(Content.Exports.ExportReading.Beside));
    }

    [Fact]
    public void A_single_entry_in_the_place_of_its_list_is_read_and_what_others_wrote_on_ones_wall_is_not()
    {
        using var export = Fictional.Facebook()
            .With(Fictional.Comments, new { comments_v2 = Fictional.Comment("Comment") })
            .With(Fictional.Posts, new
            {
                wall_posts_sent_to_you = new { activity_log_data = new[] { Fictional.Post("Not mine") } },
            });

        var found = Found.InFacebook(export.Zip());

        Assert.Equal("Comment", found.Only.Text);
        Assert.Equal(1, found.LeftOutAs("other people's posts and tags"));
    }

    [Fact]
    public void Albums_and_attachments_are_counted_with_all_that_is_not_taken_of_them()
    {
        using var export = Fictional
            .FacebookPosts(new
            {
                timestamp = 1,
                data = new[] { new { post = "Vote!" } },
                attachments = new[]
                {
                    new { data = new object[] { new { poll = new { question = "Tea?" } }, new { new_in_2031 = "x" } } },
                },
            })
            .With("your_facebook_activity/posts/album/0.json", new
            {
                name = "Summer",
                photos = Array.Empty<object>(),
                cover_photo = new { uri = "a.jpg", creation_timestamp = 1 },
                last_modified_timestamp = 5,
                description = "",
                new_in_2031 = new { said = "x" },
            });

        var found = Found.InFacebook(export.Zip());

        Assert.Equal("Vote!", found.Only.Text);
        Assert.All(
            [
                "polls attached to posts", "attachments of an unknown kind", "names of albums", "covers of albums",
                Content.Exports.ExportReading.Beside,
            ],
            what => Assert.Equal(1, found.LeftOutAs(what)));
    }

    [Fact]
    public void Malformed_entries_of_other_peoples_tests_are_rejected_where_those_say_and_the_valid_are_not()
    {
        foreach (var line in File.ReadLines(SharedData.Path("social/deface_facebook_posts_cases.jsonl")))
        {
            var given = JsonNode.Parse(line)!;
            using var export = Fictional.FacebookPosts(given["post"]!, Fictional.Post("The next one"));

            var found = Found.InFacebook(export.Zip());

            Assert.Equal("The next one", found.Only.Text);
            var where = found.Rejects.Select(reject => $"{reject.Column} {reject.Reason}").SingleOrDefault();
            var expected = given["error"]?.GetValue<string>().Replace(
                "malformed.", "", StringComparison.Ordinal).Replace(" is not ", " ", StringComparison.Ordinal).Replace(
                " is neither integer nor float", " an integer or a float", StringComparison.Ordinal);
            if (expected?.Split(" is missing required field ") is [var at, var member])
                expected = $"{at}.{member} a value, as every such object does";
            Assert.Equal(expected, where);
        }
    }

    [Fact]
    public void Whatever_the_schemas_of_2018_allow_is_read()
    {
        var schemas = SharedData.Path("social/facebook_schemas_2018");
        using var export = new ExportFolder();
        var sample = new SchemaSample(schemas);
        foreach (var file in Directory.EnumerateFiles(schemas, "*.json", SearchOption.AllDirectories)
            .Where(file => !file.Contains("_partials", StringComparison.Ordinal)))
            export.With(Path.GetRelativePath(schemas, file)
                .Replace("album/album.json", "album/0.json", StringComparison.Ordinal)
                .Replace("your_posts.json", "your_posts_1.json", StringComparison.Ordinal), sample.Of(file)!);

        var found = Found.Of(Content.Exports.FacebookExport.Read([export.Zip()], new(Account.Parse("facebook:1"))));

        Assert.Empty(found.Rejects);
        Assert.Contains(found.Items, item => item is { Kind: "post", Audience: "unknown" });
        Assert.Contains(found.Items, item => item is { Kind: "post", Audience: "group" });
        Assert.Contains(found.Items, item => item is { Kind: "comment" });
        Assert.Contains(found.Items, item => item is { Kind: "caption" });
        Assert.Equal(0, found.LeftOutAs("unknown kind of file"));
    }

    private static object Photo(string post, string description, string file) =>
        new
        {
            timestamp = 1_700_000_000,
            data = new[] { new { post } },
            attachments = new[] { new { data = new[] { new { media = Medium(description, file) } } } },
        };

    private static object Medium(string description, string file) =>
        new
        {
            uri = $"your_facebook_activity/posts/media/{file}",
            creation_timestamp = 1_600_000_000,
            title = "",
            description,
            media_metadata = new { photo_metadata = new { exif_data = new[] { new { upload_ip = "192.0.2.1" } } } },
        };
}
