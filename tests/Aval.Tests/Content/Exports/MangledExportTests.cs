using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aval.Content;

namespace Aval.Tests.Exports;

/// <summary>Exports in which one value, anywhere, is another than it should be.</summary>
public class MangledExportTests
{
    private const string Facebook = """
        {
          "personal_information/profile_information/profile_information.json": {"profile_v2": {"name": {"full_name": "Ann Other"}, "previous_names": [{"name": "Ann Old"}], "username": "ann", "profile_uri": "https://www.facebook.com/ann", "birthday": {"year": 1980}}},
          "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json": [{"timestamp": 1, "title": "t", "tags": [{"name": "Bob"}], "data": [{"post": "Hi @[100055:2048:Bob]"}, {"update_timestamp": 2}], "attachments": [{"data": [{"media": {"uri": "a.jpg", "description": "D", "creation_timestamp": 3, "comments": [{"timestamp": 4, "comment": "c", "author": "Ann Other"}]}}, {"place": {"name": "p"}}]}]}],
          "your_facebook_activity/posts/check-ins.json": [{"timestamp": 5, "media": [{"uri": "b.jpg"}], "label_values": [{"label": "Message", "value": "m"}, {"title": "With", "dict": [{"label": "Name", "value": "Bob"}]}, {"label": "Audience", "value": "Public"}], "fbid": "77"}],
          "your_facebook_activity/posts/posts_on_other_pages_and_profiles.json": [{"timestamp": 9, "label_values": [{"label": "Message", "value": "o"}, {"label": "Target", "value": "Bob"}, {"title": "Media", "dict": [{"dict": [{"label": "Media", "media": [{"uri": "f.jpg", "description": "F", "creation_timestamp": 3}]}]}]}], "fbid": "78"}],
          "your_facebook_activity/posts/album/0.json": {"name": "n", "photos": [{"uri": "c.jpg", "description": "E", "creation_timestamp": 6}], "description": "x"},
          "your_facebook_activity/groups/group_posts_and_comments.json": {"group_posts_v2": [{"timestamp": 7, "data": [{"post": "g"}]}]},
          "your_facebook_activity/comments_and_reactions/comments.json": {"comments_v2": [{"timestamp": 8, "data": [{"comment": {"timestamp": 8, "comment": "k", "author": "Ann Other", "group": "G"}}]}]},
          "your_facebook_activity/messages/inbox/x/message_1.json": {"messages": [{"content": "secret"}]}
        }
        """;

    private const string Instagram = """
        {
          "personal_information/personal_information/personal_information.json": {"profile_user": [{"string_map_data": {"Username": {"value": "ann"}, "Name": {"value": "Ann Other"}, "Private Account": {"value": "False"}}}]},
          "your_instagram_activity/media/posts_1.json": [{"media": [{"uri": "a.jpg", "creation_timestamp": 1, "title": "Hi @bob"}]}, {"media": [{"uri": "b.jpg", "creation_timestamp": 2, "title": "own"}, {"uri": "c.jpg", "title": ""}], "title": "T", "creation_timestamp": 3}],
          "your_instagram_activity/media/posts.json": [{"timestamp": 8, "media": [], "label_values": [{"label": "Media", "media": [{"uri": "g.jpg", "creation_timestamp": 8, "title": "L"}]}, {"title": "Media", "dict": [{"dict": [{"label": "Media", "media": [{"uri": "h.jpg", "title": "M"}]}]}]}, {"label": "Draft", "value": "False"}], "fbid": "79"}],
          "your_instagram_activity/media/stories.json": {"ig_stories": [{"uri": "d.jpg", "creation_timestamp": 4, "title": "S"}]},
          "your_instagram_activity/comments/post_comments_1.json": [{"media_list_data": [{"uri": ""}], "string_map_data": {"Comment": {"value": "k"}, "Media Owner": {"value": "bob"}, "Time": {"timestamp": 5}}}, {"title": "bob", "string_list_data": [{"value": "l", "timestamp": 6}]}, {"label_values": [{"label": "Comment", "value": "m"}, {"title": "Media Owner", "dict": [{"dict": [{"label": "Username", "value": "bob"}]}]}, {"label": "Time", "timestamp_value": 7}]}],
          "media.json": {"photos": [{"caption": "f", "taken_at": "2019-05-01T12:00:00+00:00", "path": "e.jpg"}]},
          "comments.json": {"media_comments": [["2019-05-01T12:00:00+00:00", "g", "bob"]]}
        }
        """;

