using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aval.Content.Exports;

/// <summary>A picture, video or sound that an entry mentions.</summary>
internal readonly record struct MediaMention(string Uri, bool IsVideo)
{
    /// <summary>The file's own name: folders change between exports, names do not.</summary>
    public string FileName => Uri[(Uri.LastIndexOf('/') + 1)..];
}

/// <summary>What an entry says, before it has an id.</summary>
/// <param name="Kind">post, comment or caption.</param>
/// <param name="CreatedAt">When; null = unknown.</param>
/// <param name="Text">The owner's words, as read.</param>
/// <param name="Audience">As stated; <c>unknown</c> otherwise.</param>
/// <param name="Persons">Whom it concerns beside its author.</param>
/// <param name="Media">What it shows.</param>
/// <param name="Id">The platform's own id, by which a file tells apart what is alike; "" = none.</param>
internal sealed record Entry(
    string Kind, DateTimeOffset? CreatedAt, string Text, string Audience, IReadOnlyList<ItemPerson> Persons,
    IReadOnlyList<MediaMention> Media, string Id = "");

/// <summary>
/// One pass over an export: turns entries into items with stable ids, tells what is said twice, and keeps the book of
/// what was rejected and what was left out.
/// </summary>
internal sealed class ExportReading(string service, ExportOwner owner, ExportFiles files, Twins twins)
{
    /// <summary>What something said again is called among what is left out.</summary>
    public const string Again = "the same words of the same moment again";

    /// <summary>What an entry is called that has values, but none under a label known to hold words.</summary>
    public const string Undecided = "entries of which no label is known to hold words";

    /// <summary>Begins the name of what is left out with an unknown label.</summary>
    public const string UnderUnknown = "values under ";

    /// <summary>What is left out with unknown labels that are not named.</summary>
    public const string UnderUnknownLabels = $"{UnderUnknown}further labels, which are {NobodysWords}";

    private const string NobodysWords = "not known to hold anybody's words";
    private const int IdDigits = 32;
    private const int LabelsNamed = 50;
    private readonly List<Reject> _rejects = [];
    private readonly OrderedDictionary<(string What, string File), long> _leftOut = [];
    private readonly HashSet<UInt128> _told = [];

