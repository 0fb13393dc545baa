using Aval.Choices;
using Aval.Corpus;
using Aval.Portal.Person;
using Aval.Recording;
using Aval.Requests;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Portal.Officer;

/// <summary>How many objections came from people of a country; "" = nobody knows it.</summary>
internal sealed record CountryCount(string Country, long Objections);

/// <summary>What became of one version of the information notice by one channel.</summary>
/// <param name="Version">The version.</param>
/// <param name="Channel">The channel; "" = not stated.</param>
/// <param name="Sent">To how many accounts.</param>
/// <param name="Delivered">To how many of them it was delivered, and did not come back since.</param>
/// <param name="CameBack">From how many of them it came back, and was not delivered since.</param>
/// <param name="First">When the first was sent.</param>
/// <param name="Last">When the last was delivered.</param>
internal sealed record NoticeCount(
    string Version, string Channel, long Sent, long Delivered, long CameBack, DateTimeOffset? First,
    DateTimeOffset? Last);

/// <summary>What the newest release of a corpus does not honour yet.</summary>
/// <param name="Release">NAME/ID.</param>
/// <param name="Rows">Rows that what was said since excludes.</param>
/// <param name="Authors">Whose they are: how many.</param>
/// <param name="Naming">Rows in which others name somebody who is not to be named by now.</param>
/// <param name="Reasons">By reason.</param>
/// <param name="LastDay">By when it is due: a month after the first of it was received; null = nothing is.</param>
/// <param name="Unknown">Why nobody can tell; null = it was told.</param>
internal sealed record Outstanding(
    string Release, long Rows, long Authors, long Naming, IReadOnlyList<LateCount> Reasons, DateOnly? LastDay,
    string? Unknown)
{
    /// <summary>Whether a recall has anything to do, as far as anybody can tell.</summary>
    public bool IsBehind => Rows > 0 || Naming > 0 || Unknown is not null;
}

/// <summary>
/// What takes an engine to find out: which choices have no effect, where objections come from, who was informed, and
/// which releases are behind what was said. One look at content and choices answers all of it.
/// </summary>
/// <param name="At">As of when.</param>
/// <param name="Unmatched">How many choices name what the content does not know.</param>
/// <param name="FirstUnmatched">The first of them.</param>
/// <param name="Countries">Objections by country, most first.</param>
/// <param name="Notices">Notices by version and channel.</param>
/// <param name="Recalls">Each corpus's newest release.</param>
internal sealed record Figures(
    DateTimeOffset At, long Unmatched, IReadOnlyList<UnmatchedChoice> FirstUnmatched,
    IReadOnlyList<CountryCount> Countries, IReadOnlyList<NoticeCount> Notices, IReadOnlyList<Outstanding> Recalls)
{
    /// <summary>How many unmatched choices a page lists; the file has all.</summary>
    public const int MostUnmatched = 500;

    /// <summary>Looks.</summary>
    public static Figures Of(Workspace workspace, DateTimeOffset now)
    {
        now = CommittedChoices.NotBefore(workspace, now);
        using var engine = LateChoices.Today(workspace, now, EngineLimits.Default);
        Stances.NameItems(engine);
        var unmatched = UnmatchedChoices.Find(engine);
        return new Figures(
            now, unmatched, unmatched == 0 ? [] : [.. UnmatchedChoices.List(engine).Take(MostUnmatched)],
            engine.Query(Countries_, row => new CountryCount(row.GetString(0), row.GetInt64(1))),
            engine.Query(Notices_, row => new NoticeCount(
                row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), At_(row, 5),
                At_(row, 6))),
            [.. MyData.Newest(workspace).Select(release => Behind(engine, workspace, release, now))]);
    }

    // A lineage or a shard that is gone leaves one release unknown, and no figure of another one.
    private static Outstanding Behind(Engine engine, Workspace workspace, string release, DateTimeOffset now)
    {
        var manifest = Manifest.Read(release);
        var name = $"{manifest.Corpus}/{manifest.Release}";
        try
        {
            // It is in the engine that was handed over, which its owner closes.
            var late = LateChoices.In(engine, workspace, manifest, now);
            var (rows, authors, reasons) = (late.Total, late.Authors, late.Counts);
            var first = engine.Query(
                $"SELECT min(received_at) FROM ({LateChoices.Covering})", row => At_(row, 0)).Single();
            string[] shards = [.. manifest.Files.Where(file => file.Rows is not null)
                .Select(file => Path.Combine(release, file.Path))];
            if (Array.Find(shards, shard => !File.Exists(shard)) is { } gone)
                throw AvalException.BadInput($"{gone} is gone.");
            var naming = LateMentions.From(late, workspace, ParquetFiles.Rows(shards), new EntryIndex(0));
            var named = naming == 0 ? null : LateMentions.FirstReceived(late, workspace);
            return new Outstanding(
                name, rows, authors, naming, reasons,
                Earlier(first, named) is { } since
                    ? Deadline.LastDay(since, Deadline.Months, workspace.Settings.WorkingDays) : null, null);
        }
        catch (AvalException unknown)
        {
            return new Outstanding(name, 0, 0, 0, [], null, unknown.Message);
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is { } first && other is { } second ? first < second ? one : other : one ?? other;

    private static DateTimeOffset? At_(System.Data.Common.DbDataReader row, int column) => row.IsDBNull(column)
        ? null
        : new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc));

    // One choice of several parts is one.
    private const string Countries_ = """
        SELECT coalesce(country, '') AS country, count(*) AS objections
        FROM (SELECT DISTINCT idx, account FROM statements WHERE kind = 'objection' AND NOT forgotten)
        LEFT JOIN (SELECT account, country FROM accounts_now) USING (account)
        GROUP BY 1 ORDER BY objections DESC, country
        """;

    // As builds judge it (ItemDecisions): what came back was not delivered, and what was delivered later was. What
    // becomes of a notice is reported by and by, often without the channel, so accounts are counted and not rows.
    private const string Notices_ = """
        WITH told AS (
            SELECT account, coalesce(version, '') AS version, sent_at, delivered_at,
                coalesce(channel, max(channel) OVER of_notice, '') AS channel,
                max(bounced_at) FILTER (WHERE bounced_at <= known_at()) OVER of_notice AS came_back
            FROM notices_now WINDOW of_notice AS (PARTITION BY account, version)
        ), judged AS (
            SELECT version, channel, account, min(sent_at) AS first_sent, bool_or(came_back IS NOT NULL) AS is_back,
                max(delivered_at) FILTER (WHERE came_back IS NULL OR came_back < delivered_at) AS reached
            FROM told GROUP BY ALL
        )
        SELECT version, channel, count(*), count(reached), count(*) FILTER (WHERE is_back AND reached IS NULL),
            min(first_sent), max(reached)
        FROM judged GROUP BY ALL ORDER BY version DESC, channel
        """;
}

