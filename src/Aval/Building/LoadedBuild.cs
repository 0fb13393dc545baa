using System.Text.Json;
using Aval.Decisions;
using Aval.Storage;

namespace Aval.Building;

/// <summary>
/// What <em>load</em> and <em>gather</em> found out and later stages state: with the plan and the parts, all that a
/// process needs to go on with a build that another one began (docs/formats/stages.md).
/// </summary>
/// <param name="AtCheckpoint">The ledger size that was asked for; null = none was.</param>
/// <param name="AskedErasedTo">And for erasures.</param>
/// <param name="Settings">SHA-256 of aval.yaml, as 64 hexadecimal digits.</param>
/// <param name="Content">What content there was.</param>
/// <param name="Imports">The imports that were looked at.</param>
/// <param name="RejectedLines">Lines that they could not take.</param>
/// <param name="LedgerSize">Choices with an index below it count.</param>
/// <param name="ErasedTo">Erasures with an index below it count too.</param>
/// <param name="StoreSize">How far the store's choices went when they were read.</param>
/// <param name="Choices">How many of those that count had been made and received.</param>
/// <param name="Unmatched">How many of them are about what the content does not know.</param>
/// <param name="Items">How many items there are.</param>
/// <param name="Gathered">The decisions on content left in place that is excluded, counted.</param>
internal sealed record LoadedBuild(
    long? AtCheckpoint, long? AskedErasedTo, string Settings, string Content, IReadOnlyList<string> Imports,
    long RejectedLines, long LedgerSize, long ErasedTo, long StoreSize, long Choices, long Unmatched, long Items,
    DecisionCounts Gathered)
{
    /// <summary>
    /// How many items <em>match</em> let in though they say what an excluded item says; null = no rule asks.
    /// </summary>
    public long? LetIn { get; init; }

    /// <summary>The entries of the orders that count.</summary>
    public IReadOnlyList<long> Orders { get; init; } = [];

    /// <summary>Whether all choices are on accounts in their form (<see cref="Inputs.AllSpelled"/>).</summary>
    public required bool AllSpelled { get; init; }

    /// <summary>The last link of the log of imports that told of the content.</summary>
    public required string Log { get; init; }

    /// <summary>Its name in a build's working folder.</summary>
    public const string FileName = "loaded.json";

    /// <summary>Until when what protects counts.</summary>
    public required string ProtectUntil { get; init; }

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>What was found out.</summary>
    public static LoadedBuild Of(
        Workspace workspace, BuildRequest request, Inputs inputs, long unmatched, long read) => new(
            request.AtCheckpoint?.Value, request.ErasedTo?.Value, SettingsOf(workspace), inputs.Content.Sha,
            inputs.Content.Imports, inputs.Content.RejectedLines, inputs.LedgerSize.Value, inputs.ErasedTo.Value,
            inputs.StoreSize.Value, inputs.Choices, unmatched, read, DecisionCounts.None)
        {
            ProtectUntil = request.At.ProtectUntil.ToText(),
            Log = inputs.Content.Log,
            AllSpelled = inputs.AllSpelled,
        };

    /// <summary>What a workspace's settings are, as a hash of the aval.yaml that they were read from, which may say
    /// something else by now: with others, everything may be another.</summary>
    public static string SettingsOf(Workspace workspace) => workspace.Settings.Sha256 is { Length: 64 } sha256
        ? sha256
        : throw new InvalidOperationException($"{workspace.Root}: these settings were read from no file.");

    /// <summary>Writes it.</summary>
    public void Write(string working, byte[] seal) =>
        SealedFile.Write(Path.Combine(working, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Options), seal);

    /// <summary>Reads it.</summary>
    /// <exception cref="AvalException">Bad input: there is none, or somebody else wrote it.</exception>
    public static LoadedBuild Read(string working, byte[] seal)
    {
        var path = Path.Combine(working, FileName);
        return SealedFile.Read(path, seal) is { } content
            ? JsonSerializer.Deserialize<LoadedBuild>(content, Options)!
            : throw AvalException.BadInput($"{path}: expected what a build that was submitted had loaded, with this "
                + "workspace's seal. No release was made. Run the build again: it loads afresh, and finished parts "
                + "stay.");
    }

    /// <summary>The build that was asked for.</summary>
    public BuildRequest Request(BuildPlan plan, CorpusName corpus, EngineLimits limits) => new(
        plan.Policy, corpus, plan.Instant, Size(AtCheckpoint), limits)
    {
        ErasedTo = Size(AskedErasedTo),
        ProtectUntil = Instant.Parse(ProtectUntil, "protect_until"),
    };

    private static TreeSize? Size(long? entries) => entries is { } size ? new TreeSize(size) : null;
}
