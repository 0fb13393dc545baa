using Aval.Choices;
using Aval.Choices.Stores;

namespace Aval.Recording;

/// <summary>
/// When somebody who speaks now says something: now, unless a clock that was set back since would have it lie before
/// what it answers. The latest word decides, and of one instant the one that protects: a no is made no earlier than
/// the yes that it takes back, and a yes after the no before it, or neither would ever hold. What has nothing to answer
/// is made when the clock says, since it counts from that instant on.
/// </summary>
internal static class SaidNow
{
    /// <summary>
    /// The choices of one act, each made at the clock's instant, with the instants at which they count as made. What an
    /// act says of one thing keeps one instant: of a lifting and a narrower objection the objection decides where both
    /// speak.
    /// </summary>
    /// <exception cref="ClockBehindException">The clock is further behind than a choice may be ahead of it. Nothing was
    /// recorded.</exception>
    public static IReadOnlyList<Choice> Of(Workspace workspace, IReadOnlyList<Choice> act)
    {
        // Whatever is wrong with the checkpoint: that is for the recorder to say, which keeps what was said.
        using var store = ChoiceStores.Open(workspace);
        return Of(workspace, store, act);
    }

    /// <summary>The same, asked of a store that is open.</summary>
    /// <inheritdoc cref="Of(Workspace, IReadOnlyList{Choice})"/>
    /// <param name="workspace">Whose store.</param>
    /// <param name="store">The store.</param>
    /// <param name="act">The choices.</param>
    public static IReadOnlyList<Choice> Of(Workspace workspace, IChoiceStore store, IReadOnlyList<Choice> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        var accounts = act.Where(said => Answered(said.Kind).Count > 0).Select(said => said.Account).ToHashSet();
        if (accounts.Count == 0)
            return act;
        var before = Spellings.OfAccounts(workspace, store, accounts, new TreeSize(long.MaxValue))
            .Select(one => one.Choice)
            .ToLookup(said => (said.Account, said.Purpose));
        var instants = act.Select(said => After(said, before[(said.Account, said.Purpose)])).ToArray();
        var things = act.Zip(instants).ToLookup(one => Thing(one.First), one => one.Second);
        return [.. act.Select(said => said with { MadeAt = things[Thing(said)].Max() })];
    }

    /// <summary>
    /// The same for what a file says, line by line: all that a store holds of the clock's instant or later is read
    /// beforehand, which is little unless the clock is far behind.
    /// </summary>
    /// <param name="workspace">Whose store.</param>
    /// <param name="store">Where it is to be recorded.</param>
    /// <param name="now">The clock's instant.</param>
    public static Func<Choice, Choice> InFile(Workspace workspace, IChoiceStore store, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(store);
        var (forms, just) = (workspace.Settings.Services, now.AddMicroseconds(-1));
        var before = store.Changing(just, just, new TreeSize(long.MaxValue), int.MaxValue)
            .Select(index => (Index: index, Opened: store.Opened(index)))
            .Where(one => one.Opened?.Choice.MadeAt >= now)
            .Select(one => Spellings.FormedWhereItCan(new Recorded(one.Index, one.Opened!.Choice), forms).Choice)
            .ToLookup(said => (said.Account, said.Purpose));
        if (before.Count == 0)
            return said => said;
        var instants = new Dictionary<(Account, Purpose, ChoiceKind), DateTimeOffset>();
        return said =>
        {
            var after = After(said, before[(said.Account, said.Purpose)]);
            if (instants.TryGetValue(Thing(said), out var sooner) && sooner > after)
                after = sooner;
            if (after > said.MadeAt)
                instants[Thing(said)] = after;
            return said with { MadeAt = after };
        };
    }

    private static DateTimeOffset After(Choice said, IEnumerable<Choice> before)
    {
        var answered = before.Where(one => Answered(said.Kind).Contains(one.Kind)).Select(one => one.MadeAt)
            .DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        if (answered < said.MadeAt)
            return said.MadeAt;
        var after = HoldsAtOneInstant(said.Kind) ? answered : answered.AddMicroseconds(1);
        return after - said.MadeAt <= ChoiceRules.ClockTolerance
            ? after
            : throw new ClockBehindException(
                $"What {said.Account} said before was made at {answered.ToText()}, and the clock of this machine says "
                + $"{said.MadeAt.ToText()}, more than a day earlier: it was set back since, or was ahead then, and "
                + $"this {said.Kind.ToText()} would have no effect. Nothing was recorded. Set the clock right, and say "
                + "it again.");
    }

    // Of what an earlier one, if it was made later, would decide in the place of this one.
    private static IReadOnlyList<ChoiceKind> Answered(ChoiceKind kind) => kind switch
    {
        ChoiceKind.Objection => [ChoiceKind.ObjectionLifted],
        ChoiceKind.ObjectionLifted => [ChoiceKind.Objection],
        ChoiceKind.Withdrawal or ChoiceKind.Refusal => [ChoiceKind.Consent],
        // Also of a consent: how long it lasts is what the latest says.
        ChoiceKind.Consent => [ChoiceKind.Withdrawal, ChoiceKind.Refusal, ChoiceKind.Consent],
        ChoiceKind.Restriction => [ChoiceKind.RestrictionLifted],
        ChoiceKind.RestrictionLifted => [ChoiceKind.Restriction],
        ChoiceKind.MandateRevoked => [ChoiceKind.Mandate],
        ChoiceKind.Mandate => [ChoiceKind.MandateRevoked],
        ChoiceKind.Erasure or ChoiceKind.Removal => [],
    };

    private static bool HoldsAtOneInstant(ChoiceKind kind) =>
        kind.IsProtective() || kind is ChoiceKind.MandateRevoked or ChoiceKind.Removal;

    // What one act says of it keeps one instant.
    private static (Account Account, Purpose Purpose, ChoiceKind Pair) Thing(Choice said) => (
        said.Account, said.Purpose, said.Kind switch
        {
            ChoiceKind.Objection or ChoiceKind.ObjectionLifted => ChoiceKind.Objection,
            ChoiceKind.Consent or ChoiceKind.Withdrawal or ChoiceKind.Refusal => ChoiceKind.Consent,
            ChoiceKind.Restriction or ChoiceKind.RestrictionLifted => ChoiceKind.Restriction,
            ChoiceKind.Mandate or ChoiceKind.MandateRevoked => ChoiceKind.Mandate,
            ChoiceKind.Erasure => ChoiceKind.Erasure,
            ChoiceKind.Removal => ChoiceKind.Removal,
        });
}

/// <summary>
/// Bad input: the clock of this machine is more than <see cref="ChoiceRules.ClockTolerance"/> behind what was recorded,
/// so that what is said now would have no effect. Nothing was recorded.
/// </summary>
internal sealed class ClockBehindException(string message) : AvalException(ExitCode.BadInput, message);
