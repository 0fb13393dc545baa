namespace Aval.Content.Exports;

/// <summary>The files of an Instagram export whose entries are read, in reading order.</summary>
internal enum InstagramFile
{
    Posts,
    Stories,
    Comments,
    FlatMedia,
    FlatComments,
    Other,
}

/// <summary>What Instagram's entries say: posts and stories with their captions, and comments.</summary>
internal static class InstagramEntries
{
    private static readonly Shape Medium = Shape.Of(
        ("uri", Shape.Text), ("title", Shape.Text), ("creation_timestamp", Shape.Whole),
        ("media_metadata", Shape.Of()));

    private static readonly Shape LabelValues = Shape.ListOf(Shape.Of(
        ("label", Shape.Text), ("title", Shape.Text), ("value", Shape.Text), ("href", Shape.Text),
        ("timestamp_value", Shape.Whole), ("media", Shape.ListOf(Medium)), ("dict", Shape.Late(() => LabelValues!))));

    private static readonly Shape Published = Shape.Of(
        ("media", Shape.ListOf(Medium)), ("uri", Shape.Text), ("title", Shape.Text),
        ("creation_timestamp", Shape.Whole), ("timestamp", Shape.Whole), ("label_values", LabelValues),
        ("string_map_data", Shape.MapOf(Shape.Of(("value", Shape.Text), ("timestamp", Shape.Whole)))));

    private static readonly Shape Commented = Shape.Of(
        ("title", Shape.Text), ("timestamp", Shape.Whole), ("label_values", LabelValues),
        ("media_list_data", Shape.ListOf(Shape.Of(("uri", Shape.Text)))),
        ("string_map_data", Shape.MapOf(Shape.Of(("value", Shape.Text), ("timestamp", Shape.Whole)))),
        ("string_list_data", Shape.ListOf(Shape.Of(("value", Shape.Text), ("timestamp", Shape.Whole)))));

    private static readonly Shape FlatPublished = Shape.Of(
        ("caption", Shape.Text), ("taken_at", Shape.Text), ("path", Shape.Text));

    private static readonly Shape FlatCommented = Shape.ListOf(Shape.Text);

    /// <summary>
    /// A post, story or reel. Its caption stands outside; with a single medium it stands with that one instead. Other
    /// media's own titles are captions of their own. In the newer shape the media stand under a label.
    /// </summary>
    public static IEnumerable<ItemRow> Post(ExportValue entry, string kind, ExportFile file, ExportReading reading)
    {
        if (!reading.Fits(Published, entry, file))
            return [];
        var labelled = Labelled.Of(entry);
        reading.LeaveOutUnknown(labelled, file);
        if (labelled.IsDraft)
        {
            reading.LeaveOut("drafts (never published)", file);
            return [];
        }

        IReadOnlyList<ExportValue> media =
            entry["uri"].Words.Length > 0 ? [entry] : [.. entry["media"].Values, .. labelled.Media];
        var (time, at) = Time(entry, media, labelled);
        if (!reading.HasPossibleTime(time, at, file))
            return [];
        var created = ExportTime.Read(time);
        var titles = media.Where(medium => medium != entry)
            .Select(medium => (Medium: medium, Title: Written(medium["title"])))
            .Where(titled => titled.Title.Length > 0).ToList();
        string[] outside =
            [Written(entry["title"]), labelled.Written(), titles.Select(titled => titled.Title).FirstOrDefault("")];
        var text = outside.FirstOrDefault(words => words.Length > 0, "");
        if (text.Length == 0)
        {
            reading.LeaveOutWordless(labelled, "entries without words of the owner", file);
            return [];
        }

        var stated = Stated(entry, labelled);
        // Nobody but followers sees what a private account publishes, whatever was chosen for one post.
        var audience = stated.Length > 0
            ? Twins.Narrower(Labels.AudienceOf(stated), reading.Owner.Audience)
            : reading.Owner.Audience;
        var own = titles.Where(titled => titled.Title.Trim() != text.Trim()).GroupBy(titled => titled.Title);
        (Account, string)[] tagged =
            [.. labelled.HandlesWithin(Labels.Tagged).SelectMany(Named).Select(person => (person, "tagged"))];
        var post = new Entry(
            kind, created, text, audience, reading.Persons([.. MentionedIn(text), .. tagged]),
            [.. media.SelectMany(Mention)], FacebookEntries.IdOf(entry));
        return [
            .. reading.Published(post, file),
            .. own.SelectMany(same => reading.Within(
                new Entry(
                    "caption", ExportTime.Read(same.First().Medium["creation_timestamp"]) ?? created, same.Key,
                    audience, reading.Persons([.. MentionedIn(same.Key), .. tagged]),
                    [.. same.SelectMany(titled => Mention(titled.Medium))]),
                file)),
        ];
    }

