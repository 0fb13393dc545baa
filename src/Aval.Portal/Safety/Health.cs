using System.Diagnostics;
using Aval.Choices;
using Aval.Content;
using Aval.Recording;
using Aval.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Safety;

/// <summary>
/// <c>/healthz</c>: the process answers. <c>/readyz</c>: it could record, since the store opens and is the one that was
/// published; and it is not about to stop. That its clock is far behind what was recorded, or that the content cannot
/// be read, is said, and shuts no door: whoever has nothing to take back, and whoever follows the link in a notice, is
/// heard all the same. Looked at once in two seconds at most, however often somebody asks.
/// </summary>
internal sealed class Health(Desk desk)
{
    private static readonly TimeSpan Good = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromSeconds(1);
    private readonly Lock _one = new();
    private Task<(bool IsReady, string Remark)>? _looked;
    private long _at;
    private (FileIdentity? Log, FileIdentity? Head, FileIdentity? Settings) _readable;

    /// <summary>Serves both.</summary>
    public static void Map(WebApplication app, Desk desk)
    {
        ArgumentNullException.ThrowIfNull(app);
        var health = new Health(desk);
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
            using var choices = CommittedChoices.Open(desk.Workspace, Patience);
            var remark = choices.Store.LatestReceived - desk.Clock.UtcNow() > ChoiceRules.ClockTolerance
                ? ", but the clock is more than a day behind what was recorded"
                : "";
            return (true, remark + Content(desk.Workspace));
        }
        catch (Exception broken) when (broken is AvalException or IOException or UnauthorizedAccessException)
        {
            return (false, ": the store does not open, or is not the one that was published");
        }
    }

    // A log that was read whole is looked through again when it, its head or aval.yaml is another file. An aval.yaml
    // that cannot be read is told here: pages go on by what it said before.
    private string Content(Workspace workspace)
    {
        static FileIdentity? In(string folder, string name) => FileIdentity.Of(Path.Combine(folder, name));
        var there = (In(workspace.Content, "imports.jsonl"), In(workspace.Content, "imports.head"),
            In(workspace.Root, Workspace.FileName));
        if (there.Item1 is not null && there.Item2 is not null && there == _readable)
            return "";
        try
        {
            ContentLayout.RequireReadable(workspace.WithBucketsAsWritten());
            _readable = there;
            return "";
        }
        catch (Exception broken) when (broken is AvalException or IOException or UnauthorizedAccessException)
        {
            // What is wrong names files, and whoever asks here may be anybody.
            return ", but aval.yaml or the content cannot be read: who logs in may see nothing (aval check says why)";
        }
    }
}
