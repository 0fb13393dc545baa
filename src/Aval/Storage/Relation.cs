namespace Aval.Storage;

/// <summary>
/// A relation that a room leaves in the engine for the rooms above it. No type says what crosses there, so each room
/// lists its own in <c>Relations.cs</c>, and a test holds the lists against what an engine has after a small build.
/// </summary>
/// <param name="Name">As SQL names it.</param>
/// <param name="Columns">In order, each with its type, as <c>service VARCHAR, item_id VARCHAR</c>; <c>, …</c> at the
/// end: others follow, which are not the same for everybody.</param>
internal sealed record Relation(string Name, string Columns);
