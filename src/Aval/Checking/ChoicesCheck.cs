using Aval.Choices;
using Aval.Recording;

namespace Aval.Checking;

/// <summary>Whether the store of choices is whole, says of every choice what the ledger committed to, and names each
/// account as the doors spell it.</summary>
internal static class ChoicesCheck
{
    public static IEnumerable<string> Faults(Workspace workspace)
    {
        using var choices = CommittedChoices.Open(workspace);
        foreach (var fault in choices.Store.Faults())
            yield return $"{choices.Store.Where}: {fault}. Restore it from your backup "
                + "(docs/operations.md, \"Restore\").";
        foreach (var (choice, wrong) in choices.Each(choices.Store.Size))
        {
            if (wrong is not null)
                yield return wrong.Message;
            else if (Spellings.Other(choice!, workspace.Settings.Services) is { } other)
                yield return $"{choices.Store.Where}: {other}";
        }

        foreach (var fault in ActsCheck.Faults(choices, workspace).Concat(OrdersCheck.Faults(workspace)))
            yield return fault;
    }
}
