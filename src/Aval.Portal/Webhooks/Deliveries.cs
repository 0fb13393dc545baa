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
    private readonly Task[] _telling;

    private Deliveries(
        Workspace workspace, IReadOnlyList<WebhookSettings> hooks, WebhookSender sender, TimeProvider clock,
        Func<int, TimeSpan> pause)
    {
        _sender = sender;
        // Before anybody can record: nothing that happens from now on is left out.
        var boxes = hooks.Select(hook => (Hook: hook, Box: new Outbox(workspace, hook))).ToArray();
        foreach (var (_, box) in boxes)
            box.Begin();
        _telling = [.. boxes.Select(one => Task.Run(() => Tell(one.Hook, one.Box, clock, pause)))];
    }

    /// <summary>Begins.</summary>
    public static Deliveries Start(
        Workspace workspace, IReadOnlyList<WebhookSettings> hooks, WebhookSender sender, TimeProvider clock) =>
        Start(workspace, hooks, sender, clock, failures => Pauses[Math.Min(failures, Pauses.Length) - 1]);

    /// <inheritdoc cref="Start(Workspace, IReadOnlyList{WebhookSettings}, WebhookSender, TimeProvider)"/>
    /// <param name="workspace">Whose ledger.</param>
    /// <param name="hooks">Who is told.</param>
    /// <param name="sender">Sends; it is disposed with this.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="pause">How long to wait after so many failures.</param>
    internal static Deliveries Start(
        Workspace workspace, IReadOnlyList<WebhookSettings> hooks, WebhookSender sender, TimeProvider clock,
        Func<int, TimeSpan> pause)
    {
        ArgumentNullException.ThrowIfNull(hooks);
        ArgumentNullException.ThrowIfNull(sender);
        return new Deliveries(workspace, hooks, sender, clock, pause);
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
                    await Say(hook, "says that it is gone (410): it is told nothing more until the portal is started "
                        + "again").ConfigureAwait(false);
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
                    await Say(hook, "did not take a message, which is sent again later").ConfigureAwait(false);
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
            if (box.Next() is not { } next)
                return null;
            var outcome = next.Message is { } message
                ? await _sender.Send(hook, message, clock.UtcNow(), _stop.Token).ConfigureAwait(false)
                : SendOutcome.Taken;
            if (outcome == SendOutcome.Taken)
                box.MoveTo(next.Next);
            return outcome;
        }
        catch (Exception failure) when (failure is AvalException or IOException or UnauthorizedAccessException)
        {
            return SendOutcome.NotNow; // The store is busy, or its disk is: as if it had not been taken.
        }
    }

    private static Task Say(WebhookSettings hook, string what) =>
        Console.Error.WriteLineAsync($"webhook {hook.Name}: {what}");
}