    private static readonly JsonSerializerOptions Unescaped =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Values = [
        "null", "true", "0", "-1", "1e999", "9223372036854775808", "1.5", "\"\"", "\" \"", "\"x\"", "\"\\u0000\"",
        "\"\\ud83d\"", "\"@[1:2:3]@[99:]@[:]\"", "[]", "[[]]", "{}", "{\"value\": {}}", "[{\"label_values\": [[]]}]",
        "{\"timestamp\": \"x\"}",
    ];

    [Fact]
    public void Facebooks_entries_are_taken_or_rejected_whatever_one_of_their_values_is() =>
        Mangle(Facebook, Found.InFacebook, 9);

    [Fact]
    public void Instagrams_entries_are_taken_or_rejected_whatever_one_of_their_values_is() =>
        Mangle(Instagram, Found.InInstagram, 11);

    private static void Mangle(string export, Func<string[], Found> read, int whole)
    {
        Assert.Equal(whole, Read(export, read).Count);
        var places = JsonNode.Parse(export)!.AsObject().Sum(file => Below(file.Value!).Count());
        foreach (var (place, value) in Enumerable.Range(0, places)
            .SelectMany(place => Values.Select(value => (place, value))))
        {
            var mangled = JsonNode.Parse(export)!.AsObject();
            Assert.All(
                Read(With(value, mangled.SelectMany(file => Below(file.Value!)).ElementAt(place), mangled), read),
                item =>
                {
                    Assert.True(Identifier.IsValid(item.ItemId));
                    Assert.False(string.IsNullOrWhiteSpace(item.Text));
                    Assert.DoesNotContain('\0', item.Text);
                    Assert.Contains(item.Kind, Vocabulary.Kinds);
                    Assert.Contains(item.Audience, Vocabulary.Audiences);
                    Assert.All(item.Persons, person => Assert.True(
                        Account.TryParse(person.Account, out _) && Vocabulary.Roles.Contains(person.Role)));
                    Assert.DoesNotContain("secret", item.Text, StringComparison.Ordinal);
                });
        }
    }

    private static IReadOnlyList<ItemRow> Read(string export, Func<string[], Found> read)
    {
        using var folder = new ExportFolder();
        // As text, since what is mangled need not be writable in any other way.
        foreach (var (path, content) in Files(export))
            folder.WithText(path, content);
        return Given(() => read([folder.Zip(level: CompressionLevel.NoCompression)]).Items);
    }

    // An import may be refused as a whole (nobody's profile, no such number); it may not crash.
    private static IReadOnlyList<ItemRow> Given(Func<IReadOnlyList<ItemRow>> read)
    {
        try
        {
            return read();
        }
        catch (AvalException refused)
        {
            Assert.Equal(ExitCode.BadInput, refused.Exit);
            return [];
        }
    }

    private static IEnumerable<(string Path, string Content)> Files(string export)
    {
        using var document = JsonDocument.Parse(export);
        return [.. document.RootElement.EnumerateObject().Select(file => (file.Name, file.Value.GetRawText()))];
    }

    private static IEnumerable<JsonNode> Below(JsonNode node) =>
        (node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray list => list,
            _ => Enumerable.Empty<JsonNode?>(),
        })
            .OfType<JsonNode>()
            .SelectMany(inner => Below(inner).Prepend(inner));

    // A mark is put where the value goes: some of the values could not be parsed into a node.
    private static string With(string value, JsonNode node, JsonNode root)
    {
        const string mark = "‹here›";
        node.ReplaceWith(mark);
        return root.ToJsonString(Unescaped).Replace($"\"{mark}\"", value, StringComparison.Ordinal);
    }
}
