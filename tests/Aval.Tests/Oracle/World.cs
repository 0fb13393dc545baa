using Aval.Choices;

namespace Aval.Tests.Oracles;

/// <summary>
/// Everything that may bear on a decision, as plain records: every version of items and accounts that was ever
/// observed, every delivery, every choice. What is left out is absent. A choice's place in <see cref="Choices"/> is its
/// entry index.
/// </summary>
public sealed record World
{
    public IReadOnlyList<ItemVersion> Items { get; init; } = [];

    public IReadOnlyList<AccountVersion> Accounts { get; init; } = [];

    public IReadOnlyList<NoticeDelivery> Notices { get; init; } = [];

    public IReadOnlyList<Choice> Choices { get; init; } = [];
}

/// <summary>
/// An item as it was observed at one instant. Null = unknown; an unknown audience may also be written "unknown".
/// </summary>
public sealed record ItemVersion(
    Item Item,
    Account Author,
    string Kind,
    string? Audience,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? PublicSince,
    string? Text,
    bool HasMedia,
    bool Deleted,
    DateTimeOffset ObservedAt);

/// <summary>
/// An account as it was observed at one instant; <paramref name="Person"/> null or empty = the account itself.
/// </summary>
public sealed record AccountVersion(
    Account Account, string? Person, string? Country, int? BirthYear, DateTimeOffset ObservedAt);

/// <summary>An information notice to one account; only <paramref name="DeliveredAt"/> counts.</summary>
public sealed record NoticeDelivery(
    Account Account, string Version, DateTimeOffset? SentAt, DateTimeOffset? DeliveredAt);
