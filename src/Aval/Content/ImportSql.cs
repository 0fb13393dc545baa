using Aval.Content.Tables;
using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// An import, step by step, as tables of the engine: <c>source → incoming → accepted, held → judged → taken →
/// observed</c>.
/// </summary>
internal static class ImportSql
{
    /// <summary>
    /// Every row of the source as canonical columns, with what is wrong with it (null = nothing), whether it says
    /// itself when it was observed, and whether it says, readably or not, that a notice came back.
    /// </summary>
    public static string Incoming(ContentKind kind, IReadOnlyList<ColumnReading> readings)
    {
        var observed = readings.FirstOrDefault(reading => reading.Column.Name is "observed_at");
        var faults = readings.Where(reading => reading.Wrong is not "false").Select(reading =>
            $"WHEN {(reading == observed ? "aval_misdated" : reading.Wrong)} THEN {{'column': "
            + $"{Engine.Literal(reading.Column.Name)}, 'reason': {reading.ExpectedSql}, 'found': "
            + $"({reading.Raw})::VARCHAR}}");
        var values = string.Join(", ", readings.Select(reading => $"{reading.Value} AS {reading.Column.Name}"));
        // "It is by somebody on another service" cannot be said of one column.
        var across = kind switch
        {
            ContentKind.Items => "CASE WHEN split_part(author, ':', 1) <> service THEN {'column': 'author', 'reason': "
                + "'an account of the item''s own service, ' || service, 'found': author} END",
            ContentKind.Accounts => AcrossAccount,
            ContentKind.Notices => "NULL",
        };
        var bounced = readings.FirstOrDefault(reading => reading.Column.Name is "bounced_at") is { } came
            ? $"nullif(trim(({came.Raw})::VARCHAR), '') IS NOT NULL"
            : "false";
        var inForm = string.Join(
            " AND ", readings.Select(reading => reading.InForm).Where(sql => sql.Length > 0).DefaultIfEmpty("true"));
        // A row may have a second fault, which its reject does not name.
        var protecting = kind is ContentKind.Accounts
            ? string.Concat(readings.Where(reading => Protecting.Contains(reading.Column.Name)).Select(reading =>
                $"CASE WHEN NOT coalesce({reading.Wrong}, false) THEN {reading.Value} END "
                    + $"AS held_{reading.Column.Name}, "))
            : "";
        var service = kind is ContentKind.Accounts ? "REPLACE (split_part(account, ':', 1) AS service)" : "";
        return $"""
            CREATE OR REPLACE TABLE incoming AS
            SELECT * EXCLUDE (fault, aval_fault) {service}, coalesce(fault, {across}, aval_fault) AS reject
            FROM (
                SELECT aval_file, aval_line, aval_fault, {values}, {protecting}
                    {(observed is null ? "false" : $"({observed.Raw}) IS NULL OR aval_misdated")} AS undated,
                    {inForm} AS in_form, {bounced} AS says_bounced,
                    CASE {string.Join(' ', faults)} ELSE NULL END AS fault
                FROM (SELECT *, {observed?.Wrong ?? "false"} AS aval_misdated FROM source))
            """;
    }

    // What of an account protects whoever others name.
    private static readonly string[] Protecting = ["handle", "display_name", "birth_year"];

    // Somebody outside has handles on others' services: one that does not say on which would protect nobody.
    private const string AcrossAccount = """
        CASE
            WHEN nullif(service, '') <> split_part(account, ':', 1) THEN
                {'column': 'service', 'reason': 'the service that the account names', 'found': service}
            WHEN starts_with(account, 'outside:') AND handle <> ''
                AND NOT regexp_full_match(handle, '[a-z][a-z0-9-]*:.+') THEN
                {'column': 'handle', 'reason': 'service:handle, since this person has no account on a service',
                    'found': handle}
        END
        """;

    /// <summary>The rows that can be taken: what each is about, what it says, and when.</summary>
    /// <param name="kind">What they are.</param>
    /// <param name="now">Nothing says when the undated ones were observed, so that was now; else the command line
    /// does.</param>
    public static string Accepted(ContentKind kind, bool now) => $"""
        CREATE OR REPLACE TABLE accepted AS
        SELECT *, hash(key) AS bin FROM (
            SELECT rowid AS rid, {CanonicalColumns.Key(kind)} AS key, fingerprint({CanonicalColumns.Said(kind)}) AS fp,
                {CanonicalColumns.Observed(kind)} AS observed_at,
                {(kind is ContentKind.Items ? "deleted" : "false")} AS deleted,
                {(now ? "undated" : "false")} AS undated
            FROM incoming WHERE reject IS NULL)
        """;

