namespace Aval.Policies;

/// <summary>
/// One rule of a policy. A rule excludes items, before they are counted, or masks parts of the text of those that were
/// admitted, after it, or requires something without which there is no build; which of these is its type. Each is one
/// file of <c>Rules/</c>, with all there is to it: the words of a policy (<see cref="RuleForm"/>), what it does as SQL,
/// its sentence and its reasons. A rule that lacks one of these does not compile; <see cref="RuleForms.All"/> lists
/// them, and a test holds that none is forgotten there.
/// </summary>
public abstract partial record Rule
{
    private Rule(string id, string? law) => (Id, Law) = (id, law);

    /// <summary>Its kebab-case name: what accounting and cards print.</summary>
    public string Id { get; }

    /// <summary>The article and source it rests on; null when the policy does not say.</summary>
    public string? Law { get; }

    /// <summary>
    /// What it does, in full sentences on one line that a lawyer can read, unknowns included: for
    /// <c>aval policy show</c>, cards and comparisons.
    /// </summary>
    internal abstract string ToSentence();

    /// <summary>A rule that is switched off, with the reason that the card prints.</summary>
    public sealed record Off(string Id, string? Law, string Because) : Rule(Id, Law)
    {
        internal override string ToSentence() => $"Switched off: {Because}";
    }

    /// <summary>A rule that keeps items out: before they are counted, and each with a reason.</summary>
    public abstract record Excluding : Rule
    {
        private protected Excluding(RuleForm form, string? law)
            : base(form.Id, law)
        {
        }

        /// <summary>When it excludes and why, in the order in which its reasons are given.</summary>
        internal abstract IEnumerable<Exclusion> Exclusions(Policy policy);
    }

    /// <summary>
    /// A rule that replaces parts of the text of items that every other rule admits. It keeps nothing out by itself and
    /// has no reason to give; what is nothing but placeholders then is <c>empty</c>, and says so.
    /// </summary>
    public abstract record Masking : Rule
    {
        private protected Masking(RuleForm form, string? law)
            : base(form.Id, law)
        {
        }
    }

    /// <summary>
    /// A rule that is asked before anything is read, and once more before a release is committed: where it does not
    /// hold, no release is made. It keeps no item out.
    /// </summary>
    public abstract record Requiring : Rule
    {
        private protected Requiring(RuleForm form, string? law)
            : base(form.Id, law)
        {
        }
    }
}
