using System.Text.RegularExpressions;

namespace Aval.Content.Exports;

/// <summary>
/// "Download your information" of Facebook, in JSON: what the owner wrote in posts, comments, groups, stories,
/// check-ins and with photos and videos. Layouts of 2018–2025 (docs/formats/facebook.md).
/// </summary>
internal static partial class FacebookExport
{
    /// <summary>The service of its accounts and items.</summary>
    public const string Service = "facebook";

    internal static ExportFormat Format { get; } = new(
        Service,
        "Facebook",
        new HashSet<string>(StringComparer.Ordinal)
        {
            "your_facebook_activity", "your_activity_across_facebook", "personal_information", "connections",
            "preferences", "logged_information", "security_and_login_information", "ads_information",
            "apps_and_websites_off_of_facebook",
            "posts", "comments", "comments_and_reactions", "groups", "photos_and_videos", "profile_information",
            "messages", "about_you", "ads", "ads_and_businesses", "apps_and_websites", "calls_and_messages", "events",
            "facebook_gaming",
            "following_and_followers", "friends", "friends_and_followers", "likes_and_reactions", "location",
            "location_history", "marketplace", "other_activity", "other_logged_information",
            "other_personal_information", "pages", "payment_history",
            "facebook_payments", "polls", "reels", "saved_items", "saved_items_and_collections", "search",
            "search_history", "shops_questions_&_answers", "short_videos", "stories", "your_places",
            "your_problem_reports", "your_topics", "notifications", "archive",
        },
        path => KindOf(path) != FacebookFile.Other,
        FacebookProfile.Is,
        FacebookProfile.Owner,
        Items);

    /// <summary>Reads one export.</summary>
    /// <param name="paths">All its parts: zips and unpacked folders.</param>
    /// <param name="options">What is stated about it.</param>
    /// <exception cref="AvalException">Usage or bad input; nothing was imported.</exception>
    public static IncomingExport Read(IReadOnlyList<string> paths, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(options);
        return Format.Read(paths, options, InstagramExport.Format);
    }

    internal static FacebookFile KindOf(string path) => path switch
    {
        _ when GroupFile().IsMatch(path) => FacebookFile.Group,
        _ when PostFile().IsMatch(path) => FacebookFile.Post,
        _ when ElsewhereFile().IsMatch(path) => FacebookFile.Elsewhere,
        _ when StoryFile().IsMatch(path) => FacebookFile.Story,
        _ when CommentFile().IsMatch(path) => FacebookFile.Comment,
        _ when PhotoFile().IsMatch(path) => FacebookFile.Photos,
        _ => FacebookFile.Other,
    };

    private static IEnumerable<ItemRow> Items(ExportReading reading, ExportFiles files, ExportLimits limits)
    {
        var captions = new List<(Entry Entry, ExportFile File)>();
        var ordered = files.All.Where(file => file.Length > 0).Select(file => (File: file, Kind: KindOf(file.Path)))
            .Where(file => file.Kind != FacebookFile.Other).OrderBy(file => file.Kind);
        foreach (var (file, kind) in ordered.Where(file => file.Kind != FacebookFile.Photos))
        {
            reading.Begin();
            foreach (var item in ExportFormat.Entries(file, repaired: true, limits)
                .SelectMany(element => FacebookEntries.Entry(element, kind, file, reading, captions)))
                yield return item;
        }

        // Only now is it known which descriptions of photos are a post's own words, told with the photo once more.
        foreach (var item in captions.SelectMany(caption => reading.Within(caption.Entry, caption.File)))
            yield return item;
        foreach (var (file, _) in ordered.Where(file => file.Kind == FacebookFile.Photos))
        {
            reading.Begin();
            foreach (var item in ExportFormat.Entries(file, repaired: true, limits)
                .SelectMany(element => FacebookEntries.Photo(element, file, reading)))
                yield return item;
        }
    }

    private const RegexOptions Loose = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"(^|/)groups/(group_posts_and_comments|your_posts_and_comments_in_groups|your_posts_in_groups"
        + @"|your_comments_in_groups)(_\d+)?\.json$", Loose)]
    private static partial Regex GroupFile();

    [GeneratedRegex(@"(^|/)posts/(your_posts(__check_ins__photos_and_videos)?|check[-_]ins)(_\d+)?\.json$", Loose)]
    private static partial Regex PostFile();

    [GeneratedRegex(@"(^|/)posts/posts_on_other_pages_and_profiles(_\d+)?\.json$", Loose)]
    private static partial Regex ElsewhereFile();

    [GeneratedRegex(@"(^|/)(stories/(archived_stories|your_stories|stories)|(reels|short_videos)/(your_)?(reels"
        + @"|short_videos))(_\d+)?\.json$", Loose)]
    private static partial Regex StoryFile();

    [GeneratedRegex(@"(^|/)comments(_and_reactions)?/comments(_\d+)?\.json$", Loose)]
    private static partial Regex CommentFile();

    [GeneratedRegex(@"(^|/)(posts|photos_and_videos)/((your_uncategorized_photos|your_photos|your_videos)(_\d+)?"
        + @"|album/[^/]+)\.json$", Loose)]
    private static partial Regex PhotoFile();
}
