namespace Aval.Content;

/// <summary>
/// A line of content/imports.jsonl that brings nothing new: rows of several imports written together again, so that
/// each bucket's lie in one file. What it replaces is dropped after this line is written, and read by nobody who reads
/// the log.
/// </summary>
/// <param name="FoldId">Its name, from which its files are named; numbered like an import.</param>
/// <param name="As">items, accounts or notices.</param>
/// <param name="FoldedAt">When it ran.</param>
/// <param name="Buckets">Into how many buckets accounts are spread from here on.</param>
/// <param name="Wrote">The files that it wrote below content/.</param>
/// <param name="Replaced">The paths below content/ of the files whose rows these are.</param>
internal sealed record ContentFold(
    string FoldId, string As, string FoldedAt, int Buckets, IReadOnlyList<StoredFile> Wrote,
    IReadOnlyList<string> Replaced)
{
    /// <summary>The imports of content left in place whose rows these are: their files are not read any more.</summary>
    public IReadOnlyList<string> LaidOut { get; init; } = [];
}
