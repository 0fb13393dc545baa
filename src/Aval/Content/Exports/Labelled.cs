namespace Aval.Content.Exports;

/// <summary>One labelled value.</summary>
/// <param name="Label">The platform's word, in the language of the account.</param>
/// <param name="Within">The label or title of the group it stands in; "" at the top.</param>
/// <param name="Value">What it says.</param>
/// <param name="Time">Its time, in seconds.</param>
/// <param name="IsLink">Whether it only points somewhere.</param>
internal sealed record LabelledValue(string Label, string Within, ExportValue Value, ExportValue Time, bool IsLink)
{
    /// <summary>What it says, as written; "" when it says nothing.</summary>
    public string Words => Value is ExportValue.Text { Value: var text } && !string.IsNullOrWhiteSpace(text) ? text : "";
}

/// <summary>
/// The values of an entry that are told apart by their labels only: <c>string_map_data</c> (an object whose member
/// names are translated) and the newer <c>label_values</c> (a list, nested by <c>dict</c>).
/// </summary>
internal sealed record Labelled(IReadOnlyList<LabelledValue> All)
{
    public static Labelled Of(ExportValue entry)
    {
        var map = entry["string_map_data"] is ExportValue.Members members
            ? members.Named.Select(member => new LabelledValue(member.Key, "", member.Value["value"], member.Value["timestamp"], member.Value["href"].Words.Length > 0 && member.Value["value"].Words.Length == 0))
            : [];
        var list = entry["string_list_data"].Values.Select(value => new LabelledValue("", "", value["value"], value["timestamp"], IsLink: false));
        return new([.. map, .. list, .. Flatten(entry["label_values"], "")]);
    }

    /// <summary>Whether an entry is made of labelled values.</summary>
    public static bool Is(ExportValue entry) => entry["label_values"] is ExportValue.List || entry["string_map_data"] is ExportValue.Members || entry["string_list_data"] is ExportValue.List;

    /// <summary>When: the value that is a time, whatever its label.</summary>
    public ExportValue Time => All.Select(value => value.Time).FirstOrDefault(ExportTime.IsStated) ?? new ExportValue.Nothing(0);

    /// <summary>The first value with one of these labels, here or in a group so labelled; "" when there is none.</summary>
    public string With(IReadOnlySet<string> labels) => Find(labels)?.Words ?? "";

    /// <summary>
    /// A comment, and to whom the medium belongs that it is about. Without known labels: of the values that are words
    /// (no time, link or audience), the one that looks like a handle is the owner and the longest other one is the
    /// comment; when all look like handles, the first is the comment, because the platform writes it first.
    /// </summary>
    public (string Comment, string Owner) CommentAndOwner()
    {
        var comment = FindWritten();
        var owner = Find(Labels.MediaOwner) ?? Find(Labels.Username);
        comment ??= Guesses(owner).Where(value => !Handle.Is(value.Words)).MaxBy(value => value.Words.Length) ?? Guesses(owner).FirstOrDefault();
        owner ??= Guesses(comment).FirstOrDefault(value => Handle.Is(value.Words)) ?? Guesses(comment).FirstOrDefault();
        return (comment?.Words ?? "", owner?.Words ?? "");
    }

    /// <summary>
    /// What was written with a post, a story or a check-in; "" when nothing was. Only in a language of which no label is
    /// known, the longest of the values that are words: elsewhere a missing label means that nothing was written, and the
    /// rest (an app's name, a place) is not the person's words.
    /// </summary>
    public string Written() => FindWritten() switch
    {
        { } written => written.Words,
        null when All.Any(value => Labels.Known(value.Label)) => "",
        null => Guesses(null).Where(value => !Handle.Is(value.Words)).MaxBy(value => value.Words.Length)?.Words ?? "",
    };

    /// <summary>The names in groups with one of these labels.</summary>
    public IEnumerable<string> NamesWithin(IReadOnlySet<string> labels) => All
        .Where(value => labels.Contains(value.Within) || (value.Within.Length == 0 && labels.Contains(value.Label)))
        .Where(value => value.Words.Length > 0 && !value.IsLink && (value.Within.Length == 0 || Labels.Name.Contains(value.Label) || value.Label.Length == 0))
        .Select(value => value.Words);

    // A place has a description as well: only at the top, or in a group of such a label, are they the owner's words.
    private LabelledValue? FindWritten() => All.FirstOrDefault(value =>
        value.Words.Length > 0 && !value.IsLink && (value.Within.Length == 0 ? Labels.Words.Contains(value.Label) : Labels.Words.Contains(value.Within)));

    private LabelledValue? Find(IReadOnlySet<string> labels) =>
        All.FirstOrDefault(value => value.Words.Length > 0 && !value.IsLink && labels.Contains(value.Label))
        ?? All.FirstOrDefault(value => value.Words.Length > 0 && labels.Contains(value.Within) && Labels.Username.Contains(value.Label))
        ?? All.FirstOrDefault(value => value.Words.Length > 0 && !value.IsLink && labels.Contains(value.Within));

    private IEnumerable<LabelledValue> Guesses(LabelledValue? but) => All.Where(value =>
        value != but
        && value.Within.Length == 0
        && value.Words.Length > 0
        && !value.IsLink
        && !ExportTime.IsStated(value.Time)
        && !Labels.Audience.Contains(value.Label)
        && !Labels.Author.Contains(value.Label)
        && !Uri.IsWellFormedUriString(value.Words, UriKind.Absolute));

    private static IEnumerable<LabelledValue> Flatten(ExportValue list, string within) => list.Values.SelectMany(value =>
    {
        var label = value["label"].Words.Length > 0 ? value["label"].Words : value["title"].Words;
        var self = new LabelledValue(label, within, value["value"], value["timestamp_value"], value["href"].Words.Length > 0);
        // A group inside a group is often nameless: it then stands in the outer one.
        return value["dict"] is ExportValue.List inner ? [self, .. Flatten(inner, label.Length > 0 ? label : within)] : new[] { self };
    });
}
