using System.Diagnostics;
using Aval.Choices;
using Aval.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Safety;

/// <summary>
/// <c>/healthz</c>: the process answers. <c>/readyz</c>: it could record, since the store opens and is the one that was
/// published; its clock is not too far behind what was recorded; and it is not about to stop. Looked at once in two
/// seconds at most, however often somebody asks.
/// </summary>
internal sealed class Health(Workspace workspace, TimeProvider clock)
{
    private static readonly TimeSpan Good = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromSeconds(1);
    private readonly Lock _one = new();
    private Task<string?>? _looked;
    private long _at;

    /// <summary>Serves both.</summary>
    public static void Map(WebApplication app, Workspace workspace, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(app);
        var health = new Health(workspace, clock);
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        app.MapGet("/readyz", async () =>
        {
            var hindrance = app.Lifetime.ApplicationStopping.IsCancellationRequested
                ? "it is about to stop"
                : await health.Hindrance().ConfigureAwait(false);
            return hindrance is null
                ? Results.Text("ready\n")
                : Results.Text($"not ready: {hindrance}\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        });
    }

    // null = there is none.
    private Task<string?> Hindrance()
    {
        lock (_one)
        {
            if (_looked is null || (_looked.IsCompleted && Stopwatch.GetElapsedTime(_at) > Good))
                (_looked, _at) = (Task.Run(Look), Stopwatch.GetTimestamp());
            return _looked;
        }
    }

    private string? Look()
    {
        try
        {
            using var choices = CommittedChoices.Open(workspace, Patience);
            return choices.Store.LatestReceived - clock.UtcNow() > ChoiceRules.ClockTolerance
                ? "the clock is more than a day behind what was recorded"
                : null;
        }
        catch (Exception broken) when (broken is AvalException or IOException or UnauthorizedAccessException)
        {
            return "the store does not open, or is not the one that was published";
        }
    }
}
