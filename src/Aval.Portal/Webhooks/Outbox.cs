using System.Globalization;
using System.Security.Cryptography;
using Aval.Choices;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Recording;
using Aval.Requests;
using Aval.Storage;

namespace Aval.Portal.Webhooks;

/// <summary>
/// What a webhook has still to be told: the ledger, from the place on up to which it was told. So nothing is lost
/// between recording and telling, and there is no second list that could differ from the ledger. The place is a file
/// of its own, and moves on when a message was taken: what was told when the process died is told again, under the same
/// id. For that the end of a message is kept before it is sent. What was recorded meanwhile comes in the next one:
/// whoever leaves out by id what came before would otherwise take the same choices twice. Choices are told by entry,
/// kind and purpose: nobody's name leaves through here, and whoever may know more asks for it with a token.
/// </summary>
/// <param name="workspace">Whose ledger.</param>
/// <param name="hook">Who is told.</param>
internal sealed class Outbox(Workspace workspace, WebhookSettings hook)
{
    // Of one message; a day on which a file of millions is recorded is told in many.
    private const int MostChoices = 256;

    private const int DaysBefore = 7;
    private static readonly TimeSpan LookForDue = TimeSpan.FromMinutes(1);

    private readonly string _file = Path.Combine(workspace.Webhooks, hook.Name);
    private readonly string _end = Path.Combine(workspace.Webhooks, hook.Name + ".end");
    private readonly string _due = Path.Combine(workspace.Webhooks, hook.Name + ".due");
    private DateTimeOffset _lookAgain = DateTimeOffset.MinValue;

    /// <summary>Begins at the end of the ledger, unless it was told something before.</summary>
    public void Begin()
    {
        if (File.Exists(_file))
            return;
        FileModes.MakePrivateFolder(Path.GetDirectoryName(_file)!);
        MoveTo(Published()?.Size.Value ?? 0);
    }

    /// <summary>
    /// The next message, and what to do when it was taken. Without a message there is something that this webhook is
    /// not told of. Null = all was told.
    /// </summary>
    /// <exception cref="AvalException">Bad input: the file with the place is damaged, or the store cannot be
    /// read.</exception>
    public (WebhookMessage? Message, Action Taken)? Next(DateTimeOffset now) =>
        NextEntries() is { } entries ? (entries.Message, () => MoveTo(entries.Next)) : NextDue(now);

