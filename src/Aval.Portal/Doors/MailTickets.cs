using System.Collections.Concurrent;
using System.Globalization;
using Aval.Storage;

namespace Aval.Portal.Doors;

/// <summary>
/// The links in letters: whose account it is, for a quarter of an hour, once. A restart ends all of them, since what
/// was used is remembered nowhere else. For any number of threads.
/// </summary>
internal sealed class MailTickets(WorkspaceKey key, TimeProvider clock) : IDisposable
{
    /// <summary>How long one lives.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private readonly SealedText _sealed = new(key, "aval/mail-login/v1");
    private readonly string _run = Sessions.Letters();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);

    /// <summary>A ticket to log in with as an account.</summary>
    public string To(Account account) => _sealed.Seal(string.Create(
        CultureInfo.InvariantCulture,
        $"{_run}\0{Sessions.Letters()}\0{(clock.UtcNow() + Life).ToUnixTimeSeconds()}\0{account}"));

    /// <summary>Whose it is; null = nobody here made it, its time is over, or it was used. Looking uses nothing: mail
    /// scanners follow links.</summary>
    public Account? Read(string letters) => !_used.ContainsKey(letters) && Opened(letters) is { } account
        ? account
        : null;

    /// <summary>The same, once.</summary>
    public Account? Use(string letters)
    {
        Sweep();
        return Opened(letters) is { } account && _used.TryAdd(letters, clock.UtcNow() + Life) ? account : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _sealed.Dispose();

    private Account? Opened(string letters) =>
        _sealed.Open(letters)?.Split('\0') is [var run, _, var until, var whose] && run == _run
        && long.Parse(until, NumberStyles.None, CultureInfo.InvariantCulture) > clock.UtcNow().ToUnixTimeSeconds()
        && Account.TryParse(whose, out var account)
            ? account
            : null;

    private void Sweep()
    {
        foreach (var (letters, until) in _used)
        {
            if (until <= clock.UtcNow())
                _used.TryRemove(letters, out _);
        }
    }
}
