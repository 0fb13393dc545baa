using System.Text.Json;
using Aval.Authors;
using Aval.Building;
using Aval.Content;
using Aval.Corpus;
using Aval.Leases;
using Aval.Policies;
using Aval.Runs;
using Aval.Storage;
using Aval.Text.AboutMe;

namespace Aval.Recall.Erasing;

/// <summary>A release that held an erased item.</summary>
/// <param name="Release">NAME/ID.</param>
/// <param name="Rows">How many of its rows were of erased items.</param>
/// <param name="Successor">NAME/ID of the release that was made in its place; null = none was.</param>
/// <param name="Why">Why none was; null = one was, or it is a dry run.</param>
internal sealed record ErasedRelease(string Release, long Rows, string? Successor, string? Why)
{
    /// <summary>Its policy leaves out copies of what is excluded, and those of what is gone cannot be told any
    /// more.</summary>
    public bool LosesCopies { get; init; }

    /// <summary>Its exports.</summary>
    public IReadOnlyList<ErasedExport> Exports { get; init; } = [];
}

/// <summary>
/// Takes erased items out of retained releases: each that has a row of one is built again, under the same policy, as of
/// the same instant and at the same checkpoint, from content that has them no more, and its own rows are destroyed. By
/// the tokens of erased items and the release's lineage, so that a kill between content and releases loses nothing.
/// </summary>
internal sealed class ErasedReleases(Workspace workspace, string folder, EngineLimits limits, TimeProvider clock)
{
    private const string JournalName = "releases.jsonl";

    // What says that there was this release, and names nobody.
    private static readonly string[] Kept =
    [
        Manifest.FileName, ReleaseCommitment.SignatureFile, ReleaseCommitment.ProofFile, "accounting.json", "README.md",
        Withdrawal.RecallFile, Withdrawal.RecallProof,
    ];

    private readonly Destruction _destruction = new(folder);

    private string Journal => Path.Combine(folder, JournalName);

    /// <summary>The retained releases that have a row of an erased item, or one in which somebody else names an erased
    /// person.</summary>
    /// <param name="engine">Which knows the workspace's key.</param>
    /// <param name="tokens">Files of tokens; none = nothing was erased.</param>
    /// <param name="kept">What names erased persons in others' items.</param>
    public IReadOnlyList<(string Path, Manifest Manifest, long Rows)> Affected(
        Engine engine, IReadOnlyList<string> tokens, Needles kept)
    {
        if (tokens.Count == 0 || !Directory.Exists(workspace.Corpus))
            return [];
        ErasedTokens.Provide(engine);
        Masks(engine, kept);
        var affected = new List<(string, Manifest, long)>();
        RequireDropped();
        foreach (var release in Directory.GetDirectories(workspace.Corpus).Order(StringComparer.Ordinal)
            .SelectMany(corpus => ReleaseName.Retained(corpus).Order(StringComparer.Ordinal)))
        {
            var manifest = Manifest.Read(release);
            string[] lineage = [.. manifest.Lineage
                .Select(file => Path.Combine(workspace.Lineage, manifest.Corpus, manifest.Release, file.Path))];
            if (lineage.FirstOrDefault(path => !File.Exists(path)) is { } gone)
                throw AvalException.BadInput($"{gone}: the lineage of {manifest.Corpus}/{manifest.Release} is gone, so "
                    + "nobody can tell whether it has rows of what is to be erased. The erasure stays due. "
                    + "Restore the lineage, or remove that release, and run aval erase again.");
            var rows = lineage.Length == 0 ? 0 : engine.Scalar<long>("SELECT count(*) FROM ("
                + ErasedTokens.Among(tokens, ParquetFiles.Rows(lineage), "account", "row_key") + ")");
            rows += Naming(engine, release, manifest);
            if (rows > 0)
                affected.Add((release, manifest, rows));
        }

        return affected;
    }

    // The rows of a release that was dropped are looked at by nobody, and those of a drop that was killed are there.
    private void RequireDropped()
    {
        foreach (var release in Directory.GetDirectories(workspace.Corpus).SelectMany(ReleaseName.Releases))
        {
            if (DroppedRelease.Left(workspace, release) is not [var left, ..])
                continue;
            var name = $"{Path.GetFileName(Path.GetDirectoryName(release))}/{Path.GetFileName(release)}";
            throw AvalException.BadInput($"{left}: {name} was dropped, and this is still there: it may have rows of "
                + "what is to be erased. The erasure stays due. Run aval release drop "
                + $"{name} again, and aval erase after it.");
        }
    }

