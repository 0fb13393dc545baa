namespace Aval;

/// <summary>Where a build, or the audit of one, is.</summary>
/// <param name="Stage">What it does, for people.</param>
/// <param name="Done">How much of the stage is done, 0–1.</param>
internal sealed record BuildProgress(string Stage, double Done);
