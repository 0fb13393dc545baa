using Aval.Answers;
using Aval.Recording;
using Aval.Storage;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Api;

/// <summary>
/// <c>GET /api/v1/stances?account=…</c>: what the choices on an account, and on those linked to it, add up to. For the
/// controller's own systems: the token opens every account.
/// </summary>
internal static class StancesEndpoint
{
    /// <summary>The stance of one account.</summary>
    public static async Task<IResult> Get(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Unknown("account", "purpose", "at") is { } unknown)
            return unknown;
        var desk = call.Desk;
        if (!Account.TryParse(call.Asked("account"), desk.Workspace.Settings.Services, out var account, out var form))
            return Wrong($"account should hold {form}.");
        if (!Purpose.TryParse(call.Asked("purpose") ?? Purpose.TrainGenerativeAi.Name, out var purpose))
            return Wrong($"purpose should hold one of {string.Join(", ", Purpose.All)}.");
        var at = CommittedChoices.NotBefore(desk.Workspace, desk.Clock.UtcNow());
        if (call.Asked("at") is { } text && !Instant.TryParse(text, out at))
            return Wrong($"at should hold an instant with its zone, such as {Instant.Example}.");
        return await desk.Look(
            () =>
            {
                using var engine = Engine.Open(
                    desk.Workspace.Temporary, EngineLimits.Default, desk.Workspace.ReadKey());
                var stance = StatedStance.Of(engine, desk.Workspace, account, item: null, at, purpose);
                return Call.Json(stance.Write);
            },
            call.Http.RequestAborted).ConfigureAwait(false);
    }

    private static IResult Wrong(string should) =>
        ApiProblems.Problem(StatusCodes.Status400BadRequest, "Not a question", $"Nothing was looked up: {should}");
}
