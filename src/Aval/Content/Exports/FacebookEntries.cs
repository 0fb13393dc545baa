using System.Globalization;

namespace Aval.Content.Exports;

/// <summary>
/// The files of a Facebook export whose entries are read, in reading order: where the same words are told twice, the
/// earlier kind knows more of their audience.
/// </summary>
internal enum FacebookFile
{
    Group,
    Post,
    Elsewhere,
    Story,
    Comment,
    Photos,
    Other,
}

/// <summary>
/// What Facebook's entries say: posts, comments, photos, in the shapes of <see cref="FacebookShapes"/>.
/// </summary>
internal static class FacebookEntries
{
    /// <summary>
    /// The items of a post, a story or a comment; the descriptions of its photos are put aside in
    /// <paramref name="captions"/>.
    /// </summary>
    public static IEnumerable<ItemRow> Entry(
        Element element, FacebookFile kind, ExportFile file, ExportReading reading, List<(Entry, ExportFile)> captions)
    {
        var entry = element.Value;
        if (element.IsRest)
        {
            reading.LeaveOutBeside(entry, file);
            return [];
        }

        if (element.Member == "wall_posts_sent_to_you")
        {
            reading.LeaveOut("other people's posts and tags", file);
            return [];
        }

        if (Labelled.Is(entry))
            return LabelledEntry(entry, kind, file, reading, captions);
        if (!reading.Fits(FacebookShapes.Entry, entry, file)
            || !reading.HasPossibleTime(entry["timestamp"], "timestamp", file))
            return [];
        if (!ExportTime.IsStated(entry["timestamp"]))
        {
            reading.Reject(file, new Fault("timestamp", ExportTime.Possible, entry["timestamp"]));
            return [];
        }

        var comments = entry["data"].Values.Select(data => data["comment"]).OfType<ExportValue.Members>().ToList();
        return comments.Count > 0
            ? comments.SelectMany(comment => Comment(comment, entry, kind, file, reading))
            : Post(entry, kind, file, reading, captions);
    }

    private static IEnumerable<ItemRow> Post(
        ExportValue entry, FacebookFile kind, ExportFile file, ExportReading reading,
        List<(Entry, ExportFile)> captions)
    {
        var attached = entry["attachments"].Values.SelectMany(attachment => attachment["data"].Values).ToList();
        LeaveOutAttached(attached, file, reading);
        var lifeEvents = attached.Select(data => data["life_event"]).ToList();
        var photos = lifeEvents.SelectMany(life => life["photos"].Values);
        var media = attached.Select(data => data["media"]).Concat(photos).OfType<ExportValue.Members>().ToList();
        var said = entry["data"].Values.Select(data => data["post"])
            .Concat(lifeEvents.Select(life => life["description"]))
            .OfType<ExportValue.Text>().Select(words => words.Value).Where(words => !string.IsNullOrWhiteSpace(words));
        var (text, mentioned) = Handle.Facebook(string.Join('\n', said.Distinct()));
        var created = ExportTime.Read(entry["timestamp"]);
        var audience = AudienceOf(entry, kind, reading);
        var tagged = entry["tags"].Values
            .SelectMany(tag => Handle.Outside(tag is ExportValue.Text name ? name.Value : tag["name"].Words))
            .Select(person => (person, "tagged")).ToList();
        var own = Captions(media, text, created, audience, tagged, reading).ToList();
        captions.AddRange(own.Select(caption => (caption, file)));
        var theirs = media.SelectMany(medium => CommentsOf(medium, audience, file, reading));
        if (string.IsNullOrWhiteSpace(text))
        {
            if (own.Count == 0)
                reading.LeaveOut("entries without words of the owner", file);
            return theirs;
        }

        var post = new Entry(
            kind == FacebookFile.Story ? "caption" : "post", created, text, audience,
            reading.Persons([.. Mentioned(mentioned.Concat(NamedAgain(media, text))), .. tagged]),
            [.. media.SelectMany(Mention)], IdOf(entry));
        return [.. reading.Published(post, file), .. theirs];
    }

