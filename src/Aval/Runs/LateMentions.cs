using System.Globalization;
using Aval.Choices;
using Aval.Corpus;
using Aval.Policies;
using Aval.Storage;
using Aval.Text.AboutMe;

namespace Aval.Runs;

/// <summary>
/// The rows of a release in which others name somebody who has said since that she is not to be in them (rule
/// <c>about-me</c>): in the text as the release has it, so that whoever was masked already is none. The texts are
/// looked through only when somebody has said such a thing since. Whoever is reached by a link that was learned since
/// is found by a recall.
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
        ArgumentNullException.ThrowIfNull(late);
        return Count(late, workspace, release, "restricted_at IS NOT NULL", late.Now);
    }

    /// <summary>The same of all who are not to be named, by what was received before an instant.</summary>
    /// <inheritdoc cref="OfRestricted"/>
    public static long Since(
        LateChoices late, Workspace workspace, VerifiedRelease release, DateTimeOffset before) =>
        Count(late, workspace, release, "true", before);

    private static long Count(
        LateChoices late, Workspace workspace, VerifiedRelease release, string standing, DateTimeOffset before)
    {
        ArgumentNullException.ThrowIfNull(release);
        var engine = late.Engine;
        engine.Execute("CREATE OR REPLACE TEMP TABLE late_mentions (row_key UUID)");
        var policy = PolicyReader.Parse(release.Manifest.PolicyText, release.Name);
        if (policy.Rules.OfType<Rule.AboutMe>().SingleOrDefault() is not { } rule
            || rule.Protect is Protected.Everyone)
            return 0;
        Stances.ResolveAboutMe(engine);
        engine.Execute(
            $"CREATE OR REPLACE TEMP TABLE late_naming_of AS {Who(rule, release.Manifest, standing, before)}");
        if (!engine.Scalar<bool>("SELECT EXISTS (FROM late_naming_of)"))
            return 0;
        var lineage = Lineage.Of(workspace, release.Manifest);
        NamedPersons.FindNaming(
            engine, "FROM late_naming_of",
            $"(SELECT now.* FROM items_now AS now SEMI JOIN {lineage} AS traced USING (service, item_id))",
            "late_naming");
        var shards = ParquetFiles.Rows(release.Manifest.Files.Where(file => file.Rows is not null)
            .Select(file => Path.Combine(release.Folder, file.Path)));
        var isStill = rule.Action is MentionAction.Exclude
            ? "true"
            : "mask_persons(shard.service, shard.text, needles) IS DISTINCT FROM shard.text";
        engine.Execute($"""
            INSERT INTO late_mentions
            SELECT row_key FROM late_naming
            JOIN (SELECT row_key, service, item_id FROM {lineage}) AS traced USING (service, item_id)
            JOIN (SELECT row_key, service, text FROM {shards}) AS shard USING (row_key)
            WHERE {isStill}
            """);
        return engine.Scalar<long>("SELECT count(*) FROM late_mentions");
    }

    // Whoever has said something of it since, or whose consent to it has run out since, and by now is not to be named.
    private static string Who(Rule.AboutMe rule, Manifest release, string standing, DateTimeOffset before)
    {
        var (made, until) = (Engine.Literal(before), Engine.Literal(release.ProtectUntil));
        var isAsked = rule.Protect is not Protected.Objectors;
        var isProtected = isAsked
            ? "holder NOT IN (SELECT account FROM about_me_consenting)"
            : "(objected_since IS NOT NULL OR restricted_at IS NOT NULL OR erased_to IS NOT NULL)";
        var ended = isAsked
            ? $"""
                UNION
                SELECT subject FROM about_me_stances
                WHERE consent_kind = 'consent' AND consent_until > {until} AND consent_until <= {made} AND {standing}
                """
            : "";
        return $"""
            SELECT DISTINCT holder AS account
            FROM holding LEFT JOIN about_me_stances ON subject = holder
            WHERE protective AND kind <> 'removal' AND scope IN ('everything', 'about-me')
                AND (purpose = getvariable('purpose') OR kind = 'erasure')
                AND (idx >= {release.LedgerSize.Value.ToString(CultureInfo.InvariantCulture)} OR made_at > {until}
                    OR received_at > {until})
                AND received_at <= {made}
                AND {isProtected} AND {standing}
            {ended}
            """;
    }
}
