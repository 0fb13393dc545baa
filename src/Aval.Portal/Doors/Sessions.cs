using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Aval.Portal.Doors;

/// <summary>One visit. Nothing of it is on disk: a restart ends all of them.</summary>
/// <param name="Id">What its cookie holds: 32 random bytes.</param>
/// <param name="Form">What every form of it carries, so that no other site can send one (CSRF).</param>
/// <param name="Begun">When.</param>
internal sealed record Session(string Id, string Form, DateTimeOffset Begun)
{
    /// <summary>What a login of this visit has to answer; null = none was asked for.</summary>
    public string? Nonce { get; init; }

    /// <summary>What an OpenID login of this visit was asked with; null = none was.</summary>
    public OpenIdRequest? OpenId { get; init; }

    /// <summary>Whose it is; null = nobody has shown who they are.</summary>
    public ShownLogin? Login { get; init; }

    /// <summary>Who works on the officer's side in it; null = it is not of that side.</summary>
    public ShownOfficer? Officer { get; init; }
}

/// <summary>
/// All visits. A visit gets a new id when somebody shows who they are (docs/security.md), ends after a quarter of
/// an hour without a sign of life, and after eight hours in any case. For any number of threads.
/// </summary>
internal sealed class Sessions(TimeProvider clock)
{
    /// <summary>How long one may be silent.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(8);
    // 100 bytes each; whoever makes visits to fill memory finds the oldest of them ended.
    private const int Most = 200_000;

    private readonly ConcurrentDictionary<string, (Session Session, DateTimeOffset Seen)> _all =
        new(StringComparer.Ordinal);

    /// <summary>Begins one.</summary>
    public Session Begin(Func<Session, Session>? with = null)
    {
        Sweep();
        var session = new Session(Letters(), Letters(), clock.UtcNow());
        session = with?.Invoke(session) ?? session;
        _all[session.Id] = (session, session.Begun);
        return session;
    }

    /// <summary>The visit of a cookie; null = there is none, or it has ended.</summary>
    public Session? Find(string? id)
    {
        if (id is null || !_all.TryGetValue(id, out var found))
            return null;
        var now = clock.UtcNow();
        if (now - found.Seen > Idle || now - found.Session.Begun > Longest)
        {
            End(found.Session);
            return null;
        }

        _all.TryUpdate(id, (found.Session, now), found);
        return found.Session;
    }

    /// <summary>Ends one visit and begins another, under another id.</summary>
    /// <returns>The new one; null = the old one had ended meanwhile, as when an answer comes twice.</returns>
    public Session? Renew(Session old, Func<Session, Session> with) =>
        _all.TryRemove(old.Id, out _) ? Begin(with) : null;

    /// <summary>Ends one, for who goes on alone: false = it had ended meanwhile.</summary>
    public bool Take(Session session) => _all.TryRemove(session.Id, out _);

    /// <summary>Ends one.</summary>
    public void End(Session session) => _all.TryRemove(session.Id, out _);

    /// <summary>32 random bytes as letters.</summary>
    public static string Letters() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private void Sweep()
    {
        if (_all.Count < Most)
            return;
        foreach (var (id, _) in _all.ToArray().OrderBy(one => one.Value.Seen).Take(Most / 4))
            _all.TryRemove(id, out _);
    }
}
