using System.Globalization;
using System.Text;
using Aval.Choices;
using Aval.Content;
using Aval.Storage;

namespace Aval.Sample;

/// <summary>How each thing is written: the canonical columns of docs/design.md; what is unknown is empty or left out.</summary>
internal static class Lines
{
    public const string AccountColumns = "account,service,person,display_name,handle,country,birth_year,observed_at";
    public const string NoticeColumns = "account,version,language,channel,sent_at,delivered_at";
    public const string ChoiceColumns = "kind,account,purpose,scope,made_at,received_at,until,actor,channel,notice";
    public const string SentenceColumns = "language,source,id";

    /// <summary>The versions of a person's accounts, as the two exports showed them. A link group is named after its first account.</summary>
    public static IEnumerable<string> Of(Person person)
    {
        var group = person.Accounts.Count > 1 ? person.Accounts[0].Account.ToString() : null;
        foreach (var member in person.Accounts)
        {
            if (person.Link == Link.LinkedBefore && group is not null)
                yield return Of(person, member, group, Calendar.ObservedBefore);
            yield return Of(person, member, person.Link == Link.Linked ? group : null, Calendar.Observed);
        }
    }

    /// <summary>A notice.</summary>
    public static string Of(Notice notice) =>
        Csv(notice.Account.ToString(), notice.Version, notice.Language, notice.Channel, notice.SentAt.ToText(), notice.DeliveredAt?.ToText());

    /// <summary>A choice.</summary>
    public static string Of(Choice choice) => Csv(
        choice.Kind.ToText(), choice.Account.ToString(), choice.Purpose.Name, choice.Scope.ToString(),
        choice.MadeAt.ToText(), choice.ReceivedAt.ToText(), choice.Until?.ToText(), choice.Actor.ToText(), choice.Channel, choice.Notice);

    /// <summary>Where a sentence was taken from.</summary>
    public static string Of(string language, Sentence sentence) => Csv(language, sentence.Source, sentence.Id);

    /// <summary>A version of an item.</summary>
    public static string Of(ItemVersion version) => Encoding.UTF8.GetString(JsonText.WriteCompact(json =>
    {
        void Text(string name, string? value)
        {
            if (value is not null)
                json.WriteString(name, value);
        }

        void List<T>(string name, IReadOnlyList<T> values, Action<T> write)
        {
            if (values.Count == 0)
                return;
            json.WriteStartArray(name);
            foreach (var value in values)
            {
                json.WriteStartObject();
                write(value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        var row = version.Row;
        json.WriteStartObject();
        Text("item_id", row.ItemId);
        Text("service", row.Service);
        Text("kind", row.Kind);
        Text("author", row.Author);
        Text("audience", row.Audience);
        Text("created_at", row.CreatedAt?.ToText());
        Text("public_since", row.PublicSince?.ToText());
        Text("text", row.Text);
        Text("language_hint", row.LanguageHint);
        List<ItemPerson>("persons", row.Persons, person =>
        {
            Text("account", person.Account);
            Text("role", person.Role);
        });
        Text("in_reply_to", row.InReplyTo);
        List<ItemMedia>("media", row.Media, media =>
        {
            Text("uri", media.Uri);
            Text("kind", media.Kind);
        });
        if (version.Deleted)
            json.WriteBoolean("deleted", true);
        Text("preferences", row.Preferences);
        Text("observed_at", version.ObservedAt.ToText());
        json.WriteEndObject();
    }));

    private static string Of(Person person, Member member, string? group, DateTimeOffset observed) => Csv(
        member.Account.ToString(), member.Account.Service, group, member.DisplayName, member.Handle, person.Country,
        person.BirthYearKnown ? person.BirthYear.ToString(CultureInfo.InvariantCulture) : null, observed.ToText());

    // Nothing that the generator writes needs quotes; if that changes, it must not pass unseen.
    private static string Csv(params IEnumerable<string?> fields)
    {
        var line = string.Join(',', fields.Select(field => field is not null && field.AsSpan().IndexOfAny(",\"\r\n") >= 0
            ? throw new InvalidOperationException($"The field \"{field}\" needs quotes, which this writer has not.")
            : field));
        return line;
    }
}