    // What is attached in words that are nobody's, or may be somebody else's. A life event's title is what the
    // platform's form makes of a choice from its list and the names filled in; where somebody typed it, the export does
    // not say so.
    private static void LeaveOutAttached(IReadOnlyList<ExportValue> attached, ExportFile file, ExportReading reading)
    {
        Count("texts attached to posts (whose, the export does not say)", data => data["text"]);
        Count("things for sale", data => data["for_sale_item"]);
        Count("notes attached to posts", data => data["note"]);
        Count("polls attached to posts", data => data["poll"]);
        Count("titles of life events (made by the platform's form)", data => data["life_event"]["title"]);

        var unknown = attached.OfType<ExportValue.Members>()
            .Sum(data => data.Named.Keys.Count(name => !FacebookShapes.KnownAttached.Contains(name)));
        if (unknown > 0)
            reading.LeaveOut("attachments of an unknown kind", file, unknown);

        void Count(string what, Func<ExportValue, ExportValue> member)
        {
            if (attached.Count(data => member(data) is not ExportValue.Nothing) is > 0 and var count)
                reading.LeaveOut(what, file, count);
        }
    }

    private static IEnumerable<ItemRow> Comment(
        ExportValue.Members comment, ExportValue entry, FacebookFile kind, ExportFile file, ExportReading reading)
    {
        if (!reading.HasPossibleTime(comment["timestamp"], "data.comment.timestamp", file)
            || !IsOwners(comment["author"].Words, file, reading))
            return [];
        var media = entry["attachments"].Values.SelectMany(attachment => attachment["data"].Values)
            .Select(data => data["media"]).SelectMany(Mention).ToList();
        var created = ExportTime.Read(comment["timestamp"]) ?? ExportTime.Read(entry["timestamp"]);
        return Said(comment, created, AudienceOf(entry, kind, reading), file, reading)
            .SelectMany(said => reading.Listed(said with { Media = media, Id = IdOf(entry) }, file));
    }

    // Under a photo the export lists comments too: the owner's are told here as well as among the comments. Others
    // comment there, so one without an author is nobody's that is known; and whoever may see one may see the photo.
    private static IEnumerable<ItemRow> CommentsOf(
        ExportValue media, string around, ExportFile file, ExportReading reading) =>
        media["comments"].Values
            .Where(comment => reading.HasPossibleTime(comment["timestamp"], "media.comments.timestamp", file)
                && IsOwners(comment["author"].Words, file, reading, isStated: true))
            .SelectMany(comment => Said(
                comment, ExportTime.Read(comment["timestamp"]),
                Within(AudienceOf(comment, FacebookFile.Comment, reading), around), file, reading))
            .SelectMany(said => reading.Within(said, file));

    // That the post is public does not say that a comment is.
    private static string Within(string audience, string around) => around == "public"
        ? audience
        : Twins.Narrower(audience, around);

    private static IEnumerable<Entry> Said(
        ExportValue comment, DateTimeOffset? created, string audience, ExportFile file, ExportReading reading)
    {
        var (text, ids) = Handle.Facebook(comment["comment"] is ExportValue.Text said ? said.Value : "");
        if (!string.IsNullOrWhiteSpace(text))
            return [new Entry(
                "comment", created, text, comment["group"].Words.Length > 0 ? "group" : audience,
                reading.Persons(Mentioned(ids)), [])];
        reading.LeaveOut("comments without words (stickers, pictures)", file);
        return [];
    }

    private static bool IsOwners(string author, ExportFile file, ExportReading reading, bool isStated = false)
    {
        if ((author.Length == 0 && !isStated) || reading.Owner.Names.Contains(author))
            return true;
        reading.LeaveOut(reading.Owner.Names.Count == 0
            ? "entries whose author cannot be compared (the export has no profile)"
            : "entries by others", file);
        return false;
    }