/// <summary>Figures, kept for as long as nothing that they are made of changes, and for ten minutes at most.</summary>
internal sealed class FigureShelf(Desk desk)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private readonly Lock _one = new();
    private (string Key, Figures Figures)? _kept;
    private (EntryIndex Upto, Dictionary<(DateOnly, ChoiceKind, string?), long> Counts) _counted =
        (new EntryIndex(0), []);

    /// <summary>What is kept, or looked up now: for a thread of its own.</summary>
    public Figures Figures()
    {
        lock (_one)
        {
            var (key, now) = (Key(), desk.Clock.UtcNow());
            if (_kept is { } kept && kept.Key == key && now - kept.Figures.At < Longest && kept.Figures.At <= now)
                return kept.Figures;
            var figures = Officer.Figures.Of(desk.Workspace, now);
            _kept = (key, figures);
            return figures;
        }
    }

    /// <summary>
    /// Choices by day, kind and channel. They only grow, so those that were counted are not read again; one that was
    /// forgotten since stays counted until the server is started again.
    /// </summary>
    public IReadOnlyList<ChoiceCount> Choices()
    {
        lock (_one)
        {
            using var choices = CommittedChoices.Open(desk.Workspace);
            var below = choices.Store.ChoicesSize;
            foreach (var one in choices.Store.Count(_counted.Upto, below))
            {
                var at = (one.Day, one.Kind, one.Channel);
                _counted.Counts[at] = _counted.Counts.GetValueOrDefault(at) + one.Count;
            }

            _counted.Upto = new EntryIndex(Math.Max(_counted.Upto.Value, below.Value));
            return
            [
                .. _counted.Counts
                    .Select(one => new ChoiceCount(one.Key.Item1, one.Key.Item2, one.Key.Item3, one.Value))
                    .OrderBy(one => one.Day).ThenBy(one => one.Kind)
                    .ThenBy(one => one.Channel, StringComparer.Ordinal),
            ];
        }
    }

    private string Key()
    {
        using var choices = CommittedChoices.Open(desk.Workspace);
        var imports = new FileInfo(Path.Combine(desk.Workspace.Content, "imports.jsonl"));
        return string.Join('\n', MyData.Newest(desk.Workspace)
            .Append(choices.Store.Size.ToString())
            .Append(imports.Exists ? $"{imports.Length} {imports.LastWriteTimeUtc.Ticks}" : ""));
    }
}