    private static void Masks(Engine engine, Needles kept)
    {
        RowKeys.Provide(engine);
        NamedPersons.Provide(engine);
        engine.Execute("CREATE OR REPLACE TEMP TABLE erasing_masks (service VARCHAR, row_key UUID, needles VARCHAR)");
        foreach (var some in kept.Masks.Chunk(1 << 10))
            engine.Execute($"""
                INSERT INTO erasing_masks
                SELECT part[1], row_key(part[1], part[2]), array_to_string(part[3:], chr(31))
                FROM (SELECT string_split(unnest({Engine.Literal(some)}), chr(31)) AS part)
                """);
    }

    // Where a policy masked them, there is nothing left of them.
    private static long Naming(Engine engine, string release, Manifest manifest)
    {
        string[] shards = [.. manifest.Files.Where(file => file.Rows is not null)
            .Select(file => Path.Combine(release, file.Path)).Where(File.Exists)];
        return shards.Length == 0 || !engine.Scalar<bool>("SELECT EXISTS (FROM erasing_masks)")
            ? 0
            : engine.Scalar<long>($"""
                SELECT count(*) FROM {ParquetFiles.Rows(shards)} AS shard JOIN erasing_masks USING (row_key)
                WHERE mask_persons(erasing_masks.service, shard.text, needles) <> shard.text
                """);
    }

    /// <summary>Makes a release without them in the place of one that has them, and destroys that one's rows.</summary>
    /// <param name="release">The folder of the one that has them.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="rows">How many it has.</param>
    /// <param name="erasedTo">The ledger size at which erasures are honoured.</param>
    /// <param name="requireStill">Asked when the new one is made and before anything is destroyed: refuses where an
    /// order has come meanwhile that preserves it.</param>
    /// <param name="watch">Told what is done.</param>
    public ErasedRelease Replace(
        string release, Manifest manifest, long rows, TreeSize erasedTo, Action requireStill,
        Action<BuildProgress> watch)
    {
        var name = $"{manifest.Corpus}/{manifest.Release}";
        string? successor = null, why = null;
        if (manifest.ReplayOnly)
            why = $"its policy {manifest.PolicyName} is replay-only, and nothing is built under it any more";
        else
            successor = Again(release, manifest, erasedTo, watch);
        requireStill();
        var corpus = Path.Combine(workspace.Corpus, manifest.Corpus);
        // A release that must not be used is not made usable by being made again.
        if (successor is not null && Withdrawal.Of(corpus, manifest.Release) is { } withdrawn
            && withdrawn.Successor != successor)
            new Withdrawal(successor.Split('/')[1], withdrawn.Successor, withdrawn.At).Record(corpus);
        // What it withdrew as a recall's release stays withdrawn when its recall.json is where nobody looks any more.
        foreach (var one in Withdrawal.By(release))
            (one with { Successor = successor ?? one.Successor }).Record(corpus);
        new Withdrawal(manifest.Release, successor, clock.UtcNow()).Record(corpus);
        var exports = ErasedExports.Destroy(workspace, _destruction, name, clock.UtcNow());
        // From here on a kill is gone on from: the release is not looked at by its lineage any more.
        Durable.AppendLine(Journal, JsonSerializer.Serialize(new Superseded(manifest.Corpus, manifest.Release)));
        Destroy(new Superseded(manifest.Corpus, manifest.Release));
        return new ErasedRelease(name, rows, successor, why)
        {
            Exports = exports,
            LosesCopies = successor is not null
                && PolicyReader.Parse(manifest.PolicyText, release).Rules.Any(rule => rule is Rule.Copies),
        };
    }

    /// <summary>Goes on with what a kill interrupted.</summary>
    public void Finish()
    {
        foreach (var line in Durable.ReadLines(Journal))
            Destroy(JsonSerializer.Deserialize<Superseded>(line)!);
        File.Delete(Journal);
        _destruction.Finish();
    }

