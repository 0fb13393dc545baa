using System.Diagnostics;
using Aval.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Safety;

/// <summary>
/// <c>/healthz</c>: the process answers. <c>/readyz</c>: it could record, since the store opens and is the one that was
/// published; and it is not about to stop. Looked at once in two seconds at most, however often somebody asks.
/// </summary>
internal sealed class Health(Workspace workspace)
{
    private static readonly TimeSpan Good = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromSeconds(1);
    private readonly Lock _one = new();
    private Task<bool>? _looked;
    private long _at;

    /// <summary>Serves both.</summary>
    public static void Map(WebApplication app, Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(app);
        var health = new Health(workspace);
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        app.MapGet("/readyz", async () =>
            !app.Lifetime.ApplicationStopping.IsCancellationRequested && await health.IsReady().ConfigureAwait(false)
                ? Results.Text("ready\n")
                : Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable));
    }

    private Task<bool> IsReady()
    {
        lock (_one)
        {
            if (_looked is null || (_looked.IsCompleted && Stopwatch.GetElapsedTime(_at) > Good))
                (_looked, _at) = (Task.Run(Look), Stopwatch.GetTimestamp());
            return _looked;
        }
    }

    private bool Look()
    {
        try
        {
            using var choices = CommittedChoices.Open(workspace, Patience);
            return choices.Store.Size.Value >= 0;
        }
        catch (Exception broken) when (broken is AvalException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
