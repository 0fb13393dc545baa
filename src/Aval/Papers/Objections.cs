using System.Text.Json;
using Aval.Building;
using Aval.Choices;
using Aval.Corpus;
using Aval.Requests;
using Aval.Runs;
using Aval.Storage;
using Aval.Terms;

namespace Aval.Papers;

/// <summary>
/// What became of the objections to training (GDPR Art. 21): whether a release that may be used still holds who
/// objected, on whatever account is linked, and until when one did. One to a service is followed on the accounts
/// there. An objection to certain posts only is counted and not followed: its author is in releases with the other
/// posts. So is one that its author took back.
/// </summary>
/// <param name="Narrowed">To some of what its author wrote.</param>
/// <param name="Lifted">Taken back since.</param>
/// <param name="Followed">The others.</param>
/// <param name="Untold">How many releases have no lineage any more, so that nobody can tell who was in them.</param>
/// <param name="At">As of when.</param>
/// <param name="Working">Which days are working days.</param>
internal sealed record Objections(
    long Narrowed, long Lifted, IReadOnlyList<FollowedObjection> Followed, int Untold, DateTimeOffset At,
    WorkingDays Working)
{
    // Statements that hold for an account; a protective one holds for every account that was ever linked. One about a
    // service covers the whole of each account there, and nothing of the linked ones elsewhere.
    private const string Tables = """
        CREATE OR REPLACE TEMP TABLE paper_objections AS
        SELECT idx, holder, min(received_at) AS received_at,
            bool_or(scope = 'everything' OR (scope = 'service' AND scope_service = split_part(holder, ':', 1)))
                AS is_covered
        FROM holding
        WHERE kind = 'objection' AND purpose = 'train-generative-ai'
        GROUP BY idx, holder
        """;

    private const string Fate = """
        SELECT objection.idx, min(received_at), bool_or(is_covered),
            bool_or(is_covered AND stance.objected_since IS NOT NULL),
            coalesce(bool_or(presence.release IS NOT NULL AND withdrawn_at IS NULL), false),
            max(withdrawn_at) FILTER (WHERE withdrawn_at > received_at)
        FROM paper_objections AS objection
        LEFT JOIN account_stances AS stance ON stance.subject = objection.holder
        LEFT JOIN paper_presence AS presence ON presence.account = objection.holder AND is_covered
        GROUP BY objection.idx
        ORDER BY objection.idx
        """;

    /// <summary>Follows them.</summary>
    /// <exception cref="AvalException">Bad input: a lineage was changed, so nobody can tell who is in a
    /// release.</exception>
    public static Objections Find(
        Workspace workspace, IReadOnlyList<StatedRelease> releases, DateTimeOffset at, TreeSize below,
        EngineLimits limits)
    {
        using var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
        Inputs.Load(engine, workspace, at, below);
        Stances.Resolve(engine, Purpose.TrainGenerativeAi);
        engine.Execute(Tables);
        engine.Execute("CREATE OR REPLACE TEMP TABLE paper_presence "
            + "(account VARCHAR, release VARCHAR, withdrawn_at TIMESTAMP)");
        var untold = 0;
        foreach (var release in releases)
        {
            if (!release.HasRows)
                untold++;
            else
                engine.Execute(
                    $"""
                    INSERT INTO paper_presence
                    SELECT DISTINCT account, $release, CAST($withdrawn AS TIMESTAMP)
                    FROM {Lineage.Of(workspace, release.Manifest)}
                    SEMI JOIN paper_objections AS objection ON account = objection.holder
                    """,
                    ("release", release.Name), ("withdrawn", release.Withdrawn?.At.UtcDateTime));
        }

        var all = engine.Query(Fate, row => (
            Received: Utc(row.GetDateTime(1)), IsWhole: row.GetBoolean(2), Stands: row.GetBoolean(3),
            IsHeld: row.GetBoolean(4), Left: row.IsDBNull(5) ? (DateTimeOffset?)null : Utc(row.GetDateTime(5))));
        return new Objections(
            all.Count(one => !one.IsWhole), all.Count(one => one.IsWhole && !one.Stands),
            [
                .. all.Where(one => one.IsWhole && one.Stands)
                    .Select(one => new FollowedObjection(one.Received, one.IsHeld, one.Left)),
            ],
            untold, at, workspace.Settings.WorkingDays);
    }

    /// <summary>Writes the member.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        var left = Followed.Where(one => !one.IsHeld && one.Left is not null).Select(one => one.Days(At))
            .Order().ToArray();
        json.WriteStartObject("objections");
        json.WriteNumber("standing", Followed.Count);
        json.WriteNumber("narrowed", Narrowed);
        json.WriteNumber("lifted", Lifted);
        json.WriteNumber("honoured", Followed.Count(one => !one.IsHeld));
        json.WriteNumber("in_no_release", Followed.Count(one => !one.IsHeld && one.Left is null));
        json.WriteNumber("left_releases", left.Length);
        json.WriteNumber("still_in_a_release", Followed.Count(one => one.IsHeld));
        json.WriteNumber("late", Followed.Count(one => one.IsLate(At, Working)));
        json.WriteNumber("releases_without_lineage", Untold);
        if (left.Length > 0)
        {
            json.WriteStartObject("days_to_last_release");
            json.WriteNumber("median", left[(left.Length - 1) / 2]);
            json.WriteNumber("longest", left[^1]);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static DateTimeOffset Utc(DateTime instant) => new(DateTime.SpecifyKind(instant, DateTimeKind.Utc));
}

/// <summary>An objection to all, which stands.</summary>
/// <param name="Received">When it reached the controller.</param>
/// <param name="IsHeld">A release that may be used holds its author.</param>
/// <param name="Left">When the last release that held its author was withdrawn, where one did when it came; null = none
/// did, or one still does.</param>
internal sealed record FollowedObjection(DateTimeOffset Received, bool IsHeld, DateTimeOffset? Left)
{
    /// <summary>How long releases held its author, in whole days, rounded up.</summary>
    public long Days(DateTimeOffset at) =>
        (long)Math.Ceiling(((IsHeld ? at : Left ?? Received) - Received).TotalDays);

    /// <summary>For longer than a request may wait (Art. 12(3)).</summary>
    public bool IsLate(DateTimeOffset at, WorkingDays working) => (IsHeld ? at : Left ?? Received)
        >= Deadline.End(Deadline.LastDay(Received, Deadline.Months, working));
}
