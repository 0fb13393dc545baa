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
    /// <exception cref="AvalException">Refused: something of what erasures cover is in the content still, also where
    /// it is restricted or lies in files that others keep; the account is kept because it is restricted; it asks for
    /// what others write; or no complete run has met this one.</exception>
    public static void RequireCarriedOut(Workspace workspace, Request request, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Right is not Right.Erasure)
            return;
        using var engine = Engine.Open(workspace.Temporary, EngineLimits.Default, workspace.ReadKey());
        var reach = ErasureReach.Find(engine, workspace, CommittedChoices.NotBefore(workspace, clock.UtcNow()));
        // What is taken next, and what is kept meanwhile, since it is restricted or is not ours to rewrite.
        var left = engine.Scalar<long>(
            "SELECT count(DISTINCT (service, item_id)) FROM erasing_reaching WHERE idx = $idx",
            ("idx", request.Index.Value));
        if (reach.IsThere || left > 0 || reach.Persons.PlacedFiles.Count > 0)
            throw AvalException.Refused(
                $"Request {request.Index} asks for erasure, and of what it covers {left} items, and of what all "
                + $"erasures take {reach.Items}, are in the content still: the person would be told what is not so. "
                + "Nothing was recorded. Run aval erase until it says that nothing is left, and nothing is restricted, "
                + "and answer then.");
        var kept = engine.Scalar<bool>(
            "SELECT EXISTS (FROM erasing_kept WHERE account IN (SELECT holder FROM holding WHERE idx = $idx))",
            ("idx", request.Index.Value));
        if (kept)
            throw AvalException.Refused(
                $"Request {request.Index} asks for erasure, and the account is kept as it is, since something of it is "
                + "restricted (GDPR Art. 18). Nothing was recorded. Run aval erase when the restriction is lifted, and "
                + "answer then.");
        var aboutMe = engine.Scalar<bool>(
            "SELECT EXISTS (FROM holding WHERE idx = $idx AND kind = 'erasure' AND scope = 'about-me')",
            ("idx", request.Index.Value));
        if (aboutMe)
            throw AvalException.Refused(
                $"Request {request.Index} asks for the erasure of what others write about somebody (about-me). "
                + "Releases mask it from here on; the content stays as those others wrote it, so it was not erased. "
                + "Nothing was recorded. Refuse the request and say so, or have everything erased.");
        // Content may be clean and a release not yet: of another corpus, or after a kill.
        if (ErasureClock.Read(workspace).Of(request.Index) is not null)
            throw AvalException.Refused(
                $"Request {request.Index} asks for erasure, and no complete run of aval erase has carried it out: "
                + "releases may hold what it covers. Nothing was recorded. Run aval erase until it says that it is "
                + "complete, and answer then.");
    }
}
