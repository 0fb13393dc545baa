using System.Text.Json;
using System.Text.Json.Serialization;
using Aval.Decisions;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Building;

/// <summary>One part of a stage over buckets.</summary>
/// <param name="Bucket">Which.</param>
/// <param name="Input">SHA-256 of what the part reads, as 64 hexadecimal digits: content, facts, policy and version,
/// and not the instant where nothing depends on it. The same input gives the same output.</param>
/// <param name="Content">The files with rows of this bucket.</param>
/// <param name="Facts">The files of its slice of the facts, and of what was gathered for it.</param>
/// <param name="Bytes">About how many bytes of the content's files are rows of this bucket.</param>
internal sealed record PlannedPart(
    int Bucket, string Input, IReadOnlyList<string> Content, IReadOnlyList<FactsFile> Facts, long Bytes)
{
    /// <summary>Those of its facts that lie in one folder of the build.</summary>
    public IEnumerable<FactsFile> FactsIn(string folder) =>
        Facts.Where(file => file.Path.StartsWith(folder + "/", StringComparison.Ordinal));

    /// <summary>Whether any item lies in it, or was resolved into it.</summary>
    [JsonIgnore]
    public bool HasRows => Content.Count > 0 || FactsIn(AdmitStage.ResolvedFolder).Any();
}

/// <summary>A file that crosses between stages.</summary>
/// <param name="Path">Below the build's working folder, with forward slashes.</param>
/// <param name="Sha256">64 hexadecimal digits: held against the file before it is read.</param>
internal sealed record FactsFile(string Path, string Sha256);

/// <summary>
/// What the parts of a build need to know, and all that they know: any process that reads this file and the files that
/// it names makes the same part (docs/formats/stages.md).
/// </summary>
/// <param name="Engine">The version that planned: another may make other bytes.</param>
/// <param name="AsOf">The instant of the build.</param>
/// <param name="Buckets">Into how many buckets accounts are spread.</param>
/// <param name="PolicyText">The policy, verbatim.</param>
/// <param name="PolicyPath">Where it was read from, for messages.</param>
/// <param name="Nobody">The mask of an author of whom nothing is known.</param>
/// <param name="Erasure">What of the erasures is to be asked of an item.</param>
/// <param name="HasNamed">Choices name items, so <c>named/</c> is there.</param>
/// <param name="HasContested">Items have several versions, so <c>contested/</c> and <c>resolved/</c> are there.</param>
/// <param name="IsLater">Some content was observed after the instant, so each row is asked.</param>
/// <param name="Release">The folder that becomes the release.</param>
/// <param name="Lineage">The folder that becomes its lineage.</param>
/// <param name="Erased">Items that erasures took; null = none.</param>
/// <param name="Parts">One a bucket, ascending; of a build that takes over what nothing touches, the others.</param>
internal sealed record BuildPlan(
    string Engine, string AsOf, int Buckets, string PolicyText, string PolicyPath, long Nobody, string Erasure,
    bool HasNamed, bool HasContested,
    bool IsLater, string Release, string Lineage, FactsFile? Erased, IReadOnlyList<PlannedPart> Parts)
{
    /// <summary>What each part's input begins with, whatever its bucket: versions, the policy's grounds and
    /// treatments. Where it is another one, every part is.</summary>
    public string Common { get; init; } = "";

    /// <summary>Which program planned it, to the letter.</summary>
    public string Program { get; init; } = "";

    /// <summary>Its name in a build's working folder.</summary>
    public const string FileName = "plan.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>The instant.</summary>
    [JsonIgnore]
    public DateTimeOffset Instant => Aval.Instant.Parse(AsOf, "as_of");

    /// <summary>What orders keep out.</summary>
    public IReadOnlyList<OrderedOut> Ordered { get; init; } = [];

    /// <summary>The policy, with these.</summary>
    [JsonIgnore]
    public Policy Policy
    {
        get => field ??= PolicyReader.Parse(PolicyText, PolicyPath) with { Ordered = Ordered };
        init;
    }

    /// <summary>The decisions that the parts carry out.</summary>
    public ItemDecisions Decisions() => ItemDecisions.Again(Policy, Nobody, Enum.Parse<ErasureCheck>(Erasure));

    /// <summary>Writes it.</summary>
    public void Write(string working, byte[] seal) =>
        SealedFile.Write(Path.Combine(working, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Options), seal);

    /// <summary>Reads the plan of a build.</summary>
    /// <exception cref="AvalException">Bad input: there is none, or somebody else wrote it.</exception>
    public static BuildPlan Read(string working, byte[] seal) => Find(working, seal)
        ?? throw AvalException.BadInput(
            $"{Path.Combine(working, FileName)}: expected the plan of a build that is under way, with this workspace's "
            + "seal. Nothing was done. A plan is there from the end of loading until the release is committed.");

    /// <summary>The same; null = there is none.</summary>
    public static BuildPlan? Find(string working, byte[] seal) =>
        SealedFile.Read(Path.Combine(working, FileName), seal) is { } content
            ? JsonSerializer.Deserialize<BuildPlan>(content, Options)
            : null;

    /// <summary>Refuses a plan of another program, also of the same version: it would make other bytes.</summary>
    /// <exception cref="AvalException">Bad input.</exception>
    public void RequireOwnVersion(string working)
    {
        if (Program != EngineVersion.Program)
            throw AvalException.BadInput(
                $"{Path.Combine(working, FileName)}: the build was planned by {Program}, and this is "
                + $"{EngineVersion.Program}. Nothing was done. Give every task the same program (--program).");
    }
}
