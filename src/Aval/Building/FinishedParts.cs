using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aval.Corpus;
using Aval.Decisions;
using Aval.Storage;

namespace Aval.Building;

/// <summary>What a part made.</summary>
/// <param name="Bucket">Which bucket.</param>
/// <param name="Input">What it was made from (<see cref="PlannedPart.Input"/>).</param>
/// <param name="Shard">The bucket's shard.</param>
/// <param name="Lineage">Its lineage.</param>
/// <param name="Counts">The decisions on its items, counted; those that were gathered, only where they are
/// admitted.</param>
/// <param name="Masked">What was replaced in the texts of its rows.</param>
internal sealed record FinishedPart(
    int Bucket, string Input, ManifestFile Shard, ManifestFile Lineage, DecisionCounts Counts,
    IReadOnlyList<Masked> Masked)
{
    /// <summary>The file with the outputs of its authors, where this process brought them; null = who needs them asks
    /// for them.</summary>
    [JsonIgnore]
    public string? Outputs { get; init; }
}

/// <summary>What the parts of a corpus's last release were made from.</summary>
/// <param name="Release">Its id.</param>
/// <param name="Common">What is common to all of them (<see cref="BuildPlan.Common"/>).</param>
/// <param name="Log">The last link of the log of imports that told of its content.</param>
/// <param name="Settings">SHA-256 of aval.yaml.</param>
/// <param name="AllSpelled">Whether all choices that there were are on accounts in the form that these settings
/// state, so that an account's choices are found by it.</param>
/// <param name="Parts">Its parts, by bucket.</param>
internal sealed record LastRelease(
    string Release, string? Common, string? Log, string? Settings, bool AllSpelled,
    IReadOnlyDictionary<int, FinishedPart> Parts);

/// <summary>
/// The parts of a build that are finished: <c>parts/NNN.json</c> below its working folder, each written when its files
/// are on disk. A part is believed when it bears the seal of this workspace and its files have the hashes that it
/// states.
/// </summary>
internal static class FinishedParts
{
    /// <summary>Their folder below a build's working folder.</summary>
    public const string FolderName = "parts";

    private const string LastName = "parts.json";

    /// <summary>The key under which plans and parts are sealed.</summary>
    public static byte[] Seal(WorkspaceKey key) => key.MacKey("aval/parts/v1");

    private static readonly JsonSerializerOptions Options =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Keeps a part whose files are on disk.</summary>
    public static void Keep(string working, FinishedPart part, byte[] seal)
    {
        FileModes.MakePrivateFolder(Path.Combine(working, FolderName));
        SealedFile.WriteBeside(
            PathOf(working, part.Bucket), JsonSerializer.SerializeToUtf8Bytes(part, Options), seal);
    }

    /// <summary>A finished part, when it was made from this and its files are as it left them; null = it must be
    /// made.</summary>
    public static FinishedPart? Find(string working, BuildPlan plan, PlannedPart planned, byte[] seal) =>
        Read<FinishedPart>(PathOf(working, planned.Bucket), seal) is { } part && part.Input == planned.Input
            && HashedFile.Is(Path.Combine(plan.Release, part.Shard.Path), part.Shard.Sha256)
            && HashedFile.Is(Path.Combine(plan.Lineage, Path.GetFileName(part.Lineage.Path)), part.Lineage.Sha256)
            ? part
            : null;

    /// <summary>Whether a part says that it is finished, made from this; its files are not looked at.</summary>
    public static bool IsStated(string working, PlannedPart planned, byte[] seal) =>
        Read<FinishedPart>(PathOf(working, planned.Bucket), seal)?.Input == planned.Input;

    /// <summary>Keeps, for the next build of the corpus, what the parts of its last release were made from.</summary>
    /// <param name="lineages">The corpus's folder of lineage.</param>
    /// <param name="made">The parts and what all of them were made from.</param>
    /// <param name="seal">The key of this workspace's seal.</param>
    public static void KeepForNext(string lineages, LastRelease made, byte[] seal)
    {
        ArgumentNullException.ThrowIfNull(made);
        SealedFile.Write(
            Path.Combine(lineages, LastName),
            JsonSerializer.SerializeToUtf8Bytes(
                new Last(
                    made.Release, made.Common, made.Log, made.Settings, made.AllSpelled, [.. made.Parts.Values]),
                Options),
            seal);
    }

    /// <summary>The parts of the corpus's last release; null = nobody knows what they were made from.</summary>
    /// <param name="lineages">The corpus's folder of lineage.</param>
    /// <param name="seal">The key of this workspace's seal.</param>
    public static LastRelease? OfLastRelease(string lineages, byte[] seal) =>
        Read<Last>(Path.Combine(lineages, LastName), seal) is { } last
            ? new LastRelease(
                last.Release, last.Common, last.Log, last.Settings, last.AllSpelled,
                last.Parts.ToDictionary(part => part.Bucket))
            : null;

    /// <summary>
    /// Takes over a part of the corpus's last release that was made from the very same: its files are linked, and not
    /// written again.
    /// </summary>
    /// <param name="last">The last release.</param>
    /// <param name="releases">The corpus's folder of releases.</param>
    /// <param name="lineages">And of lineage.</param>
    /// <param name="working">The build's working folder.</param>
    /// <param name="plan">The build's plan.</param>
    /// <param name="planned">The part.</param>
    /// <param name="seal">The key of this workspace's seal.</param>
    /// <returns>The part; null = it must be made.</returns>
    public static FinishedPart? TakeOver(
        LastRelease last, string releases, string lineages, string working, BuildPlan plan, PlannedPart planned,
        byte[] seal)
    {
        if (!last.Parts.TryGetValue(planned.Bucket, out var part) || part.Input != planned.Input)
            return null;
        var shard = Path.Combine(releases, last.Release, part.Shard.Path);
        var lineage = Path.Combine(lineages, last.Release, Path.GetFileName(part.Lineage.Path));
        if (!HashedFile.Is(shard, part.Shard.Sha256) || !HashedFile.Is(lineage, part.Lineage.Sha256))
            return null;
        Durable.LinkOrCopy(shard, Path.Combine(plan.Release, part.Shard.Path));
        Durable.LinkOrCopy(lineage, Path.Combine(plan.Lineage, Path.GetFileName(part.Lineage.Path)));
        Keep(working, part, seal);
        return part;
    }

    private static string PathOf(string working, int bucket) =>
        Path.Combine(working, FolderName, string.Create(CultureInfo.InvariantCulture, $"{bucket:D3}.json"));

    // What somebody else wrote there is made again.
    private static T? Read<T>(string path, byte[] seal)
        where T : class =>
        SealedFile.Read(path, seal) is { } content ? JsonSerializer.Deserialize<T>(content, Options) : null;

    private sealed record Last(
        string Release, string? Common, string? Log, string? Settings, bool AllSpelled,
        IReadOnlyList<FinishedPart> Parts);
}
