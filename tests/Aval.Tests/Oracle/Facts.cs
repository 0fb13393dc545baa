using Aval.Choices;
using Aval.Policies;

namespace Aval.Tests.Oracles;

/// <summary>What is known at T about one item, its author, and what was said about it.</summary>
/// <param name="Item">The version that counts.</param>
/// <param name="CreatedAt">Null = unknown; an instant after T is no knowledge either.</param>
/// <param name="Author">The author's latest version; null when there is none.</param>
/// <param name="Delivered">When notices reached the author, up to T.</param>
/// <param name="Said">The statements, of whatever purpose, that hold for the author and cover the item.</param>
/// <param name="Versions">All its versions up to T, the one that counts among them.</param>
/// <param name="Erasures">The erasures that cover the item and hold for anybody whom a version names as its
/// author.</param>
/// <param name="RemovalAsked">Somebody, whoever it was, asked for the removal of this very item.</param>
/// <param name="Policy">The regime.</param>
/// <param name="AsOf">T.</param>
internal sealed record Facts(
    ItemVersion Item,
    DateTimeOffset? CreatedAt,
    AccountVersion? Author,
    IReadOnlyList<DateTimeOffset> Delivered,
    IReadOnlyList<Choice> Said,
    IReadOnlyList<ItemVersion> Versions,
    IReadOnlyList<Choice> Erasures,
    bool RemovalAsked,
    Policy Policy,
    DateTimeOffset AsOf)
{
    /// <summary>
    /// The same of each other account that a version names as the author: what it said to protect the item holds too.
    /// </summary>
    public IReadOnlyList<Facts> Others { get; private init; } = [];

    /// <summary>The least account that links connect with the author's, whether any row tells of it or not.</summary>
    public string Person { get; private init; } = "";

    public static Facts About(
        ItemVersion item, World world, IReadOnlyList<Choice> said, Policy policy, DateTimeOffset asOf) =>
        About(
            item, [.. world.Items.Where(version => version.Item == item.Item && version.ObservedAt <= asOf)], world,
            said, policy, asOf);

    private static Facts About(
        ItemVersion item, IReadOnlyList<ItemVersion> versions, World world, IReadOnlyList<Choice> said, Policy policy,
        DateTimeOffset asOf) =>
        new(
        item,
        item.CreatedAt <= asOf ? item.CreatedAt : null,
        LatestOf(item.Author, world, asOf),
        [.. world.Notices.Where(notice => notice.Account == item.Author && notice.DeliveredAt <= asOf)
            .Select(notice => notice.DeliveredAt!.Value)],
        [.. said.Where(choice => Covers(choice.Scope, item.Item) && Reaches(choice, item.Author, world, asOf))],
        versions,
        [
            .. said.Where(choice => choice.Kind == ChoiceKind.Erasure && Covers(choice.Scope, item.Item)
                && versions.Any(version => Reaches(choice, version.Author, world, asOf))),
        ],
        said.Any(choice => choice.Kind == ChoiceKind.Removal
            && choice.Scope.Parts.Contains(new ScopePart.OneItem(item.Item))),
        policy,
        asOf)
        {
            Person = PersonOf(item.Author, world, asOf),
            Others =
        [
            .. versions.Select(version => version.Author).Distinct().Where(author => author != item.Author)
                .Select(author => About(item with { Author = author }, [], world, said, policy, asOf)),
        ],
        };

    /// <summary>
    /// A protective statement holds for every account of the person, a chain of links included; any other for its own
    /// alone.
    /// </summary>
    private static bool Reaches(Choice choice, Account author, World world, DateTimeOffset asOf) => choice.Kind switch
    {
        ChoiceKind.Objection or ChoiceKind.Withdrawal or ChoiceKind.Refusal or ChoiceKind.Restriction
            or ChoiceKind.Erasure => Persons.Of(world, asOf).AreLinked(choice.Account, author),
        ChoiceKind.ObjectionLifted or ChoiceKind.Consent or ChoiceKind.RestrictionLifted => choice.Account == author,
        ChoiceKind.Removal => false, // It names its item, whoever wrote that.
        // Who may speak for somebody says nothing of what they want.
        ChoiceKind.Mandate or ChoiceKind.MandateRevoked => false,
    };

    private static string PersonOf(Account author, World world, DateTimeOffset asOf) => world.Accounts
        .Where(version => version.ObservedAt <= asOf)
        .SelectMany(version => new[] { version.Account.ToString(), version.Person })
        .OfType<string>().Where(name => name.IndexOf(':', StringComparison.Ordinal) > 0)
        .Where(name => Persons.Of(world, asOf).AreLinked(Named(name), author))
        .Append(author.ToString()).Order(StringComparer.Ordinal).First();

    private static Account Named(string name) => new(
        name[..name.IndexOf(':', StringComparison.Ordinal)], name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..]);

    private static bool Covers(Scope scope, Item item) => scope.Parts.Any(part => part switch
    {
        ScopePart.Everything => true,
        ScopePart.OnService service => service.Service == item.Service,
        ScopePart.OneItem one => one.Item == item,
        ScopePart.AboutMe => false, // About other people's content; the rule of that name is not here yet.
        _ => throw new InvalidOperationException($"The oracle knows no scope {part}."),
    });

    /// <summary>The account's version that counts; null when none was observed by <paramref name="asOf"/>.</summary>
    /// <exception cref="InvalidOperationException">Only the canonical content would tell: no test may depend on
    /// it.</exception>
    internal static AccountVersion? LatestOf(Account account, World world, DateTimeOffset asOf)
    {
        var versions = world.Accounts.Where(version => version.Account == account && version.ObservedAt <= asOf)
            .OrderByDescending(version => version.ObservedAt).ToList();
        var rivals = versions.Where(version => version.ObservedAt == versions[0].ObservedAt)
            .Select(version => (version.Country, version.BirthYear));
        return rivals.Distinct().Count() <= 1
            ? versions.FirstOrDefault()
            : throw new InvalidOperationException($"{account} has several versions of "
                + $"{versions[0].ObservedAt.ToText()} between which only the canonical content decides.");
    }
}
