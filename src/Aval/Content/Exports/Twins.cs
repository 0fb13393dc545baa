namespace Aval.Content.Exports;

/// <summary>
/// What several tellings of one item say together. Exports tell a post in several files, and each may know something
/// that the others do not: a person who was tagged, to whom it was published, a second picture. An item that took only
/// the first telling would leave such a person unprotected, and another order of files would make another item.
/// <para>
/// Collected in a first pass over the export and used in a second one, so that no text is held.
/// </para>
/// </summary>
internal sealed class Twins
{
    /// <summary>
    /// The audience of what stands on somebody else's page or profile, while it is told: nobody knows it, and no other
    /// telling makes it public. An item has it as <c>unknown</c>.
    /// </summary>
    public const string DecidedElsewhere = "decided elsewhere";

    // From the narrowest on. What states nothing adds nothing.
    private static readonly string[] Audiences =
        ["private", "group", "friends", "followers", DecidedElsewhere, "public", ExportOwner.UnknownAudience];

    private Dictionary<UInt128, Told> _told = [];
    private bool _complete;

    /// <summary>One telling of the item with this digest.</summary>
    public void Tell(UInt128 item, Entry entry)
    {
        if (_complete)
            return;
        _told[item] = _told.TryGetValue(item, out var earlier)
            ? new Told(
                Narrower(earlier.Audience, entry.Audience), [.. earlier.Persons.Union(entry.Persons)],
                [.. earlier.Media.Concat(entry.Media).DistinctBy(media => media.Uri)], Again: true)
            : new Told(entry.Audience, entry.Persons, entry.Media, Again: false);
    }

    /// <summary>All has been told: from now on <see cref="Whole"/> answers.</summary>
    public void Complete()
    {
        _told = _told.Where(told => told.Value.Again).ToDictionary();
        _complete = true;
    }

    /// <summary>The entry with what all its tellings say; null as long as not all has been told.</summary>
    public Entry? Whole(UInt128 item, Entry entry) => !_complete
        ? null
        : _told.TryGetValue(item, out var told)
            ? entry with { Audience = Known(told.Audience), Persons = told.Persons, Media = told.Media }
            : entry with { Audience = Known(entry.Audience) };

    /// <summary>Of two audiences the one that fewer belong to; what is not known counts as nothing said.</summary>
    public static string Narrower(string one, string other) =>
        Array.IndexOf(Audiences, one) <= Array.IndexOf(Audiences, other) ? one : other;

    private static string Known(string audience) =>
        audience == DecidedElsewhere ? ExportOwner.UnknownAudience : audience;

    private sealed record Told(
        string Audience, IReadOnlyList<ItemPerson> Persons, IReadOnlyList<MediaMention> Media, bool Again);
}
