using System.Text.Json;
using System.Threading.Channels;
using Aval.Storage;

namespace Aval.Portal.Safety;

/// <summary>
/// What the portal tells its operator: one JSON object a line, so that nothing that somebody sent can pass for a line
/// of its own. It never holds an address as it was asked for, a form, an account or a text: routes as they are written
/// in the program, and numbers. Whoever reads it slowly holds up nobody: lines are written by a task of their own, and
/// when too many wait they are dropped, and counted.
/// </summary>
internal sealed class PortalLog : IAsyncDisposable
{
    private const int Most = 8_192;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Channel<byte[]> _lines;
    private readonly TimeProvider _clock;
    private readonly Task _writing;
    private long _dropped;

    /// <summary>Writes to <paramref name="to"/>, which is not closed.</summary>
    public PortalLog(TextWriter to, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(to);
        _clock = clock;
        _lines = Channel.CreateBounded<byte[]>(
            new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));
        _writing = Task.Run(() => WriteAll(to));
    }

    /// <summary>Tells that something happened.</summary>
    /// <param name="what">What, in the program's own words.</param>
    /// <param name="members">More about it.</param>
    public void Tell(string what, Action<Utf8JsonWriter>? members = null) =>
        _lines.Writer.TryWrite(Line(what, members));

    /// <summary>Writes what waits, and stops; where nobody reads it, after a few seconds without.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await Task.WhenAny(_writing, Task.Delay(Patience)).ConfigureAwait(false);
    }

    private byte[] Line(string what, Action<Utf8JsonWriter>? members) => JsonText.WriteCompact(json =>
    {
        json.WriteStartObject();
        json.WriteString("time", _clock.UtcNow().ToText());
        json.WriteString("event", what);
        members?.Invoke(json);
        json.WriteEndObject();
    });

    private async Task WriteAll(TextWriter to)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await to.WriteLineAsync(System.Text.Encoding.UTF8.GetString(line)).ConfigureAwait(false);
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
                await to.WriteLineAsync(System.Text.Encoding.UTF8.GetString(
                    Line("lines dropped", json => json.WriteNumber("count", dropped)))).ConfigureAwait(false);
            if (!_lines.Reader.TryPeek(out _))
                await to.FlushAsync().ConfigureAwait(false);
        }
    }
}
