namespace Aval.Text.Identifiers;

/// <summary>
/// URLs. One that carries a user is found as a whole: a login before the host, a user's page in its path, a name or an
/// address in its query. One that leads to somebody's profile on a platform is a profile. Any other is stepped over, so
/// that the numbers of posts and articles in it are nobody's telephone.
/// </summary>
internal static class Links
{
    private const int Longest = 2048;
    private const int LongestHost = 80;
    private const string Closing = ".,;:!?)]}'…"; // Behind a URL, these are the sentence's.

    private static readonly string[] Platforms =
    [
        "facebook.com", "fb.com", "fb.me", "m.me", "instagram.com", "instagr.am", "threads.net", "threads.com",
        "twitter.com", "x.com", "tiktok.com", "t.me", "telegram.me", "wa.me", "snapchat.com", "linkedin.com",
        "github.com", "gitlab.com", "youtube.com", "twitch.tv", "pinterest.com", "pinterest.de", "pinterest.fr",
        "reddit.com", "vk.com", "ok.ru", "bsky.app", "soundcloud.com", "flickr.com", "tumblr.com", "medium.com",
        "patreon.com", "onlyfans.com", "paypal.me", "ko-fi.com", "linktr.ee", "xing.com", "viadeo.com", "nk.pl",
        "draugiem.lv", "about.me", "vinted.com", "strava.com", "steamcommunity.com", "last.fm", "open.spotify.com",
        "mastodon.social", "mstdn.social",
    ];

    // First parts of a path that are the platform's own, and nobody's name.
    private static readonly string[] Own =
    [
        "share", "sharer", "sharer.php", "watch", "hashtag", "explore", "search", "about", "help", "legal", "privacy",
        "policy", "policies", "terms", "login", "signup", "events", "event", "pages", "p", "reel", "reels",
        "story.php", "stories", "tv", "r", "i", "intent", "home", "settings", "notifications", "messages", "jobs",
        "company", "school", "feed", "groups", "marketplace", "gaming", "photo", "photo.php", "photos", "video",
        "videos", "permalink.php", "playlist", "results", "shorts", "embed", "channel", "discover", "tag", "tags",
        "topics", "trending", "tagged", "dashboard", "features", "pricing", "orgs", "apps", "business", "ads",
        "developers", "developer",
        "docs", "status", "directory", "games", "music", "live", "store", "download", "blog", "news", "plugins",
        "dialog", "tr", "l.php", "track", "album", "artist", "playlists", "post", "posts", "popular", "all",
        "learning", "pulse", "public", "site", "pin", "episode", "show", "app", "sharedfiles", "highlights",
    ];

    // What stands before a user's name on one platform, and is its own everywhere else.
    private static readonly (string Platform, string First)[] Leading =
        [("instagram.com", "stories"), ("flickr.com", "photos"), ("youtube.com", "c")];

    // Where the name stands before the platform's: kim.tumblr.com.
    private static readonly string[] NamedHosts =
    [
        "tumblr.com", "substack.com", "bandcamp.com", "wordpress.com", "blogspot.com", "livejournal.com",
        "deviantart.com", "carrd.co", "medium.com",
    ];

    // Before a platform's name, its own and nobody's.
    private static readonly string[] OwnHosts =
    [
        "www", "m", "blog", "blogs", "help", "support", "about", "on", "assets", "static", "media", "cdn", "api",
        "developer", "developers", "status", "engineering", "policy", "daily", "get", "open", "staff", "f4", "t4",
    ];

    private static readonly string[] Users =
        ["user", "users", "u", "profile", "profiles", "profil", "member", "members", "people", "author", "in", "add"];

    private static readonly string[] Keys =
    [
        "user", "username", "userid", "user_id", "uid", "email", "e-mail", "mail", "login", "account", "phone", "tel",
        "name", "firstname", "lastname", "author", "profile", "customer", "token", "session", "sessionid",
        "recipient",
    ];

    /// <summary>
    /// A URL at a slash: <c>scheme://</c>, or a host and its first slash.
    /// </summary>
    /// <param name="passage">Where.</param>
    /// <param name="slash">A slash.</param>
    /// <param name="found">What it is, where it says who somebody is.</param>
    /// <param name="next">Where the search goes on when it does not: behind the URL, or behind the slash.</param>
    public static bool TryUrl(ref Passage passage, int slash, out Finding found, out int next)
    {
        found = default;
        next = slash + 1;
        var text = passage.Text;
        int start, host;
        if (passage.At(slash - 1) == ':' && passage.At(slash + 1) == '/')
        {
            start = slash - 1;
            while (start > passage.Floor && slash - start <= 10 && char.IsAsciiLetter(text[start - 1]))
                start--;
            host = slash + 2;
            if (start == slash - 1)
                return false;
        }
        else if (BareHost(ref passage, slash) is >= 0 and var bare)
        {
            start = host = bare;
        }
        else
        {
            return false;
        }

        var end = End(text, host);
        if (!passage.OpensAt(start) || end == host)
            return false;
        if (Kind(text[host..end]) is { } kind && passage.Kinds.Contains(kind))
        {
            found = new Finding(kind, start, end);
            return true;
        }

        next = Carries(text[host..end]) ? Math.Max(slash + 1, host) : end;
        return false;
    }

