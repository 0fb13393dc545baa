using System.Text;

namespace Aval.Studies;

/// <summary>
/// A result as text for an impact assessment (GDPR Art. 35(7)(b): necessity and proportionality), in three languages:
/// what was asked, what came out, and what does not follow from it.
/// </summary>
internal static class StudyText
{
    /// <summary>The languages, as the files' names have them.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "fr", "de"];

    /// <summary>The text in one of them, as Markdown.</summary>
    public static string Of(StudyResult result, string language)
    {
        ArgumentNullException.ThrowIfNull(result);
        var words = language switch
        {
            "fr" => StudyWords.French,
            "de" => StudyWords.German,
            _ => StudyWords.English,
        };
        var text = new StringBuilder();
        void Section(string heading, IEnumerable<string> paragraphs)
        {
            // Whatever part of it is cut out and put elsewhere says it.
            text.Append($"{heading}\n\n");
            foreach (var warning in Warnings(result, words))
                text.Append($"> **{warning}**\n\n");
            foreach (var paragraph in paragraphs)
                text.Append($"{paragraph}\n\n");
        }

        Section($"# {words.Title}: {result.Plan.Question}", [words.Asked(result)]);
        Section($"## {words.Found}", Answers(result, words));
        Section($"## {words.WhoConsented}", Consenting(result, words));
        Section($"## {words.DoesNotFollow}", [words.Limits]);
        Section($"## {words.Origin}", [words.OriginOf(result)]);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>What is said first, wherever a result is told.</summary>
    public static IEnumerable<string> Paragraphs(StudyResult result, StudyWords words) =>
        [words.Asked(result), .. Answers(result, words), words.Limits];

    /// <summary>Who consented, beside everybody.</summary>
    public static IEnumerable<string> Consenting(StudyResult result, StudyWords words)
    {
        yield return words.Weighed(result);
        string Gap(LanguageResult language, string name) =>
            language.Others.FirstOrDefault(one => one.Name == name) is { } point
                ? words.Percent(point.Gap.Value)
                : "–";
        foreach (var language in result.Languages.Where(language => language.Others.Any(
            one => one.Name == MeasuredLanguage.Consenting)))
            yield return words.Compared(
                language.Language, Gap(language, MeasuredLanguage.Consenting), Gap(language, MeasuredLanguage.AsMany),
                Gap(language, MeasuredLanguage.Alike));
        yield return words.CannotWeigh;
    }

    private static IEnumerable<string> Answers(StudyResult result, StudyWords words)
    {
        foreach (var (joint, share) in result.Joint.Zip(result.Plan.Judged))
        {
            string[] Those(Verdict verdict) =>
            [
                .. result.Languages.Where(language => language.Shares
                    .Any(one => one.Share == share && one.Judged.Verdict == verdict))
                    .Select(language => language.Language),
            ];
            yield return words.Joint(
                words.Percent(StudyPlan.Number(share)), joint.Verdict, Those(Verdict.Sufficient),
                Those(Verdict.Insufficient), Those(Verdict.NotShown));
        }

        yield return words.Margin(result);
        if (result.Plan.PlatformPeople is not null)
            yield return words.Extrapolated;
    }

    private static IEnumerable<string> Warnings(StudyResult result, StudyWords words)
    {
        if (result.Standing.IsExploratory)
            yield return words.Exploratory(result.Standing);
        if (!result.Shows)
            yield return words.ShowsNothing;
    }
}
