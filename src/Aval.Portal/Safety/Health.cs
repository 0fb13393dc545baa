using System.Diagnostics;
using Aval.Choices;
using Aval.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Safety;

/// <summary>
/// <c>/healthz</c>: the process answers. <c>/readyz</c>: it could record, since the store opens and is the one that was
/// published; and it is not about to stop. That its clock is far behind what was recorded is said, and shuts no door:
/// whoever has nothing to take back is heard all the same. Looked at once in two seconds at most, however often
/// somebody asks.
/// </summary>
internal sealed class Health(Workspace workspace, TimeProvider clock)
{
    private static readonly TimeSpan Good = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromSeconds(1);
    private readonly Lock _one = new();
    private Task<(bool IsReady, string Remark)>? _looked;
    private long _at;

    /// <summary>Serves both.</summary>
    public static void Map(WebApplication app, Workspace workspace, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(app);
        var health = new Health(workspace, clock);
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        app.MapGet("/readyz", async () =>
        {
            var (isReady, remark) = app.Lifetime.ApplicationStopping.IsCancellationRequested
                ? (false, ": it is about to stop")
                : await health.State().ConfigureAwait(false);
            return isReady
                ? Results.Text($"ready{remark}\n")
                : Results.Text($"not ready{remark}\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        });
    }

    private Task<(bool IsReady, string Remark)> State()
    {
        lock (_one)
        {
            if (_looked is null || (_looked.IsCompleted && Stopwatch.GetElapsedTime(_at) > Good))
                (_looked, _at) = (Task.Run(Look), Stopwatch.GetTimestamp());
            return _looked;
        }
    }

    private (bool IsReady, string Remark) Look()
    {
        try
        {
            using var choices = CommittedChoices.Open(workspace, Patience);
            return (true, choices.Store.LatestReceived - clock.UtcNow() > ChoiceRules.ClockTolerance
                ? ", but the clock is more than a day behind what was recorded"
                : "");
        }
        catch (Exception broken) when (broken is AvalException or IOException or UnauthorizedAccessException)
        {
            return (false, ": the store does not open, or is not the one that was published");
        }
    }
}
