using Aval.Ledger;

namespace Aval.Checking;

/// <summary>Whether the store of choices is whole, and says of every choice what the ledger committed to.</summary>
internal static class ChoicesCheck
{
    public static IEnumerable<string> Faults(Workspace workspace)
    {
        using var choices = CommittedChoices.Open(workspace);
        foreach (var fault in choices.Store.Faults())
            yield return $"{CommittedChoices.Where(workspace)}: {fault}. Restore it from your backup "
                + "(docs/operations.md, \"Restore\").";
        _ = choices.Read(choices.Store.Size).LongCount();
    }
}
