using System.Globalization;
using Aval.Choices;
using Aval.Content;
using Aval.Corpus;
using Aval.Policies;
using Aval.Storage;
using Aval.Text.AboutMe;

namespace Aval.Runs;

/// <summary>
/// The rows of a release in which others name somebody who has said since that she is not to be in them (rule
/// <c>about-me</c>): in the text as the release has it, so that whoever was masked already is none. The texts are
/// looked through only when somebody has said such a thing since. Whoever is reached by a link that was learned since
/// is found by a recall. Of an item that was changed since, all versions are asked.
/// </summary>
internal static class LateMentions
{
    /// <summary>
    /// Makes <c>late_mentions</c> (row_key): the rows that name whoever has had the use of what is about her restricted
    /// since (GDPR Art. 18), which holds at the next read.
    /// </summary>
    /// <param name="late">The release's late choices.</param>
    /// <param name="workspace">Whose release it is.</param>
    /// <param name="release">The release.</param>
    /// <returns>How many rows.</returns>
    public static long OfRestricted(LateChoices late, Workspace workspace, VerifiedRelease release)
    {
        ArgumentNullException.ThrowIfNull(release);
        return OfRestrictedIn(late, workspace, ShardsOf(release));
    }

    /// <summary>The same of the release that the late choices are of.</summary>
    /// <inheritdoc cref="From"/>
    public static long OfRestrictedIn(LateChoices late, Workspace workspace, string? shards)
    {
        ArgumentNullException.ThrowIfNull(late);
        return Count(
            late, workspace, late.Manifest, shards,
            rule => Who(rule, late.Manifest, "restricted_at IS NOT NULL", late.Now));
    }

    /// <summary>The same of all who are not to be named, by what was received before an instant.</summary>
    /// <inheritdoc cref="OfRestricted"/>
    public static long Since(
        LateChoices late, Workspace workspace, VerifiedRelease release, DateTimeOffset before)
    {
        ArgumentNullException.ThrowIfNull(late);
        ArgumentNullException.ThrowIfNull(release);
        return Count(
            late, workspace, release.Manifest, ShardsOf(release),
            rule => Who(rule, release.Manifest, "true", before));
    }

    /// <summary>The same of all who are not to be named by now, where one of their statements has an index from
    /// <paramref name="entry"/> on, or no statement says since when.</summary>
    /// <inheritdoc cref="OfRestricted"/>
    /// <param name="late">The release's late choices.</param>
    /// <param name="workspace">Whose release it is.</param>
    /// <param name="shards">Its rows, as a relation; null = they are gone, and each that ever named anybody
    /// counts.</param>
    /// <param name="entry">The index.</param>
    public static long From(LateChoices late, Workspace workspace, string? shards, EntryIndex entry)
    {
        ArgumentNullException.ThrowIfNull(late);
        return Count(
            late, workspace, late.Manifest, shards,
            rule => Who(rule, late.Manifest, "true", late.Now, entry.Value));
    }