    /// <summary>Destroys what builds that were killed, and engines that are gone, left of their work.</summary>
    /// <param name="isTaken">Something was taken from the content: what builds kept for the next (sketches, decisions)
    /// may tell of it, and is destroyed as a whole.</param>
    /// <returns>The corpora that are being built now, whose work was left alone.</returns>
    public IReadOnlyList<string> DestroyLeftovers(bool isTaken)
    {
        ExportPlace.DestroyLeft(workspace, _destruction);
        var building = new List<string>();
        foreach (var corpus in Directory.Exists(workspace.Corpus) ? Directory.GetDirectories(workspace.Corpus) : [])
        {
            var name = Path.GetFileName(corpus);
            try
            {
                using var held = HeldLease.Take(corpus, new Lease(
                    name, "erasure", clock.UtcNow().ToText(), clock.UtcNow().ToText(), "aval erase",
                    ProcessIdentity.Own));
                foreach (var work in new[]
                {
                    Path.Combine(workspace.Temporary, $"build-{name}"), Path.Combine(corpus, ".building"),
                    Path.Combine(workspace.Lineage, name, ".building"),
                })
                    _destruction.DestroyFolder(work);
                if (isTaken)
                    _destruction.DestroyFolder(KeptSketches.Of(workspace, CorpusName.Parse(name)));
                held.End();
            }
            catch (AvalException busy) when (busy.Exit is ExitCode.Busy)
            {
                building.Add(name);
            }
        }

        return building;
    }

    /// <summary>Destroys the outputs that are kept of erased accounts, by which the proofs of later releases would be
    /// made faster: those of the last release go with it, and of one that was dropped they stay behind.</summary>
    public void DestroyOutputs(Engine engine, Needles kept)
    {
        if (kept.Accounts.Count == 0 || !Directory.Exists(workspace.Lineage))
            return;
        engine.Execute("CREATE OR REPLACE TEMP TABLE erasing_outputs (account VARCHAR)");
        foreach (var some in kept.Accounts.Chunk(1 << 12))
            engine.Execute($"INSERT INTO erasing_outputs SELECT unnest({Engine.Literal(some)})");
        _destruction.Destroy(Directory.GetDirectories(workspace.Lineage)
            .Select(corpus => Path.Combine(corpus, AuthorOutputs.Directory)).Where(Directory.Exists)
            .SelectMany(cache => Directory.EnumerateFiles(cache, "*.parquet", SearchOption.AllDirectories))
            .Where(file => engine.Scalar<bool>(
                $"SELECT EXISTS (FROM {ParquetFiles.Rows(file)} SEMI JOIN erasing_outputs USING (account))"))
            .ToArray());
    }

    private string Again(string release, Manifest manifest, TreeSize erasedTo, Action<BuildProgress> watch)
    {
        var outcome = Pipeline.Build(
            workspace,
            new BuildRequest(
                PolicyReader.Parse(manifest.PolicyText, Path.Combine(release, Manifest.FileName)),
                CorpusName.Parse(manifest.Corpus), manifest.AsOf, manifest.LedgerSize, limits)
            {
                ErasedTo = new TreeSize(Math.Max(manifest.ErasedTo.Value, erasedTo.Value)),
                // What was recalled stays so: nobody whom it kept out comes back by somebody else's erasure.
                ProtectUntil = manifest.ProtectUntil,
                OnlyTakesOut = true,
                Clock = clock,
                Command = "aval erase",
            },
            watch);
        return outcome.Manifest.Release == manifest.Release
            ? throw new InvalidOperationException($"{release} was built again without what was erased, and is the same "
                + "release. Its rows were not destroyed.")
            : $"{manifest.Corpus}/{outcome.Manifest.Release}";
    }

    private void Destroy(Superseded old)
    {
        var corpus = Path.Combine(workspace.Corpus, old.Corpus);
        var (release, kept) = (
            Path.Combine(corpus, old.Release), Path.Combine(corpus, ReleaseName.SupersededFolder, old.Release));
        if (Directory.Exists(release) && Directory.Exists(kept))
        {
            // Restored from a backup that is older than the erasure. What is kept of it is kept already; its manifest
            // goes last, so that a kill leaves a release that everybody can read.
            DestroyRows(release);
            Directory.Delete(release, recursive: true);
            Durable.FlushDirectory(corpus);
        }
        else if (Directory.Exists(release))
        {
            FileModes.MakeReadableFolder(Path.Combine(corpus, ReleaseName.SupersededFolder));
            Durable.MoveDirectory(release, kept);
            Durable.FlushDirectory(corpus);
        }

        _destruction.DestroyFolder(Path.Combine(workspace.Lineage, old.Corpus, old.Release));
        if (Directory.Exists(kept))
            DestroyRows(kept);
    }

    private void DestroyRows(string release)
    {
        _destruction.Destroy(Directory.EnumerateFiles(release, "*", SearchOption.AllDirectories)
            .Where(file => !Kept.Contains(Path.GetRelativePath(release, file))).ToArray());
        foreach (var inner in Directory.GetDirectories(release))
            Directory.Delete(inner, recursive: true);
    }

    private sealed record Superseded(string Corpus, string Release);
}
