using Aval.Choices;
using Aval.Terms;

namespace Aval.Requests;

/// <summary>A step with its entry.</summary>
/// <param name="Index">Its entry.</param>
/// <param name="Step">What it says.</param>
/// <param name="Counts">It followed from the state in which it came; one that did not, because somebody else was a
/// moment earlier, changes nothing and stays on record.</param>
internal sealed record TakenStep(EntryIndex Index, Step Step, bool Counts);

/// <summary>
/// What somebody asked for, and what was done about it: the steps in the order of the ledger, folded. Nobody's clock
/// is kept anywhere: it follows from when the request came.
/// </summary>
/// <param name="Index">The entry with which it began, which is its number.</param>
/// <param name="Right">What is asked for.</param>
/// <param name="Account">By whom; null = by somebody without an account.</param>
/// <param name="ReceivedAt">When it reached the controller.</param>
/// <param name="Channel">By what way.</param>
/// <param name="Text">In the person's own words; of a choice, its scope.</param>
/// <param name="Reach">Where an answer reaches somebody without an account.</param>
/// <param name="IsChoice">It is a choice, which takes effect by being recorded.</param>
/// <param name="Began">The state in which it began.</param>
/// <param name="Working">Which days are working days, for its clock.</param>
/// <param name="Steps">What followed.</param>
internal sealed record Request(
    EntryIndex Index, Right Right, Account? Account, DateTimeOffset ReceivedAt, string? Channel, string? Text,
    string? Reach, bool IsChoice, RequestState Began, WorkingDays Working, IReadOnlyList<TakenStep> Steps)
{
    /// <summary>How far it is.</summary>
    public RequestState State => Counting.LastOrDefault() is { } last ? After(last) : Began;

    /// <summary>Something is asked of the person, who has not answered: whatever was done meanwhile.</summary>
    public bool IsAsked => IsOpen && Counting.LastOrDefault(
        step => step is ActionRequired or ActionPerformed) is ActionRequired;

    /// <summary>It was extended in time.</summary>
    public bool IsExtended => Counting.Any(step => step is Delayed or Erased { IsExtended: true });

    /// <summary>The last day of its clock.</summary>
    public DateOnly LastDay =>
        Deadline.LastDay(ReceivedAt, IsExtended ? Deadline.MonthsExtended : Deadline.Months, Working);

    /// <summary>The last day on which it can be extended, whether it was or not.</summary>
    public DateOnly LastDayToExtend => Deadline.LastDay(ReceivedAt, Deadline.Months, Working);

    /// <summary>The step that closed it; null = it is open.</summary>
    public Step? Closing =>
        Counting.FirstOrDefault(step => step is Rejected or Fulfilled or Erased { ClosedAt: not null });

    /// <summary>When it was closed; null = it is open.</summary>
    public DateTimeOffset? ClosedAt => Closing is Erased erased ? erased.ClosedAt : Closing?.At;

    /// <summary>Who asked for it is erased: nobody is there to be told.</summary>
    public bool IsNameless => Counting.Any(step => step is Erased);

    /// <summary>By whom it is, as it is shown.</summary>
    public string By => Account?.ToString() ?? (IsNameless ? "somebody who is erased" : "somebody without an account");

    /// <summary>
    /// What the person said after it was closed, to a question that was asked before; it is kept, and changes nothing.
    /// </summary>
    public Step? AnsweredAfter =>
        IsOpen ? null : Steps.LastOrDefault(taken => taken is { Counts: false, Step: ActionPerformed })?.Step;

    /// <summary>Nobody has closed it.</summary>
    public bool IsOpen => Closing is null;

    /// <summary>Its clock had run out at an instant, or before it was closed.</summary>
    public bool IsLate(DateTimeOffset now) => (ClosedAt ?? now) >= Deadline.End(LastDay);

    private IEnumerable<Step> Counting => Steps.Where(step => step.Counts).Select(step => step.Step);

    /// <summary>A request that begins with an act.</summary>
    public static Request Of(
        EntryIndex index, Asked asked, WorkingDays working, IEnumerable<(EntryIndex, Step)> steps)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return new Request(
            index, asked.Right, asked.Account, asked.ReceivedAt, asked.Channel, asked.Text, asked.Reach,
            IsChoice: false, asked.IsAcknowledged ? RequestState.Acknowledged : RequestState.Requested, working, [])
            .With(steps);
    }

    /// <summary>What is left of a request whose person is erased.</summary>
    public static Request Of(Erased erased, WorkingDays working, IEnumerable<(EntryIndex, Step)> steps)
    {
        ArgumentNullException.ThrowIfNull(erased);
        return new Request(
            new EntryIndex(erased.Request), erased.Right, null, erased.ReceivedAt, null, null, null,
            IsChoice: erased.Right is Right.Erasure or Right.Restriction or Right.Removal, erased.State, working, [])
            .With(steps);
    }

    /// <summary>A request that is a choice: its receipt acknowledged it.</summary>
    public static Request Of(Recorded recorded, WorkingDays working, IEnumerable<(EntryIndex, Step)> steps)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var choice = recorded.Choice;
        return new Request(
            recorded.Index, RightOf(choice.Kind), choice.Account == Aval.Account.Anyone ? null : choice.Account,
            choice.ReceivedAt, choice.Channel, choice.Scope.ToString(), null, IsChoice: true,
            RequestState.Acknowledged, working, []).With(steps);
    }

    /// <summary>Whether a step may be taken now; null = it may, else why not, and what to do.</summary>
    public string? Refusal(Step step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (step is Erased)
            return null;
        if (Closing is { } closing)
            return $"request {Index} was {After(closing).ToText()} on {ClosedAt!.Value.ToText()}, and is closed. A new "
                + "one can be made";
        if (step is Rejected && IsChoice)
            return $"request {Index} is a choice ({Right.ToText()}), which has its effect by being recorded and is "
                + "not the controller's to refuse"
                + (Right is Right.Restriction
                    ? ". A restriction is lifted after the person was told (Art. 18(3)): aval choose "
                        + "restriction-lifted --actor controller"
                    : "");
        if (step is Delayed && IsExtended)
            return $"request {Index} was extended already, and a clock is extended once (Art. 12(3))";
        if (step is Delayed && step.At >= Deadline.End(LastDayToExtend))
            return $"request {Index} could be extended until {LastDayToExtend:yyyy-MM-dd}, within one month of its "
                + "receipt (Art. 12(3)), and that is over. Answer it";
        return Follows(step)
            ? null
            : $"request {Index} is {State.ToText()}, from which {After(step).ToText()} does not follow";
    }

    /// <summary>The same with one step more.</summary>
    public Request With(IEnumerable<(EntryIndex Index, Step Step)> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return steps.Aggregate(this, (sofar, one) => sofar with
        {
            Steps = [.. sofar.Steps, new TakenStep(one.Index, one.Step, sofar.Refusal(one.Step) is null)],
        });
    }

    private static Right RightOf(ChoiceKind kind) => kind switch
    {
        ChoiceKind.Erasure => Right.Erasure,
        ChoiceKind.Restriction => Right.Restriction,
        ChoiceKind.Removal => Right.Removal,
        ChoiceKind.Objection or ChoiceKind.ObjectionLifted or ChoiceKind.Consent or ChoiceKind.Withdrawal
            or ChoiceKind.Refusal or ChoiceKind.RestrictionLifted or ChoiceKind.Mandate or ChoiceKind.MandateRevoked =>
            throw new InvalidOperationException($"{kind.ToText()} asks for nothing that has to be answered."),
    };

    private static RequestState After(Step step) => step switch
    {
        Acknowledged => RequestState.Acknowledged,
        ActionRequired => RequestState.RequiresAction,
        ActionPerformed => RequestState.ActionPerformed,
        Accepted => RequestState.Accepted,
        Delayed => RequestState.Delayed,
        Rejected => RequestState.Rejected,
        Fulfilled => RequestState.Fulfilled,
        Erased erased => erased.State,
        _ => throw new InvalidOperationException($"A step that nobody knows: {step.GetType().Name}."),
    };

    // What closes a request closes it from wherever it stands: an answer needs no ceremony before it.
    private bool Follows(Step step) => step switch
    {
        Acknowledged => State is RequestState.Requested,
        ActionPerformed => IsAsked,
        Accepted => State is not RequestState.Accepted,
        ActionRequired or Delayed or Rejected or Fulfilled => true,
        _ => throw new InvalidOperationException($"A step that nobody knows: {step.GetType().Name}."),
    };
}
