namespace Aval.Policies;

/// <summary>
/// One way in which a rule of a policy excludes. Each ground owns one bit of a decision's mask, in the policy's order
/// (but a share is asked last), so the lowest set bit is the first exclusion, a mask of zero is an admission, and what
/// each rule would have done alone can be counted from the masks.
/// </summary>
internal sealed record Ground
{
    private readonly Exclusion _exclusion;

    internal Ground(int bit, string ruleId, Exclusion exclusion) =>
        (Bit, RuleId, _exclusion) = (bit, ruleId, exclusion);

    /// <summary>Its place in the mask, 0–62.</summary>
    public int Bit { get; }

    /// <summary>The rule it belongs to.</summary>
    public string RuleId { get; }

    /// <summary>The reason it gives, with its sentence.</summary>
    public Why Why => _exclusion.Why;

    /// <summary>The reason it gives.</summary>
    public Reason Reason => Why.Reason;

    /// <summary>Whether it is decided once an account or once an item.</summary>
    internal Reach Reach => When.Reach;

    /// <summary>SQL, true = excluded. NULL counts as true: unknown never means allowed.</summary>
    internal FactSql When => _exclusion.When;

    /// <summary>Whether its predicate looks at a fact.</summary>
    internal bool Reads(Fact fact) => When.Facts.Contains(fact);
}

/// <summary>A policy as grounds, so that decisions are made set-wise by the engine.</summary>
internal static class Grounds
{
    /// <summary>All grounds of a policy, in order.</summary>
    public static IReadOnlyList<Ground> Of(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var grounds = new List<Ground>();
        void Add(string rule, IEnumerable<Exclusion> exclusions)
        {
            foreach (var exclusion in exclusions)
                grounds.Add(new Ground(grounds.Count, rule, exclusion));
        }

        foreach (var standing in StandingRule.Before(policy))
            Add(standing.Id, standing.Exclusions);
        foreach (var rule in policy.Rules.OfType<Rule.Excluding>().Where(rule => rule is not Rule.Share))
            Add(rule.Id, rule.Exclusions(policy));
        foreach (var standing in StandingRule.Last)
            Add(standing.Id, standing.Exclusions);
        // What is not drawn would have been let in: whatever else speaks against an item is the reason that counts.
        foreach (var share in policy.Rules.OfType<Rule.Share>())
            Add(share.Id, share.Exclusions(policy));
        return grounds.Count <= 62
            ? grounds
            : throw new InvalidOperationException($"{grounds.Count} grounds do not fit into a mask of 62.");
    }
}
