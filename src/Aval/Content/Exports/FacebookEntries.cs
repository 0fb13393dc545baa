using System.Globalization;

namespace Aval.Content.Exports;

/// <summary>The files of a Facebook export whose entries are read, in reading order: where the same words are told twice, the earlier kind knows more of their audience.</summary>
internal enum FacebookFile
{
    Group,
    Post,
    Story,
    Comment,
    Photos,
    Other,
}

/// <summary>What Facebook's entries say: posts, comments, photos, in the shapes of <see cref="FacebookShapes"/>.</summary>
internal static class FacebookEntries
{
    /// <summary>The items of a post, a story or a comment; the descriptions of its photos are put aside in <paramref name="captions"/>.</summary>
    public static IEnumerable<ItemRow> Entry(Element element, FacebookFile kind, ExportFile file, ExportReading reading, List<(Entry, ExportFile)> captions)
    {
        var entry = element.Value;
        if (element.Member == "wall_posts_sent_to_you")
        {
            reading.LeaveOut("other people's posts and tags", file);
            return [];
        }

        if (Labelled.Is(entry))
            return LabelledEntry(entry, kind, file, reading);
        if (!reading.Fits(FacebookShapes.Entry, entry, file) || !reading.HasPossibleTime(entry["timestamp"], "timestamp", file))
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

    private static IEnumerable<ItemRow> Post(ExportValue entry, FacebookFile kind, ExportFile file, ExportReading reading, List<(Entry, ExportFile)> captions)
    {
        var attached = entry["attachments"].Values.SelectMany(attachment => attachment["data"].Values).ToList();
        foreach (var (member, what) in ((string, string)[])[("text", "texts attached to posts (whose, the export does not say)"), ("for_sale_item", "things for sale"), ("note", "notes attached to posts")])
        {
            if (attached.Count(data => data[member] is not ExportValue.Nothing) is > 0 and var count)
                reading.LeaveOut(what, file, count);
        }

        var media = attached.Select(data => data["media"]).OfType<ExportValue.Members>().ToList();
        var (text, mentioned) = Handle.Facebook(string.Join('\n', entry["data"].Values.Select(data => data["post"]).OfType<ExportValue.Text>().Select(post => post.Value).Where(post => !string.IsNullOrWhiteSpace(post)).Distinct()));
        var created = ExportTime.Read(entry["timestamp"]);
        var audience = AudienceOf(entry, kind, reading);
        var tagged = entry["tags"].Values.SelectMany(tag => Handle.Outside(tag is ExportValue.Text name ? name.Value : tag["name"].Words)).Select(person => (person, "tagged")).ToList();
        var own = media.Select(medium => (Medium: medium, Description: Handle.Facebook(medium["description"] is ExportValue.Text description ? description.Value : ""))).ToList();
        foreach (var same in own.Where(medium => medium.Description.Text.Trim() is { Length: > 0 } said && said != text.Trim()).GroupBy(medium => medium.Description.Text))
        {
            var persons = reading.Persons([.. Mentioned(same.First().Description.Ids), .. tagged]);
            captions.Add((new Entry("caption", ExportTime.Read(same.First().Medium["creation_timestamp"]) ?? created, same.Key, audience, persons, [.. same.SelectMany(medium => Mention(medium.Medium))]), file));
        }

        var theirs = media.SelectMany(medium => CommentsOf(medium, file, reading));
        if (string.IsNullOrWhiteSpace(text))
        {
            if (own.All(medium => string.IsNullOrWhiteSpace(medium.Description.Text)))
                reading.LeaveOut("entries without words of the owner", file);
            return theirs;
        }

        var mentions = media.SelectMany(Mention).ToList();
        foreach (var mention in mentions)
            reading.WordsOf(mention, text);
        return [.. reading.Listed(new Entry(kind == FacebookFile.Story ? "caption" : "post", created, text, audience, reading.Persons([.. Mentioned(mentioned), .. tagged]), mentions, IdOf(entry)), file), .. theirs];
    }

    private static IEnumerable<ItemRow> Comment(ExportValue.Members comment, ExportValue entry, FacebookFile kind, ExportFile file, ExportReading reading)
    {
        if (!reading.HasPossibleTime(comment["timestamp"], "data.comment.timestamp", file) || !IsOwners(comment["author"].Words, file, reading))
            return [];
        var media = entry["attachments"].Values.SelectMany(attachment => attachment["data"].Values).Select(data => data["media"]).SelectMany(Mention).ToList();
        var created = ExportTime.Read(comment["timestamp"]) ?? ExportTime.Read(entry["timestamp"]);
        return Said(comment, created, AudienceOf(entry, kind, reading), file, reading).SelectMany(said => reading.Listed(said with { Media = media, Id = IdOf(entry) }, file));
    }

    // Under a photo the export lists comments too: the owner's are told here as well as among the comments.
    private static IEnumerable<ItemRow> CommentsOf(ExportValue media, ExportFile file, ExportReading reading) => media["comments"].Values
        .Where(comment => reading.HasPossibleTime(comment["timestamp"], "media.comments.timestamp", file) && IsOwners(comment["author"].Words, file, reading))
        .SelectMany(comment => Said(comment, ExportTime.Read(comment["timestamp"]), AudienceOf(comment, FacebookFile.Comment, reading), file, reading))
        .SelectMany(said => reading.Within(said, file));

    private static IEnumerable<Entry> Said(ExportValue comment, DateTimeOffset? created, string audience, ExportFile file, ExportReading reading)
    {
        var (text, ids) = Handle.Facebook(comment["comment"] is ExportValue.Text said ? said.Value : "");
        if (!string.IsNullOrWhiteSpace(text))
            return [new Entry("comment", created, text, comment["group"].Words.Length > 0 ? "group" : audience, reading.Persons(Mentioned(ids)), [])];
        reading.LeaveOut("comments without words (stickers, pictures)", file);
        return [];
    }

    private static bool IsOwners(string author, ExportFile file, ExportReading reading)
    {
        if (author.Length == 0 || reading.Owner.Names.Contains(author))
            return true;
        reading.LeaveOut(reading.Owner.Names.Count == 0 ? "entries whose author cannot be compared (the export has no profile)" : "entries by others", file);
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
            return [];
        }

        if (Labelled.Is(photo))
            return LabelledEntry(photo, FacebookFile.Photos, file, reading);
        if (!reading.Fits(FacebookShapes.Media, photo, file))
            return [];
        var theirs = CommentsOf(photo, file, reading);
        var (text, ids) = Handle.Facebook(photo["description"] is ExportValue.Text description ? description.Value : "");
        if (string.IsNullOrWhiteSpace(text))
        {
            reading.LeaveOut("entries without words of the owner", file);
            return theirs;
        }

        var caption = new Entry("caption", ExportTime.Read(photo["creation_timestamp"]), text, AudienceOf(photo, FacebookFile.Photos, reading), reading.Persons(Mentioned(ids)), [.. Mention(photo)]);
        return [.. reading.Within(caption, file), .. theirs];
    }