    /// <summary>
    /// What rejected rows name by a readable id. A row that cannot be taken may have said that something is private
    /// now, or gone, or whose: until a later observation reads well, nobody knows that it is not so. The columns of an
    /// id come first, so a row whose first fault is in another column has a readable one. Of an account, what it says
    /// that protects whoever others name counts nevertheless: a link, a handle, a shown name, a year of birth.
    /// </summary>
    public static string Held(ContentKind kind, DateTimeOffset stated, bool now) => kind is ContentKind.Notices
        ? "CREATE OR REPLACE TABLE held AS SELECT NULL::VARCHAR AS key, NULL::VARCHAR AS person, NULL::VARCHAR AS "
            + "handle, NULL::VARCHAR AS display_name, NULL::INTEGER AS birth_year, NULL::UUID AS fp, "
            + "NULL::TIMESTAMP AS observed_at, false AS undated WHERE false"
        : $"""
        CREATE OR REPLACE TABLE held AS
        SELECT key, person, handle, display_name, birth_year,
            fingerprint('held ' || coalesce(person, '')
                || CASE WHEN coalesce(handle, display_name, birth_year::VARCHAR) IS NULL THEN ''
                    ELSE concat_ws(chr(31), '', coalesce(handle, ''), coalesce(display_name, ''), birth_year) END)
                AS fp,
            observed_at, bool_or(undated) AS undated
        FROM (
            SELECT {CanonicalColumns.Key(kind)} AS key,
                {(kind is ContentKind.Accounts ? Readable : Unread)},
                CASE WHEN undated THEN {Engine.Literal(stated)} ELSE observed_at END AS observed_at,
                {(now ? "undated" : "false")} AS undated
            FROM incoming
            WHERE reject IS NOT NULL
                AND reject."column" NOT IN ({(kind is ContentKind.Accounts ? "'account'" : "'item_id', 'service'")}))
        WHERE key IS NOT NULL
        GROUP BY key, person, handle, display_name, birth_year, observed_at
        """;

    private const string Readable = """
        CASE WHEN reject."column" <> 'person' THEN nullif(person, '') END AS person,
        CASE WHEN reject."column" <> 'handle' THEN nullif(held_handle, '') END AS handle,
        nullif(held_display_name, '') AS display_name, held_birth_year AS birth_year
        """;

    private const string Unread = """
        NULL::VARCHAR AS person, NULL::VARCHAR AS handle, NULL::VARCHAR AS display_name, NULL::INTEGER AS birth_year
        """;

    /// <summary>In an empty workspace nothing is known.</summary>
    public const string KnowsNothing = """
        CREATE OR REPLACE TABLE known AS
        SELECT NULL::VARCHAR AS key, NULL::UUID AS fp, NULL::TIMESTAMP AS observed_at, NULL::BOOLEAN AS stored,
            NULL::BOOLEAN AS held WHERE false
        """;

    /// <summary>Earlier observations of what comes in.</summary>
    /// <param name="observations">All of them (<see cref="Observations.All"/>).</param>
    public static string Knows(string observations) => $"""
        CREATE OR REPLACE TABLE known AS
        SELECT key, fp, observed_at, stored, held
        FROM ({observations}) SEMI JOIN (SELECT key FROM accepted UNION ALL SELECT key FROM held) USING (key)
        """;

