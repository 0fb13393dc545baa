namespace Aval.Policies;

/// <summary>A reason with its sentence. A rule can give no reason for which it has no words.</summary>
/// <param name="Reason">The stable reason.</param>
/// <param name="Sentence">The end of "It is out because …", for people who know no code.</param>
public sealed record Why(Reason Reason, string Sentence);
