namespace Aval.Content.Exports;

/// <summary>
/// The shapes of Facebook's entries, 2018–2025. Sources: the export itself; the schemas that
/// SamuelePilleri/facebook-schemas derived from exports of 2018 and 2019; the types by which apparebit/deface checks
/// those of 2020.
/// </summary>
internal static class FacebookShapes
{
    private static readonly Shape Coordinate = Shape.Of(("latitude", Shape.Number), ("longitude", Shape.Number))
        .Needs("latitude", "longitude");

    private static readonly (string, Shape)[] PhotoMembers =
    [
        ("upload_ip", Shape.Text), ("upload_timestamp", Shape.Whole), ("taken_timestamp", Shape.Whole),
        ("modified_timestamp", Shape.Whole), ("iso_speed", Shape.Whole), ("iso", Shape.Whole),
        ("orientation", Shape.Whole), ("original_width", Shape.Whole), ("original_height", Shape.Whole),
        ("latitude", Shape.Number), ("longitude", Shape.Number),
    ];

    // Until 2020 the members stand in the metadata themselves, since then in a list within.
    private static readonly Shape Metadata = Shape.Of(
        [.. PhotoMembers, ("exif_data", Shape.ListOf(Shape.Of(PhotoMembers)))]);

    private static readonly Shape Said = Shape.Of(
        ("timestamp", Shape.Whole), ("comment", Shape.Text), ("author", Shape.Text), ("group", Shape.Text));

    /// <summary>A photo or video.</summary>
    public static Shape Media { get; } = Shape.Of(
        ("uri", Shape.Text),
        ("title", Shape.Text),
        ("description", Shape.Text),
        ("creation_timestamp", Shape.Whole),
        ("thumbnail", Shape.Of(("uri", Shape.Text))),
        ("media_metadata", Shape.Of(("photo_metadata", Metadata), ("video_metadata", Metadata))),
        ("comments", Shape.ListOf(Said)));

    private static readonly Shape Attached = Shape.Of(
        ("media", Media),
        ("name", Shape.Text),
        ("text", Shape.Text),
        ("place",
            Shape.Of(("name", Shape.Text), ("address", Shape.Text), ("url", Shape.Text), ("coordinate", Coordinate))),
        ("event", Shape.Of(("name", Shape.Text), ("start_timestamp", Shape.Whole), ("end_timestamp", Shape.Whole))),
        ("external_context", Shape.Of(("name", Shape.Text), ("source", Shape.Text), ("url", Shape.Text))),
        ("life_event", Shape.Of(("title", Shape.Text), ("description", Shape.Text), ("photos", Shape.ListOf(Media)))));

    /// <summary>What is known to be attached to posts, whether or not it is read.</summary>
    public static IReadOnlySet<string> KnownAttached { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "media", "name", "text", "place", "event", "external_context", "life_event", "for_sale_item", "note", "poll",
    };

    /// <summary>A post, a story or a comment.</summary>
    public static Shape Entry { get; } = Shape.Of(
        ("timestamp", Shape.Whole),
        ("title", Shape.Text),
        ("tags", Shape.ListOf(Shape.TextOr(Shape.Of(("name", Shape.Text))))),
        ("data", Shape.ListOf(Shape.Of(
            ("post", Shape.Text), ("comment", Said), ("update_timestamp", Shape.Whole),
            ("backdated_timestamp", Shape.Whole)))),
        ("attachments", Shape.ListOf(Shape.Of(("data", Shape.ListOf(Attached)))))).Needs("timestamp");

    private static readonly Shape LabelValue = Shape.Of(
        ("label", Shape.Text),
        ("title", Shape.Text),
        ("value", Shape.Text),
        ("timestamp_value", Shape.Whole),
        ("media", Shape.ListOf(Media)),
        ("dict", Shape.ListOf(Shape.Late(() => LabelValue!))));

    /// <summary>An entry of labelled values.</summary>
    public static Shape LabelledEntry { get; } = Shape.Of(
        ("timestamp", Shape.Whole), ("media", Shape.ListOf(Media)), ("label_values", Shape.ListOf(LabelValue)));
}
