using Aval.Storage;

namespace Aval.Portal;

/// <summary>
/// The workspace of a portal that runs for months: with as many buckets as its aval.yaml states now, since a compaction
/// may split them meanwhile, and content would be looked for in the wrong files from then on. All else is as it was
/// when the portal was started. The file is read again when it is another one.
/// </summary>
internal sealed class RunningWorkspace(Workspace opened)
{
    private readonly Lock _one = new();
    private FileIdentity? _read;
    private Workspace? _now;

    /// <summary>As it is now.</summary>
    public Workspace Now()
    {
        lock (_one)
        {
            var there = FileIdentity.Of(Path.Combine(opened.Root, Workspace.FileName));
            if (_now is not null && there is not null && there == _read)
                return _now;
            try
            {
                (_now, _read) = (opened.WithBucketsAsWritten(), there);
            }
            catch (Exception failed) when (failed is AvalException or IOException or UnauthorizedAccessException)
            {
                // Somebody is writing in it: until it can be read again, what it said before holds.
            }

            return _now ?? opened;
        }
    }
}
