using System.Globalization;

namespace Aval.Building;

/// <summary>
/// Parts of a stage over buckets that the same statements make. An engine takes longer to plan a statement than to
/// decide a few hundred items, so small buckets are read together. Each has files of its own, and the same to the byte,
/// whichever others it was made with.
/// </summary>
/// <param name="Parts">At least one.</param>
internal sealed record PartBatch(IReadOnlyList<PlannedPart> Parts)
{
    // Of content as it lies on disk: some ten thousand items, which are decided in the time of a few plans.
    private const long MostBytes = 1 << 20;

    // Each has files of its own that are written side by side, and a process may not open many thousands.
    private const int MostParts = 64;

    /// <summary>The column of its rows that says which part they are of: the number of its bucket.</summary>
    public const string Column = "part";

    /// <summary>Its content, each file once.</summary>
    public IReadOnlyList<string> Content => [.. Parts.SelectMany(part => part.Content).Distinct()];

    /// <summary>The numbers of its buckets as a list in SQL.</summary>
    public string Buckets => string.Join(
        ", ", Parts.Select(part => part.Bucket.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Takes parts together, as long as they are small and few and every worker has some.</summary>
    /// <param name="parts">What is to be made.</param>
    /// <param name="workers">How many make it side by side.</param>
    public static IReadOnlyList<PartBatch> Of(IReadOnlyList<PlannedPart> parts, int workers)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var most = Math.Min(MostParts, (parts.Count + workers - 1) / Math.Max(1, workers));
        var (batches, open, bytes) = (new List<PartBatch>(), new List<PlannedPart>(), 0L);
        void Close()
        {
            if (open.Count > 0)
                batches.Add(new PartBatch([.. open]));
            open.Clear();
            bytes = 0;
        }

        foreach (var part in parts)
        {
            // What was gathered lies by bucket as it is needed.
            var isAlone = part.FactsIn(AdmitStage.GatheredFolder).Any();
            if (isAlone || open.Count == most || bytes + part.Bytes > MostBytes)
                Close();
            open.Add(part);
            bytes += part.Bytes;
            if (isAlone)
                Close();
        }

        Close();
        return batches;
    }
}
