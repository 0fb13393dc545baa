using Aval.Authors;
using Aval.Corpus;
using Aval.Decisions;
using Aval.Ledger;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Building;

/// <summary>
/// A release in the making. It holds the corpus's lock; it writes into a hidden directory beside the releases; nothing
/// of it is a release until <see cref="Complete"/> has renamed it into place. Disposing it without that leaves nothing.
/// </summary>
public sealed class Draft : IDisposable
{
    private const string Hidden = ".building";
    private readonly FileLock _lock;
    private readonly string _release;
    private readonly string _lineage;

    private Draft(FileLock held, string working, string release, string lineage)
    {
        _lock = held;
        Working = working;
        _release = release;
        _lineage = lineage;
    }

    /// <summary>Working files that are not part of the release.</summary>
    public string Working { get; }

    /// <summary>Where the gathered rows lie: below <see cref="Working"/>.</summary>
    public string Stage => Path.Combine(Working, "gathered");

    /// <summary>Where the shards are written.</summary>
    public string Shards => Path.Combine(_release, "shards");

    /// <summary>Where the tree of its authors and the audit sidecar are written.</summary>
    public string Authors => Path.Combine(_release, ReleaseAuthors.Directory);

    /// <summary>Where the lineage is written.</summary>
    public string Lineage => _lineage;

    /// <summary>Takes the corpus's lock and clears away what a killed build left.</summary>
    /// <exception cref="AvalException">Busy: this corpus is being built.</exception>
    public static Draft Begin(Workspace workspace, CorpusName corpus)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(corpus);
        var releases = Path.Combine(workspace.Corpus, corpus.Text);
        var lineages = Path.Combine(workspace.Lineage, corpus.Text);
        FileModes.MakeReadableFolder(releases);
        FileModes.MakePrivateFolder(lineages);
        var held = FileLock.Acquire(Path.Combine(releases, ".lock"), $"the corpus \"{corpus}\"", TimeSpan.FromSeconds(10));
        var draft = new Draft(held, Path.Combine(workspace.Temporary, $"build-{corpus}"), Path.Combine(releases, Hidden), Path.Combine(lineages, Hidden));
        draft.Clear();
        // Renaming two directories is not one step: a kill between them leaves a lineage whose release never came.
        foreach (var orphan in Directory.EnumerateDirectories(lineages).Where(path =>
            Path.GetFileName(path) != AuthorOutputs.Directory
            && !Directory.Exists(Path.Combine(releases, Path.GetFileName(path)))))
            Directory.Delete(orphan, recursive: true);
        // Until it is a release, nobody else has anything to look for in it.
        foreach (var directory in new[] { draft.Working, draft.Shards, draft.Authors, draft.Lineage })
            FileModes.MakePrivateFolder(directory);
        return draft;
    }

    /// <summary>Writes what tells about the release, and makes it a release.</summary>
    public BuildOutcome Complete(Workspace workspace, BuildRequest request, Inputs inputs, Accounting accounting, IReadOnlyList<ManifestFile> shards, IReadOnlyList<ManifestFile> lineage, ReleaseAuthors authors)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(accounting);
        ArgumentNullException.ThrowIfNull(authors);
        var policy = request.Policy;
        var release = ReleaseName.Of(request.AsOf, shards.Select(shard => shard.Sha256), policy.Sha256, inputs.LedgerSize, inputs.ErasedTo);
        var manifest = new Manifest(
            request.Corpus.Text, release, request.AsOf, workspace.Settings.Controller, EngineVersion.Text,
            policy.Name, policy.Purpose.Name, policy.Basis.ToText(), policy.Sha256, policy.Text, policy.ReplayOnly,
            workspace.Settings.Origin, inputs.LedgerSize, inputs.ErasedTo, inputs.Choices, inputs.Content.Sha, inputs.Content.Imports,
            workspace.Settings.Buckets, accounting.Total.Read, accounting.Total.Admitted,
            authors.Sign(Authors, SigningKey.Read(workspace.SigningKeyFile), workspace.Settings.Origin, request.Corpus, release),
            Files: shards, Lineage: [.. lineage.Select(file => file with { Path = Path.GetFileName(file.Path) })], authors.Audit)
        {
            Services = workspace.Settings.Services,
        };

        manifest = manifest with { Files = [.. shards, Add("accounting.json", accounting.ToJson()), Add("README.md", DatasetCard.Of(manifest, policy, accounting))] };
        var written = manifest.ToJson();
        Durable.Replace(Path.Combine(_release, Manifest.FileName), written);
        Durable.FlushDirectory(Shards);
        Durable.FlushDirectory(_lineage);
        if (Existing(workspace, request.Corpus, manifest) is { } existing)
            return new BuildOutcome(existing, Manifest.Read(existing), accounting, Existed: true);

        // Committed before it is visible: whoever sees a release can verify it. A kill in between leaves an entry of a
        // release that never came; the same build finds it again.
        var commitment = ReleaseCommitment.Make(workspace, manifest.Corpus, manifest.Release, written);
        Durable.Replace(Path.Combine(_release, ReleaseCommitment.SignatureFile), commitment.Signature);
        Durable.Replace(Path.Combine(_release, ReleaseCommitment.ProofFile), commitment.Proof);
        return Publish(workspace, request.Corpus, manifest, accounting);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clear();
        _lock.Dispose();
    }

    private ManifestFile Add(string name, byte[] content)
    {
        var path = Path.Combine(_release, name);
        Durable.Replace(path, content);
        return Corpus.Shards.Describe(path, rows: null) with { Path = name };
    }

    // The release that says the same, when it is there already.
    private static string? Existing(Workspace workspace, CorpusName corpus, Manifest manifest)
    {
        var release = Path.Combine(workspace.Corpus, corpus.Text, manifest.Release);
        if (!Directory.Exists(release))
            return null;
        var there = Manifest.Read(release);
        if (there.SaysTheSameAs(manifest))
            return release;
        var why = string.Join("; ", there.DifferencesFrom(manifest).DefaultIfEmpty("its manifest was changed"));
        throw AvalException.Refused(
            $"{release}: this release exists and says something else, although it has the same shards: {why}. Nothing was written. "
            + "Build with a later --as-of, or into another corpus (--corpus).");
    }

    private BuildOutcome Publish(Workspace workspace, CorpusName corpus, Manifest manifest, Accounting accounting)
    {
        var release = Path.Combine(workspace.Corpus, corpus.Text, manifest.Release);
        FileModes.MakeAllPrivate(_lineage);
        FileModes.MakeAllReadable(_release);
        FileModes.MakeAllPrivate(Path.Combine(Authors, ReleaseAuthors.AuditDirectory));
        // The lineage first: whoever sees a release finds where its rows came from.
        Durable.MoveDirectory(_lineage, Path.Combine(workspace.Lineage, corpus.Text, manifest.Release));
        Durable.MoveDirectory(_release, release);
        return new BuildOutcome(release, manifest, accounting, Existed: false);
    }

    private void Clear()
    {
        foreach (var directory in new[] { Working, _release, _lineage }.Where(Directory.Exists))
            Directory.Delete(directory, recursive: true);
    }
}