    private static IEnumerable<ItemRow> LabelledEntry(ExportValue entry, FacebookFile kind, ExportFile file, ExportReading reading)
    {
        if (!reading.Fits(FacebookShapes.LabelledEntry, entry, file))
            return [];
        var labelled = Labelled.Of(entry);
        var time = ExportTime.IsStated(entry["timestamp"]) ? entry["timestamp"] : labelled.Time;
        if (!reading.HasPossibleTime(time, "timestamp", file) || !IsOwners(labelled.With(Labels.Author).Trim(), file, reading))
            return [];
        var (text, ids) = Handle.Facebook(labelled.Written());
        if (string.IsNullOrWhiteSpace(text))
        {
            reading.LeaveOut("entries without words of the owner", file);
            return [];
        }

        var stated = labelled.With(Labels.Audience);
        var persons = reading.Persons([.. Mentioned(ids), .. labelled.NamesWithin(Labels.Tagged).SelectMany(Handle.Outside).Select(person => (person, "tagged"))]);
        return reading.Listed(
            new Entry(
                kind switch { FacebookFile.Comment => "comment", FacebookFile.Photos or FacebookFile.Story => "caption", FacebookFile.Group or FacebookFile.Post or FacebookFile.Other => "post" },
                ExportTime.Read(time),
                text,
                stated.Length > 0 && kind != FacebookFile.Group ? Labels.AudienceOf(stated) : AudienceOf(entry, kind, reading),
                persons,
                [.. entry["media"].Values.SelectMany(Mention)],
                IdOf(entry)),
            file);
    }

    private static string AudienceOf(ExportValue entry, FacebookFile kind, ExportReading reading)
    {
        // A group is never the public, whatever the entry says of itself.
        if (kind == FacebookFile.Group)
            return "group";
        var stated = new[] { entry["audience"], entry["privacy"], entry["audience"]["value"], entry["privacy"]["value"], entry["privacy"]["description"] }.Select(value => value.Words).FirstOrDefault(words => words.Length > 0, "");
        return stated.Length > 0 ? Labels.AudienceOf(stated) : reading.Owner.Audience;
    }

    private static IEnumerable<(Account, string)> Mentioned(IEnumerable<string> ids) => ids.Select(id => (new Account(FacebookExport.Service, id), "mentioned"));

    private static IEnumerable<MediaMention> Mention(ExportValue media) =>
        media["uri"].Words is { Length: > 0 } uri ? [new MediaMention(uri, media["media_metadata"]["video_metadata"] is ExportValue.Members)] : [];

    /// <summary>The platform's own id of an entry or a profile; "" when it gives none.</summary>
    public static string IdOf(ExportValue entry) => entry["fbid"] switch
    {
        ExportValue.Text { Value: var id } when id.Length <= Identifier.MaxBytes && id.Length > 0 && id.All(char.IsAsciiDigit) => id,
        ExportValue.Whole { Value: > 0 and var id } => id.ToString(CultureInfo.InvariantCulture),
        _ => "",
    };
}
