using Aval.Choices;
using Aval.Recording;
using Aval.Storage;
using Aval.Terms;

namespace Aval.Requests;

/// <summary>
/// The requests of a workspace, and its acts, as the store keeps them: the file to open first in this room. What is
/// not as it was entered is told and not shown.
/// </summary>
internal static class RequestBook
{
    private const int TrailPage = 500;
    private static readonly TreeSize All = new(long.MaxValue);

    /// <summary>All requests, those whose clock ends first at the front, open ones before the others; and how many
    /// were forgotten.</summary>
    public static (IReadOnlyList<Request> Requests, long Forgotten) Read(Workspace workspace)
    {
        using var choices = CommittedChoices.Open(workspace);
        var (store, working) = (choices.Store, workspace.Settings.WorkingDays);
        var begun = new Dictionary<EntryIndex, Asked>();
        var steps = new Dictionary<EntryIndex, List<(EntryIndex, Step)>>();
        var gaps = new List<EntryIndex>();
        foreach (var kept in store.Acts(All))
        {
            switch (Doing.Of(kept, store.Where))
            {
                case Asked asked:
                    begun.Add(kept.Index, asked);
                    break;
                case Step step:
                    Under(steps, new EntryIndex(step.Request)).Add((kept.Index, step));
                    break;
                case null when kept.Request is null:
                    gaps.Add(kept.Index);
                    break;
            }
        }

        IEnumerable<(EntryIndex, Step)> Of(EntryIndex index) => steps.TryGetValue(index, out var taken) ? taken : [];
        var asking = store.Asking(All).Select(recorded => Request.Of(recorded, working, Of(recorded.Index))).ToArray();
        var there = asking.Select(request => request.Index).Concat(begun.Keys).ToHashSet();
        var erased = steps.Values.Select(taken => Left(taken, working)).OfType<Request>()
            .Where(request => !there.Contains(request.Index)).ToArray();
        var requests = asking.Concat(begun.Select(one => Request.Of(one.Key, one.Value, working, Of(one.Key))))
            .Concat(erased);
        return ([.. Sorted(requests)], gaps.Except(erased.Select(request => request.Index)).LongCount());
    }

    /// <summary>The requests of one account, or of several; open ones before the others.</summary>
    public static IReadOnlyList<Request> Of(Workspace workspace, params IReadOnlyCollection<Account> accounts)
    {
        using var choices = CommittedChoices.Open(workspace);
        return
        [
            .. Sorted(Of(
                choices.Store, Spellings.Of(workspace, choices.Store, accounts), workspace.Settings.WorkingDays)),
        ];
    }

    /// <summary>One request; null = there is none of this number, or it was forgotten.</summary>
    public static Request? Find(Workspace workspace, EntryIndex index)
    {
        using var choices = CommittedChoices.Open(workspace);
        var (store, working) = (choices.Store, workspace.Settings.WorkingDays);
        var said = store.ActsOf(index).Select(kept => (kept.Index, Said: Doing.Of(kept, store.Where))).ToArray();
        var steps = said.Where(one => one.Said is Step).Select(one => (one.Index, (Step)one.Said!)).ToArray();
        if (said.FirstOrDefault(one => one.Index == index).Said is Asked asked)
            return Request.Of(index, asked, working, steps);
        return store.Opened(index) is { Choice: { } choice } && Asks(choice.Kind)
            ? Request.Of(new Recorded(index, choice), working, steps)
            : Left(steps, working);
    }

    /// <summary>One request.</summary>
    /// <exception cref="AvalException">Usage: there is none of this number.</exception>
    public static Request Require(Workspace workspace, EntryIndex index) => Find(workspace, index)
        ?? throw AvalException.Usage($"There is no request {index}, or it was forgotten. Nothing was recorded. See: "
            + "aval requests list");

