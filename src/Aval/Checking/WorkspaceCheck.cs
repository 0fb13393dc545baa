using Aval.Runs;

namespace Aval.Checking;

/// <summary>One check of a workspace: its name, and what it finds wrong, each in a sentence that says what to
/// do.</summary>
internal sealed record Check(string Name, Func<Workspace, IEnumerable<string>> Faults);

/// <summary>What a check found.</summary>
/// <param name="Name">The check's name.</param>
/// <param name="Faults">What is wrong; none = nothing is.</param>
internal sealed record Checked(string Name, IReadOnlyList<string> Faults);

/// <summary>
/// Whether a workspace is as it was left: the list of what is looked at, by the same code with which the everyday
/// commands
/// refuse. Slow and complete, and it changes nothing.
/// </summary>
internal static class WorkspaceCheck
{
    /// <summary>Of how many faults a check tells each; of the rest it tells the number.</summary>
    internal const int Told = 100;

    /// <summary>The checks, in order.</summary>
    public static IReadOnlyList<Check> All { get; } =
    [
        new("keys", KeyCheck.Faults),
        new("content", ContentCheck.Faults),
        new("choices", ChoicesCheck.Faults),
        new("ledger", LedgerFaults.Of),
        new("releases", ReleaseCheck.Faults),
        new("runs", Register.Faults),
        new("models", KeptFilesCheck.OfModels),
        new("cases", KeptFilesCheck.OfCases),
        new("permissions", PermissionCheck.Faults),
    ];

    /// <summary>Runs every check; what keeps one from going on is a fault of its own.</summary>
    /// <param name="workspace">Of which workspace.</param>
    /// <param name="watch">Told which check begins.</param>
    public static IReadOnlyList<Checked> Of(Workspace workspace, Action<string> watch)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(watch);
        var all = new List<Checked>();
        foreach (var check in All)
        {
            watch(check.Name);
            all.Add(new Checked(check.Name, Collect(workspace, check)));
        }

        return all;
    }

    private static List<string> Collect(Workspace workspace, Check check)
    {
        var faults = new List<string>();
        var rest = 0L;
        try
        {
            foreach (var fault in check.Faults(workspace))
            {
                if (faults.Count < Told)
                    faults.Add(fault);
                else
                    rest++;
            }
        }
        catch (AvalException refused)
        {
            faults.Add(refused.Message);
        }
        catch (ProofException refused)
        {
            faults.Add(refused.Message);
        }

        if (rest > 0)
            faults.Add($"{rest} more of the kind. Mend these first, and run the check again.");
        return faults;
    }
}