    /// <summary>The items of a photo or video that stands by itself or in an album.</summary>
    public static IEnumerable<ItemRow> Photo(Element element, ExportFile file, ExportReading reading)
    {
        var photo = element.Value;
        if (element.IsRest)
        {
            if (photo["description"].Words.Length > 0)
                reading.LeaveOut("descriptions of whole albums (their time is not stated)", file);
            if (photo["name"].Words.Length > 0)
                reading.LeaveOut("names of albums", file);
            if (photo["cover_photo"] is ExportValue.Members)
                reading.LeaveOut("covers of albums", file);
            reading.LeaveOutBeside(photo, file, "description", "name", "cover_photo");
            return [];
        }

        if (Labelled.Is(photo))
            return LabelledEntry(photo, FacebookFile.Photos, file, reading, []);
        if (!reading.Fits(FacebookShapes.Media, photo, file))
            return [];
        var theirs = CommentsOf(photo, AudienceOf(photo, FacebookFile.Photos, reading), file, reading);
        var (text, ids) = Handle.Facebook(
            photo["description"] is ExportValue.Text description ? description.Value : "");
        if (string.IsNullOrWhiteSpace(text))
        {
            reading.LeaveOut("entries without words of the owner", file);
            return theirs;
        }

        var caption = new Entry(
            "caption", ExportTime.Read(photo["creation_timestamp"]), text,
            AudienceOf(photo, FacebookFile.Photos, reading), reading.Persons(Mentioned(ids)), [.. Mention(photo)]);
        return [.. reading.Within(caption, file), .. theirs];
    }

    private static IEnumerable<ItemRow> LabelledEntry(
        ExportValue entry, FacebookFile kind, ExportFile file, ExportReading reading,
        List<(Entry, ExportFile)> captions)
    {
        if (!reading.Fits(FacebookShapes.LabelledEntry, entry, file))
            return [];
        var labelled = Labelled.Of(entry);
        reading.LeaveOutUnknown(labelled, file);
        var time = ExportTime.IsStated(entry["timestamp"]) ? entry["timestamp"] : labelled.Time;
        if (!reading.HasPossibleTime(time, "timestamp", file)
            || !IsOwners(labelled.With(Labels.Author).Trim(), file, reading))
            return [];
        if (labelled.IsDraft)
        {
            reading.LeaveOut("drafts (never published)", file);
            return [];
        }

        var (text, ids) = Handle.Facebook(labelled.Written());
        var (created, audience) = (ExportTime.Read(time), StatedAudience(entry, kind, labelled, reading));
        var others = PersonsOf(labelled).ToList();
        var media = entry["media"].Values.Concat(labelled.Media).ToList();
        List<Entry> own =
            kind == FacebookFile.Comment ? [] : [.. Captions(media, text, created, audience, others, reading)];
        var isWordless = string.IsNullOrWhiteSpace(text);
        if (isWordless && own.Count == 0)
        {
            reading.LeaveOutWordless(labelled, "entries without words of the owner", file);
            return [];
        }

        var said = new Entry(
            KindOf(kind), created, text, audience,
            reading.Persons([.. Mentioned(ids.Concat(NamedAgain(media, text))), .. others]),
            [.. media.SelectMany(Mention)], IdOf(entry));
        // A photo's caption is the photo's, in whatever shape it is told.
        if (kind == FacebookFile.Photos)
            return (isWordless ? own : own.Prepend(said)).SelectMany(caption => reading.Within(caption, file));
        captions.AddRange(own.Select(caption => (caption, file)));
        if (isWordless)
            return [];
        return reading.Published(said, file);
    }

