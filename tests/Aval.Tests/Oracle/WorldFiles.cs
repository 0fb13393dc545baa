using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aval.Choices;

namespace Aval.Tests.Oracles;

/// <summary>
/// A world as the files that a user would import: items.jsonl, accounts.jsonl and notices.jsonl for <c>aval import
/// table</c>, choices.jsonl for <c>aval choose --from</c>, one line each, in the world's order. What is unknown is left
/// out.
/// </summary>
public static class WorldFiles
{
    private static readonly JsonWriterOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes the four files into <paramref name="directory"/>, which is made when it is missing. Files of those names
    /// are replaced.
    /// </summary>
    public static void Write(World world, string directory)
    {
        ArgumentNullException.ThrowIfNull(world);
        Directory.CreateDirectory(directory);
        WriteLines(Path.Combine(directory, "items.jsonl"), world.Items.Select(Line));
        WriteLines(Path.Combine(directory, "accounts.jsonl"), world.Accounts.Select(Line));
        WriteLines(Path.Combine(directory, "notices.jsonl"), world.Notices.Select(Line));
        WriteLines(Path.Combine(directory, "choices.jsonl"), world.Choices.Select(Line));
    }

    /// <summary>An item version as its line.</summary>
    public static string Line(ItemVersion item) => Json(json =>
    {
        Text(json, "item_id", item.Item.Id);
        Text(json, "service", item.Item.Service);
        Text(json, "kind", item.Kind);
        Text(json, "author", item.Author.ToString());
        Text(json, "audience", item.Audience);
        Text(json, "created_at", item.CreatedAt?.ToText());
        Text(json, "public_since", item.PublicSince?.ToText());
        Text(json, "text", item.Text);
        if (item.HasMedia)
        {
            json.WriteStartArray("media");
            json.WriteStartObject();
            Text(json, "uri", "photos/1.jpg");
            Text(json, "kind", "photo");
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteBoolean("deleted", item.Deleted);
        Text(json, "observed_at", item.ObservedAt.ToText());
    });

    /// <summary>An account version as its line.</summary>
    public static string Line(AccountVersion account) => Json(json =>
    {
        Text(json, "account", account.Account.ToString());
        Text(json, "service", account.Account.Service);
        Text(json, "person", account.Person);
        Text(json, "country", account.Country);
        if (account.BirthYear is { } year)
            json.WriteNumber("birth_year", year);
        Text(json, "observed_at", account.ObservedAt.ToText());
    });

    /// <summary>A notice as its line.</summary>
    public static string Line(NoticeDelivery notice) => Json(json =>
    {
        Text(json, "account", notice.Account.ToString());
        Text(json, "version", notice.Version);
        Text(json, "language", "en");
        Text(json, "channel", "e-mail");
        Text(json, "sent_at", notice.SentAt?.ToText());
        Text(json, "delivered_at", notice.DeliveredAt?.ToText());
    });

    /// <summary>A choice as its line.</summary>
    public static string Line(Choice choice) => Json(json =>
    {
        Text(json, "kind", choice.Kind.ToText());
        Text(json, "account", choice.Account.ToString());
        Text(json, "purpose", choice.Purpose.Name);
        Text(json, "scope", choice.Scope.ToString());
        Text(json, "made_at", choice.MadeAt.ToText());
        Text(json, "received_at", choice.ReceivedAt.ToText());
        Text(json, "until", choice.Until?.ToText());
        Text(json, "actor", choice.Actor.ToText());
        Text(json, "channel", choice.Channel);
        Text(json, "evidence", choice.Evidence);
        Text(json, "notice", choice.Notice);
        Text(json, "association", choice.Association);
    });

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static string Json(Action<Utf8JsonWriter> members)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void WriteLines(string path, IEnumerable<string> lines)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
        {
            NewLine = "\n",
        };
        foreach (var line in lines)
            file.WriteLine(line);
    }
}