    /// <summary>What a URL's part behind the scheme says of somebody; null for nothing.</summary>
    private static IdentifierKind? Kind(ReadOnlySpan<char> url)
    {
        var path = url.IndexOfAny('/', '?', '#') is >= 0 and var cut ? url[cut..] : [];
        var host = url[..(url.Length - path.Length)];
        if (host.Contains('@'))
            return IdentifierKind.Url;
        var query = path.IndexOf('?') is >= 0 and var mark ? path[(mark + 1)..] : [];
        path = path[..(path.Length - query.Length)].Trim("/?");
        if (IsNamed(host))
            return IdentifierKind.Profile;
        if (IsPlatform(host))
            return IsProfile(host, path, query) ? IdentifierKind.Profile
                : CarriesUser(path, query) ? IdentifierKind.Url : null;
        if (path.StartsWith("@") && path.Length > 2)
            return IdentifierKind.Profile; // Mastodon, Medium and others write a profile so.
        return CarriesUser(path, query) ? IdentifierKind.Url : null;
    }

    private static bool IsNamed(ReadOnlySpan<char> host)
    {
        foreach (var platform in NamedHosts)
        {
            if (host.Length > platform.Length + 2 && IsAt(host, platform))
                return host[..^(platform.Length + 1)] is var name && !name.Contains('.') && !IsOneOf(name, OwnHosts);
        }

        return false;
    }

    private static bool IsPlatform(ReadOnlySpan<char> host)
    {
        foreach (var platform in Platforms)
        {
            if (IsAt(host, platform))
                return true;
        }

        return false;
    }

    private static bool IsAt(ReadOnlySpan<char> host, string platform) =>
        host.EndsWith(platform, StringComparison.OrdinalIgnoreCase)
        && (host.Length == platform.Length || host[^(platform.Length + 1)] == '.');

    private static bool IsProfile(ReadOnlySpan<char> host, ReadOnlySpan<char> path, ReadOnlySpan<char> query)
    {
        // open.spotify.com/intl-de/user/…: the language stands before what it is.
        if (path.StartsWith("intl-", StringComparison.OrdinalIgnoreCase) && IsAt(host, "open.spotify.com"))
            path = path.IndexOf('/') is >= 0 and var language ? path[(language + 1)..] : [];
        var first = path.IndexOf('/') is >= 0 and var slash ? path[..slash] : path;
        if (first.Equals("profile.php", StringComparison.OrdinalIgnoreCase))
            return query.Contains("id=", StringComparison.Ordinal);
        if (LeadsToUser(host, first))
        {
            var second = path[Math.Min(first.Length + 1, path.Length)..];
            second = second.IndexOf('/') is >= 0 and var end ? second[..end] : second;
            return second.Length > 1 && !IsOneOf(second, Own);
        }

        return IsOneOf(first, Users)
            ? path.Length > first.Length + 1
            : first.Length > 1 && !IsOneOf(first, Own) && first.ContainsAnyInRange('A', 'z')
                || (first.Length > 7 && first.IndexOfAnyExceptInRange('0', '9') < 0)
                || (first is ['+', _, ..]);
    }

    private static bool LeadsToUser(ReadOnlySpan<char> host, ReadOnlySpan<char> first)
    {
        foreach (var (platform, part) in Leading)
        {
            if (first.Equals(part, StringComparison.OrdinalIgnoreCase) && IsAt(host, platform))
                return true;
        }

        return false;
    }

    private static bool CarriesUser(ReadOnlySpan<char> path, ReadOnlySpan<char> query)
    {
        if (query.Contains('@') || query.Contains("%40", StringComparison.Ordinal))
            return true;
        foreach (var range in query.SplitAny('&', ';', '#'))
        {
            var pair = query[range];
            if (pair.IndexOf('=') is > 0 and var equals && pair.Length > equals + 1 && IsOneOf(pair[..equals], Keys))
                return true;
        }

        var earlier = false;
        foreach (var range in path.SplitAny('/', '#'))
        {
            var part = path[range];
            if (part is ['~', _, ..] or ['@', _, _, ..] || (earlier && part.Length > 1) || part.Contains('@'))
                return true;
            earlier = part.Length != 2 && IsOneOf(part, Users);
        }

        return false;
    }

    private static bool IsOneOf(ReadOnlySpan<char> word, string[] words)
    {
        foreach (var one in words)
        {
            if (word.Equals(one, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    // Things inside a URL that are found by themselves: a host that is an address, a place, an e-mail that is kept.
    private static bool Carries(ReadOnlySpan<char> url) =>
        char.IsAsciiDigit(url[0]) || url[0] == '[' || url.Contains('@') || url.Contains("%40", StringComparison.Ordinal)
        || url.IndexOf("q=", StringComparison.Ordinal) >= 0 || url.IndexOf("ll=", StringComparison.Ordinal) >= 0;

    // Letters, digits, points and hyphens back from the slash, with a point among them and letters at the end.
    private static int BareHost(ref Passage passage, int slash)
    {
        var text = passage.Text;
        if (slash == 0 || !char.IsAsciiLetter(text[slash - 1]))
            return -1;
        var start = slash;
        while (start > passage.Floor && slash - start < LongestHost
            && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '-'))
            start--;
        return text[start..slash].LastIndexOf('.') is > 0 and var point && slash - start - point > 2
            && Emails.Domain(text, start) == slash
            ? start
            : -1;
    }

    private static int End(ReadOnlySpan<char> text, int from)
    {
        var end = from;
        var limit = Math.Min(text.Length, from + Longest);
        while (end < limit && text[end] > ' ' && text[end] is not ('<' or '>' or '"' or '\u00A0' or '`' or '|' or '»')
            && !char.IsSurrogate(text[end]) && !char.IsWhiteSpace(text[end]))
            end++;
        while (end > from && Closing.Contains(text[end - 1]))
            end--;
        return end;
    }
}
