using Aval.Authors;
using Aval.Corpus;
using Aval.Decisions;
using Aval.Ledger;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Building;

/// <summary>
/// <em>commit</em>: a release's manifest, card and accounting, its signature, its entry in the ledger, and last its
/// name among the releases.
/// </summary>
internal sealed class Commit(Workspace workspace, BuildRequest request, BuildFolder folder)
{
    /// <summary>
    /// Whether an erasure was recorded since the inputs were loaded which a release of now must honour: what it touches
    /// is made again.
    /// </summary>
    public bool IsOvertaken(LoadedBuild loaded)
    {
        if (request.ErasedTo is not null)
            return false;
        using var choices = CommittedChoices.Open(workspace);
        var size = choices.Store.ChoicesSize;
        if (size.Value <= loaded.StoreSize)
            return false;
        bool Overtakes(ChoiceKind kind, DateTimeOffset madeAt, DateTimeOffset receivedAt) =>
            kind == ChoiceKind.Erasure && madeAt <= request.At.ProtectUntil && receivedAt <= request.At.ProtectUntil;
        // One that was carried out meanwhile is forgotten, and its items are in what was loaded.
        return choices.Read(CommittedChoices.Since(new TreeSize(loaded.StoreSize), size)).Any(one =>
                Overtakes(one.Choice.Kind, one.Choice.MadeAt, one.Choice.ReceivedAt))
            || choices.Store.AskingForgotten(size).Any(one => one.Index.Value >= loaded.StoreSize
                && Overtakes(one.Kind, one.MadeAt, one.ReceivedAt));
    }

    /// <summary>
    /// Writes what tells about the release, and makes it a release; null = the request's review did not want it.
    /// </summary>
    /// <param name="loaded">What was loaded.</param>
    /// <param name="common">What its parts have in common.</param>
    /// <param name="accounting">Every item, accounted for.</param>
    /// <param name="parts">Its parts, by bucket.</param>
    /// <param name="authors">Their authors.</param>
    /// <param name="touched">What of its base was looked at; null = it has none.</param>
    public BuildOutcome? Make(
        LoadedBuild loaded, string common, Accounting accounting, IReadOnlyList<FinishedPart> parts,
        ReleaseAuthors authors, TouchedBuckets? touched)
    {
        var manifest = Describe(loaded, accounting, parts, authors);
        var written = manifest.ToJson();
        Durable.Replace(Path.Combine(folder.Release, Manifest.FileName), written);
        Durable.FlushDirectory(folder.Shards);
        Durable.FlushDirectory(folder.Lineage);
        if (Existing(manifest) is { } existing)
            return new BuildOutcome(existing, Manifest.Read(existing), accounting, Existed: true);

        var reviewed = request.Review?.Invoke(new MadeRelease(
            folder.Release, folder.Lineage, manifest, accounting, touched));
        if (reviewed is Reviewed.Unwanted)
            return null;

        // It may have been served while this was built.
        Pipeline.RefuseOrdered(workspace, request);
        Pipeline.RefuseUnassessed(workspace, request);
        // Committed before it is visible: whoever sees a release can verify it. A kill in between leaves an entry of a
        // release that never came; the same build finds it again.
        var commitment = ReleaseCommitment.Make(workspace, manifest.Corpus, manifest.Release, written);
        Durable.Replace(Path.Combine(folder.Release, ReleaseCommitment.SignatureFile), commitment.Signature);
        Durable.Replace(Path.Combine(folder.Release, ReleaseCommitment.ProofFile), commitment.Proof);
        if (reviewed is Reviewed.Released { Recall: { } recall })
            ReleaseCommitment.EnterRecall(workspace, folder.Release, recall);
        Publish(manifest);
        FinishedParts.KeepForNext(
            Path.Combine(workspace.Lineage, manifest.Corpus),
            new LastRelease(
                manifest.Release, common, loaded.Log, loaded.Settings, loaded.AllSpelled,
                parts.ToDictionary(part => part.Bucket)),
            FinishedParts.Seal(workspace.ReadKey()));
        return new BuildOutcome(ReleaseOf(manifest), manifest, accounting, Existed: false);
    }

    private Manifest Describe(
        LoadedBuild loaded, Accounting accounting, IReadOnlyList<FinishedPart> parts, ReleaseAuthors authors)
    {
        var (size, erasedTo) = (new TreeSize(loaded.LedgerSize), new TreeSize(loaded.ErasedTo));
        var policy = request.Policy;
        var settings = workspace.Settings;
        var shards = parts.Select(part => part.Shard).ToArray();
        var release = ReleaseName.Of(
            request.AsOf, request.At.ProtectUntil, shards.Select(shard => shard.Sha256), policy.Sha256, size, erasedTo);
        var manifest = new Manifest(
            request.Corpus.Text, release, request.AsOf, settings.Controller, EngineVersion.Text,
            policy.Name, policy.Purpose.Name, policy.Basis.ToText(), policy.Sha256, policy.Text, policy.ReplayOnly,
            settings.Origin, size, erasedTo, loaded.Choices, loaded.Content, loaded.Imports,
            settings.Buckets, accounting.Total.Read, accounting.Total.Admitted,
            authors.Sign(
                folder.Authors, SigningKey.Read(workspace.SigningKeyFile), settings.Origin, request.Corpus, release),
            Files: shards,
            Lineage: [.. parts.Select(part => part.Lineage with { Path = Path.GetFileName(part.Lineage.Path) })],
            authors.Audit)
        {
            ProtectUntil = request.At.ProtectUntil,
            Orders = loaded.Orders,
            Services = settings.Services,
        };
        return manifest with
        {
            Files =
            [
                .. shards, Add("accounting.json", accounting.ToJson()),
                Add("README.md", DatasetCard.Of(manifest, policy, accounting)),
            ],
        };
    }

    private ManifestFile Add(string name, byte[] content)
    {
        var path = Path.Combine(folder.Release, name);
        Durable.Replace(path, content);
        return Shards.Describe(path, rows: null) with { Path = name };
    }

    // The release that says the same, when it is there already.
    private string? Existing(Manifest manifest)
    {
        var release = ReleaseOf(manifest);
        if (!Directory.Exists(release))
            return null;
        var there = Manifest.Read(release);
        if (there.SaysTheSameAs(manifest))
            return release;
        var why = string.Join("; ", there.DifferencesFrom(manifest).DefaultIfEmpty("its manifest was changed"));
        throw AvalException.Refused(
            $"{release}: this release exists and says something else, although it has the same shards: {why}. "
            + "Nothing was written. Build with a later --as-of, or into another corpus (--corpus).");
    }

    private void Publish(Manifest manifest)
    {
        FileModes.MakeAllPrivate(folder.Lineage);
        FileModes.MakeAllReadable(folder.Release);
        FileModes.MakeAllPrivate(Path.Combine(folder.Authors, ReleaseAuthors.AuditDirectory));
        // The lineage first: whoever sees a release finds where its rows came from.
        Durable.MoveDirectory(folder.Lineage, Path.Combine(workspace.Lineage, manifest.Corpus, manifest.Release));
        Durable.MoveDirectory(folder.Release, ReleaseOf(manifest));
    }

    private string ReleaseOf(Manifest manifest) => Path.Combine(workspace.Corpus, manifest.Corpus, manifest.Release);
}
