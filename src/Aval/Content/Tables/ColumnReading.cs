using Aval.Storage;

namespace Aval.Content.Tables;

/// <summary>
/// How one canonical column is read from a source: the SQL of its value, and the SQL that says what is wrong with it.
/// </summary>
/// <param name="Column">The canonical column.</param>
/// <param name="Raw">The source's value.</param>
/// <param name="Value">The canonical value; null where the source's is null or wrong.</param>
/// <param name="Wrong">SQL that is true where the source's value cannot be taken; "" = never.</param>
/// <param name="Expected">What a right value looks like, for people.</param>
internal sealed record ColumnReading(CanonicalColumn Column, string Raw, string Value, string Wrong, string Expected)
{
    /// <summary>SQL of what a right value looks like, where that depends on what stands there.</summary>
    public string ExpectedSql { get; init; } = Engine.Literal(Expected);

    /// <summary>SQL that is true where an id is spelled as its form wants it; "" = the column holds no ids.</summary>
    public string InForm { get; init; } = "";
}

/// <summary>What is the same for all rows of an import.</summary>
/// <param name="ObservedAt">Used where the source does not say.</param>
/// <param name="Audience">Used where the source does not say, or says unknown.</param>
/// <param name="Latest">No observation may lie after it: a day past the clock.</param>
/// <param name="Services">The forms of ids.</param>
internal sealed record Stated(DateTimeOffset ObservedAt, string? Audience, DateTimeOffset Latest, ServiceForms Services)
{
    /// <summary>The import found every id in form, so ids are read as they stand.</summary>
    public bool InForm { get; init; }
}

/// <summary>
/// Reads source columns of whatever type as canonical ones. One place says, for each form, what is right.
/// </summary>
internal static class ColumnReadings
{
    // Ids as nearly all of them are: the engine sees at once that these need no look at each character.
    private const string PlainItemId = "[0-9]{1,64}|[A-Za-z_-][!-~]{0,255}", PlainLink = "[1-9][0-9]{0,63}";

    /// <summary>The reading of one column.</summary>
    /// <param name="column">The canonical column.</param>
    /// <param name="expression">SQL over the source; null = the source does not have it.</param>
    /// <param name="type">The expression's type.</param>
    /// <param name="stated">What is the same for all rows.</param>
    /// <param name="where">The file or mapping, for messages.</param>
    /// <exception cref="AvalException">Bad input: no value of this type can be taken.</exception>
    public static ColumnReading Of(CanonicalColumn column, string? expression, string type, Stated stated, string where)
    {
        var raw = expression ?? $"NULL::{column.Type}";
        var from = expression is null ? column.Type : type;
        return column.Form switch
        {
            ColumnForm.Instant => OfInstant(column, raw, from, stated, where),
            ColumnForm.BirthYear => Checked(
                column, raw, $"TRY_CAST(({raw})::VARCHAR AS INTEGER)", value => $"NOT regexp_full_match(({raw}"
                    + $")::VARCHAR, '\\d{{4}}') OR {value} NOT BETWEEN 1900 AND {stated.Latest.Year}",
                $"a year from 1900 to {stated.Latest.Year}"),
            ColumnForm.Flag when from is "BOOLEAN" => Checked(
                column, raw, $"coalesce({raw}, false)", _ => "false", "true or false"),
            ColumnForm.Flag => Checked(
                column, raw, $"coalesce(TRY_CAST(({raw})::VARCHAR AS BOOLEAN), false)",
                _ => $"lower(({raw})::VARCHAR) NOT IN ('true', 'false')", "true or false"),
            ColumnForm.Persons => OfList(column, raw, from, "account", "role", "kind of person", stated, where),
            ColumnForm.Media => OfList(column, raw, from, "uri", "kind", "kind of medium", stated, where),
            _ => OfText(column, raw, from, stated, where),
        };
    }