    /// <summary>A comment of the owner on a post or reel.</summary>
    public static IEnumerable<ItemRow> Comment(ExportValue entry, ExportFile file, ExportReading reading)
    {
        if (!reading.Fits(Commented, entry, file))
            return [];
        var labelled = Labelled.Of(entry);
        // Without labels a list of values is the comment alone (2021).
        var isLabelled = entry["string_list_data"] is not ExportValue.List;
        reading.LeaveOutUnknown(labelled, file);
        var time = ExportTime.IsStated(labelled.Time) ? labelled.Time : entry["timestamp"];
        if (!reading.HasPossibleTime(time, "timestamp", file))
            return [];
        // 2021: the media's owner is the title, and the only value is the comment.
        var (text, mediaOwner) = isLabelled
            ? labelled.CommentAndOwner()
            : (labelled.All.FirstOrDefault(value => value.Words.Length > 0)?.Words ?? "", entry["title"].Words);
        if (string.IsNullOrWhiteSpace(text))
        {
            reading.LeaveOutWordless(labelled, "comments without words (stickers, pictures)", file);
            return [];
        }

        var media = entry["media_list_data"].Values.Concat(entry["media"].Values).SelectMany(Mention).ToList();
        return Said(text, mediaOwner, ExportTime.Read(time), media, file, reading);
    }

    /// <summary>A comment in the layout of 2020: time, text, owner of the medium.</summary>
    public static IEnumerable<ItemRow> FlatComment(ExportValue entry, ExportFile file, ExportReading reading)
    {
        if (!reading.Fits(Shape.Anything, entry, file))
            return [];
        if (entry.Values is not [var time, var text, var mediaOwner, ..])
        {
            reading.Reject(file, new Fault("", "a list of time, text and owner", entry));
            return [];
        }

        return reading.Fits(FlatCommented, entry, file)
            ? Said(Written(text), mediaOwner.Words, ExportTime.Read(time), [], file, reading)
            : [];
    }

    /// <summary>
    /// A photo, video or story in the layout of 2020. The photos of one post are listed one by one, each with the
    /// post's caption.
    /// </summary>
    public static IEnumerable<ItemRow> FlatMedium(Element element, ExportFile file, ExportReading reading)
    {
        if (element.Member == "direct")
        {
            reading.LeaveOut("messages", file);
            return [];
        }

        var entry = element.Value;
        if (!reading.Fits(FlatPublished, entry, file))
            return [];
        var text = Written(entry["caption"]);
        if (text.Length > 0)
        {
            var uri = entry["path"].Words;
            var published = new Entry(
                element.Member is "photos" or "videos" ? "post" : "caption", ExportTime.Read(entry["taken_at"]), text,
                reading.Owner.Audience, Mentioned(text, reading),
                uri.Length > 0 ? [new MediaMention(uri, element.Member == "videos")] : []);
            // A story is an item by itself, as in the layouts that came later.
            return element.Member is "stories" ? reading.Listed(published, file) : reading.Within(published, file);
        }

        reading.LeaveOut("entries without words of the owner", file);
        return [];
    }

    private static IEnumerable<ItemRow> Said(
        string text, string mediaOwner, DateTimeOffset? created, IReadOnlyList<MediaMention> media, ExportFile file,
        ExportReading reading)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            reading.LeaveOut("comments without words (stickers, pictures)", file);
            return [];
        }

        // An Instagram export knows every account by its handle only, the exporting one included: so this is that
        // account's name here.
        var repliedTo = Named(mediaOwner).Select(person => (person, "replied-to"));
        var persons = reading.Persons([.. repliedTo, .. MentionedIn(text)]);
        return reading.Listed(new Entry("comment", created, text, reading.Owner.Audience, persons, media), file);
    }

    private static (ExportValue Time, string At) Time(
        ExportValue entry, IReadOnlyList<ExportValue> media, Labelled labelled)
    {
        (ExportValue Time, string At)[] stated =
        [
            (entry["creation_timestamp"], "creation_timestamp"),
            .. Alone(entry, media),
            (entry["timestamp"], "timestamp"),
            .. media.Select((medium, index) => (medium["creation_timestamp"], $"media[{index}].creation_timestamp")),
            (labelled.Time, "label_values"),
        ];
        return stated.FirstOrDefault(time => ExportTime.IsStated(time.Time), (new ExportValue.Nothing(entry.Line), ""));
    }

    // An older file says of a post with one medium only when that was made; the newer one says when it was published as
    // well. It is the same post, so it has the same time.
    private static IEnumerable<(ExportValue Time, string At)> Alone(
        ExportValue entry, IReadOnlyList<ExportValue> media) =>
        Labelled.Is(entry) && media is [var only] ? [(only["creation_timestamp"], "media[0].creation_timestamp")] : [];

    private static IEnumerable<Account> Named(string name) =>
        Handle.Is(name) ? [new Account(InstagramExport.Service, name)] : Handle.Outside(name);

    private static string Stated(ExportValue entry, Labelled labelled) =>
        new[]
        {
            labelled.With(Labels.Audience), entry["audience"].Words, entry["privacy"].Words,
            entry["audience"]["value"].Words,
        }
            .FirstOrDefault(words => words.Length > 0, "");

    private static string Written(ExportValue value) =>
        value is ExportValue.Text { Value: var text } && !string.IsNullOrWhiteSpace(text) ? text : "";

    private static IReadOnlyList<ItemPerson> Mentioned(string text, ExportReading reading) =>
        reading.Persons(MentionedIn(text));

    private static IEnumerable<(Account, string)> MentionedIn(string text) =>
        Handle.In(text).Select(handle => (new Account(InstagramExport.Service, handle), "mentioned"));

    private static IEnumerable<MediaMention> Mention(ExportValue media) =>
        media["uri"].Words is { Length: > 0 } uri
            ? [new MediaMention(uri, media["media_metadata"]["video_metadata"] is ExportValue.Members)]
            : [];
}