    // What is said of each medium, where that is not what the entry itself says.
    private static IEnumerable<Entry> Captions(
        IEnumerable<ExportValue> media, string text, DateTimeOffset? created, string audience,
        IReadOnlyList<(Account, string)> others, ExportReading reading) => Described(media)
        .Where(medium => medium.Text.Trim() is { Length: > 0 } said && said != text.Trim())
        .GroupBy(medium => medium.Text)
        .Select(same => new Entry(
            "caption", ExportTime.Read(same.First().Medium["creation_timestamp"]) ?? created, same.Key, audience,
            reading.Persons([.. Mentioned(same.SelectMany(medium => medium.Ids)), .. others]),
            [.. same.SelectMany(medium => Mention(medium.Medium))]));

    // Whom descriptions name that only repeat the entry's words: a mention's id may stand with the photo alone.
    private static IEnumerable<string> NamedAgain(IEnumerable<ExportValue> media, string text) => Described(media)
        .Where(medium => medium.Text.Trim() == text.Trim())
        .SelectMany(medium => medium.Ids);

    private static IEnumerable<(ExportValue Medium, string Text, IReadOnlyList<string> Ids)> Described(
        IEnumerable<ExportValue> media) =>
        from medium in media
        let said = Handle.Facebook((medium["description"] as ExportValue.Text)?.Value ?? "")
        select (medium, said.Text, said.Ids);

    private static IEnumerable<(Account, string)> PersonsOf(Labelled labelled) =>
    [
        .. labelled.NamesWithin(Labels.Tagged).SelectMany(Handle.Outside).Select(person => (person, "tagged")),
        .. labelled.NamesWithin(Labels.Target).SelectMany(Handle.Outside).Select(person => (person, "mentioned")),
    ];

    private static string KindOf(FacebookFile kind) => kind switch
    {
        FacebookFile.Comment => "comment",
        FacebookFile.Photos or FacebookFile.Story => "caption",
        FacebookFile.Group or FacebookFile.Post or FacebookFile.Elsewhere or FacebookFile.Other => "post",
    };

    // Who sees what stands on somebody else's page or profile is decided there: no word of the entry makes it public.
    private static string StatedAudience(ExportValue entry, FacebookFile kind, Labelled labelled, ExportReading reading)
    {
        if (labelled.Has(Labels.Group))
            return "group";
        var stated = labelled.With(Labels.Audience);
        return stated.Length > 0 && kind != FacebookFile.Group
            ? SeenElsewhere(Labels.AudienceOf(stated), kind)
            : AudienceOf(entry, kind, reading);
    }

    private static string SeenElsewhere(string audience, FacebookFile kind) =>
        kind == FacebookFile.Elsewhere ? Twins.Narrower(audience, Twins.DecidedElsewhere) : audience;

    private static string AudienceOf(ExportValue entry, FacebookFile kind, ExportReading reading)
    {
        // A group is never the public, whatever the entry says of itself.
        if (kind == FacebookFile.Group)
            return "group";
        var stated = new[]
        {
            entry["audience"], entry["privacy"], entry["audience"]["value"], entry["privacy"]["value"],
            entry["privacy"]["description"],
        }
            .Select(value => value.Words)
            .FirstOrDefault(words => words.Length > 0, "");
        return SeenElsewhere(stated.Length > 0 ? Labels.AudienceOf(stated) : reading.Owner.Audience, kind);
    }

    private static IEnumerable<(Account, string)> Mentioned(IEnumerable<string> ids) =>
        ids.Select(id => (new Account(FacebookExport.Service, id), "mentioned"));

    private static IEnumerable<MediaMention> Mention(ExportValue media) =>
        media["uri"].Words is { Length: > 0 } uri
            ? [new MediaMention(uri, media["media_metadata"]["video_metadata"] is ExportValue.Members)]
            : [];

    /// <summary>The platform's own id of an entry or a profile; "" when it gives none.</summary>
    public static string IdOf(ExportValue entry) => entry["fbid"] switch
    {
        ExportValue.Text { Value: var id }
            when id.Length <= Identifier.MaxBytes && id.Length > 0 && id.All(char.IsAsciiDigit) => id,
        ExportValue.Whole { Value: > 0 and var id } => id.ToString(CultureInfo.InvariantCulture),
        _ => "",
    };
}