    /// <summary>The entry of a step, once it was found that it may be taken.</summary>
    /// <exception cref="AvalException">Refused: it may not.</exception>
    public static NewEntry Next(Request request, Step step)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Refusal(step) is { } why ? throw AvalException.Refused($"{Sentence(why)}. Nothing was recorded.")
            : step.Seal();
    }

    /// <summary>Holds a step that was entered against what others entered meanwhile.</summary>
    /// <exception cref="AvalException">Refused: somebody else was a moment earlier. Bad input: the request cannot be
    /// read any more. The step is on record either way, and the message says so.</exception>
    public static Request Settle(Workspace workspace, EntryIndex request, EntryIndex step)
    {
        Request? read = null;
        if (FileFailure.Why(() => read = Require(workspace, request)) is { } why)
            throw AvalException.BadInput($"The step is recorded (entry {step}); whether somebody else answered request "
                + $"{request} a moment earlier could not be told: {why} Do not take the step again. See: aval requests "
                + $"show {request}");
        var now = read!;
        return now.Steps.FirstOrDefault(taken => taken.Index == step) is { Counts: true }
            ? now
            : throw AvalException.Refused($"Somebody else answered request {request} a moment earlier, so this step "
                + $"(entry {step}) has no effect; it stays on record. See: aval requests show {request}");
    }

    /// <summary>
    /// The acts with an index below one, the newest first, none of those that were forgotten: read by pages, as they
    /// are asked for.
    /// </summary>
    public static IEnumerable<(EntryIndex Index, Doing Doing)> Trail(Workspace workspace, long below = long.MaxValue)
    {
        using var choices = CommittedChoices.Open(workspace);
        while (choices.Store.LastActs(new TreeSize(below), TrailPage) is { Count: > 0 } page)
        {
            foreach (var kept in page)
            {
                if (Doing.Of(kept, choices.Store.Where) is { } doing)
                    yield return (kept.Index, doing);
            }

            below = page[^1].Index.Value;
        }
    }

    /// <summary>
    /// Forgets what accounts of which everything is erased (GDPR Art. 17) had asked until then, and what was done about
    /// it, whenever that was: what they ask afterwards is theirs again. Before the choices are forgotten, since some
    /// requests begin with one.
    /// </summary>
    /// <returns>How many acts were forgotten.</returns>
    public static long Forget(
        Workspace workspace, IChoiceStore store, IReadOnlyDictionary<Account, DateTimeOffset> accounts)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(accounts);
        var spelled = Spelled(workspace, store, accounts);
        var said = store.ActsOf([.. spelled.Keys]).Select(kept => (kept.Index, Doing: Doing.Of(kept, store.Where)!))
            .ToArray();
        var begun = said.Where(one => one.Doing is Asked)
            .ToDictionary(one => one.Index.Value, one => ((Asked)one.Doing).ReceivedAt);
        DateTimeOffset Begun(EntryIndex index, Doing doing) => doing is Step step
            ? begun.TryGetValue(step.Request, out var asked)
                ? asked
                : store.Opened(new EntryIndex(step.Request))?.Choice.MadeAt ?? DateTimeOffset.MinValue
            : begun[index.Value];
        EntryIndex[] acts =
        [
            .. said.Where(one => Begun(one.Index, one.Doing) <= spelled[one.Doing.Names!.Value])
                .Select(one => one.Index),
        ];
        store.ForgetActs(acts);
        return acts.Length;
    }

    /// <summary>
    /// What is left of the requests of accounts of which everything is erased, to be entered before they are forgotten:
    /// each names nobody, and none ends without a word.
    /// </summary>
    /// <param name="workspace">Whose requests.</param>
    /// <param name="store">Where they are.</param>
    /// <param name="accounts">The accounts, and until when what they asked goes.</param>
    /// <param name="now">When they are erased.</param>
    /// <param name="by">By whom.</param>
    public static IReadOnlyList<NewEntry> Ending(
        Workspace workspace, IChoiceStore store, IReadOnlyDictionary<Account, DateTimeOffset> accounts,
        DateTimeOffset now, string by)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(accounts);
        var spelled = Spelled(workspace, store, accounts);
        // How late something is does not go into it, so that whose holidays count may be corrected afterwards.
        return
        [
            .. Of(store, spelled.Keys, WorkingDays.Weekdays)
                .Where(request => !request.IsNameless && Begun(store, request) <= spelled[request.Account!.Value])
                .OrderBy(request => request.Index.Value)
                .Select(request => new Erased(
                    now, by, request.Index.Value, request.Right, request.ReceivedAt, request.IsExtended, request.State,
                    request.ClosedAt ?? (request.Right is Right.Erasure ? null : now)).Seal()),
        ];
    }

    // Each in every spelling under which anything is recorded.
    private static Dictionary<Account, DateTimeOffset> Spelled(
        Workspace workspace, IChoiceStore store, IReadOnlyDictionary<Account, DateTimeOffset> accounts) => accounts
        .SelectMany(one => Spellings.Of(workspace, store, [one.Key]).Select(account => (account, one.Value)))
        .DistinctBy(one => one.account).ToDictionary();

    private static DateTimeOffset Begun(IChoiceStore store, Request request) =>
        request.IsChoice ? store.Opened(request.Index)!.Choice.MadeAt : request.ReceivedAt;

    private static IEnumerable<Request> Of(
        IChoiceStore store, IEnumerable<Account> accounts, WorkingDays working)
    {
        Account[] whose = [.. accounts];
        var said = store.ActsOf(whose).Select(kept => (kept.Index, Said: Doing.Of(kept, store.Where))).ToArray();
        var begun = store.OfAccounts(whose, All).Where(one => Asks(one.Choice.Kind)).ToArray();
        // What names nobody is found by the number.
        var nameless = begun.Select(one => one.Index)
            .Concat(said.Where(one => one.Said is Asked).Select(one => one.Index))
            .SelectMany(index => store.ActsOf(index).Select(kept => (kept.Index, Said: Doing.Of(kept, store.Where))))
            .Where(one => one.Said is Erased);
        var steps = said.Where(one => one.Said is Step).Concat(nameless).OrderBy(one => one.Index.Value)
            .Select(one => (one.Index, Step: (Step)one.Said!)).ToLookup(one => one.Step.Request);
        return begun.Select(one => Request.Of(one, working, steps[one.Index.Value]))
            .Concat(said.Where(one => one.Said is Asked)
                .Select(one => Request.Of(one.Index, (Asked)one.Said!, working, steps[one.Index.Value])));
    }

    private static bool Asks(ChoiceKind kind) =>
        kind is ChoiceKind.Erasure or ChoiceKind.Restriction or ChoiceKind.Removal;

    private static Request? Left(IReadOnlyList<(EntryIndex, Step Step)> steps, WorkingDays working) =>
        steps.Select(one => one.Step).OfType<Erased>().FirstOrDefault() is { } erased
            ? Request.Of(erased, working, steps)
            : null;

    private static string Sentence(string why) => string.Concat(why[..1].ToUpperInvariant(), why.AsSpan(1));

    private static IEnumerable<Request> Sorted(IEnumerable<Request> requests) => requests
        .OrderByDescending(request => request.IsOpen).ThenBy(request => request.LastDay)
        .ThenBy(request => request.Index.Value);

    private static List<(EntryIndex, Step)> Under(
        Dictionary<EntryIndex, List<(EntryIndex, Step)>> steps, EntryIndex request)
    {
        if (!steps.TryGetValue(request, out var taken))
            steps[request] = taken = [];
        return taken;
    }
}
