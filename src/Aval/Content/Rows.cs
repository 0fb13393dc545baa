namespace Aval.Content;

/// <summary>
/// An item as an importer found it, before it is checked: the canonical columns of docs/design.md. Null = unknown.
/// <c>item_id</c> is unique within the service; <c>author</c> is an account of the same service.
/// </summary>
internal sealed record ItemRow(
    string ItemId,
    string Service,
    string Kind,
    string Author,
    string Audience,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? PublicSince,
    string? Text,
    string? LanguageHint,
    IReadOnlyList<ItemPerson> Persons,
    string? InReplyTo,
    IReadOnlyList<ItemMedia> Media,
    string? Preferences = null);

/// <summary>
/// Somebody an item concerns: an account or <c>outside:ID</c>, and the role (mentioned, depicted, replied-to, tagged).
/// </summary>
internal sealed record ItemPerson(string Account, string Role);

/// <summary>
/// A reference to a picture, video or sound: where it lies in the source, its SHA-256 when it was there, its kind
/// (photo, video, audio).
/// </summary>
internal sealed record ItemMedia(string Uri, string? Sha256, string Kind);

/// <summary>An account as an importer found it. Null = unknown.</summary>
internal sealed record AccountRow(
    string Account,
    string Service,
    string? Person,
    string? DisplayName,
    string? Handle,
    string? Country,
    int? BirthYear,
    string? Contact);
