namespace Aval.Text.SpecialCategories;

/// <summary>A term that was found, for whoever tries a text out.</summary>
/// <param name="Category">For which category it speaks.</param>
/// <param name="Term">As the lexicon has it.</param>
/// <param name="Language">Of which lexicon.</param>
/// <param name="Start">Where it begins, in UTF-16 code units.</param>
/// <param name="Points">What it counted: less than its weight where it was denied or quoted.</param>
internal sealed record FoundTerm(SpecialCategory Category, string Term, string Language, int Start, int Points);

/// <summary>A category that a text may reveal.</summary>
/// <param name="Category">Which.</param>
/// <param name="Points">How many of <see cref="SpecialCategoryFinder.Certain"/>: the confidence, as a ratio.</param>
/// <param name="Terms">The terms that spoke for it, in their order.</param>
internal sealed record FoundCategory(SpecialCategory Category, int Points, IReadOnlyList<FoundTerm> Terms);

/// <summary>
/// Whether a text reveals special categories of personal data: by words of a lexicon, weighed by what stands around
/// them in their sentence. Pure, and in whole numbers: the same text gives the same answer everywhere.
/// </summary>
internal static class SpecialCategoryFinder
{
    /// <summary>The points from which on more say nothing more: a confidence is a number of points of these.</summary>
    public const int Certain = 20;

    /// <summary>The points of the default threshold, one half.</summary>
    public const int Threshold = 10;

    /// <summary>The categories that a text may reveal, with any point at all; the surest first.</summary>
    /// <param name="text">UTF-16, however broken.</param>
    /// <param name="language">What is known of its language (BCP 47, <c>und</c>, or null): evidence, not truth.</param>
    public static IReadOnlyList<FoundCategory> Find(ReadOnlySpan<char> text, string? language)
    {
        var terms = new List<FoundTerm>();
        var scan = new SpecialCategoryScan();
        scan.Run(text, language, terms);
        return
        [
            .. Aval.SpecialCategories.All.Select(category => (Category: category, Points: scan.Points(category)))
                .Where(found => found.Points > 0).OrderByDescending(found => found.Points)
                .Select(found => new FoundCategory(
                    found.Category, found.Points,
                    [.. terms.Where(term => term.Category == found.Category && scan.Counts(term.Language))])),
        ];
    }
}