    /// <summary>
    /// Judges the rows whose key is known, or stands here more than once. Most rows are neither, and cost no window:
    /// keys that share a hash are looked at, the others are alone.
    /// <para>
    /// Of the observations of one key that say the same, the earliest is stored and the later ones only noted: they say
    /// that it was still so, which an observation that arrives late must not undo.
    /// </para>
    /// </summary>
    public const string Judged = """
        CREATE OR REPLACE TABLE busy AS
        SELECT accepted.* FROM accepted
        WHERE bin IN (SELECT bin FROM accepted GROUP BY bin HAVING count(*) > 1) OR key IN (SELECT key FROM known
            WHERE NOT held);

        CREATE OR REPLACE TABLE judged AS
        WITH rows AS (
            SELECT key, fp, observed_at, min(rid) AS rid, bool_or(deleted) AS deleted, bool_or(undated) AS undated,
                count(*) AS copies, false AS earlier
            FROM busy GROUP BY key, fp, observed_at
            UNION ALL
            SELECT key, fp, observed_at, NULL, NULL, NULL, 0, true FROM known WHERE NOT held
        ), compared AS (
            SELECT *,
                bool_or(earlier) OVER (PARTITION BY key, fp, observed_at) AS exact,
                min(observed_at) OVER (PARTITION BY key, fp) AS first_said,
                bool_or(earlier) OVER (PARTITION BY key) AS was_there,
                max(observed_at) FILTER (WHERE earlier) OVER (PARTITION BY key) AS last_there,
                row_number() OVER (PARTITION BY key ORDER BY earlier DESC, observed_at, rid) AS place
            FROM rows
        )
        SELECT rid, key, fp, observed_at, deleted, undated, copies, exact, NOT exact AND observed_at
            = first_said AS stored,
            CASE WHEN exact OR observed_at > first_said THEN 'unchanged'
                 WHEN was_there AND observed_at < last_there THEN 'older'
                 WHEN NOT was_there AND place = 1 THEN 'new'
                 ELSE 'newer' END AS what
        FROM compared WHERE NOT earlier;

        CREATE OR REPLACE TABLE taken AS
        SELECT rid, key, fp, observed_at, deleted, undated, true AS stored FROM accepted ANTI JOIN busy USING (rid)
        UNION ALL
        SELECT rid, key, fp, observed_at, deleted, undated, stored FROM judged WHERE NOT exact
        """;

    /// <summary>read, new, newer, older, unchanged, duplicates, held.</summary>
    public const string Counts = """
        SELECT (SELECT count(*) FROM accepted),
            (SELECT count(*) FROM accepted ANTI JOIN busy USING (rid)) + (SELECT count(*) FROM judged
                WHERE what = 'new'),
            (SELECT count(*) FROM judged WHERE what = 'newer'),
            (SELECT count(*) FROM judged WHERE what = 'older'),
            (SELECT count(*) FROM judged WHERE what = 'unchanged'),
            (SELECT coalesce(sum(copies - 1), 0)::BIGINT FROM judged),
            (SELECT count(DISTINCT key) FROM held)
        """;

    /// <summary>The rows to store, all of them when nothing was known or rejected.</summary>
    public const string StoredRows = "incoming WHERE rowid IN (SELECT rid FROM taken WHERE stored)";

    /// <summary>
    /// What was observed: the index of the import, one row a (key, fp, observed_at). An observation that an earlier
    /// import brought already is <c>known</c> and counts once; it stands here because a repeat moves the undated rows,
    /// and because it tells that this source has the item too, of which a snapshot of this source speaks.
    /// </summary>
    public static string Observed(ContentKind kind) => $"""
        CREATE OR REPLACE TEMP VIEW rows_observed AS
        SELECT key, fp, observed_at, false AS held, stored, deleted, undated, false AS known FROM taken
        UNION ALL
        SELECT key, fp, observed_at, false, false, deleted, undated, true FROM judged
        WHERE exact AND {(kind is ContentKind.Items ? "true" : "undated")}
        UNION ALL
        SELECT key, fp, observed_at, true, false, false, undated,
            (key, fp, observed_at) IN (SELECT (key, fp, observed_at) FROM known WHERE known.held)
        FROM held;

        CREATE OR REPLACE TEMP VIEW observed AS FROM rows_observed
        """;

    /// <summary>
    /// Being listed in a snapshot is an observation at the snapshot's instant, whatever the row's own
    /// <c>observed_at</c>: what the latest row of each key says was still so then. Of a snapshot of now, that moves
    /// with a repeat, so it is told apart from a row that happens to state that instant.
    /// </summary>
    /// <param name="at">The snapshot's instant.</param>
    /// <param name="now">That is the instant of the import.</param>
    public static string Listed(DateTimeOffset at, bool now) => $"""
        CREATE OR REPLACE TEMP TABLE listed AS
        SELECT key, fp, {Engine.Literal(at)} AS observed_at, held, false AS stored, deleted,
            {(now ? "true" : "false")} AS undated,
            latest.observed_at = {Engine.Literal(at)} OR (key, fp) IN (SELECT (key, fp) FROM known
                WHERE known.observed_at = {Engine.Literal(at)}) AS known
        FROM (FROM rows_observed QUALIFY observed_at = max(observed_at) OVER (PARTITION BY key)) AS latest
        WHERE latest.observed_at
            < {Engine.Literal(at)}{(now ? $" OR (latest.observed_at = {Engine.Literal(at)} AND NOT undated)" : "")};

        CREATE OR REPLACE TEMP VIEW observed AS FROM rows_observed UNION ALL FROM listed
        """;

