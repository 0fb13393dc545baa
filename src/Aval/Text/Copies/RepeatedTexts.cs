namespace Aval.Text.Copies;

/// <summary>
/// Items that say the very same: all of them are looked at later, and one of those that are admitted and one of those
/// that cast a shadow stand for all where texts are held against others.
/// </summary>
internal static class RepeatedTexts
{
    /// <summary>Finds them.</summary>
    /// <param name="sketched">All items.</param>
    /// <param name="met">Marks them.</param>
    /// <returns>Marks on what is held against no other text: another stands for it, or it is mostly
    /// symbols.</returns>
    public static ItemMarks Find(SketchedItems sketched, ItemMarks met)
    {
        var skipped = new ItemMarks(sketched.Count);
        var letters = new ulong[SketchWriter.BlockItems];
        foreach (var piece in sketched.Pieces)
        {
            var item = piece.First;
            foreach (var number in piece.File.Read(piece.Block, SketchFile.Letters, letters))
            {
                if (number == 0)
                    skipped.Set(item);
                item++;
            }
        }

        new SameNumbers(sketched, null).In(SketchFile.Low, (_, items, heads) =>
        {
            var (own, told) = (items.ToArray(), heads.ToArray());
            // Those of one text and side together, what has most characters first: a rule asks for some.
            Array.Sort(told, own, Comparer<SketchHead>.Create(Order));
            for (var at = 1; at < told.Length; at++)
            {
                if (told[at].High != told[at - 1].High)
                    continue;
                met.Set(own[at - 1]);
                met.Set(own[at]);
                if (told[at].IsShadow == told[at - 1].IsShadow)
                    skipped.Set(own[at]);
            }
        });
        return skipped;
    }

    private static int Order(SketchHead one, SketchHead other) =>
        (one.High, one.IsShadow, other.Characters).CompareTo((other.High, other.IsShadow, one.Characters));
}