    /// <summary>When the first of what the people said who are named in these rows was received; null = none of them
    /// said anything since: a consent has run out. After <see cref="From"/>.</summary>
    public static DateTimeOffset? FirstReceived(LateChoices late, Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(late);
        return late.Engine.Query(
            $"""
            WITH found AS (
                SELECT DISTINCT unnest(named) AS account FROM late_naming
                JOIN (SELECT row_key, service, item_id FROM {Lineage.Of(workspace, late.Manifest)}) AS traced
                    USING (service, item_id)
                SEMI JOIN late_mentions USING (row_key))
            SELECT min(received_at) FROM holding SEMI JOIN found ON holder = found.account
            WHERE {SaidSince(late.Manifest)}
            """,
            row => row.IsDBNull(0)
                ? (DateTimeOffset?)null
                : new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(0), DateTimeKind.Utc))).Single();
    }

    private static string ShardsOf(VerifiedRelease release) => ParquetFiles.Rows(
        release.Manifest.Files.Where(file => file.Rows is not null)
            .Select(file => Path.Combine(release.Folder, file.Path)));

    private static long Count(
        LateChoices late, Workspace workspace, Manifest manifest, string? shards, Func<Rule.AboutMe, string> who)
    {
        var engine = late.Engine;
        engine.Execute("CREATE OR REPLACE TEMP TABLE late_mentions (row_key UUID)");
        var policy = PolicyReader.Parse(manifest.PolicyText, $"the policy of {manifest.Release}");
        if (policy.Rules.OfType<Rule.AboutMe>().SingleOrDefault() is not { } rule
            || rule.Protect is Protected.Everyone)
            return 0;
        Stances.ResolveAboutMe(engine);
        engine.Execute($"CREATE OR REPLACE TEMP TABLE late_naming_of AS {who(rule)}");
        if (!engine.Scalar<bool>("SELECT EXISTS (FROM late_naming_of)"))
            return 0;
        var lineage = Lineage.Of(workspace, manifest);
        engine.Execute(Items(ItemFinding.Versions(engine, "FROM contested_items"), lineage));
        NamedPersons.FindNaming(engine, "FROM late_naming_of", "late_naming_in", "late_naming");
        // What was masked already names nobody; where an item that names somebody is to stay out, its text is not
        // asked.
        var still = rule.Action is MentionAction.Exclude || shards is null
            ? ""
            : $"""
                JOIN (SELECT row_key, service, text FROM {shards}) AS shard USING (row_key)
                WHERE mask_persons(shard.service, shard.text, needles) IS DISTINCT FROM shard.text
                """;
        engine.Execute($"""
            INSERT INTO late_mentions
            SELECT row_key FROM late_naming
            JOIN (SELECT row_key, service, item_id FROM {lineage}) AS traced USING (service, item_id)
            {still}
            """);
        return engine.Scalar<long>("SELECT count(*) FROM late_mentions");
    }

    // Of an item that was observed again, every version: which one the release has, its text says where names are
    // masked; where they exclude, a recall opens the gate that an older version shut.
    private static string Items(string versions, string lineage) => $"""
        CREATE OR REPLACE TEMP VIEW late_naming_in AS
        WITH traced AS (SELECT service, item_id FROM {lineage})
        SELECT service, item_id, author, persons, text, in_reply_to FROM items_now SEMI JOIN traced
            USING (service, item_id)
        UNION ALL
        SELECT service, item_id, author, persons, text, in_reply_to FROM {versions} AS version
        SEMI JOIN contested_items USING (service, item_id) SEMI JOIN traced USING (service, item_id)
        """;

    private static string SaidSince(Manifest release)
    {
        var until = Engine.Literal(release.ProtectUntil);
        return $"""
            protective AND kind <> 'removal' AND scope IN ('everything', 'about-me')
            AND (purpose = getvariable('purpose') OR kind = 'erasure')
            AND (idx >= {release.LedgerSize.Value.ToString(CultureInfo.InvariantCulture)} OR made_at > {until}
                OR received_at > {until})
            """;
    }

    // Whoever has said something of it since, or whose consent to it has run out since, and by now is not to be named.
    private static string Who(
        Rule.AboutMe rule, Manifest release, string standing, DateTimeOffset before, long from = 0)
    {
        var (made, until) = (Engine.Literal(before), Engine.Literal(release.ProtectUntil));
        var isAsked = rule.Protect is not Protected.Objectors;
        var isProtected = isAsked
            ? "holder NOT IN (SELECT account FROM about_me_consenting)"
            : "(objected_since IS NOT NULL OR restricted_at IS NOT NULL OR erased_to IS NOT NULL)";
        var ended = isAsked
            ? $"""
                UNION
                SELECT holder FROM holding LEFT JOIN about_me_stances ON subject = holder
                WHERE kind = 'consent' AND purpose = getvariable('purpose') AND scope IN ('everything', 'about-me')
                    AND until > {until} AND until <= {made} AND {isProtected} AND {standing}
                """
            : "";
        return $"""
            SELECT DISTINCT holder AS account
            FROM holding LEFT JOIN about_me_stances ON subject = holder
            WHERE {SaidSince(release)} AND received_at <= {made}
                AND idx >= {from.ToString(CultureInfo.InvariantCulture)} AND {isProtected} AND {standing}
            {ended}
            """;
    }
}
