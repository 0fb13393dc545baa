using System.Globalization;
using Aval.Choices;
using Aval.Storage;

namespace Aval.Portal.Doors;

/// <summary>
/// Tickets to receipts: what leads from a choice that was just recorded to its receipt, for a day, without an account
/// or a session. The letters name an entry, so nobody can count on from one receipt to the next.
/// </summary>
internal sealed class Tickets(WorkspaceKey key, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);
    private readonly SealedText _sealed = new(key, "aval/receipt-ticket/v1");

    /// <summary>A ticket to the receipts of these entries, which one act made.</summary>
    public string To(EntryRange entries) => _sealed.Seal(string.Create(
        CultureInfo.InvariantCulture,
        $"{entries.First} {entries.Count} {(clock.UtcNow() + Life).ToUnixTimeSeconds()}"));

    /// <summary>Where a ticket leads; null = nobody here made it, or its day is over.</summary>
    public EntryRange? Read(string letters) =>
        _sealed.Open(letters)?.Split(' ') is [var first, var count, var until]
            && Number(until) > clock.UtcNow().ToUnixTimeSeconds()
            ? new EntryRange(new EntryIndex(Number(first)), Number(count))
            : null;

    /// <inheritdoc/>
    public void Dispose() => _sealed.Dispose();

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
