using Aval.Choices;
using Aval.Ledger;
using Aval.Recording;
using Aval.Requests;

namespace Aval.Recall.Erasing;

/// <summary>
/// The choices of persons of whom everything is erased are forgotten: records and openings go, the ledger's entries
/// stay, and by tokens that name nobody what protected goes on protecting. A consent ends with that, since nobody could
/// show it any more (Art. 7(1)).
/// </summary>
internal static class ErasedChoices
{
    private const string By = "aval erase";

    /// <summary>Forgets what was said on some accounts until each was erased.</summary>
    /// <param name="workspace">Whose choices.</param>
    /// <param name="accounts">The accounts, and until when what they said goes.</param>
    /// <param name="now">The clock's instant.</param>
    /// <returns>How many choices were forgotten.</returns>
    /// <exception cref="AvalException">Busy: somebody else records or reads; what was forgotten stays so.</exception>
    public static long Forget(
        Workspace workspace, IReadOnlyDictionary<Account, DateTimeOffset> accounts, DateTimeOffset now)
    {
        if (accounts.Count == 0)
            return 0;
        var integrator = new Integrator(workspace, SigningKey.Read(workspace.SigningKeyFile));
        using var store = CommittedChoices.OpenStore(workspace);
        // That somebody asked, and by when there had to be an answer, outlives who it was.
        if (RequestBook.Ending(workspace, store, accounts, now, By) is { Count: > 0 } ending)
            Recorder.PublishRecorded(integrator, store, store.Append(ending), null);
        // What was asked and answered names them too; the entries stay, and say nothing.
        RequestBook.Forget(workspace, store, accounts);
        var choices = Spellings.OfAccounts(workspace, store, [.. accounts.Keys], new TreeSize(long.MaxValue))
            .Where(one => one.Choice.MadeAt <= accounts[one.Choice.Account]).Select(one => one.Index).ToArray();
        var plan = Forgettings.Plan(workspace, store, choices, ForgettingReason.Erasure, now);
        if (plan.Choices.Count == 0)
        {
            // What a kill kept an earlier run from making physical.
            store.Forget([], store.Size);
            return 0;
        }

        var range = store.Forget(plan.Choices, plan.DecidedAt);
        Recorder.PublishRecorded(integrator, store, range, null);
        return plan.Choices.Count;
    }

    /// <summary>
    /// Requests for erasure of whom nobody knows any more who they were, once nothing is left of what erasures cover:
    /// they are fulfilled, and nobody is there who could be told.
    /// </summary>
    /// <returns>How many were.</returns>
    public static int Fulfil(Workspace workspace, DateTimeOffset now)
    {
        Step[] done =
        [
            .. RequestBook.Read(workspace).Requests
                .Where(request => request is { Right: Right.Erasure, IsNameless: true, IsOpen: true })
                .Select(request => new Fulfilled(now, By, request.Index.Value)),
        ];
        if (done.Length > 0)
            Recorder.EnterOnce(workspace, [.. done.Select(step => step.Seal())]);
        return done.Length;
    }

    /// <summary>Of some accounts those on which something is recorded still.</summary>
    public static IReadOnlySet<string> Speaking(Workspace workspace, IEnumerable<string> accounts)
    {
        using var store = CommittedChoices.OpenStore(workspace);
        var formed = accounts.Select(Account.Parse).SelectMany(account => Spellings.Of(workspace, store, [account])
            .Select(spelled => (Spelled: spelled, Account: account))).ToLookup(one => one.Spelled, one => one.Account);
        Account[] asked = [.. formed.Select(one => one.Key)];
        return asked.Length == 0
            ? new HashSet<string>()
            : store.OfAccounts(asked, new TreeSize(long.MaxValue)).Select(one => one.Choice.Account)
                .Concat(store.ActsOf(asked).Select(act => act.Act!.Act.Account!.Value))
                .SelectMany(spelled => formed[spelled]).Select(account => account.ToString()).ToHashSet();
    }
}
