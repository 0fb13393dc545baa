using System.Globalization;
using System.Security.Cryptography;
using Aval.Choices;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Portal.Webhooks;

/// <summary>
/// What a webhook has still to be told: the ledger, from the place on up to which it was told. So nothing is lost
/// between recording and telling, and there is no second list that could differ from the ledger. The place is a file
/// of its own, and moves on when a message was taken: what was told when the process died is told again, under the same
/// id. Choices are told by entry, kind and purpose: nobody's name leaves through here, and whoever may know more asks
/// for it with a token.
/// </summary>
/// <param name="workspace">Whose ledger.</param>
/// <param name="hook">Who is told.</param>
internal sealed class Outbox(Workspace workspace, WebhookSettings hook)
{
    // Of one message; a day on which a file of millions is recorded is told in many.
    private const int MostChoices = 256;

    private readonly string _file = Path.Combine(workspace.Root, "webhooks", hook.Name);

    /// <summary>Begins at the end of the ledger, unless it was told something before.</summary>
    public void Begin()
    {
        if (File.Exists(_file))
            return;
        FileModes.MakePrivateFolder(Path.GetDirectoryName(_file)!);
        MoveTo(Published()?.Size.Value ?? 0);
    }

    /// <summary>
    /// The next message, and the place behind it. A place without a message moves on over what this webhook is not told
    /// of. Null = all that is published was told.
    /// </summary>
    /// <exception cref="AvalException">Bad input: the file with the place is damaged, or the store cannot be
    /// read.</exception>
    public (WebhookMessage? Message, long Next)? Next()
    {
        var from = Place();
        if (Published() is not { } published || published.Size.Value <= from)
            return null;
        using var choices = CommittedChoices.Open(workspace);
        var below = Math.Min(published.Size.Value, from + MostChoices);
        var recalls = Recalls();
        var next = from;
        foreach (var entry in choices.Store.Entries(new EntryIndex(from), new TreeSize(below)))
        {
            if (entry.Kind == EntryKind.OfficerAction && recalls.TryGetValue(entry.Digest, out var recall))
            {
                if (next > from)
                    break;
                return (Told(WebhookEvent.RecallDone, next, recall.At, recall.Write), next + 1);
            }

            next++;
        }

        var told = choices.Store.Read(new EntryIndex(from), new TreeSize(next)).ToArray();
        return told.Length == 0
            ? (null, next)
            : (Told(
                WebhookEvent.ChoicesRecorded, told[^1].Index.Value, told[^1].Choice.ReceivedAt,
                json => Write(json, told)), next);
    }

    /// <summary>Moves on: what lies before was told.</summary>
    public void MoveTo(long place) => Durable.Replace(
        _file, System.Text.Encoding.ASCII.GetBytes(place.ToString(CultureInfo.InvariantCulture) + "\n"),
        Durable.Private);

    private long Place() => long.TryParse(
        File.ReadAllText(_file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? place
            : throw AvalException.BadInput($"{_file}: it should hold the entry up to which this webhook was told, and "
                + "holds something else. Nothing was told. Write the number of an entry, or remove the file to begin "
                + "at the end.");

    private PublishedCheckpoint? Published() =>
        PublishedCheckpoint.Read(workspace, SigningKey.Read(workspace.SigningKeyFile).Verifier);

    private WebhookMessage? Told(
        WebhookEvent told, long index, DateTimeOffset at, Action<System.Text.Json.Utf8JsonWriter> data) =>
        !hook.Events.Contains(told)
            ? null
            : new WebhookMessage(
                string.Create(CultureInfo.InvariantCulture, $"{told.ToText()}-{index}"),
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
        foreach (var folder in Directory.EnumerateDirectories(workspace.Corpus).SelectMany(ReleaseName.Releases))
        {
            var file = Path.Combine(folder, Withdrawal.RecallFile);
            if (File.Exists(file) && Withdrawal.By(folder) is [var first, ..] withdrawn)
                recalls[Hash.From(SHA256.HashData(File.ReadAllBytes(file)))] = new DoneRecall(
                    first.Successor!, first.At, [.. withdrawn.Select(one => one.Release)]);
        }

        return recalls;
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