    private static ColumnReading OfText(CanonicalColumn column, string raw, string type, Stated stated, string where)
    {
        if (type.Contains("STRUCT", StringComparison.Ordinal) || type.EndsWith("[]", StringComparison.Ordinal)
            || type.StartsWith("MAP", StringComparison.Ordinal) || type is "BLOB")
            throw AvalException.BadInput($"{where}: column \"{column.Name}\" should hold text, but holds {type}. "
                + "Nothing was imported. Map it with --mapping, or convert it.");
        if (column.Form is not (ColumnForm.Text or ColumnForm.Version) && !IsTextOfOneSpelling(type))
            throw AvalException.BadInput(
                $"{where}: column \"{column.Name}\" should hold text or whole numbers, but holds {type}, which is not "
                + "written as it was. Nothing was imported. Map it with --mapping, or convert it.");
        var text = type is "VARCHAR" ? $"({raw})" : $"({raw})::VARCHAR";
        const string noControl = "contains({0}, chr(0))";
        return column.Form switch
        {
            ColumnForm.Account or ColumnForm.ItemId when stated.InForm => Checked(column, text, text, _ => "false", ""),
            ColumnForm.Link when stated.InForm => Checked(column, text, $"nullif({text}, '')", _ => "false", ""),
            ColumnForm.Account => Formed(column, text, stated.Services.PlainPattern, "account", Account.Example),
            // Empty = the account itself.
            ColumnForm.Link => Formed(
                column, $"nullif({text}, '')", $"{PlainLink}|{stated.Services.PlainPattern}", "link",
                "the name of a link group"),
            ColumnForm.ServiceName => Checked(
                column, text, text, value => $"NOT regexp_full_match({value}, '{ServiceName.Pattern}')",
                "a service, spelled [a-z][a-z0-9-]*"),
            ColumnForm.ItemId => Formed(
                column, text, PlainItemId, "item_id", $"an id of 1–{Identifier.MaxBytes} bytes"),
            ColumnForm.ItemKind => Checked(
                column, text, text, value => $"{value} NOT IN ({Words(Vocabulary.Kinds)})",
                $"one of {string.Join(", ", Vocabulary.Kinds)}"),
            ColumnForm.Audience => Checked(
                column, text, Audience(text, stated), _ => $"{text} NOT IN ({Words(Vocabulary.Audiences)})",
                $"one of {string.Join(", ", Vocabulary.Audiences)}"),
            // A delivery and what came back of it are told by different systems.
            ColumnForm.Version => Checked(
                column, text, $"nfc_normalize(trim({text}))",
                value => $"regexp_matches({value}, '[\\p{{Cc}}\\p{{Cf}}\\p{{Zl}}\\p{{Zp}}]')",
                "a version without characters that nobody sees"),
            ColumnForm.Country => Checked(
                column, text, $"nullif({text}, '')", value => $"NOT regexp_full_match({value}, '[A-Z]{{2}}')",
                "two capital letters (ISO 3166)"),
            _ => Checked(
                column, text, text,
                value => string.Format(System.Globalization.CultureInfo.InvariantCulture, noControl, value),
                "text without NUL characters"),
        };
    }

    // A fraction, a date or a flag spells an id in a way of its own; text, whole numbers and UUIDs have one.
    private static bool IsTextOfOneSpelling(string type) =>
        type is "VARCHAR" or "UUID" or "INTEGER" or "UINTEGER" || type.EndsWith("INT", StringComparison.Ordinal)
        || type.EndsWith(",0)", StringComparison.Ordinal) || type.StartsWith("ENUM", StringComparison.Ordinal)
        || type is "\"NULL\"";

    // What has no form is wrong, and the form's own sentence says why.
    private static ColumnReading Formed(CanonicalColumn column, string text, string plain, string what, string expected)
    {
        var form =
            $"CASE WHEN regexp_full_match({text}, '{plain}') THEN {text} ELSE nullif({what}_form({text}), '') END";
        return Checked(column, text, form, value => $"{value} IS NULL", expected) with
        {
            ExpectedSql = $"coalesce(nullif({what}_expected({text}), ''), {Engine.Literal(expected)})",
            InForm = $"({text}) IS NOT DISTINCT FROM ({form})",
        };
    }

    private static string Audience(string text, Stated stated) => stated.Audience is { } audience
        ? $"coalesce(nullif({text}, 'unknown'), {Engine.Literal(audience)})"
        : $"coalesce({text}, 'unknown')";

    private static ColumnReading OfInstant(CanonicalColumn column, string raw, string type, Stated stated, string where)
    {
        var (value, misspelled) = type switch
        {
            // The cast would take a date without a time, and round what is finer: the spelling is checked first.
            "VARCHAR" => ($"make_timestamp(epoch_us(TRY_CAST({raw} AS TIMESTAMPTZ)))",
                $"NOT regexp_full_match({raw}, '{Instant.Pattern}')"),
            "TIMESTAMP WITH TIME ZONE" => ($"make_timestamp(epoch_us({raw}))", "false"),
            _ when raw.StartsWith("NULL::", StringComparison.Ordinal) => (raw, "false"),
            _ => throw AvalException.BadInput(
                $"{where}: column \"{column.Name}\" should hold instants in UTC with microseconds (text, or a Parquet "
                + $"timestamp with isAdjustedToUTC), but holds {type}. Nothing was imported. "
                + $"{InUtc(column.Name, type)}"),
        };
        // Parquet holds years from −290307 to 294246, and infinity (which is null here); an instant has those of the
        // calendar that is written in four digits.
        var latest = column.Name is "observed_at" ? stated.Latest : DateTimeOffset.MaxValue;
        var reading = Checked(
            column, raw, value,
            at => $"{misspelled} OR {at} IS NULL OR {at} NOT BETWEEN {Engine.Literal(DateTimeOffset.MinValue)} AND "
                + $"{Engine.Literal(latest)}",
            column.Name is "observed_at" ? $"{Instant.Example}, and not in the future" : Instant.Example);
        return column.Name is "observed_at"
            ? reading with { Value = $"coalesce({reading.Value}, {Engine.Literal(stated.ObservedAt)})" }
            : reading;
    }

