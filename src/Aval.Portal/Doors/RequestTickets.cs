using System.Globalization;
using Aval.Storage;

namespace Aval.Portal.Doors;

/// <summary>
/// Tickets to a request of somebody who has no account: the letters name its entry, and nobody can count on from one
/// to the next. It is good for as long as the request is there.
/// </summary>
internal sealed class RequestTickets(WorkspaceKey key) : IDisposable
{
    private readonly SealedText _sealed = new(key, "aval/request-ticket/v1");

    /// <summary>A ticket to a request.</summary>
    public string To(EntryIndex request) => _sealed.Seal(request.ToString());

    /// <summary>Where a ticket leads; null = nobody here made it.</summary>
    public EntryIndex? Read(string letters) => _sealed.Open(letters) is { } number
        ? new EntryIndex(long.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture))
        : null;

    /// <inheritdoc/>
    public void Dispose() => _sealed.Dispose();
}
