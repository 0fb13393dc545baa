using System.Text.Json;
using Aval.Building;
using Aval.Content;
using Aval.Orders;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Recall.Erasing;

/// <summary>An erasure that was recorded, and that no complete run has carried out yet.</summary>
/// <param name="Choice">Its entry.</param>
/// <param name="ReceivedAt">When its clock began.</param>
/// <param name="Due">By when it is to be carried out, by what the workspace promises (<c>erase-every</c>).</param>
internal sealed record WaitingErasure(EntryIndex Choice, DateTimeOffset ReceivedAt, DateTimeOffset Due);

/// <summary>An order to delete that no complete run has met since it binds.</summary>
/// <param name="Order">The order.</param>
/// <param name="Since">From when on it binds: served, and in force.</param>
/// <param name="Due">By when it is to be carried out, as an erasure is.</param>
internal sealed record WaitingDeletion(ServedOrder Order, DateTimeOffset Since, DateTimeOffset Due);

/// <summary>
/// Erasures, and orders to delete, that wait for each other: so that each release is made again once for all of them,
/// they are carried out together, no more often than <c>erase-every</c>, and none waits longer than that. Each keeps
/// its own clock.
/// </summary>
/// <param name="Waiting">Those that are not carried out, as they were recorded.</param>
/// <param name="Next">From when on they are carried out together; null = nothing waits.</param>
/// <param name="Last">When a run last left nothing to do; null = none did.</param>
internal sealed record ErasureClock(
    IReadOnlyList<WaitingErasure> Waiting, DateTimeOffset? Next, DateTimeOffset? Last)
{
    private const string FileName = "carried-out.json";

    /// <summary>The orders to delete that wait with them.</summary>
    public IReadOnlyList<WaitingDeletion> Ordered { get; init; } = [];

    private static readonly JsonSerializerOptions Options =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What waits in a workspace.</summary>
    /// <exception cref="AvalException">As for the choices of a build.</exception>
    public static ErasureClock Read(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var (last, every) = (LastOf(workspace), workspace.Settings.Erasures.Every);
        using var choices = CommittedChoices.Open(workspace);
        // One that is forgotten, by its own run or by a retention period, waits as before: it has only lost its name.
        var all = choices.Store.Asking(choices.Store.Size)
            .Select(one => (one.Index, one.Choice.Kind, one.Choice.MadeAt, one.Choice.ReceivedAt))
            .Concat(choices.Store.AskingForgotten(choices.Store.Size)
                .Select(one => (one.Index, one.Kind, one.MadeAt, one.ReceivedAt)))
            .Where(one => one.Kind is ChoiceKind.Erasure).ToArray();
        var waiting = all
            .Where(one => last?.Honours(one.Index, one.MadeAt, one.ReceivedAt) is not true)
            .OrderBy(one => one.Index.Value)
            .Select(one => new WaitingErasure(one.Index, one.ReceivedAt, every.End(one.ReceivedAt)))
            .ToArray();
        var ordered = Deletions(workspace, last, every);
        // What was restricted then may have been let go since, and an import may have brought what was erased, or an
        // account of somebody who was: that is found by looking.
        var isAgain = last is not null && (waiting.Length > 0 || last.IsAgain
            || (all.Length > 0 && ImportLog.Read(workspace).Count > last.Imports));
        var begins = waiting.Select(one => last is null ? one.ReceivedAt : one.Due)
            .Concat(ordered.Select(one => last is null ? one.Since : one.Due)).Cast<DateTimeOffset?>()
            .Append(isAgain ? every.End(last!.At) : null);
        return new ErasureClock(waiting, begins.Min(), last?.At) { Ordered = ordered };
    }

    // A timer asks this clock alone: an order that it did not know of would be carried out when somebody happens to.
    private static IReadOnlyList<WaitingDeletion> Deletions(
        Workspace workspace, CarriedOut? last, Retention every)
    {
        static DateTimeOffset Since(ServedOrder order) =>
            order.ServedAt > order.Order.From ? order.ServedAt : order.Order.From;
        // The calendar ends, and an order may begin in its last year.
        DateTimeOffset Due(DateTimeOffset since) => since.Year < 9_800 ? every.End(since) : since;
        return
        [
            .. OrderBook.Read(workspace).Where(order => order.Lifted is null
                    && order.Order.Effects.OfType<OrderEffect.Delete>().Any() && !(last?.At > Since(order)))
                .Select(order => new WaitingDeletion(order, Since(order), Due(Since(order)))),
        ];
    }

    /// <summary>Says that all erasures that a run met are carried out.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="below">It met those with an index below it.</param>
    /// <param name="at">And those that had been made and received by then.</param>
    /// <param name="imports">And that many imports: what a later one brings is to be looked at.</param>
    /// <param name="isAgain">Something was kept because it is restricted, and is to be looked at again.</param>
    public static void Keep(Workspace workspace, TreeSize below, DateTimeOffset at, int imports, bool isAgain) =>
        SealedFile.Write(
            PathIn(workspace),
            JsonSerializer.SerializeToUtf8Bytes(new CarriedOut(below.Value, at, imports, isAgain), Options),
            FinishedParts.Seal(workspace.ReadKey()));

    /// <summary>Whether it is time for a run; also where a clock was set back, and nobody can tell.</summary>
    public bool IsDue(DateTimeOffset now) => Next is { } next && (next <= now || Last > now);

    /// <summary>The one with an entry; null = there is none, or it is carried out.</summary>
    public WaitingErasure? Of(EntryIndex choice) => Waiting.FirstOrDefault(one => one.Choice == choice);

    /// <summary>Those that are not carried out although their time is over.</summary>
    public IReadOnlyList<WaitingErasure> Overdue(DateTimeOffset now) => [.. Waiting.Where(one => one.Due < now)];

    /// <summary>What whoever runs anything here is to be told; null = nothing is overdue.</summary>
    public string? Warning(DateTimeOffset now)
    {
        var erasures = Overdue(now) is [var first, ..] late
            ? $"OVERDUE: {late.Count} erasures (GDPR Art. 17) are recorded and not carried out; entry {first.Choice}, "
                + $"received {first.ReceivedAt.ToText()}, was to be by {first.Due.ToText()} (erase-every). What they "
                + "cover is in no new release, and is in the content still. Run aval erase now, and aval erase "
                + "--when-due each hour from here on."
            : null;
        var order = Ordered.FirstOrDefault(one => one.Due < now && one.Order.IsInForce(now)) is { } ordered
            ? $"OVERDUE: {ordered.Order.Citation} deletes items, and is not carried out; it was to be by "
                + $"{ordered.Due.ToText()} (erase-every). Run aval erase now: it says what stands in the way."
            : null;
        return erasures is null ? order : order is null ? erasures : $"{erasures}\n{order}";
    }

    private static CarriedOut? LastOf(Workspace workspace) =>
        SealedFile.Read(PathIn(workspace), FinishedParts.Seal(workspace.ReadKey())) is { } kept
            ? JsonSerializer.Deserialize<CarriedOut>(kept, Options)
            : null;

    private static string PathIn(Workspace workspace) =>
        Path.Combine(workspace.Erasing, FileName);

    private sealed record CarriedOut(long Below, DateTimeOffset At, int Imports, bool IsAgain)
    {
        public bool Honours(EntryIndex index, DateTimeOffset madeAt, DateTimeOffset receivedAt) =>
            index.Value < Below && madeAt <= At && receivedAt <= At;
    }
}
