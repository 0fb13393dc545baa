namespace Aval.Tests.Exports;

/// <summary>
/// What the owner wrote on other people's pages, life events, and objects in which a name stands twice.
/// </summary>
public class ElsewhereTests
{
    private const string Elsewhere = "your_facebook_activity/posts/posts_on_other_pages_and_profiles.json";

    [Fact]
    public void Posts_on_other_pages_and_profiles_are_the_owners_and_for_whom_is_unknown()
    {
        using var export = Fictional.Facebook().With(Elsewhere, new object[]
        {
            LabelTests.Entry(1, ("Message", "Happy birthday"), ("Target", "Dóra Őrsi"), ("Audience", "Public")),
            LabelTests.Entry(2, ("Message", "Among friends"), ("Audience", "Friends")),
            new
            {
                timestamp = 3,
                label_values = new object[]
                {
                    new
                    {
                        label = "Media",
                        media = new[]
                        {
                            new { uri = "a.jpg", creation_timestamp = 3, description = "You, last summer" },
                        },
                    },
                    new { title = "Target", dict = new[] { new { label = "Name", value = "Séamus" } } },
                },
            },
            LabelTests.Entry(4, ("Target", "Dóra Őrsi")),
        });

        var found = Found.InFacebook(export.Zip());

        Assert.Equal([("post", "Happy birthday", "unknown"), ("post", "Among friends", "friends"), ("caption",
            "You, last summer", "unknown")], found.Items.Select(item => (item.Kind, item.Text!, item.Audience)));
        Assert.Equal(
            ["outside:Dóra_Őrsi", "", "outside:Séamus"],
            found.Items.Select(item => string.Join(';', item.Persons.Select(person => person.Account))));
        Assert.Equal(1, found.LeftOutAs("entries without words of the owner"));
        Assert.Equal(0, found.LeftOutAs("other people's posts and tags"));
    }

    [Theory]
    [InlineData("Public", "unknown")]
    [InlineData("", "unknown")]
    [InlineData("Friends", "friends")]
    public void A_post_on_another_page_is_not_public_because_it_is_told_as_a_public_one_too(string here, string seen)
    {
        (string, string)[] words = [("Message", "Happy birthday"), ("Target", "Dóra Őrsi")];
        using var export = Fictional.Facebook()
            .With(Fictional.Posts, new[] { LabelTests.Entry(1, [.. words, ("Audience", "Public")]) })
            .With(Elsewhere, new[] { LabelTests.Entry(1, here.Length > 0 ? [.. words, ("Audience", here)] : words) });

        Assert.Equal(seen, Found.InFacebook(export.Zip()).Only.Audience);
    }

