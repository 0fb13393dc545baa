using Aval.Choices;
using Aval.Recording;

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
        var store = choices.Store;
        var (begun, steps) = (new List<(EntryIndex, Asked)>(), new Dictionary<EntryIndex, List<(EntryIndex, Step)>>());
        var forgotten = 0L;
        foreach (var kept in store.Acts(All))
        {
            switch (Doing.Of(kept, store.Where))
            {
                case Asked asked:
                    begun.Add((kept.Index, asked));
                    break;
                case Step step:
                    Under(steps, new EntryIndex(step.Request)).Add((kept.Index, step));
                    break;
                case null when kept.Request is null:
                    forgotten++;
                    break;
            }
        }

        IEnumerable<(EntryIndex, Step)> Of(EntryIndex index) => steps.TryGetValue(index, out var taken) ? taken : [];
        var requests = store.Asking(All).Select(recorded => Request.Of(recorded, Of(recorded.Index)))
            .Concat(begun.Select(one => Request.Of(one.Item1, one.Item2, Of(one.Item1))));
        return ([.. Sorted(requests)], forgotten);
    }

    /// <summary>The requests of one account.</summary>
    public static IReadOnlyList<Request> Of(Workspace workspace, Account account)
    {
        using var choices = CommittedChoices.Open(workspace);
        var store = choices.Store;
        var said = store.ActsOf([account]).Select(kept => (kept.Index, Doing.Of(kept, store.Where))).ToArray();
        var steps = said.Where(one => one.Item2 is Step).Select(one => (one.Index, Step: (Step)one.Item2!))
            .ToLookup(one => one.Step.Request);
        var asking = store.OfAccounts([account], All)
            .Where(one => one.Choice.Kind is ChoiceKind.Erasure or ChoiceKind.Restriction or ChoiceKind.Removal);
        return
        [
            .. Sorted(asking.Select(one => Request.Of(one, steps[one.Index.Value]))
                .Concat(said.Where(one => one.Item2 is Asked)
                    .Select(one => Request.Of(one.Index, (Asked)one.Item2!, steps[one.Index.Value])))),
        ];
    }

    /// <summary>One request; null = there is none of this number, or it was forgotten.</summary>
    public static Request? Find(Workspace workspace, EntryIndex index)
    {
        using var choices = CommittedChoices.Open(workspace);
        var store = choices.Store;
        var said = store.ActsOf(index).Select(kept => (kept.Index, Said: Doing.Of(kept, store.Where))).ToArray();
        var steps = said.Where(one => one.Said is Step).Select(one => (one.Index, (Step)one.Said!));
        if (said.FirstOrDefault(one => one.Index == index).Said is Asked asked)
            return Request.Of(index, asked, steps);
        return store.Opened(index) is
        {
            Choice:
            {
                Kind: ChoiceKind.Erasure or ChoiceKind.Restriction
            or ChoiceKind.Removal
            } choice
        }
                ? Request.Of(new Recorded(index, choice), steps)
                : null;
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
    /// <exception cref="AvalException">Refused: somebody else was a moment earlier.</exception>
    public static Request Settle(Workspace workspace, EntryIndex request, EntryIndex step)
    {
        var now = Require(workspace, request);
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
    public static long Forget(IChoiceStore store, IReadOnlyDictionary<Account, DateTimeOffset> accounts)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(accounts);
        var said = store.ActsOf([.. accounts.Keys]).Select(kept => (kept.Index, Doing: Doing.Of(kept, store.Where)!))
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
            .. said.Where(one => Begun(one.Index, one.Doing) <= accounts[one.Doing.Names!.Value])
                .Select(one => one.Index),
        ];
        store.ForgetActs(acts);
        return acts.Length;
    }

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
