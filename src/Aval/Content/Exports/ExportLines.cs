using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aval.Content.Tables;

namespace Aval.Content.Exports;

/// <summary>Rows that an export's reader made, as the JSON lines that tables come in: one way in for both.</summary>
internal static class ExportLines
{
    private static readonly JsonWriterOptions Unescaped =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IEnumerable<TextLine> Of(IEnumerable<ItemRow> items) =>
        items.Select((item, at) => new TextLine(0, at + 1, Json(json => Write(json, item))));

    public static IEnumerable<TextLine> Of(params IEnumerable<AccountRow> accounts) =>
        accounts.Select((account, at) => new TextLine(0, at + 1, Json(json => Write(json, account))));

    private static void Write(Utf8JsonWriter json, ItemRow item)
    {
        Text(json, "item_id", item.ItemId);
        Text(json, "service", item.Service);
        Text(json, "kind", item.Kind);
        Text(json, "author", item.Author);
        Text(json, "audience", item.Audience);
        Text(json, "created_at", item.CreatedAt?.ToText());
        Text(json, "public_since", item.PublicSince?.ToText());
        Text(json, "text", item.Text);
        Text(json, "language_hint", item.LanguageHint);
        if (item.Persons.Count > 0)
        {
            json.WriteStartArray("persons");
            foreach (var person in item.Persons)
            {
                json.WriteStartObject();
                Text(json, "account", person.Account);
                Text(json, "role", person.Role);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        Text(json, "in_reply_to", item.InReplyTo);
        if (item.Media.Count > 0)
        {
            json.WriteStartArray("media");
            foreach (var medium in item.Media)
            {
                json.WriteStartObject();
                Text(json, "uri", medium.Uri);
                Text(json, "sha256", medium.Sha256);
                Text(json, "kind", medium.Kind);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        Text(json, "preferences", item.Preferences);
    }

    private static void Write(Utf8JsonWriter json, AccountRow account)
    {
        Text(json, "account", account.Account);
        Text(json, "service", account.Service);
        Text(json, "person", account.Person);
        Text(json, "display_name", account.DisplayName);
        Text(json, "handle", account.Handle);
        Text(json, "country", account.Country);
        if (account.BirthYear is { } year)
            json.WriteNumber("birth_year", year);
        Text(json, "contact", account.Contact);
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static string Json(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Unescaped))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
