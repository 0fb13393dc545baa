namespace Aval.Content;

/// <summary>How a canonical column's values are read and checked.</summary>
internal enum ColumnForm
{
    Text,
    Version,
    Account,
    Link,
    ServiceName,
    ItemId,
    ItemKind,
    Audience,
    Country,
    Instant,
    BirthYear,
    Flag,
    Persons,
    Media,
}

/// <summary>A canonical column.</summary>
/// <param name="Name">Its name (contract).</param>
/// <param name="Form">How it is read and checked.</param>
/// <param name="Required">A row without it is rejected.</param>
/// <param name="Said">Part of what a version says; <c>observed_at</c> only says when.</param>
internal sealed record CanonicalColumn(string Name, ColumnForm Form, bool Required = false, bool Said = true)
{
    /// <summary>Its type in the engine, and, but for instants, in files.</summary>
    public string Type => Form switch
    {
        ColumnForm.Instant => "TIMESTAMP",
        ColumnForm.BirthYear => "INTEGER",
        ColumnForm.Flag => "BOOLEAN",
        ColumnForm.Persons => "STRUCT(account VARCHAR, role VARCHAR)[]",
        ColumnForm.Media => "STRUCT(uri VARCHAR, sha256 VARCHAR, kind VARCHAR)[]",
        _ => "VARCHAR",
    };
}

/// <summary>The canonical columns of each kind (contract: docs/design.md, "Items", "Accounts and notices").</summary>
internal static class CanonicalColumns
{
    private static readonly CanonicalColumn[] Items =
    [
        new("item_id", ColumnForm.ItemId, Required: true),
        new("service", ColumnForm.ServiceName, Required: true),
        new("kind", ColumnForm.ItemKind, Required: true),
        new("author", ColumnForm.Account, Required: true),
        new("audience", ColumnForm.Audience),
        new("created_at", ColumnForm.Instant),
        new("public_since", ColumnForm.Instant),
        new("text", ColumnForm.Text),
        new("language_hint", ColumnForm.Text),
        new("persons", ColumnForm.Persons),
        new("in_reply_to", ColumnForm.Text),
        new("media", ColumnForm.Media),
        new("deleted", ColumnForm.Flag),
        new("preferences", ColumnForm.Text),
        new("observed_at", ColumnForm.Instant, Said: false),
    ];

    private static readonly CanonicalColumn[] Accounts =
    [
        new("account", ColumnForm.Account, Required: true),
        new("service", ColumnForm.ServiceName),
        new("person", ColumnForm.Link),
        new("display_name", ColumnForm.Text),
        new("handle", ColumnForm.Text),
        new("country", ColumnForm.Country),
        new("birth_year", ColumnForm.BirthYear),
        new("contact", ColumnForm.Text),
        new("observed_at", ColumnForm.Instant, Said: false),
    ];

    private static readonly CanonicalColumn[] Notices =
    [
        new("account", ColumnForm.Account, Required: true),
        new("version", ColumnForm.Version, Required: true),
        new("language", ColumnForm.Text),
        new("channel", ColumnForm.Text),
        new("sent_at", ColumnForm.Instant),
        new("delivered_at", ColumnForm.Instant),
        new("bounced_at", ColumnForm.Instant),
    ];

    public static IReadOnlyList<CanonicalColumn> Of(ContentKind kind) => kind switch
    {
        ContentKind.Items => Items,
        ContentKind.Accounts => Accounts,
        ContentKind.Notices => Notices,
    };

    /// <summary>The names of the columns that a row must have.</summary>
    public static IEnumerable<string> Required(ContentKind kind) =>
        Of(kind).Where(column => column.Required).Select(column => column.Name);

    /// <summary>The names of the columns that hold one value each, and no list.</summary>
    public static IReadOnlySet<string> Plain(ContentKind kind) =>
        Of(kind).Where(column => column.Form is not (ColumnForm.Persons or ColumnForm.Media))
            .Select(column => column.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>
    /// The names of the columns that tell one account, item or link group from another: no JSON number but a whole one
    /// is taken in them.
    /// </summary>
    public static IReadOnlySet<string> Ids(ContentKind kind) =>
        Of(kind)
            .Where(column =>
                column.Form is ColumnForm.Account or ColumnForm.Link or ColumnForm.ItemId or ColumnForm.ServiceName)
            .Select(column => column.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>What tells one thing from another, as SQL over canonical columns.</summary>
    public static string Key(ContentKind kind) => kind switch
    {
        // A service holds no colon, so no two items share a key.
        ContentKind.Items => "service || ':' || item_id",
        ContentKind.Accounts => "account",
        // A notice is what it says: the same row again is no second notice.
        ContentKind.Notices => $"fingerprint({Said(ContentKind.Notices)})::VARCHAR",
    };

    /// <summary>When it was observed, as SQL. Notices are facts with dates of their own.</summary>
    public static string Observed(ContentKind kind) =>
        kind is ContentKind.Notices
            ? "coalesce(delivered_at, sent_at, bounced_at, make_timestamp(0::BIGINT))"
            : "observed_at";

    /// <summary>Everything a version says, as one text: two rows say the same when these are equal.</summary>
    public static string Said(ContentKind kind) =>
        "to_json({" + string.Join(", ", Of(kind).Where(column => column.Said).Select(column =>
            $"'{column.Name}': {(column.Form == ColumnForm.Instant ? $"epoch_us({column.Name})" : column.Name)}"))
                + "})::VARCHAR";

    /// <summary>The columns as a file has them: instants in UTC (TIMESTAMP, isAdjustedToUTC, microseconds).</summary>
    public static string ForFile(ContentKind kind) => string.Join(", ", Of(kind).Select(column =>
        column.Form == ColumnForm.Instant
            ? $"make_timestamptz(epoch_us({column.Name})) AS {column.Name}"
            : column.Name));

    /// <summary>The columns of a canonical file, as the engine has them.</summary>
    public static string FromFile(ContentKind kind) => string.Join(", ", Of(kind).Select(column =>
        column.Form == ColumnForm.Instant ? $"make_timestamp(epoch_us({column.Name})) AS {column.Name}" : column.Name));

    /// <summary>A relation with these columns and no row.</summary>
    public static string Nothing(ContentKind kind) =>
        "SELECT " + string.Join(", ", Of(kind).Select(column => $"NULL::{column.Type} AS {column.Name}"))
        + " WHERE false";
}
