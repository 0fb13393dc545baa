using Aval.Policies;

namespace Aval.Tests.Oracles;

/// <summary>All that a decision is a function of.</summary>
public sealed record Scenario(World World, Policy Policy, DateTimeOffset AsOf, long LedgerSize)
{
    /// <summary>What a decider answers here.</summary>
    public IReadOnlyList<ExpectedDecision> DecidedBy(
        Func<World, Policy, DateTimeOffset, long, IReadOnlyList<ExpectedDecision>> decider)
    {
        ArgumentNullException.ThrowIfNull(decider);
        return decider(World, Policy, AsOf, LedgerSize);
    }

    /// <summary>
    /// The whole scenario as lines that <see cref="WorldFiles"/> would write, so that a failure can be replayed by
    /// hand.
    /// </summary>
    public override string ToString() => string.Join('\n',
    [
        $"as of {AsOf.ToText()}, honouring the first {LedgerSize} choices, purpose {Policy.Purpose}",
        .. Policy.Rules.Select(rule => "rule     " + Shown(rule)),
        .. World.Accounts.Select(account => "account  " + WorldFiles.Line(account)),
        .. World.Items.Select(item => "item     " + WorldFiles.Line(item)),
        .. World.Notices.Select(notice => "notice   " + WorldFiles.Line(notice)),
        .. World.Choices.Select((choice, index) => $"choice {index} " + WorldFiles.Line(choice)),
    ]);

    // A record prints its lists by their type's name, and its instants to the second.
    private static string Shown(Rule rule) => rule switch
    {
        Rule.Services services => $"services admit {string.Join(", ", services.Admit)}",
        Rule.Kinds kinds => $"kinds admit {string.Join(", ", kinds.Admit)}",
        Rule.Audience audience => $"audience admit {string.Join(", ", audience.Admit)}",
        Rule.Residence residence => $"residence admit {string.Join(", ", residence.Admit)}",
        Rule.Objection { ForwardFrom: { } from } => $"objection forward from {from.ToText()}",
        Rule.PublicSince since => $"public-since from {since.From.ToText()}",
        _ => rule.ToString(),
    };
}
