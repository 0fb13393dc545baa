using Aval.Content;
using Aval.Storage;

namespace Aval.People;

/// <summary>
/// Who had a handle, of those handles that somebody wrote. A person knows her handle and not her id; but handles are
/// renamed and given to others, so what is recorded is the account, and a handle that could mean two is an error.
/// Written <c>service:handle</c>; case and a leading <c>@</c> say nothing.
/// </summary>
internal sealed class Handles
{
    private readonly ILookup<string, Sighting> _sightings;

    private Handles(IEnumerable<Sighting> sightings) =>
        _sightings = sightings.ToLookup(sighting => sighting.Handle, StringComparer.Ordinal);

    /// <summary>
    /// Looks up handles in the accounts that were observed by now. They are held in memory, and nobody else is.
    /// </summary>
    public static Handles Of(Workspace workspace, DateTimeOffset now, IEnumerable<string> written)
    {
        using var engine = Engine.Open(workspace.Temporary, EngineLimits.Default, workspace.ReadKey());
        ContentViews.Create(engine, workspace, now);
        engine.Execute("CREATE TEMP TABLE written (handle VARCHAR)");
        foreach (var some in written.Distinct(StringComparer.Ordinal).Chunk(1 << 12))
            engine.Execute($"INSERT INTO written SELECT unnest({Engine.Literal(some)})");
        return new Handles(engine.Query(
            """
            WITH asked AS (
                SELECT handle, split_part(handle, ':', 1) AS service,
                    lower(nfc_normalize(ltrim(substr(handle, position(':' IN handle) + 1), '@'))) AS folded
                FROM written
            ), had AS (
                SELECT account, split_part(account, ':', 1) AS service,
                    lower(nfc_normalize(ltrim(handle, '@'))) AS folded, observed_at
                FROM account_versions WHERE handle <> ''
            )
            SELECT asked.handle, account, min(observed_at)
            FROM had JOIN asked USING (service, folded) GROUP BY asked.handle, account ORDER BY ALL
            """,
            row => new Sighting(row.GetString(0), Account.Parse(row.GetString(1)), Utc(row.GetDateTime(2)))));
    }

    /// <summary>The account that one handle, written by a person, means at an instant.</summary>
    /// <exception cref="AvalException">Usage: none, or more than one, naming them.</exception>
    public static Account Require(Workspace workspace, DateTimeOffset now, string written, DateTimeOffset at)
    {
        var (account, should) = Of(workspace, now, [written]).At(written, at);
        return account
            ?? throw AvalException.Usage(
                $"--handle should {should}, but \"{Shown.Of(written)}\" was found. Nothing was done.");
    }

    /// <summary>The account that had a handle at an instant or before it.</summary>
    /// <returns>The account; or null, and what the handle should do.</returns>
    public (Account? Account, string? Should) At(string written, DateTimeOffset at)
    {
        var colon = written.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || colon == written.Length - 1)
            return (null, "hold service:handle (for example instagram:kim_invented)");
        var all = _sightings[written].ToList();
        var then = all.Where(sighting => sighting.First <= at).ToList();
        return then switch
        {
            [var one] => (one.Account, null),
            [] when all.Count == 0 => (null, "hold a handle that an account of the content has or had"),
            [] => (null,
                $"hold a handle that an account had by {at.ToText()}: it was seen later, as that of {Named(all)}. "
                + "State the account itself if it is meant"),
            _ => (null,
                $"hold a handle that one account had by {at.ToText()}: it was that of {Named(then)}. "
                + "State which account is meant"),
        };
    }

    private static string Named(IEnumerable<Sighting> sightings) =>
        string.Join(
            " and of ", sightings.Select(sighting => $"{sighting.Account} (seen from {sighting.First.ToText()})"));

    private static DateTimeOffset Utc(DateTime instant) => new(DateTime.SpecifyKind(instant, DateTimeKind.Utc));

    private sealed record Sighting(string Handle, Account Account, DateTimeOffset First);
}
