using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>GDPR Art. 21(1): a protected person in what others wrote.</summary>
    /// <param name="Law">The article.</param>
    /// <param name="Protect">Who is protected; known minors are under every setting.</param>
    /// <param name="Action">What becomes of an item that names one.</param>
    public sealed record AboutMe(string? Law, Protected Protect, MentionAction Action) : Excluding(Form, Law)
    {
        private static readonly Why Objector = new(
            Reason.MentionsObjector, "it names somebody who is protected in what others write", Cites.Nothing);

        private static readonly Why MinorNamed = new(Reason.MentionsMinor, "it names a minor", Cites.Nothing);

        private static readonly RuleKey.Choice<Protected> Whom = new(
            "protect",
            new("objectors", Protected.Objectors),
            new("all-but-consenting", Protected.AllButConsenting),
            new("everyone", Protected.Everyone));

        private static readonly RuleKey.Choice<MentionAction> What = new(
            "action", new("mask", MentionAction.Mask), new("exclude", MentionAction.Exclude));

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "about-me",
            Article = "GDPR Art. 21(1)",
            Means = "protected persons in what others wrote: masked, or the item stays out.",
            Reasons = [MinorNamed, Objector],
            Keys = [Whom, What],
            Read = Read,
        };

        private static AboutMe? Read(string? law, YamlFields fields)
        {
            var (whom, what) = (Whom.Of(fields), What.Of(fields));
            return whom is { } protect && what is { } action ? new AboutMe(law, protect, action) : null;
        }

        internal override string ToSentence() =>
            $"{People} protected in what others write, and so is everybody who is known to be a minor. "
            + (Action is MentionAction.Mask
                ? "Where an item tags, mentions, answers or links to such a person, the names and handles by which it "
                    + "does are replaced by <PERSON>."
                : "An item that tags, mentions, answers or links to such a person stays out.")
            + " Names that stand free in a text are not looked for.";

        private string People => Protect switch
        {
            Protected.Objectors => "Whoever objected, asked for a restriction or had content erased is",
            Protected.AllButConsenting => "Whoever has not consented is",
            _ => "Everybody is",
        };

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) => Action is MentionAction.Mask
            ? []
            : [new(MinorNamed, $"{Fact.NamesMinor}"), new(Objector, $"{Fact.NamesProtected}")];
    }
}

/// <summary>Who is protected in what others write.</summary>
public enum Protected
{
    /// <summary>Whoever objected, also only to what others write; whoever is restricted; whoever had content
    /// erased.</summary>
    Objectors,

    /// <summary>Whoever has not consented.</summary>
    AllButConsenting,

    /// <summary>Everybody.</summary>
    Everyone,
}

/// <summary>What becomes of an item that names a protected person.</summary>
public enum MentionAction
{
    /// <summary>Names and handles are replaced.</summary>
    Mask,

    /// <summary>The item is out.</summary>
    Exclude,
}
