using System.Text.Json;
using Aval.Requests;
using Aval.Storage;

namespace Aval.Recall;

/// <summary>How the rows of two releases differ.</summary>
/// <param name="Left">Rows that are there no more.</param>
/// <param name="Entered">Rows that were not there: what takes the place of a row that left, or what content that was
/// imported since says of the release's own instant.</param>
/// <param name="Masked">Rows of which other words are there now: somebody is masked in them.</param>
internal sealed record RowChanges(long Left, long Entered, long Masked)
{
    /// <summary>Whether anything differs.</summary>
    public bool Any => Left + Entered + Masked > 0;
}

/// <summary>
/// What a recall did, in numbers that name nobody: <c>recall.json</c> beside the manifest of the release that it made.
/// Its hash is an entry of the ledger (kind 0x06). It is no function of the release's inputs: it says which releases
/// are withdrawn, and how long it took.
/// </summary>
/// <param name="Corpus">The corpus.</param>
/// <param name="Base">The id of the release that was recalled.</param>
/// <param name="Release">The id of the release that takes its place.</param>
/// <param name="ProtectUntil">Until when what protects is honoured now.</param>
/// <param name="At">When it was done.</param>
/// <param name="Took">How long it took, until it was committed.</param>
/// <param name="Deadline">The last day of the month that began when the earliest choice that it honours and the base
/// did not was received (GDPR Art. 12(3)); null = there is none.</param>
/// <param name="Rows">How the rows differ.</param>
/// <param name="Excluded">For each reason of which the number changed, the items before and now.</param>
/// <param name="Rewritten">The buckets whose shards differ, ascending.</param>
/// <param name="Buckets">How many buckets there are.</param>
/// <param name="BytesRewritten">Bytes of the shards that were written.</param>
/// <param name="BytesShared">Bytes of the shards that are the base's.</param>
/// <param name="Withdrawn">The ids of the releases that must not be used any more.</param>
/// <param name="Models">The models that were made from them.</param>
internal sealed record RecallRecord(
    string Corpus, string Base, string Release, DateTimeOffset ProtectUntil, DateTimeOffset At, TimeSpan Took,
    DateOnly? Deadline, RowChanges Rows, IReadOnlyDictionary<string, (long Before, long Now)> Excluded,
    IReadOnlyList<int> Rewritten, int Buckets, long BytesRewritten, long BytesShared, IReadOnlyList<string> Withdrawn,
    IReadOnlyList<string> Models)
{
    /// <summary>What the file is, and which version of its shape.</summary>
    public const string Format = "aval-recall/1";

    /// <summary>The bytes of recall.json.</summary>
    public byte[] ToJson() => JsonText.Write(WriteTo);

    /// <summary>Writes it as an object.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("release", $"{Corpus}/{Release}");
        json.WriteString("base", $"{Corpus}/{Base}");
        json.WriteString("protect_until", ProtectUntil.ToText());
        json.WriteString("at", At.ToText());
        json.WriteNumber("seconds", Math.Round(Took.TotalSeconds, 3));
        if (Deadline is { } deadline)
            json.WriteString("deadline", RequestJson.Day(deadline));
        json.WriteStartObject("rows");
        json.WriteNumber("left", Rows.Left);
        json.WriteNumber("entered", Rows.Entered);
        json.WriteNumber("masked", Rows.Masked);
        json.WriteEndObject();
        json.WriteStartObject("excluded");
        foreach (var (reason, (before, now)) in Excluded)
        {
            json.WriteStartObject(reason);
            json.WriteNumber("before", before);
            json.WriteNumber("now", now);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("buckets");
        json.WriteNumber("of", Buckets);
        json.WriteStartArray("rewritten");
        foreach (var bucket in Rewritten)
            json.WriteNumberValue(bucket);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("bytes");
        json.WriteNumber("rewritten", BytesRewritten);
        json.WriteNumber("shared", BytesShared);
        json.WriteEndObject();
        WriteList(json, "withdrawn", Withdrawn);
        WriteList(json, "models", Models);
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
