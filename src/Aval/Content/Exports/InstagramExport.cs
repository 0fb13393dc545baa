using System.Text.RegularExpressions;

namespace Aval.Content.Exports;

/// <summary>
/// "Download your information" of Instagram, in JSON: captions of posts, reels and stories, and comments. Layouts of
/// 2020–2025 (docs/formats/instagram.md).
/// </summary>
internal static partial class InstagramExport
{
    /// <summary>The service of its accounts and items.</summary>
    public const string Service = "instagram";

    internal static ExportFormat Format { get; } = new(
        Service,
        "Instagram",
        new HashSet<string>(StringComparer.Ordinal)
        {
            "your_instagram_activity", "personal_information", "connections", "preferences", "logged_information",
            "security_and_login_information", "ads_information", "apps_and_websites_off_of_instagram",
            "account_information", "ads_and_businesses", "ads_and_topics", "ads_and_content", "apps_and_websites",
            "autofill_information", "avatars_store", "comments", "comments_settings", "contacts", "content",
            "device_information", "digital_wallets", "events",
            "followers_and_following", "fundraisers", "guides", "information_about_you", "likes",
            "login_and_account_creation", "loyalty_accounts", "media", "messages", "monetization",
            "past_instagram_insights", "recent_searches", "recent_search", "reports", "saved", "shopping",
            "story_sticker_interactions", "threads", "your_topics", "other_activity", "subscriptions", "photos",
            "videos", "stories", "direct", "profile",
        },
        path => KindOf(path) != InstagramFile.Other,
        InstagramProfile.Is,
        InstagramProfile.Owner,
        Items);

    /// <summary>Reads one export.</summary>
    /// <param name="paths">All its parts: zips and unpacked folders.</param>
    /// <param name="options">What is stated about it.</param>
    /// <exception cref="AvalException">Usage or bad input; nothing was imported.</exception>
    public static IncomingExport Read(IReadOnlyList<string> paths, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(options);
        return Format.Read(paths, options, FacebookExport.Format);
    }

    private static InstagramFile KindOf(string path) => path switch
    {
        _ when PostFile().IsMatch(path) => InstagramFile.Posts,
        _ when StoryFile().IsMatch(path) => InstagramFile.Stories,
        _ when CommentFile().IsMatch(path) => InstagramFile.Comments,
        _ when FlatMedia().IsMatch(path) => InstagramFile.FlatMedia,
        _ when FlatComments().IsMatch(path) => InstagramFile.FlatComments,
        _ => InstagramFile.Other,
    };

    private static IEnumerable<ItemRow> Items(ExportReading reading, ExportFiles files, ExportLimits limits)
    {
        foreach (var (file, kind) in files.All.Where(file => file.Length > 0)
            .Select(file => (File: file, Kind: KindOf(file.Path)))
            .Where(file => file.Kind != InstagramFile.Other)
            .OrderBy(file => file.Kind))
        {
            reading.Begin();
            // The layout of 2020 writes its text as it is; all later ones break it.
            var repaired = kind is not (InstagramFile.FlatMedia or InstagramFile.FlatComments);
            foreach (var item in ExportFormat.Entries(file, repaired, limits)
                .SelectMany(element => Entry(element, kind, file, reading)))
                yield return item;
        }
    }

    private static IEnumerable<ItemRow> Entry(
        Element element, InstagramFile kind, ExportFile file, ExportReading reading)
    {
        if (element.IsRest)
        {
            reading.LeaveOutBeside(element.Value, file);
            return [];
        }

        return kind switch
        {
            InstagramFile.Comments => InstagramEntries.Comment(element.Value, file, reading),
            InstagramFile.FlatComments => InstagramEntries.FlatComment(element.Value, file, reading),
            InstagramFile.FlatMedia => InstagramEntries.FlatMedium(element, file, reading),
            InstagramFile.Posts => InstagramEntries.Post(element.Value, "post", file, reading),
            InstagramFile.Stories => InstagramEntries.Post(element.Value, "caption", file, reading),
            InstagramFile.Other => [],
        };
    }

    private const RegexOptions Loose = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"(^|/)(media|content)/posts(_\d+)?\.json$", Loose)]
    private static partial Regex PostFile();

    [GeneratedRegex(
        @"(^|/)(media|content)/(stories|reels|igtv_videos|igtv|other_content|profile_photos)(_\d+)?\.json$", Loose)]
    private static partial Regex StoryFile();

    [GeneratedRegex(@"(^|/)comments/(post|reels?|igtv|live|media)_comments(_\d+)?\.json$", Loose)]
    private static partial Regex CommentFile();

    [GeneratedRegex(@"^([^/]+/)?media\.json$", Loose)]
    private static partial Regex FlatMedia();

    [GeneratedRegex(@"^([^/]+/)?comments\.json$", Loose)]
    private static partial Regex FlatComments();
}
