using Aval.Ledger;
using Aval.Recording;

namespace Aval.Checking;

/// <summary>Whether the tiles are what the store gives, up to the root that was signed.</summary>
internal static class LedgerFaults
{
    public static IEnumerable<string> Of(Workspace workspace)
    {
        var key = SigningKey.Read(workspace.SigningKeyFile).Verifier;
        using (var choices = CommittedChoices.Open(workspace))
        {
            var published = PublishedCheckpoint.Read(workspace, key);
            if (published is null && choices.Store.Size.Value == 0)
                yield break; // A new workspace.
            if (published is null)
            {
                yield return $"{PublishedCheckpoint.PathIn(workspace)}: there is no checkpoint, and the store "
                    + $"has {choices.Store.Size} entries. Run: aval ledger publish";
                yield break;
            }
        }

        LedgerCheck.Require(workspace, key);
    }
}
