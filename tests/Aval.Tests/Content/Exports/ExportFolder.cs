using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aval.Content;
using Aval.Content.Exports;

namespace Aval.Tests.Exports;

/// <summary>An export of a fictional person, made in code, with text broken as Meta breaks it.</summary>
internal sealed class ExportFolder : IDisposable
{
    private static readonly JsonSerializerOptions Escaped =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.Default };
    private readonly TemporaryFolder _folder = new();
    private readonly OrderedDictionary<string, byte[]> _files = [];

    public string Root => _folder.Path;

    /// <summary>
    /// A file with an object that is written as Meta's exporter does: each byte of UTF-8 an escape of its own.
    /// </summary>
    public ExportFolder With(string path, object content) => WithBytes(path, Meta(content));

    public ExportFolder WithText(string path, string content) => WithBytes(path, Encoding.UTF8.GetBytes(content));

    public ExportFolder WithBytes(string path, byte[] content)
    {
        _files[path] = content;
        return this;
    }

    public static byte[] Meta(object content) =>
        JsonSerializer.SerializeToUtf8Bytes(Break(JsonSerializer.SerializeToNode(content)), Escaped);

    /// <summary>The export as a folder.</summary>
    public string Folder(string name = "unpacked", string prefix = "")
    {
        foreach (var (path, content) in _files)
            Write(Path.Combine(Root, name, prefix + path), content);
        return Path.Combine(Root, name);
    }

    /// <summary>The export as the platform hands it out.</summary>
    public string Zip(
        string name = "export.zip", string prefix = "", Func<string, bool>? only = null,
        CompressionLevel level = CompressionLevel.Optimal)
    {
        var zip = Path.Combine(Root, name);
        using var archive = new ZipArchive(File.Create(zip), ZipArchiveMode.Create);
        foreach (var (path, content) in _files.Where(file => only?.Invoke(file.Key) ?? true))
        {
            using var entry = archive.CreateEntry(prefix + path, level).Open();
            entry.Write(content);
        }

        return zip;
    }

    public static void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        file.Write(content);
    }

    public void Dispose() => _folder.Dispose();

    private static JsonNode? Break(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(
            members.Select(member => KeyValuePair.Create(Break(member.Key), Break(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Break)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(
            Break(value.GetValue<string>())),
        null => null,
        _ => node.DeepClone(),
    };

    private static string Break(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}

/// <summary>What one import found.</summary>
internal sealed record Found(
    IReadOnlyList<ItemRow> Items, IReadOnlyList<Reject> Rejects, IReadOnlyList<LeftOut> LeftOut, AccountRow? Account)
{
    public static Found InFacebook(params string[] paths) => Of(FacebookExport.Read(paths, ExportOptions.None));

    public static Found InInstagram(params string[] paths) => Of(InstagramExport.Read(paths, ExportOptions.None));

    public static Found Of(IncomingExport export)
    {
        var items = export.Items.ToList();
        return new Found(items, export.Rejects(), export.LeftOut(), export.Account);
    }

    public ItemRow Only => Assert.Single(Items);

    public IEnumerable<string?> Texts => Items.Select(item => item.Text);

    public long LeftOutAs(string what) => LeftOut.Where(left => left.What == what).Sum(left => left.Count);
}

/// <summary>Exports that are alike but for what a test is about.</summary>
internal static class Fictional
{
    public const string Posts = "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json";
    public const string Comments = "your_facebook_activity/comments_and_reactions/comments.json";
    public const string InstagramPosts = "your_instagram_activity/media/posts_1.json";
    public const string InstagramComments = "your_instagram_activity/comments/post_comments_1.json";

    public static ExportFolder Facebook() =>
        new ExportFolder().With("personal_information/profile_information/profile_information.json", new
        {
            profile_v2 = new
            {
                name = new { full_name = "Jūratė Ōmori" },
                username = "jurate.o",
                profile_uri = "https://www.facebook.com/profile.php?id=100044123",
                birthday = new { year = 1980, month = 2, day = 3 },
            },
        });

    public static ExportFolder FacebookPosts(params object[] posts) => Facebook().With(Posts, posts);

    public static ExportFolder Instagram(string label = "Username", string privateAccount = "False") =>
        new ExportFolder().With("personal_information/personal_information/personal_information.json", new
        {
            profile_user = new[] { new Dictionary<string, object>
            {
                ["title"] = "",
                ["string_map_data"] = new Dictionary<string, object>
                {
                    ["Email"] = new { href = "", value = "jurate@example.org", timestamp = 0 },
                    [label] = new { href = "", value = "jurate.o", timestamp = 0 },
                    ["Name"] = new { href = "", value = "Jūratė Ōmori", timestamp = 0 },
                    ["Date of birth"] = new { href = "", value = "1980-02-03", timestamp = 0 },
                    ["Private Account"] = new { href = "", value = privateAccount, timestamp = 0 },
                },
            } },
        });

    public static object Post(string text, long timestamp = 1_700_000_000) =>
        new { timestamp, data = new[] { new { post = text } } };

    public static object Comment(string text, string author = "Jūratė Ōmori", long timestamp = 1_700_000_000) =>
        new
        {
            timestamp,
            data = new[] { new { comment = new { timestamp, comment = text, author } } },
            title = $"{author} replied to Séamus Ó Néill's comment.",
        };

    public static DateTimeOffset At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
