namespace Aval.Policies;

/// <summary>One way in which a rule excludes: why, and the predicate that says when.</summary>
/// <param name="Why">The reason, with its sentence.</param>
/// <param name="When">SQL, true = excluded. NULL counts as true: unknown never means allowed.</param>
internal sealed record Exclusion(Why Why, FactSql When);
