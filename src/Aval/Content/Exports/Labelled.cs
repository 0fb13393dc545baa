using System.Collections.Frozen;

namespace Aval.Content.Exports;

/// <summary>One labelled value.</summary>
/// <param name="Label">The platform's word, in the language of the account.</param>
/// <param name="Within">The label or title of the group it stands in; "" at the top.</param>
/// <param name="Value">What it says.</param>
/// <param name="Time">Its time, in seconds.</param>
/// <param name="IsLink">Whether it only points somewhere.</param>
/// <param name="Media">The pictures and videos that stand under it.</param>
internal sealed record LabelledValue(
    string Label, string Within, ExportValue Value, ExportValue Time, bool IsLink, IReadOnlyList<ExportValue> Media)
{
    /// <summary>What it says, as written; "" when it says nothing.</summary>
    public string Words =>
        Value is ExportValue.Text { Value: var text } && !string.IsNullOrWhiteSpace(text) ? text : "";
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
            ? members.Named.Select(member => new LabelledValue(
                member.Key, "", member.Value["value"], member.Value["timestamp"],
                IsLink: member.Value["href"].Words.Length > 0 && member.Value["value"].Words.Length == 0, []))
            : [];
        var list = entry["string_list_data"].Values
            .Select(value => new LabelledValue("", "", value["value"], value["timestamp"], IsLink: false, []));
        return new([.. map, .. list, .. Flatten(entry["label_values"], "")]);
    }

    /// <summary>Whether an entry is made of labelled values.</summary>
    public static bool Is(ExportValue entry) => entry["label_values"] is ExportValue.List
        || entry["string_map_data"] is ExportValue.Members || entry["string_list_data"] is ExportValue.List;

    /// <summary>When: the value that is a time, whatever its label.</summary>
    public ExportValue Time =>
        All.Select(value => value.Time).FirstOrDefault(ExportTime.IsStated) ?? new ExportValue.Nothing(0);

    /// <summary>
    /// The first value with one of these labels, here or in a group so labelled; "" when there is none.
    /// </summary>
    public string With(IReadOnlySet<string> labels) => Find(labels)?.Words ?? "";

    /// <summary>Whether there is such a label at all, whatever stands under it: words, a link, nothing.</summary>
    public bool Has(IReadOnlySet<string> labels) =>
        All.Any(value => labels.Contains(value.Label) || labels.Contains(value.Within));

    /// <summary>The pictures and videos under a label known to hold them, each once; no subtitles.</summary>
    public IReadOnlyList<ExportValue> Media => [.. All
        .Where(value => Labels.Media.Contains(value.Label) || Labels.Media.Contains(value.Within))
        .SelectMany(value => value.Media)
        .Where(medium => !IsSubtitle(medium["uri"].Words))
        .DistinctBy(medium => medium["uri"].Words is { Length: > 0 } uri ? (object)uri : medium)];

    /// <summary>Whether the platform says that the entry was never published.</summary>
    public bool IsDraft => All.Any(value =>
        value.Within.Length == 0 && Labels.Draft.Contains(value.Label) && Labels.Yes.Contains(value.Words.Trim()));

    /// <summary>
    /// The labels, each as often as it stands here with something that could be words, of which nobody knows what they
    /// mean. Nothing under them is anybody's words; that they are there has to be told.
    /// </summary>
    public IEnumerable<string> Unknown => All
        .Where(value => (value.Words.Length > 0 && !value.IsLink) || value.Media.Any(IsDescribed))
        .Select(value => value.Within.Length > 0 ? value.Within : value.Label)
        .Where(label => label.Length > 0 && !Labels.Known(label));

    /// <summary>
    /// A comment, and to whom the medium belongs that it is about. The comment is what a label known to hold words
    /// holds; the owner may be whatever is spelled as a handle: whom that wrongly names is protected, and nothing
    /// worse.
    /// </summary>
    public (string Comment, string Owner) CommentAndOwner()
    {
        var comment = FindWritten();
        var owner = Find(Labels.MediaOwner) ?? Find(Labels.Username)
            ?? All.FirstOrDefault(value => value != comment && IsBareHandle(value));
        return (comment?.Words ?? "", owner?.Words ?? "");
    }

    /// <summary>
    /// What was written with a post, a story or a check-in, under a label known to hold that; "" when nothing was. A
    /// value under any other label (a feeling, an app's name, a place) is not the person's words, whatever it looks
    /// like.
    /// </summary>
    public string Written() => FindWritten()?.Words ?? "";

    /// <summary>The names in groups with one of these labels.</summary>
    public IEnumerable<string> NamesWithin(IReadOnlySet<string> labels) => Within(labels, Labels.Name);

    /// <summary>The handles in groups with one of these labels.</summary>
    public IEnumerable<string> HandlesWithin(IReadOnlySet<string> labels) =>
        Within(labels, Labels.Username).Select(handle => handle.Trim());

    private IEnumerable<string> Within(IReadOnlySet<string> labels, FrozenSet<string> named) => All
        .Where(value => labels.Contains(value.Within) || (value.Within.Length == 0 && labels.Contains(value.Label)))
        .Where(value => value.Words.Length > 0 && !value.IsLink)
        .Where(value => value.Within.Length == 0 || named.Contains(value.Label) || value.Label.Length == 0)
        .Select(value => value.Words);

    // A place has a description as well: only at the top, or in a group of such a label, are they the owner's words.
    private LabelledValue? FindWritten() => All.FirstOrDefault(value =>
        value.Words.Length > 0 && !value.IsLink
        && (value.Within.Length == 0 ? Labels.Words.Contains(value.Label) : Labels.Words.Contains(value.Within)));

    private LabelledValue? Find(IReadOnlySet<string> labels) =>
        All.FirstOrDefault(value => value.Words.Length > 0 && !value.IsLink && labels.Contains(value.Label))
        ?? All.FirstOrDefault(
            value => value.Words.Length > 0 && labels.Contains(value.Within) && Labels.Username.Contains(value.Label))
        ?? All.FirstOrDefault(value => value.Words.Length > 0 && !value.IsLink && labels.Contains(value.Within));

    private static bool IsBareHandle(LabelledValue value) =>
        value.Within.Length == 0 && !value.IsLink && Handle.Is(value.Words) && !ExportTime.IsStated(value.Time)
        && !Labels.Audience.Contains(value.Label) && !Labels.Author.Contains(value.Label);

    private static bool IsDescribed(ExportValue medium) =>
        medium["title"].Words.Length > 0 || medium["description"].Words.Length > 0;

    private static bool IsSubtitle(string uri) => Path.GetExtension(uri).ToUpperInvariant() is ".SRT" or ".VTT";

    private static IEnumerable<LabelledValue> Flatten(ExportValue list, string within) =>
        list.Values.SelectMany(value =>
        {
            var label = value["label"].Words.Length > 0 ? value["label"].Words : value["title"].Words;
            var self = new LabelledValue(
                label, within, value["value"], value["timestamp_value"], IsLink: value["href"].Words.Length > 0,
                value["media"].Values);
            // A group inside a group is often nameless: it then stands in the outer one.
            return value["dict"] is ExportValue.List inner
                ? [self, .. Flatten(inner, label.Length > 0 ? label : within)]
                : new[] { self };
        });
}
