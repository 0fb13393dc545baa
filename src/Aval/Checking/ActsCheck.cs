using Aval.Choices;
using Aval.Ledger;
using Aval.Recording;
using Aval.Requests;

namespace Aval.Checking;

/// <summary>
/// Whether every act that the ledger has is in the store as it was entered, or was forgotten as an erasure forgets it:
/// with an act that says of its request what names nobody. A request whose record somebody deleted would otherwise be
/// one that nobody ever has to answer.
/// </summary>
internal static class ActsCheck
{
    public static IEnumerable<string> Faults(CommittedChoices choices, Workspace workspace)
    {
        var store = choices.Store;
        string Wrong(string what) =>
            $"{store.Where}: {what}. Restore it from your backup (docs/operations.md, \"Restore\").";
        // The store only grows: what is read first is in what is read second.
        var (kept, elsewhere) = (Kept(store), LedgerRecords.Digests(workspace));
        var erased = kept.Values.Where(act => act.Opens).Select(act => Doing.Of(act, store.Where)).OfType<Erased>()
            .Select(step => new EntryIndex(step.Request)).ToHashSet();
        var seen = 0;
        foreach (var (index, entry) in Entered(store))
        {
            if (!kept.TryGetValue(index, out var act))
            {
                if (!elsewhere.Contains(entry.Digest))
                    yield return Wrong($"act {index} is in the ledger, but its record is gone");
                continue;
            }

            seen++;
            var request = act.Request ?? index;
            if (!act.Opens)
                yield return Wrong($"act {index} does not open its entry: it was changed after it was entered");
            else if (act.Act is null && !erased.Contains(request) && !IsForgottenChoice(store, request))
                yield return Wrong($"act {index} says nothing any more, and no erasure that left what it was about was "
                    + "ever entered");
        }

        if (seen < kept.Count)
            yield return Wrong($"{kept.Count - seen} acts have a record, but no entry in the ledger");
    }

    private static Dictionary<EntryIndex, KeptAct> Kept(IChoiceStore store) =>
        store.Acts(store.Size).ToDictionary(act => act.Index);

    private static IEnumerable<(EntryIndex Index, LedgerEntry Entry)> Entered(IChoiceStore store)
    {
        var index = 0L;
        foreach (var entry in store.Entries(new EntryIndex(0), store.Size))
        {
            if (entry.Kind == EntryKind.OfficerAction)
                yield return (new EntryIndex(index), entry);
            index++;
        }
    }

    // What was done about a choice that was forgotten by itself has nobody left to be about.
    private static bool IsForgottenChoice(IChoiceStore store, EntryIndex request) =>
        store.Opened(request) is null && store.Entries(request, new TreeSize(request.Value + 1))
            .Any(entry => entry.Kind == EntryKind.Choice);
}