    // Words with a medium, and the items that are told by them: a story's or a post's, and a post's alone.
    private readonly Dictionary<UInt128, UInt128[]> _captions = [];
    private readonly Dictionary<UInt128, UInt128[]> _posts = [];
    private readonly HashSet<string> _unknownLabels = new(StringComparer.Ordinal);
    private readonly Dictionary<UInt128, List<string>> _inThisFile = [];
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);

    private readonly HashSet<Account> _ownNames = [.. owner.Names.SelectMany(Handle.Outside)];

    public ExportOwner Owner => owner;

    public IReadOnlyList<Reject> Rejects => _rejects;

    public IReadOnlyList<LeftOut> LeftOut =>
        [.. _leftOut.Select(entry => new LeftOut(entry.Key.What, entry.Key.File, entry.Value))];

    /// <summary>Another file begins.</summary>
    public void Begin() => _inThisFile.Clear();

    public void LeaveOut(string what, ExportFile file, long count = 1) =>
        _leftOut[(what, file.Name)] = _leftOut.GetValueOrDefault((what, file.Name)) + count;

    /// <summary>What a file that is read says beside the lists of its entries is called.</summary>
    public const string Beside = "what stands beside the lists of entries";

    /// <summary>Counts what a file that is read says beside its entries: nothing of it is taken.</summary>
    /// <param name="rest">What it says; of a file that is neither list nor object, all of it.</param>
    /// <param name="file">The file.</param>
    /// <param name="known">Members that are counted otherwise.</param>
    public void LeaveOutBeside(ExportValue rest, ExportFile file, params IReadOnlyList<string> known)
    {
        var count = rest is ExportValue.Members members
            ? members.Named.Where(member => !known.Contains(member.Key)).Sum(member => Counted(member.Value))
            : 1;
        if (count > 0)
            LeaveOut(Beside, file, count);
    }

    // A number says nothing that anybody wrote; a list in it may be one of entries, which are what is missed.
    private static long Counted(ExportValue value) => value switch
    {
        ExportValue.Whole or ExportValue.Fraction or ExportValue.Flag or ExportValue.Text { Value: "" } => 0,
        ExportValue.List list => Math.Max(list.Elements.Count, 1),
        ExportValue.Members members => Math.Max(
            members.Named.Values.OfType<ExportValue.List>().Sum(list => Counted(list)), 1),
        _ => 1,
    };

    /// <summary>Names the labels of an entry that nobody knows, so that somebody can say what they mean.</summary>
    public void LeaveOutUnknown(Labelled labelled, ExportFile file)
    {
        foreach (var label in labelled.Unknown.Select(Shown.Of))
        {
            if (_unknownLabels.Count < LabelsNamed)
                _unknownLabels.Add(label);
            LeaveOut(
                _unknownLabels.Contains(label)
                    ? $"{UnderUnknown}the label \"{label}\", which is {NobodysWords}"
                    : UnderUnknownLabels,
                file);
        }
    }

    /// <summary>An entry without words: whether it has none, or nobody can tell.</summary>
    public void LeaveOutWordless(Labelled labelled, string wordless, ExportFile file) =>
        LeaveOut(labelled.Unknown.Any() ? Undecided : wordless, file);

    public void Reject(ExportFile file, Fault fault) =>
        _rejects.Add(new Reject(file.Name, fault.Found.Line, fault.At, fault.Expected, fault.Found.Shown));

    /// <summary>Whether a value has the shape; otherwise its first fault is in the book.</summary>
    public bool Fits(Shape shape, ExportValue entry, ExportFile file)
    {
        if (entry is ExportValue.Doubled)
        {
            Reject(file, new Fault("", "an object in which each name stands once", entry));
            return false;
        }

        foreach (var fault in shape.Faults(entry, ""))
        {
            Reject(file, fault);
            return false;
        }

        return true;
    }

    /// <summary>
    /// The time of an entry, which must be possible when it is stated; otherwise the entry is in the book as rejected.
    /// </summary>
    public bool HasPossibleTime(ExportValue time, string at, ExportFile file)
    {
        if (!ExportTime.IsStated(time) || time is ExportValue.Text || ExportTime.Read(time) is not null)
            return true;
        Reject(file, new Fault(at, ExportTime.Possible, time));
        return false;
    }

    /// <summary>
    /// The item of an entry in a file's own list. Two that are alike in one file are two items (somebody wrote "yes"
    /// twice in a second), unless the platform's own id says that they are one; alike in two files, they are one.
    /// </summary>
    public IEnumerable<ItemRow> Listed(Entry entry, ExportFile file) => ToldAs(entry, _posts) is { Count: > 0 } posts
        ? Repeated(posts, entry, file)
        : Item(entry, InThisFile(entry), file);

    /// <summary>
    /// The item of a post or story in a file's own list, whose words its photos carry as their own description: those
    /// are not items of their own.
    /// </summary>
    public IReadOnlyList<ItemRow> Published(Entry entry, ExportFile file)
    {
        var posts = ToldAs(entry, _posts);
        List<UInt128> items = posts.Count > 0 ? posts : [InThisFile(entry)];
        ItemRow[] rows = [.. posts.Count > 0 ? Repeated(posts, entry, file) : Item(entry, items[0], file)];
        foreach (var words in WithMedia(entry))
        {
            _captions[words] = [.. _captions.GetValueOrDefault(words, []).Union(items)];
            if (entry.Kind == "post")
                _posts[words] = [.. _posts.GetValueOrDefault(words, []).Union(items)];
        }

        return rows;
    }

    /// <summary>
    /// The item of something told within entries, as often as its photo is shown: alike, it is one item wherever it is
    /// told.
    /// </summary>
    public IEnumerable<ItemRow> Within(Entry entry, ExportFile file)
    {
        if (ToldAs(entry, _captions) is { Count: > 0 } items)
            return Repeated(items, entry, file);
        var name = entry.Kind == "caption" ? entry.Media.Select(media => media.FileName).FirstOrDefault("") : "";
        return Item(entry, Digest(name, "0", entry.Kind, Seconds(entry), entry.Text), file);
    }

    /// <summary>Persons, each once a role, without the owner.</summary>
    public IReadOnlyList<ItemPerson> Persons(IEnumerable<(Account Account, string Role)> persons) =>
        [.. persons.Where(person => person.Account != owner.Account && !IsOwner(person.Account))
            .Distinct()
            .Select(person => new ItemPerson(person.Account.ToString(), person.Role))];

    private bool IsOwner(Account account) => account.Service == Account.Outside
        ? _ownNames.Contains(account)
        : account.Service == service && account.Id == owner.Row?.Handle;

    // The items that a caption repeats: the same words with the same picture are the same item (a reel can be listed
    // among the posts as well). Where several posts have both, it is not known which of them is meant: all are told.
    private List<UInt128> ToldAs(Entry entry, Dictionary<UInt128, UInt128[]> told) => entry.Kind == "caption"
        ? [.. WithMedia(entry).SelectMany(words => told.GetValueOrDefault(words, [])).Distinct()]
        : [];

    private UInt128 InThisFile(Entry entry)
    {
        // Whether a reel is listed among the posts or by itself must not make two items of it.
        var kind = entry.Kind == "caption" ? "post" : entry.Kind;
        var alike = Digest(kind, Seconds(entry), entry.Text);
        if (!_inThisFile.TryGetValue(alike, out var ids))
            _inThisFile[alike] = ids = [];
        var ordinal = entry.Id.Length > 0 ? ids.IndexOf(entry.Id) : -1;
        if (ordinal < 0)
        {
            ordinal = ids.Count;
            ids.Add(entry.Id);
        }

        var number = ordinal.ToString(CultureInfo.InvariantCulture);
        return Digest("", number, kind, Seconds(entry), entry.Text);
    }

    private IEnumerable<ItemRow> Item(Entry entry, UInt128 derived, ExportFile file)
    {
        if (owner.Account is not { } author)
            throw AvalException.BadInput(
                $"{file.Name}: nothing in this export says whose it is (it has no profile, or the profile has neither "
                + $"an id nor a username). Nothing was imported. State it with --account {service}:ID.");
        twins.Tell(derived, entry);
        if (!_told.Add(derived))
            return Repeated(file);
        // The platform's own id is not the item's: only one of two files may give it, and an objection to the item has
        // to reach it whichever of them a later export has.
        return twins.Whole(derived, entry) is { } whole
            ? [new ItemRow(
                Hex(derived), service, whole.Kind, author.ToString(), whole.Audience, whole.CreatedAt,
                PublicSince: null, whole.Text, LanguageHint: null, whole.Persons, InReplyTo: null,
                [.. whole.Media.Select(Media)])]
            : [];
    }

    // Whom it tags, and to whom it was published, is the item's as well.
    private IEnumerable<ItemRow> Repeated(List<UInt128> items, Entry entry, ExportFile file)
    {
        foreach (var item in items)
            twins.Tell(item, entry);
        return Repeated(file);
    }

    private IEnumerable<ItemRow> Repeated(ExportFile file)
    {
        LeaveOut(Again, file);
        return [];
    }

    private ItemMedia Media(MediaMention media)
    {
        var kind = Path.GetExtension(media.FileName).ToUpperInvariant() switch
        {
            ".MP4" or ".MOV" or ".M4V" or ".AVI" or ".WEBM" or ".3GP" or ".MKV" => "video",
            ".MP3" or ".M4A" or ".AAC" or ".WAV" or ".OGG" or ".OPUS" => "audio",
            _ => media.IsVideo ? "video" : "photo",
        };
        return new ItemMedia(media.Uri, Hash(media.Uri), kind);
    }

    // Null = the file is not in these archives.
    private string? Hash(string uri)
    {
        if (files.Find(uri) is not { } file)
            return null;
        if (!_hashes.TryGetValue(file.Path, out var hash))
        {
            using var stream = file.Open();
            _hashes[file.Path] = hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        }

        return hash;
    }

    private IEnumerable<UInt128> WithMedia(Entry entry) =>
        entry.Media.Select(media => Digest(media.FileName, entry.Text.Trim()));

    private static string Seconds(Entry entry) =>
        entry.CreatedAt?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) ?? "";

    // Parts are joined by a character that no text of an item holds, so that no two lists of parts are one text.
    private UInt128 Digest(params ReadOnlySpan<string> parts) => BinaryPrimitives.ReadUInt128BigEndian(
        SHA256.HashData(
            Encoding.UTF8.GetBytes($"aval/export-item/v1\0{service}\0{owner.Account}\0{string.Join('\0', parts)}")));

    private static string Hex(UInt128 value) => value.ToString($"x{IdDigits}", CultureInfo.InvariantCulture);
}
