using System.Text;
using Aval.Orders;

namespace Aval.Tests.Orders;

/// <summary>An order is read strictly: of what has no effect nobody may believe that it was obeyed.</summary>
public sealed class OrderReaderTests
{
    private const string Sound = """
        by: court
        name: Fictional Court
        file: 15 UKl 2/25
        document: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        from: 2025-05-27
        until: 2025-09-01T12:00:00Z
        text: >
          The defendant is ordered not to train on what its users published.
        effects:
          - {effect: stop, policies: [opt-out], countries: [DE]}
          - {effect: exclude, services: [instagram], kinds: [post], from: 2024-01-01, until: 2025-01-01}
          - {effect: exclude, authors: annex.txt}
          - {effect: suspend-release, releases: [sample/20250527T000000Z-0123456789ab]}
          - {effect: preserve}
          - {effect: report, what: how many objected, by: 2025-10-31}
        """;

    [Fact]
    public void An_order_is_what_its_file_says()
    {
        var order = Parse(Sound);
        Assert.Equal(
            (OrderedBy.Court, "Fictional Court", "15 UKl 2/25"), (order.By, order.Name, order.File));
        Assert.Equal("2025-05-27T00:00:00.000000Z", order.From.ToText());
        Assert.Equal(["stop", "exclude", "exclude", "suspend-release", "preserve", "report"],
            order.Effects.Select(effect => effect.Word));
        var exclude = Assert.IsType<OrderEffect.Exclude>(order.Effects[1]);
        Assert.Equal(["instagram", "post"], exclude.Services.Concat(exclude.Kinds).Concat(exclude.Authors));
        Assert.Equal("2025-01-01T00:00:00.000000Z", exclude.Until?.ToText());
        Assert.Equal([new string('b', 64)], Assert.IsType<OrderEffect.Exclude>(order.Effects[2]).Authors);
        var text = new OrderJson(OrderJson.Current, order.From, order, null, null).ToBytes();
        Assert.Equal(text, OrderJson.Read(text).ToBytes());
        Assert.Contains(
            """
            "effects":[{"effect":"stop","policies":["opt-out"],"corpora":[],"services":[],"countries":["DE"]},
            """,
            Encoding.UTF8.GetString(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("by: court", "by: parliament", "\"by\" is one of court, authority, self")]
    [InlineData("until: 2025-09-01T12:00:00Z", "until: 2025-05-27", "never in force")]
    [InlineData("document: aaaa", "document: AAAA", "sha256sum FILE")]
    [InlineData("effect: preserve", "effect: delete", "delete says which items")]
    [InlineData("effect: preserve", "effect: perserve", "preserve")]
    [InlineData("kinds: [post]", "kinds: [posts]", "a kind is one of post, comment")]
    [InlineData("until: 2025-01-01", "until: 2023-01-01", "ever written in between")]
    [InlineData("exclude, authors: annex.txt", "exclude", "exclude says which items")]
    [InlineData("exclude, authors: annex.txt", "exclude, author: annex.txt", "has no key \"author\"")]
    [InlineData("effect: preserve", "effect: preserve, corpora: [a]", "has no key \"corpora\"")]
    [InlineData("countries: [DE]", "countries: [Germany]", "ISO 3166-1")]
    [InlineData("countries: [DE]", "country: [DE]", "has no key \"country\"")]
    [InlineData("[sample/20250527T000000Z-0123456789ab]", "[sample]", "CORPUS/RELEASE")]
    [InlineData("by: 2025-10-31", "by: 2025-02-30", "a day that exists")]
    [InlineData("file: 15 UKl 2/25\n", "", "lacks \"file\"")]
    public void What_does_not_fit_is_refused_with_its_line(string right, string wrong, string said)
    {
        Assert.Contains(right, Sound, StringComparison.Ordinal);
        var refused = Assert.Throws<AvalException>(
            () => Parse(Sound.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Contains("order.yaml, line ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""), InlineData("[]"), InlineData("order"), InlineData("effects: []"), InlineData("&a [*a]")]
    public void What_is_no_order_is_refused(string text) =>
        Assert.Throws<AvalException>(() => Parse(text));

    private static Order Parse(string text) => OrderReader.Parse(text, "order.yaml", list =>
    {
        Assert.Equal("annex.txt", list);
        return new ListedAuthors(
            [new string('b', 64)],
            new Dictionary<string, string> { ["facebook"] = "number-or-name, lower case", ["myspace"] = "text" },
            new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                ["myspace"] = new Dictionary<string, string> { [new string('b', 64)] = new string('c', 64) },
            });
    });
}
