using Aval.Content;
using Aval.Storage;

namespace Aval.Recall.Erasing;

/// <summary>
/// Whether a file is another one, as an import reads it, without what is erased: every row that nothing erases is
/// there; every row is one of those; and what names an erased person in somebody else's item says <c>&lt;PERSON&gt;</c>
/// in its place, as it would in content that is kept here. Anything else is another import, which is brought in as one.
/// </summary>
internal static class RewrittenFile
{
    /// <summary>
    /// Holds the new file against the old one. Leaves <c>erasing_skipped</c> (import_id, aval_file, aval_line): the
    /// rows that are not taken of the new one and of all other files of its imports.
    /// </summary>
    /// <param name="engine">With what <see cref="ErasureReach.Find"/> leaves.</param>
    /// <param name="workspace">Whose content.</param>
    /// <param name="rewrite">The two files.</param>
    /// <exception cref="AvalException">Bad input: file and row, what was expected and what was found.</exception>
    public static void Require(Engine engine, Workspace workspace, Rewrite rewrite)
    {
        engine.Execute("CREATE OR REPLACE TEMP TABLE erasing_skipped "
            + "(import_id VARCHAR, aval_file BIGINT, aval_line BIGINT)");
        var checks = ContentChecks.Open(workspace);
        foreach (var record in rewrite.Imports(ImportLog.ReadAll(workspace)))
        {
            var at = PlaceOf(record, rewrite);
            engine.Execute(Compared(
                Old(engine, checks, record, rewrite), Taken(checks, record, at),
                Read(engine, checks, record, rewrite.New.Path, at), record.Kind));
            RefuseOther(engine, rewrite);
            if (record.Skipped)
                engine.Execute($"""
                    INSERT INTO erasing_skipped
                    SELECT {Engine.Literal(record.ImportId)}, aval_file, aval_line
                    FROM {ParquetFiles.Rows(checks.Skipped(record))} WHERE aval_file <> {at}
                    """);
            engine.Execute($"""
                INSERT INTO erasing_skipped
                SELECT {Engine.Literal(record.ImportId)}, {at}, aval_line FROM rewritten_found
                WHERE NOT is_expected OR nth > 1
                """);
        }
    }

    /// <summary>SQL of the rows of one kind that imports take from the old file; none where they take none.</summary>
    public static string Rows(Engine engine, Workspace workspace, Rewrite rewrite, ContentKind kind)
    {
        var checks = ContentChecks.Open(workspace);
        var rows = rewrite.Imports(ImportLog.ReadAll(workspace)).Where(record => record.Kind == kind)
            .Select(record => $"SELECT * EXCLUDE (aval_file, aval_line) "
                + $"FROM ({Old(engine, checks, record, rewrite)}) AS old "
                + Taken(checks, record, PlaceOf(record, rewrite)))
            .ToArray();
        var all = string.Join("\nUNION ALL\n", rows.DefaultIfEmpty(CanonicalColumns.Nothing(kind)));
        return $"({all})";
    }

    private static int PlaceOf(ImportRecord record, Rewrite rewrite) =>
        record.Files.Index().Single(file => file.Item.Path == rewrite.Old).Index;

    private static string Old(Engine engine, ContentChecks checks, ImportRecord record, Rewrite rewrite)
    {
        var at = PlaceOf(record, rewrite);
        if (checks.Fault(record, record.Files[at]) is { } fault)
            throw AvalException.BadInput($"{fault} Nothing was changed. The old file is needed as it was, to hold the "
                + "new one against it: restore it, and destroy it afterwards.");
        return Read(engine, checks, record, rewrite.Old, at);
    }

    private static string Read(Engine engine, ContentChecks checks, ImportRecord record, string path, int at) =>
        ContentViews.Placed(
            engine, checks, record, [path],
            record.Partitions is { } partitions ? partitions with { Values = [partitions.Values[at]] } : null);

    private static string Taken(ContentChecks checks, ImportRecord record, int at) => record.Skipped
        ? $"ANTI JOIN (SELECT aval_line FROM {ParquetFiles.Rows(checks.Skipped(record))} WHERE aval_file = {at}) "
            + "AS skipped USING (aval_line)"
        : "";

    // rewritten_old: what was taken of the old file. rewritten_expected: what should be there of it.
    // rewritten_ignored: what never was taken, and may stay. rewritten_found: the rows of the new file. What a row says
    // is one number.
    private static string Compared(string old, string taken, string now, ContentKind kind)
    {
        var columns = string.Join(
            ", ", CanonicalColumns.Of(kind).Select(column => $"{column.Name} := {column.Name}"));
        var said = $"md5_number(to_json(struct_pack({columns}))::VARCHAR) AS said";
        var named = kind is ContentKind.Items ? "'item:' || service || ':' || item_id AS named" : "account AS named";
        var stays = "(FROM rewritten_old ANTI JOIN " + (kind is ContentKind.Items
            ? "(FROM erasing_covered ANTI JOIN erasing_restricted USING (service, item_id)) AS gone "
                + "USING (service, item_id))"
            : "erasing_accounts USING (account))");
        return $"""
            CREATE OR REPLACE TEMP TABLE rewritten_old AS
            SELECT * EXCLUDE (aval_file) FROM ({old}) AS old {taken};

            CREATE OR REPLACE TEMP TABLE rewritten_expected AS
            SELECT aval_line, {named}, {said}
            FROM ({(kind is ContentKind.Items ? ErasedFiles.Changed(stays) : $"FROM {stays}")});

            CREATE OR REPLACE TEMP TABLE rewritten_ignored AS
            SELECT DISTINCT {said} FROM ({old}) AS old ANTI JOIN rewritten_old USING (aval_line);

            CREATE OR REPLACE TEMP TABLE rewritten_found AS
            SELECT *, said IN (SELECT said FROM rewritten_expected) AS is_expected,
                row_number() OVER (PARTITION BY said ORDER BY aval_line) AS nth
            FROM (SELECT aval_line, {named}, {said} FROM ({now}))
            """;
    }

    private static void RefuseOther(Engine engine, Rewrite rewrite)
    {
        (long Line, string Named)[] First(string sql) => [.. engine.Query(
            $"SELECT aval_line, coalesce(named, 'a row without an id') FROM {sql} ORDER BY aval_line LIMIT 1",
            row => (row.GetInt64(0), row.GetString(1)))];
        if (First("rewritten_found WHERE NOT is_expected AND said NOT IN (SELECT said FROM rewritten_ignored)")
            is [var (line, named)])
            throw Refused(
                $"{rewrite.New.Path}, row {line}: expected a row of {rewrite.Old} that is not erased, with all that it "
                + $"says there but for what names an erased person, and found {Shown.Of(named)}, which "
                + "is erased, or says something else, or is new");
        if (First("rewritten_expected WHERE said NOT IN (SELECT said FROM rewritten_found)")
            is [var (old, lost)])
            throw Refused(
                $"{rewrite.Old}, row {old}: expected {Shown.Of(lost)}, which nothing erases, in {rewrite.New.Path} "
                + "with all that it says, and did not find it so");
    }

    private static AvalException Refused(string what) => AvalException.BadInput(
        $"{what}. Nothing was changed. Write the file again as the old one without the rows that aval erase counts, "
        + "and change nothing else in it; what is new in it is imported as a file of its own.");
}
