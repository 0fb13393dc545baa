using Aval.Recording;
using Aval.Requests;
using Aval.Storage;

namespace Aval.Recall.Erasing;

/// <summary>Whether an erasure that somebody asked for was carried out.</summary>
internal static class AskedErasures
{
    /// <summary>
    /// Nobody is told that something was erased that is still there: asked before a request for erasure is fulfilled.
    /// </summary>
    /// <exception cref="AvalException">Refused: something of what erasures cover is in the content still.</exception>
    public static void RequireCarriedOut(Workspace workspace, Request request, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Right is not Right.Erasure)
            return;
        using var engine = Engine.Open(workspace.Temporary, EngineLimits.Default, workspace.ReadKey());
        var reach = ErasureReach.Find(engine, workspace, CommittedChoices.NotBefore(workspace, clock.UtcNow()));
        var left = reach.Shares.Where(share => share.Choice == request.Index).Sum(share => share.Items);
        if (reach.IsThere || left > 0)
            throw AvalException.Refused(
                $"Request {request.Index} asks for erasure, and of what erasures cover {reach.Items} items are in the "
                + "content still: the person would be told what is not so. Nothing was recorded. Run aval erase until "
                + "it says that nothing is left, and answer then.");
    }
}
