using System.Text.RegularExpressions;

namespace Aval.Content.Exports;

/// <summary>
/// The files that an importer knows and leaves out: each has a name, so that the book of an import says "messages:
/// 1,204" and not nothing. Only counted, never taken apart. The first that matches gives the name.
/// </summary>
internal static partial class LeftOutKinds
{
    /// <summary>What a JSON file is called that no importer knows.</summary>
    public const string Unknown = "unknown kind of file";

    private static readonly (Regex Path, string What)[] Kinds =
    [
        (Messages(), "messages"),
        (Searches(), "searches"),
        (Threads(), "Threads posts and replies"),
        (OtherPeople(), "other people's posts and tags"),
        (Viewed(), "things viewed"),
        (Likes(), "likes and reactions"),
        (Saved(), "saved things"),
        (Polls(), "polls and sticker answers"),
        (Archived(), "archived, deleted and edited versions"),
        (Ads(), "ads, topics and interests"),
        (Contacts(), "friends, followers and contacts"),
        (Places(), "places and events"),
        (Trade(), "trade and payments"),
        (Apps(), "apps, websites and games"),
        (Security(), "logins, devices and security"),
        (Settings(), "profile details, settings and other records"),
    ];

    /// <summary>The name of what a path holds; <see cref="Unknown"/> when it is not known.</summary>
    public static string NameOf(string path)
    {
        var within = Within(path);
        return Kinds.Where(kind => kind.Path.IsMatch(within)).Select(kind => kind.What).FirstOrDefault(Unknown);
    }

    /// <summary>
    /// What a file that is only counted is called in the book. The folders of messages are called after the people with
    /// whom they were exchanged, and the book is kept for as long as the content: it names the folder of them all.
    /// </summary>
    public static string ShownName(ExportFile file)
    {
        var within = Within(file.Path);
        return Messages().Match(within) is { Success: true } found
            && within.IndexOf('/', found.Index + Math.Max(found.Length - 1, 0)) is >= 0 and var slash
                ? file.Name[..^(within.Length - slash - 1)]
                : file.Name;
    }

    // The folder that holds all activity says nothing of what it is.
    private static string Within(string path) =>
        path.StartsWith("your_", StringComparison.Ordinal) && path.IndexOf('/') is > 0 and var slash
            ? path[slash..]
            : path;

    private const RegexOptions Loose = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"(^|/)(messages|messenger|messages_and_calls|calls_and_messages|ai|meta_ai|chats)(/|\.json$)"
        + @"|message_logs|call_logs|secret_conversations|/chats\.json$|(^|/)direct/", Loose)]
    private static partial Regex Messages();

    [GeneratedRegex(@"search", Loose)]
    private static partial Regex Searches();

    [GeneratedRegex(@"(^|/)threads(/|_)", Loose)]
    private static partial Regex Threads();

    [GeneratedRegex(
        @"other_people|wall_posts|you_?('|_|u2019)?(ha)?ve_been_tagged|tagged_in|visitor|reviews?_of_you", Loose)]
    private static partial Regex OtherPeople();

    [GeneratedRegex(@"viewed|watched|visited|seen_content|recently_played|impressions|posts_you", Loose)]
    private static partial Regex Viewed();

    [GeneratedRegex(@"(^|/)likes(_|/|\.)|reactions|liked|likes_and|story_likes|claps", Loose)]
    private static partial Regex Likes();

    [GeneratedRegex(@"saved|collections|bookmarks|wishlist", Loose)]
    private static partial Regex Saved();

    [GeneratedRegex(@"poll|quiz|emoji_slider|question|countdown|story_sticker|sticker", Loose)]
    private static partial Regex Polls();

    [GeneratedRegex(@"archive|trash|deleted|edits_you|drafts?|memories", Loose)]
    private static partial Regex Archived();

    [GeneratedRegex(@"(^|/)ads?[_/]|advertis|_ads|ads_|topics|interest|categories_used|about_you|other_categories"
        + @"|inferred|monetization|branded|subscription", Loose)]
    private static partial Regex Ads();

    [GeneratedRegex(@"friend|follow|contacts|address_book|(^|/)connections(/|\.)|blocked|pending|restricted|unfollowed"
        + @"|close_friends|people|pages|hashtag|groups", Loose)]
    private static partial Regex Contacts();

    [GeneratedRegex(
        @"event|location|places|check.?ins|last_known|based_in|travel|fundrais|volunteer|reservation", Loose)]
    private static partial Regex Places();

    [GeneratedRegex(
        @"marketplace|payment|shopping|orders|checkout|wallet|loyalty|commerce|items_(sold|bought)|jobs|dating", Loose)]
    private static partial Regex Trade();

    [GeneratedRegex(@"apps|websites|games|gaming|off_facebook|off_instagram|meta_technologies|oculus|quest|horizon"
        + @"|portal|avatar|fantasy", Loose)]
    private static partial Regex Apps();

    [GeneratedRegex(@"security|login|logged|logout|device|session|ip_address|cookie|account_activity|recogni[sz]ed"
        + @"|password|two.?factor|signup|administrative|camera_information", Loose)]
    private static partial Regex Security();

    [GeneratedRegex(@"personal_information|profile|account_|information|preferences|settings|notifications|consent"
        + @"|language|feedback|support|reports?(/|\.)|insights|professional|eligibility|voting|surveys|activity"
        + @"|comments_allowed|cross-app|music|notes|bug|timezone|autofill|guides|media\.json$|uploaded|link|birthday"
        + @"|reels_composer|short", Loose)]
    private static partial Regex Settings();
}