    [Fact]
    public void A_comment_under_a_photo_on_another_page_is_not_public_either()
    {
        using var export = Fictional.Facebook().With(Elsewhere, new[]
        {
            new
            {
                timestamp = 1,
                data = Array.Empty<object>(),
                attachments = new[]
                {
                    new
                    {
                        data = new[]
                        {
                            new
                            {
                                media = new
                                {
                                    uri = "a.jpg",
                                    comments = new[]
                                    {
                                        new
                                        {
                                            timestamp = 2,
                                            comment = "Well done",
                                            author = "Jūratė Ōmori",
                                            privacy = "Public",
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        });

        Assert.Equal("unknown", Found.InFacebook(export.Zip()).Only.Audience);
    }

    [Fact]
    public void A_life_events_title_is_the_platforms_phrase_and_its_description_the_owners_words()
    {
        using var export = Fictional.FacebookPosts(
            Life(1, "", "Started New Job at Fictional Ltd", "So happy!"), Life(2, "", "Moved", ""),
            Life(3, "Look", "Married", "Look"), Life(4, "Look", "Married", "At last"));

        var found = Found.InFacebook(export.Zip());

        Assert.Equal(["So happy!", "Look", "Look\nAt last"], found.Texts);
        Assert.Equal(["life.jpg"], found.Items[0].Media.Select(media => media.Uri));
        Assert.Equal(4, found.LeftOutAs("titles of life events (made by the platform's form)"));
        Assert.Equal(1, found.LeftOutAs("entries without words of the owner"));

        static object Life(long time, string post, string title, string description) => new
        {
            timestamp = time,
            title = $"Jūratė Ōmori added a life event from 13 April 2023: {title}",
            data = post.Length > 0 ? new object[] { new { post } } : [],
            attachments = new[]
            {
                new
                {
                    data = new[]
                    {
                        new { life_event = new { title, description, photos = new[] { new { uri = "life.jpg" } } } },
                    },
                },
            },
        };
    }

    [Theory]
    [InlineData("""{"timestamp": 2, "data": [{"post": "a"}], "data": [{"post": "b"}]}""", "data")]
    [InlineData("""{"timestamp": 2, "data": [{"post": "a", "post": "b"}]}""", "post")]
    [InlineData("""{"timestamp": 2, "data": [{"post": "a"}], "tags": [{"name": "Dóra", "name": "Séamus"}]}""", "name")]
    [InlineData("""{"timestamp": 2, "data": [{"post": "a"}], "new_in_2031": {"deep": {"x": 1, "x": 2}}}""", "x")]
    [InlineData(
        """{"timestamp": 2, "label_values": [{"label": "Message", "value": "a"}, {"title": "Tags", "dict": [{"label": "Name", "value": "Dóra", "value": "Séamus"}]}]}""",
        "value")]
    [InlineData(
        """{"timestamp": 2, "label_values": [{"label": "Media", "media": [{"uri": "a.jpg", "description": "a", "description": "b"}]}]}""",
        "description")]
    public void An_object_in_which_a_name_stands_twice_is_rejected_at_every_depth(string entry, string name)
    {
        using var export = Fictional.Facebook()
            .WithText(Fictional.Posts, $"[\n{{\"timestamp\": 1, \"data\": [{{\"post\": \"good\"}}]}},\n{entry}]");
        using var single = Fictional.FacebookPosts(Fictional.Post("good")).WithText("posts/check-ins.json", entry);

        foreach (var found in new[] { Found.InFacebook(export.Zip()), Found.InFacebook(single.Zip()) })
        {
            Assert.Equal("good", found.Only.Text);
            var reject = Assert.Single(found.Rejects);
            Assert.Equal("an object in which each name stands once", reject.Reason);
            Assert.Contains($"\"{name}\" twice", reject.Found, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_comment_in_which_a_label_stands_twice_is_rejected_and_a_profile_is_refused()
    {
        using var comment = Fictional.Instagram().WithText(
            Fictional.InstagramComments,
            """[{"string_map_data": {"Comment": {"value": "a"}, "Comment": {"value": "b"}, "Time": {"timestamp": 5}}}]""");
        using var profile = new ExportFolder().With(Fictional.InstagramPosts, Array.Empty<object>())
            .WithText(
                "personal_information/personal_information/personal_information.json",
                """{"profile_user": [{"string_map_data": {"Username": {"value": "ann"}, "Username": {"value": "bob"}}}]}""");

        Assert.Equal(
            "an object in which each name stands once", Assert.Single(Found.InInstagram(comment.Zip()).Rejects).Reason);
        var refused = Assert.Throws<AvalException>(() => Found.InInstagram(profile.Zip()));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("\"Username\" twice", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("your_instagram_activity/media/posts.json")]
    [InlineData("your_instagram_activity/media/reels.json")]
    public void The_newer_files_are_held_to_the_limits_too(string file)
    {
        var deep = string.Concat(Enumerable.Repeat("{\"dict\": [", 40)) + string.Concat(Enumerable.Repeat("]}", 40));
        using var nested = Fictional.Instagram().WithText(file, $"[{{\"timestamp\": 1, \"label_values\": [{deep}]}}]");
        using var wide = Fictional.Instagram().WithText(file, "[{\"timestamp\": 1, \"label_values\": [{\"label\": "
            + $"\"Media\", \"media\": [{{\"uri\": \"a\", \"title\": \"{new string('y', 17 << 20)}\"}}]}}]}}]");

        Assert.Contains("the limit is a depth of 64", Refused(nested), StringComparison.Ordinal);
        Assert.Contains("the limit is 16777216 bytes", Refused(wide), StringComparison.Ordinal);

        static string Refused(ExportFolder export)
        {
            var refused = Assert.Throws<AvalException>(() => Found.InInstagram(export.Zip()));
            Assert.Equal(ExitCode.BadInput, refused.Exit);
            return refused.Message;
        }
    }
}
