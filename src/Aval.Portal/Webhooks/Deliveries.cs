using Aval.Portal.Safety;

namespace Aval.Portal.Webhooks;

/// <summary>
/// Tells the webhooks of portal.yaml, each in its own time: one that does not answer holds up none of the others, and
/// nobody who records. What was not taken is sent again after longer and longer pauses, for as long as it takes.
/// </summary>
internal sealed class Deliveries : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // As Standard Webhooks proposes, and then once a day.
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20),
        TimeSpan.FromDays(1),
    ];

    private readonly CancellationTokenSource _stop = new();
    private readonly WebhookSender _sender;
    private readonly PortalLog _log;
    private readonly Task[] _telling;

    private Deliveries(
        Workspace workspace, IReadOnlyList<WebhookSettings> hooks, WebhookSender sender, TimeProvider clock,
        PortalLog log, Func<int, TimeSpan> pause)
    {
        (_sender, _log) = (sender, log);
        // Before anybody can record: nothing that happens from now on is left out.
        var boxes = hooks.Select(hook => (Hook: hook, Box: new Outbox(workspace, hook))).ToArray();
        foreach (var (_, box) in boxes)
            box.Begin();
        _telling = [.. boxes.Select(one => Task.Run(() => Tell(one.Hook, one.Box, clock, pause)))];
    }

    /// <summary>Begins.</summary>
    public static Deliveries Start(
        Workspace workspace, IReadOnlyList<WebhookSettings> hooks, WebhookSender sender, TimeProvider clock,
        PortalLog log) =>
        Start(workspace, hooks, sender, clock, log, failures => Pauses[Math.Min(failures, Pauses.Length) - 1]);

    /// <inheritdoc cref="Start(Workspace, IReadOnlyList{WebhookSettings}, WebhookSender, TimeProvider, PortalLog)"/>
    /// <param name="workspace">Whose ledger.</param>
    /// <param name="hooks">Who is told.</param>
    /// <param name="sender">Sends; it is disposed with this.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="log">Told what is not taken.</param>
    /// <param name="pause">How long to wait after so many failures.</param>
    internal static Deliveries Start(
        Workspace workspace, IReadOnlyList<WebhookSettings> hooks, WebhookSender sender, TimeProvider clock,
        PortalLog log, Func<int, TimeSpan> pause)
    {
        ArgumentNullException.ThrowIfNull(hooks);
        ArgumentNullException.ThrowIfNull(sender);
        return new Deliveries(workspace, hooks, sender, clock, log, pause);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_telling).ConfigureAwait(false);
        _sender.Dispose();
        _stop.Dispose();
    }

    private async Task Tell(WebhookSettings hook, Outbox box, TimeProvider clock, Func<int, TimeSpan> pause)
    {
        var failures = 0;
        try
        {
            while (true)
            {
                var outcome = await TellNext(hook, box, clock).ConfigureAwait(false);
                if (outcome == SendOutcome.Gone)
                {
                    Say(hook, "gone: it is told nothing more until the portal is started again");
                    return;
                }

                if (outcome == SendOutcome.Taken)
                {
                    failures = 0;
                    continue;
                }

                if (outcome == SendOutcome.NotNow)
                {
                    failures++;
                    Say(hook, "not taken: it is sent again later");
                }

                await Task.Delay(failures > 0 ? pause(failures) : Look, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // It stops; the place in the file says where to go on.
        }
    }

    // Null = there is nothing to tell.
    private async Task<SendOutcome?> TellNext(WebhookSettings hook, Outbox box, TimeProvider clock)
    {
        try
        {
            if (box.Next(clock.UtcNow()) is not { } next)
                return null;
            var outcome = next.Message is { } message
                ? await _sender.Send(hook, message, clock.UtcNow(), _stop.Token).ConfigureAwait(false)
                : SendOutcome.Taken;
            if (outcome == SendOutcome.Taken)
                next.Taken();
            return outcome;
        }
        catch (Exception failure) when (!_stop.IsCancellationRequested)
        {
            // The store is busy, its disk or its server is away, or worse: as if it had not been taken. It is said each
            // time, and a system that is told nothing any more is never without a word.
            _log.Tell("webhook", json =>
            {
                json.WriteString("name", hook.Name);
                json.WriteString("outcome", "not looked up");
                json.WriteString("type", failure.GetType().Name);
            });
            return SendOutcome.NotNow;
        }
    }

    private void Say(WebhookSettings hook, string what) => _log.Tell("webhook", json =>
    {
        json.WriteString("name", hook.Name);
        json.WriteString("outcome", what);
    });
}