    /// <summary>What an import observed that is repeated: its undated rows, at another instant.</summary>
    /// <param name="index">The index of the import that is repeated.</param>
    /// <param name="at">The instant of the repeat.</param>
    /// <param name="before">What earlier imports observed at that very instant
    /// (<see cref="Observations.All"/>).</param>
    public static string Repeated(string index, DateTimeOffset at, string before) => $"""
        CREATE OR REPLACE TEMP TABLE known AS
        SELECT key, fp FROM ({before}) WHERE observed_at = {Engine.Literal(at)};

        CREATE OR REPLACE TEMP VIEW observed AS
        SELECT key, fp, {Engine.Literal(at)} AS observed_at, held, false AS stored, deleted, true AS undated,
            (key, fp) IN (SELECT (key, fp) FROM known) AS known
        FROM ({Observations.Index([index])}) WHERE undated
        """;

    /// <summary>
    /// Keys that must be looked at when content is read: of several stored versions, held, or lacking in a snapshot.
    /// All others are what their only row says.
    /// </summary>
    /// <param name="earlier">SQL of the keys that earlier imports named so; null = there are none.</param>
    public static string Contested(string? earlier) => $"""
        CREATE OR REPLACE TEMP TABLE contested AS
        SELECT DISTINCT key FROM (
            SELECT key FROM (
                SELECT key FROM judged WHERE stored
                UNION ALL SELECT key FROM known WHERE stored AND key IN (SELECT key FROM judged WHERE stored)
            ) GROUP BY key HAVING count(*) > 1
            UNION ALL SELECT key FROM held
            UNION ALL SELECT key FROM lacking
        ) {(earlier is null ? "" : $"ANTI JOIN ({earlier}) USING (key)")}
        """;

    /// <summary>The same for an import that repeats another: it brings no version.</summary>
    public static string ContestedByRepeat(string? earlier) =>
        "CREATE OR REPLACE TEMP TABLE contested AS SELECT DISTINCT key "
        + $"FROM lacking {(earlier is null ? "" : $"ANTI JOIN ({earlier}) USING (key)")}";

    /// <summary>What a snapshot of the source lacks, though the source had it at or before that.</summary>
    /// <param name="parts">Queries of keys.</param>
    public static string Lacking(IReadOnlyCollection<string> parts) =>
        "CREATE OR REPLACE TEMP TABLE lacking AS SELECT DISTINCT key "
        + $"FROM ({string.Join(" UNION ALL ", parts.DefaultIfEmpty("SELECT NULL::VARCHAR AS key WHERE false"))})";

    /// <summary>
    /// Keys that other imports of a snapshot's source observed by then, and the snapshot lacks, as <c>missing</c>.
    /// </summary>
    /// <param name="had">SQL of the observations of the source (<see cref="Observations.Index"/>).</param>
    /// <param name="listed">SQL of the keys that the snapshot lists.</param>
    /// <param name="at">The snapshot's instant.</param>
    public static string Missing(string had, string listed, DateTimeOffset at) =>
        $"""
        CREATE OR REPLACE TEMP TABLE missing AS
        SELECT DISTINCT key FROM ({had}) ANTI JOIN ({listed}) USING (key) WHERE observed_at <= {Engine.Literal(at)}
        """;

    /// <summary>Keys of this import that a later snapshot of its source, imported before it, lacks.</summary>
    /// <param name="index">The index of that snapshot.</param>
    /// <param name="at">Its instant.</param>
    public static string Overdue(string index, DateTimeOffset at) =>
        $"SELECT key FROM observed ANTI JOIN (SELECT key FROM {ParquetFiles.Rows(index)}) USING (key) "
        + $"WHERE observed_at <= {Engine.Literal(at)}";

    /// <summary>How many keys are deleted by a snapshot: lacking, alive before it, and not observed since.</summary>
    /// <param name="observations">Of all earlier imports.</param>
    /// <param name="at">The snapshot's instant.</param>
    /// <param name="before">The instant of the source's snapshot before it: what that lacked is deleted already; null =
    /// there is none.</param>
    public static string Gone(string observations, DateTimeOffset at, DateTimeOffset? before) => $"""
        SELECT count(*) FROM (
            SELECT key FROM ({observations}) SEMI JOIN missing USING (key)
            GROUP BY key
            HAVING max(observed_at) <= {Engine.Literal(at)} AND NOT arg_max(deleted, (epoch_us(observed_at), deleted))
                {(before is { } earlier ? $"AND max(observed_at) >= {Engine.Literal(earlier)}" : "")})
        """;
}
