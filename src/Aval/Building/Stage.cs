namespace Aval.Building;

/// <summary>Into what a stage's work is cut: parts that know nothing of each other.</summary>
internal enum Partition
{
    /// <summary>It is one part.</summary>
    One,

    /// <summary>A part a bucket of accounts: each could be made by another machine.</summary>
    Bucket,
}

/// <summary>A stage of a build.</summary>
/// <param name="Name">Its name, as docs/formats/stages.md has it.</param>
/// <param name="Partition">Into what its work is cut.</param>
/// <param name="Run">Does it.</param>
internal sealed record Stage(string Name, Partition Partition, Action<BuildRun> Run);

/// <summary>How long a stage took.</summary>
internal sealed record StageTime(string Stage, TimeSpan Took);
