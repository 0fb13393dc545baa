using Aval.Orders;

namespace Aval.Tests.Orders;

/// <summary>Orders as tests write them.</summary>
internal static class OrderWorld
{
    public static readonly DateTimeOffset From = Instant.Parse("2025-06-01T00:00:00Z", "from");

    public static Order Of(string file, params OrderEffect[] effects) => new(
        OrderedBy.Court, "Fictional Court", file, new string('a', 64), From, null, "It is ordered so.", effects);

    public static OrderEffect.Stop Stop(
        string[]? policies = null, string[]? corpora = null, string[]? services = null, string[]? countries = null) =>
        new(policies ?? [], corpora ?? [], services ?? [], countries ?? []);
}
