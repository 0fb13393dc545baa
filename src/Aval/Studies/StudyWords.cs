using System.Globalization;

namespace Aval.Studies;

/// <summary>How a result is told in one language.</summary>
internal abstract class StudyWords
{
    /// <summary>English.</summary>
    public static StudyWords English { get; } = new StudyWordsEnglish();

    /// <summary>French.</summary>
    public static StudyWords French { get; } = new StudyWordsFrench();

    /// <summary>German.</summary>
    public static StudyWords German { get; } = new StudyWordsGerman();

    /// <summary>What stands before the question.</summary>
    public abstract string Title { get; }

    /// <summary>Heading of what came out.</summary>
    public abstract string Found { get; }

    /// <summary>Heading of who consented.</summary>
    public abstract string WhoConsented { get; }

    /// <summary>Heading of what does not follow.</summary>
    public abstract string DoesNotFollow { get; }

    /// <summary>Heading of where it comes from.</summary>
    public abstract string Origin { get; }

    /// <summary>What this is no proof of.</summary>
    public abstract string Limits { get; }

    /// <summary>What nobody recorded and therefore nobody can weigh.</summary>
    public abstract string CannotWeigh { get; }

    /// <summary>That a curve was continued.</summary>
    public abstract string Extrapolated { get; }

    /// <summary>A control failed.</summary>
    public abstract string ShowsNothing { get; }

    /// <summary>What stands between the whole and the parts of a number.</summary>
    protected virtual char Point => ',';

    /// <summary>A part: 3.1 %.</summary>
    public string Percent(double part) =>
        (part * 100).ToString("0.##", CultureInfo.InvariantCulture).Replace('.', Point) + " %";

    /// <summary>A verdict.</summary>
    public abstract string Of(Verdict verdict);

    /// <summary>What was asked, and of whom.</summary>
    public abstract string Asked(StudyResult result);

    /// <summary>What came out of a share, in all languages and in each.</summary>
    public abstract string Joint(
        string share, Verdict verdict, IReadOnlyList<string> sufficient, IReadOnlyList<string> insufficient,
        IReadOnlyList<string> notShown);

    /// <summary>What counts as enough.</summary>
    public abstract string Margin(StudyResult result);

    /// <summary>That the plan came too late.</summary>
    public abstract string Exploratory(Standing standing);

    /// <summary>Who consented, beside everybody.</summary>
    public abstract string Weighed(StudyResult result);

    /// <summary>One language: those who consented, as many drawn, and as many drawn to be alike.</summary>
    public abstract string Compared(string language, string consenting, string asMany, string alike);

    /// <summary>Where it comes from.</summary>
    public abstract string OriginOf(StudyResult result);

    /// <summary>Some languages after a word; nothing where there are none.</summary>
    protected static string Some(string what, IReadOnlyList<string> languages) =>
        languages.Count == 0 ? "" : $" {what}: {string.Join(", ", languages)}.";

    /// <summary>A number of people.</summary>
    protected static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);
}
