using Aval.Authors;
using Aval.Ledger;

namespace Aval.Checking;

/// <summary>Whether the keys are there, whole, and their owner's alone.</summary>
internal static class KeyCheck
{
    public static IEnumerable<string> Faults(Workspace workspace)
    {
        Action<Workspace>[] reads =
        [
            read => read.ReadKey(),
            read => SigningKey.Read(read.SigningKeyFile),
            read => VrfKey.Read(read.VrfKeyFile),
        ];
        foreach (var read in reads)
        {
            if (Refusal(() => read(workspace)) is { } fault)
                yield return fault;
        }
    }

    private static string? Refusal(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (AvalException refused)
        {
            return refused.Message;
        }
    }
}