    // Each of these is an expression that works as it stands: a remedy that fails in its turn is none.
    private static string InUtc(string column, string type) => type switch
    {
        "TIMESTAMP" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" =>
            $"If its values are UTC, say so in a mapping: {column}: \"{column} AT TIME ZONE 'UTC'\".",
        "DATE" =>
            $"If midnight in UTC is meant, say so in a mapping: {column}: \"{column}::TIMESTAMP AT TIME ZONE 'UTC'\".",
        "DOUBLE" or "FLOAT" => $"If it counts seconds since 1970, say so in a mapping: {column}: "
            + $"\"make_timestamptz(round({column} * 1000000)::BIGINT)\".",
        "HUGEINT" or "UHUGEINT" or "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT"
            or "UINTEGER" or "UBIGINT" =>
            $"If it counts seconds since 1970, say so in a mapping: {column}: \"make_timestamptz({column}::BIGINT * "
            + "1000000)\"; if it counts milliseconds, with 1000 instead.",
        _ => "Map it with --mapping, or convert it.",
    };

    private static ColumnReading OfList(
        CanonicalColumn column, string raw, string type, string first, string second, string what, Stated stated,
        string where)
    {
        var shape = column.Form is ColumnForm.Persons
            ? "[{\"account\":\"VARCHAR\",\"role\":\"VARCHAR\"}]"
            : "[{\"uri\":\"VARCHAR\",\"sha256\":\"VARCHAR\",\"kind\":\"VARCHAR\"}]";
        string list;
        if (type is "VARCHAR" or "JSON")
        {
            list = $"CASE WHEN json_valid({raw}) AND json_type({raw}) = 'ARRAY' AND NOT {HasTwins(raw)} THEN "
                + $"from_json({raw}, {Engine.Literal(shape)}) END";
        }
        else if (type.EndsWith(")[]", StringComparison.Ordinal) && type.Contains(first, StringComparison.Ordinal)
            && type.Contains(second, StringComparison.Ordinal))
        {
            // By way of JSON: other writers order, name and nest more than is canonical.
            list = type == column.Type ? raw : $"from_json(to_json({raw}), {Engine.Literal(shape)})";
        }
        else
        {
            throw AvalException.BadInput($"{where}: column \"{column.Name}\" should hold a list of {{{first}, …, "
                + $"{second}}}, but holds {type}. Nothing was imported. Map it with --mapping.");
        }

        return column.Form is ColumnForm.Persons
            ? OfPersons(column, raw, list, stated)
            : Checked(
                column, raw, list, value => $"{value} IS NULL OR coalesce(list_bool_or(list_transform({value}, "
                    + "m -> m.uri IS NULL OR contains(m.uri, chr(0)))), false)",
                $"a list of {{uri, sha256, kind}}, no key twice, {what} as text");
    }

    private static ColumnReading OfPersons(CanonicalColumn column, string raw, string list, Stated stated)
    {
        if (stated.InForm)
            return Checked(column, raw, list, _ => "false", "");
        var expected = $"a list of {{account, role}}, no key twice, role one of {string.Join(", ", Vocabulary.Roles)}";
        var plain = $"regexp_full_match(p.account, '{stated.Services.PlainPattern}')";
        var formed = $$"""
            CASE WHEN coalesce(list_bool_and(list_transform({{list}}, p -> {{plain}})), true) THEN {{list}}
            ELSE list_transform({{list}}, p -> {'account': nullif(account_form(p.account), ''), 'role': p.role}) END
            """;
        var wrong = $"p.account IS NULL OR p.role IS NULL OR p.role NOT IN ({Words(Vocabulary.Roles)})";
        var fault =
            $"list_filter(list_transform({list}, p -> account_expected(coalesce(p.account, ''))), e -> e <> '')[1]";
        return Checked(
            column, raw, formed,
            value => $"{value} IS NULL OR coalesce(list_bool_or(list_transform({value}, p -> {wrong})), false)",
            expected) with
        {
            ExpectedSql = $"{Engine.Literal(expected)} || coalesce('; and as account ' || {fault}, '')",
            InForm = $"({list}) IS NOT DISTINCT FROM ({formed})",
        };
    }

    // Of a key that stands twice the engine takes the first, and the person named by the second is gone.
    private static string HasTwins(string raw) =>
        $"coalesce(list_bool_or(list_transform(from_json({raw}, '[\"JSON\"]'), e -> len(json_keys(e)) "
        + "> len(list_distinct(json_keys(e))))), false)";

    // Wrong is asked of what is there: a null is unknown, and only wrong where the column is required.
    private static ColumnReading Checked(
        CanonicalColumn column, string raw, string value, Func<string, string> wrong, string expected)
    {
        var fault = $"(({raw}) IS NOT NULL AND coalesce({wrong($"({value})")}, true))";
        return new ColumnReading(
            column, raw, value, column.Required ? $"(({raw}) IS NULL OR {fault})" : fault, expected);
    }

    private static string Words(IReadOnlyList<string> words) => string.Join(", ", words.Select(Engine.Literal));
}
