using Aval.Corpus;
using Aval.Decisions;

namespace Aval.Building;

/// <summary>A release that is made, and that is neither committed nor visible yet.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Lineage">Where its lineage lies.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Accounting">Every item, accounted for.</param>
/// <param name="Touched">What of its base was looked at; null = it was made without one.</param>
internal sealed record MadeRelease(
    string Folder, string Lineage, Manifest Manifest, Accounting Accounting, TouchedBuckets? Touched);

/// <summary>What becomes of a release that is made.</summary>
internal abstract record Reviewed
{
    private Reviewed()
    {
    }

    /// <summary>It is committed.</summary>
    /// <param name="Recall">The bytes of its recall.json; null = it recalls none.</param>
    public sealed record Released(byte[]? Recall) : Reviewed;

    /// <summary>Nothing of it stays.</summary>
    public sealed record Unwanted : Reviewed;
}
