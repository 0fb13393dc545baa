namespace Aval.Content;

/// <summary>
/// A line of content/imports.jsonl that takes items away: the files that had their rows were written again without
/// them, and are destroyed after this line is written. What imports counted and the sums of what they observed stay as
/// they were, and name nobody.
/// </summary>
/// <param name="ErasureId">Its name, by which its files are named; numbered like an import.</param>
/// <param name="As">items.</param>
/// <param name="ErasedAt">When it ran.</param>
/// <param name="Items">How many items it took.</param>
/// <param name="Rows">How many of their versions.</param>
/// <param name="Records">The imports of which a file was written again, as their records read from here on.</param>
/// <param name="Folds">And the folds.</param>
/// <param name="Tokens">What stands for the items and their authors, so that they stay out.</param>
/// <param name="Replaced">The paths below content/ of the files that were written again.</param>
internal sealed record ContentErasure(
    string ErasureId, string As, string ErasedAt, long Items, long Rows, IReadOnlyList<ImportRecord> Records,
    IReadOnlyList<ContentFold> Folds, StoredFile Tokens, IReadOnlyList<string> Replaced)
{
    /// <summary>Erasures whose lines named somebody, as they read without: their own lines are forgotten.</summary>
    public IReadOnlyList<ContentErasure> Earlier { get; init; } = [];

    /// <summary>Puts the records and folds that it restates in the place of what they were; the line of a record that
    /// named somebody is forgotten, and the record is here alone.</summary>
    public void Restate(List<ImportRecord> records, List<ContentFold> folds)
    {
        foreach (var record in Records)
        {
            var at = records.FindIndex(one => one.ImportId == record.ImportId);
            if (at >= 0)
                records[at] = record;
            else
                records.Insert(
                    records.Count(one => string.CompareOrdinal(one.ImportId, record.ImportId) < 0), record);
        }

        foreach (var fold in Folds)
            folds[folds.FindIndex(one => one.FoldId == fold.FoldId)] = fold;
    }
}
