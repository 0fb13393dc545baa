using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>Adults only.</summary>
    /// <param name="Law">The article.</param>
    /// <param name="AtLeast">Years, 1–120.</param>
    /// <param name="WhenWritten">The author was an adult when the item was written.</param>
    /// <param name="AtBuild">The author is an adult as of the build.</param>
    public sealed record Age(string? Law, int AtLeast, bool WhenWritten, bool AtBuild) : Excluding(Form, Law)
    {
        private static readonly Why Minor = new(Reason.Minor, "its author was or is a minor", Cites.Nothing);

        private static readonly Why Unknown = new(
            Reason.AgeUnknown, "its author's age, or the date it was written, is unknown", Cites.Nothing);

        private static readonly RuleKey.Whole Years = new("at-least", 1, 120);
        private static readonly RuleKey.Words When = new("when", WordForm.OneOf("\"when\"", "written", "build"));

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "age",
            Article = null,
            Means = "How old its author must be, as of the build, or have been when the item was written.",
            Reasons = [Minor, Unknown],
            Keys = [Years, When, RuleKey.Unknown],
            Read = Read,
        };

        private static Age? Read(string? law, YamlFields fields)
        {
            var when = When.Of(fields);
            return Years.Of(fields) is { } years
                ? new Age(law, years, when.Contains("written"), when.Contains("build"))
                : null;
        }

        internal override string ToSentence() =>
            $"Only items of authors who were at least {AtLeast} years old {Moments} enter. A birth year is taken as "
            + "its 31 December; an author of unknown age stays out"
            + $"{(WhenWritten ? ", and so does an item of unknown date" : "")}.";

        private string Moments => (WhenWritten, AtBuild) switch
        {
            (true, true) => "both when the item was written and as of the release",
            (true, false) => "when the item was written",
            (false, true) => "as of the release",
            (false, false) => "at some time",
        };

        internal override IEnumerable<Exclusion> Exclusions(Policy policy)
        {
            // A birth year is taken as its 31 December, so nobody is thought older than they may be.
            FactSql adultFrom = $"make_date({Fact.BirthYear} + {AtLeast}, 12, 31)";
            if (AtBuild)
                yield return new(Minor, $"{Fact.BirthYear} IS NOT NULL AND as_of() < {adultFrom}");
            if (WhenWritten)
            {
                yield return new(Minor, $"""
                    {Fact.BirthYear} IS NOT NULL AND {Fact.CreatedAt} IS NOT NULL AND {Fact.CreatedAt} < {adultFrom}
                    """);
            }

            yield return new(Unknown, $"{Fact.BirthYear} IS NULL");
            if (WhenWritten)
                yield return new(Unknown, $"{Fact.CreatedAt} IS NULL");
        }
    }
}