    // A week before its last day, and once more when that was put off. Which were told is a file, since no entry says
    // that time has passed.
    private (WebhookMessage? Message, Action Taken)? NextDue(DateTimeOffset now)
    {
        if (!hook.Events.Contains(WebhookEvent.RequestDue) || now < _lookAgain)
            return null;
        var told = Durable.ReadLines(_due).ToHashSet(StringComparer.Ordinal);
        var soon = DateOnly.FromDateTime(now.UtcDateTime).AddDays(DaysBefore);
        var due = RequestBook.Read(workspace).Requests
            .Where(one => one.IsOpen && one.LastDay <= soon && !told.Contains(Due(one)))
            .OrderBy(one => one.LastDay).ThenBy(one => one.Index.Value).FirstOrDefault();
        if (due is null)
        {
            _lookAgain = now + LookForDue;
            return null;
        }

        var since = new DateTimeOffset(due.LastDay.AddDays(-DaysBefore), TimeOnly.MinValue, TimeSpan.Zero);
        var message = Told(WebhookEvent.RequestDue, Due(due), since, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("request", due.Index.Value);
            json.WriteString("right", due.Right.ToText());
            json.WriteString("last_day", RequestJson.Day(due.LastDay));
            json.WriteEndObject();
        });
        return (message, () => Durable.AppendLine(_due, Due(due)));
    }

    private static string Due(Request request) => $"{request.Index}-{RequestJson.Day(request.LastDay)}";

    private (WebhookMessage? Message, long Next)? NextEntries()
    {
        var from = Place();
        if (Published() is not { } published || published.Size.Value <= from)
            return null;
        using var choices = CommittedChoices.Open(workspace);
        var most = Math.Min(published.Size.Value, from + MostChoices);
        // Beyond that, it is of another ledger, or somebody has moved the place by hand.
        var below = End() is { } end && end > from && end <= most ? end : most;
        var recalls = Recalls();
        var next = from;
        foreach (var entry in choices.Store.Entries(new EntryIndex(from), new TreeSize(below)))
        {
            // Entered before its release has its name: it is told when that is there, which it may be by now.
            if (entry.Kind == EntryKind.OfficerAction && !recalls.ContainsKey(entry.Digest)
                && IsOfRecall(entry.Digest))
            {
                if (IsUnderWay(entry.Digest))
                    break;
                recalls = Recalls();
            }

            if (entry.Kind == EntryKind.OfficerAction && recalls.TryGetValue(entry.Digest, out var recall))
            {
                if (next > from)
                    break;
                return (Told(WebhookEvent.RecallDone, Text(next), recall.At, recall.Write), next + 1);
            }

            next++;
        }

        if (next == from)
            return null;
        var told = choices.Store.Read(new EntryIndex(from), new TreeSize(next)).ToArray();
        // By where it ends: the last of its choices may be forgotten before it is sent again.
        if (told.Length == 0 || Told(
            WebhookEvent.ChoicesRecorded, Text(next - 1), told[^1].Choice.ReceivedAt,
            json => Write(json, told)) is not { } message)
            return (null, next);
        if (End() != next)
            Write(_end, next);
        return (message, next);
    }

    // What lies before was told.
    private void MoveTo(long place) => Write(_file, place);

    private static void Write(string file, long entry) => Durable.Replace(
        file, System.Text.Encoding.ASCII.GetBytes(Text(entry) + "\n"), Durable.Private);

    private long Place() => Number(_file) ?? throw AvalException.BadInput($"{_file}: it should hold the entry up to "
        + "which this webhook was told, and holds something else. Nothing was told. Write the number of an entry, or "
        + "remove the file to begin at the end.");

    // Where the message ends that was sent last; null = none was since there is such a file.
    private long? End() => !File.Exists(_end) ? null : Number(_end) ?? throw AvalException.BadInput(
        $"{_end}: it should hold the entry at which the message ends that this webhook was sent last, and holds "
        + "something else. Nothing was told. Remove the file: what was sent and not taken may then come again under "
        + "another id.");

    private static long? Number(string file) => long.TryParse(
        File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private PublishedCheckpoint? Published() =>
        PublishedCheckpoint.Read(workspace, SigningKey.Read(workspace.SigningKeyFile).Verifier);

    private WebhookMessage? Told(
        WebhookEvent told, string number, DateTimeOffset at, Action<System.Text.Json.Utf8JsonWriter> data) =>
        !hook.Events.Contains(told)
            ? null
            : new WebhookMessage(
                $"{told.ToText()}-{number}",
                JsonText.WriteCompact(json =>
                {
                    json.WriteStartObject();
                    json.WriteString("type", told.ToText());
                    json.WriteString("timestamp", at.ToText());
                    json.WritePropertyName("data");
                    data(json);
                    json.WriteEndObject();
                }));

    private static void Write(System.Text.Json.Utf8JsonWriter json, Recorded[] choices)
    {
        json.WriteStartObject();
        json.WriteStartArray("choices");
        foreach (var one in choices)
        {
            json.WriteStartObject();
            json.WriteNumber("index", one.Index.Value);
            json.WriteString("kind", one.Choice.Kind.ToText());
            json.WriteString("purpose", one.Choice.Purpose.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // A recall's entry is the hash of its recall.json; there are few.
    private Dictionary<Hash, DoneRecall> Recalls()
    {
        var recalls = new Dictionary<Hash, DoneRecall>();
        if (!hook.Events.Contains(WebhookEvent.RecallDone) || !Directory.Exists(workspace.Corpus))
            return recalls;
        // An erasure may have made another release in the place of the recall's, before it was told.
        foreach (var folder in Directory.EnumerateDirectories(workspace.Corpus)
            .SelectMany(corpus => ReleaseName.Releases(corpus).Concat(ReleaseName.Superseded(corpus))))
        {
            var file = Path.Combine(folder, Withdrawal.RecallFile);
            if (File.Exists(file) && Withdrawal.Stated(folder) is [var first, ..] withdrawn)
                recalls[Hash.From(SHA256.HashData(File.ReadAllBytes(file)))] = new DoneRecall(
                    first.Successor!, first.At, [.. withdrawn.Select(one => one.Release)]);
        }

        return recalls;
    }

    private bool IsOfRecall(Hash digest) =>
        hook.Events.Contains(WebhookEvent.RecallDone) && Releasing(digest) is not null;

    private string? Releasing(Hash digest) =>
        LedgerRecords.Read(workspace, digest) is { } text ? Withdrawal.Releasing(text) : null;

    // Of a recall that was killed the next one makes an entry of its own.
    private bool IsUnderWay(Hash digest)
    {
        if (Releasing(digest) is not { } release || release.Split('/') is not [var corpus, _]
            || File.Exists(Path.Combine(workspace.Corpus, release, Withdrawal.RecallFile)))
            return false;
        try
        {
            using var held = FileLock.TryAcquire(
                Path.Combine(workspace.Corpus, corpus, Aval.Leases.Lease.LockName));
            return held is null;
        }
        catch (Exception gone) when (gone is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false; // Nobody can tell, and what comes after it has to be told.
        }
    }

    private sealed record DoneRecall(string Release, DateTimeOffset At, IReadOnlyList<string> Withdrawn)
    {
        public void Write(System.Text.Json.Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("release", Release);
            json.WriteStartArray("withdrawn");
            foreach (var one in Withdrawn)
                json.WriteStringValue(one);
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }
}
