using System.Buffers;
using Aval.Content.Exports;
using Aval.Storage;

namespace Aval.People;

/// <summary>Where a text points at an account.</summary>
/// <param name="Start">Offset in UTF-16.</param>
/// <param name="Length">Length in UTF-16.</param>
/// <param name="Key">Whom it means: <c>service:id</c>, or <c>service@handle</c> with the handle folded.</param>
internal readonly record struct Mention(int Start, int Length, string Key)
{
    /// <summary>A handle as the text writes it, <c>service:handle</c>, where ids may be handles; null = it is an id.
    /// </summary>
    public string? Written { get; init; }
}

/// <summary>
/// Finds where a text points at accounts: <c>@[id]</c> and <c>@[id:…]</c> as exports write tags, <c>@handle</c>, and
/// links to profiles of Facebook and Instagram. Names that stand free are not looked for. Time is linear in the text.
/// </summary>
internal static class Mentions
{
    private const int LongestTag = 200;

    // A line of nothing but links would be read as often as it has links.
    private const int LongestLink = 1_000;

    private static readonly SearchValues<char> At = SearchValues.Create("@\uff20\ufe6b");

    private static readonly SearchValues<string> Hosts = SearchValues.Create(
        ["facebook.com/", "fb.com/", "instagram.com/", "instagr.am/"], StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// All of them; a handle that stands in a link is found beside it. What can be read in two ways is found in both:
    /// a tag with an id that is no number also as that handle, since where ids are handles a text may write one in
    /// other letters than its account; digits in a link's path as the handle and as the id; and a handle to which
    /// letters of another script or an ending with a hyphen are joined (<c>@kimさん</c>, <c>@kim-nek</c>) also as what
    /// stands before them.
    /// </summary>
    /// <param name="service">Where the text was published: whose handles it writes.</param>
    /// <param name="text">The text.</param>
    public static List<Mention> In(string service, ReadOnlySpan<char> text)
    {
        var found = new List<Mention>();
        // Each is looked for from where it was found last, so that many of one kind cost nothing for the other.
        var (sign, host) = (Next(text, 0, At), Next(text, 0, Hosts));
        while (Math.Min(sign, host) is var at && at < text.Length)
        {
            if (host < sign)
            {
                var next = Link(text, host, found);
                (sign, host) = (sign < next ? Next(text, next, At) : sign, Next(text, next, Hosts));
            }
            else
            {
                // A host may stand in what was read as a handle (@instagram.com/kim), and is a link all the same.
                sign = Next(text, Tag(service, text, sign, found), At);
            }
        }

        return found;
    }

    private static int Next(ReadOnlySpan<char> text, int from, SearchValues<char> what) =>
        text[from..].IndexOfAny(what) is >= 0 and var at ? from + at : text.Length;

    private static int Next(ReadOnlySpan<char> text, int from, SearchValues<string> what) =>
        text[from..].IndexOfAny(what) is >= 0 and var at ? from + at : text.Length;

    /// <summary>
    /// SQL of the keys of a text that somebody published on a service, one a row; needs <see cref="Provide"/>. The
    /// signs are looked for before the function is called: most texts have none.
    /// </summary>
    /// <param name="columns">What stands beside each key.</param>
    /// <param name="items">Items, with <c>service</c> and <c>text</c>.</param>
    public static string Sql(string columns, string items) => $"""
        SELECT {columns}, unnest(string_split(mention_keys(service, text), chr(10))) AS key
        FROM {items}
        WHERE contains(text, '@') OR contains(text, chr(65312)) OR contains(text, chr(65131)) OR contains(text, '/')
        """;

    /// <summary>
    /// SQL of the accounts that texts may point at, one a row: ids, and handles as they are written, in lower case, and
    /// folded, as which of them an account may have been recorded. Needs <see cref="Provide"/>.
    /// </summary>
    /// <param name="items">As for <see cref="Sql"/>.</param>
    public static string WrittenSql(string items) =>
        Sql("service", items).Replace("mention_keys", "mention_ids", StringComparison.Ordinal);

    private static IEnumerable<string> Spellings(Mention mention) => mention.Written is { } written
        ? [written, UnicodeText.LowerCase(written), mention.Key.Replace('@', ':')]
        : [mention.Key];

    /// <summary>
    /// Registers <c>mention_keys(service, text)</c>, the keys of a text, one a line; <c>mention_ids(service, text)</c>
    /// (<see cref="WrittenSql"/>); and <c>fold_handle(service, handle)</c>.
    /// </summary>
    public static void Provide(Engine engine) => engine.Provide("mentions", connection =>
    {
        connection.RegisterScalarFunction<string, string, string>("mention_keys", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
            {
                var (service, text) = (columns[0].GetValue<string>(row) ?? "", columns[1].GetValue<string>(row) ?? "");
                result.WriteValue(string.Join('\n', In(service, text).Select(mention => mention.Key).Distinct()), row);
            }
        });
        connection.RegisterScalarFunction<string, string, string>("mention_ids", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
            {
                var (service, text) = (columns[0].GetValue<string>(row) ?? "", columns[1].GetValue<string>(row) ?? "");
                result.WriteValue(string.Join('\n', In(service, text).SelectMany(Spellings).Distinct()), row);
            }
        });
        connection.RegisterScalarFunction<string, string, string>("fold_handle", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
            {
                var (service, handle) =
                    (columns[0].GetValue<string>(row) ?? "", columns[1].GetValue<string>(row) ?? "");
                result.WriteValue(Handle.Compared(service, handle), row);
            }
        });
    });

    private static int Tag(string service, ReadOnlySpan<char> text, int at, List<Mention> into)
    {
        if (at + 1 < text.Length && text[at + 1] == '[')
        {
            var inside = text.Slice(at + 2, Math.Min(LongestTag, text.Length - at - 2));
            var end = inside.IndexOfAny(']', '\n');
            if (end > 0 && inside[end] == ']')
            {
                var colon = inside[..end].IndexOf(':');
                var id = inside[..(colon < 0 ? end : colon)].ToString();
                into.Add(new Mention(at, end + 3, $"{service}:{id}"));
                if (id.AsSpan().ContainsAnyExceptInRange('0', '9'))
                    into.Add(new Mention(at, end + 3, $"{service}@{Handle.Compared(service, id)}")
                    {
                        Written = $"{service}:{id}",
                    });
                return at + end + 3;
            }
        }

        // Whatever stands before it: a host of an e-mail address is nobody's handle, and a forgotten space is common.
        var handle = HandleAt(text, at + 1);
        if (handle.Length < 2)
            return at + 1;
        foreach (var length in Readings(service, handle))
        {
            var read = handle[..length].ToString();
            into.Add(new Mention(at, length + 1, $"{service}@{Handle.Compared(service, read)}")
            {
                Written = $"{service}:{read}",
            });
        }

        return at + 1 + handle.Length;
    }

    private static int Link(ReadOnlySpan<char> text, int at, List<Mention> into)
    {
        var start = at;
        while (start > 0 && start > at - LongestTag
            && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or ':' or '/' or '-'))
            start--;
        var path = at + text[at..].IndexOf('/') + 1;
        var end = path;
        while (end < text.Length && end - path < LongestLink && !char.IsWhiteSpace(text[end])
            && text[end] is not ('<' or '>' or '"' or ')' or ']'))
            end++;
        if (end > path && end < text.Length && char.IsSurrogatePair(text[end - 1], text[end]))
            end--;
        var service = text[at..path].Contains("insta", StringComparison.OrdinalIgnoreCase) ? "instagram" : "facebook";
        foreach (var (key, written) in KeysOf(service, text[path..end]))
            into.Add(new Mention(start, end - start, key) { Written = written });
        return path;
    }

    private static List<(string Key, string? Written)> KeysOf(string service, ReadOnlySpan<char> path)
    {
        var keys = new List<(string, string?)>();
        void Add(ReadOnlySpan<char> digits)
        {
            if (digits.Length > 0)
                keys.Add(($"{service}:{digits}", null));
        }

        const string byId = "profile.php?", people = "people/", groups = "groups/", user = "/user/";
        if (path.StartsWith(byId, StringComparison.OrdinalIgnoreCase))
        {
            Add(Parameter(path[byId.Length..], "id="));
        }
        else if (path.StartsWith(people, StringComparison.OrdinalIgnoreCase)
            && path[people.Length..].IndexOf('/') is > 0 and var slash)
        {
            Add(DigitsAt(path[(people.Length + slash + 1)..]));
        }
        else if (path.StartsWith(groups, StringComparison.OrdinalIgnoreCase))
        {
            if (path.IndexOf(user, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
                Add(DigitsAt(path[(at + user.Length)..]));
        }
        else if (HandleAt(path, path.StartsWith("@") ? 1 : 0) is { Length: >= 2 } handle)
        {
            // An id is an address of its own there, too.
            if (!handle.ContainsAnyExceptInRange('0', '9'))
                Add(handle);
            foreach (var length in Readings(service, handle))
            {
                var written = handle[..length].ToString();
                keys.Add(($"{service}@{Handle.Compared(service, written)}", $"{service}:{written}"));
            }
        }

        return keys;
    }

    private static ReadOnlySpan<char> Parameter(ReadOnlySpan<char> query, string name)
    {
        foreach (var part in query.SplitAny('&', '#', ';'))
        {
            if (query[part].StartsWith(name, StringComparison.OrdinalIgnoreCase))
                return DigitsAt(query[part][name.Length..]);
        }

        return [];
    }

    // The whole, and what stands before an ending that the service takes into no handle; elsewhere a hyphen may be part
    // of one. Longer than this no handle is.
    private static List<int> Readings(string service, ReadOnlySpan<char> handle)
    {
        const char lastLatin = '\u024f';
        const int longest = 64;
        var endsAtHyphen = service is "facebook" or "instagram";
        List<int> lengths = [handle.Length];
        for (var at = 2; at < Math.Min(handle.Length, longest); at++)
        {
            if ((handle[at] == '-' && endsAtHyphen) || (handle[at] > lastLatin && handle[at - 1] <= lastLatin))
                lengths.Add(at);
        }

        return lengths;
    }

    private static ReadOnlySpan<char> DigitsAt(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text : text[..end];
    }

    private static ReadOnlySpan<char> HandleAt(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '.' or '-'))
            end++;
        // A sentence's full stop is not the handle's.
        while (end > start && text[end - 1] is '.' or '-')
            end--;
        return text[start..end];
    }
}
