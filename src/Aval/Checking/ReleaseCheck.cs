using System.Security.Cryptography;
using Aval.Authors;
using Aval.Building;
using Aval.Content;
using Aval.Corpus;
using Aval.Ledger;

namespace Aval.Checking;

/// <summary>Whether the releases on disk are those that were committed, and what they were made from is
/// there.</summary>
internal static class ReleaseCheck
{
    public static IEnumerable<string> Faults(Workspace workspace)
    {
        var keys = LedgerKeys.Of(workspace);
        var authors = VrfKey.Read(workspace.VrfKeyFile).Public.ToString();
        var imports = ImportLog.Read(workspace).Select(record => record.ImportId).ToHashSet(StringComparer.Ordinal);
        foreach (var headless in Folders(workspace)
            .Where(folder => !File.Exists(Path.Combine(folder, Manifest.FileName))))
            yield return $"{headless}: this release has no {Manifest.FileName}, so no command sees it. Restore it from "
                + $"a copy, or build it again with {Inputs} that it was built with.";
        foreach (var lost in Corpora(workspace).SelectMany(Recalls))
            yield return lost;
        foreach (var release in Releases(workspace))
        {
            if (Refusal(() => DroppedRelease.Of(release)) is { } damaged)
            {
                yield return damaged;
                continue;
            }

            if (DroppedRelease.Of(release) is not null)
            {
                foreach (var left in Dropped(workspace, release, keys))
                    yield return left;
                continue;
            }

            if (Refusal(() => Require(workspace, release, keys)) is { } fault)
                yield return $"{release}: {fault} It is not what was committed: restore it from a copy, or build it "
                    + $"again with {Inputs} that its {Manifest.FileName} states: after an erasure that may be another "
                    + "release.";
            if (Refusal(() => Manifest.Read(release)) is not null)
                continue;
            var manifest = Manifest.Read(release);
            if (manifest.Imports.Where(import => !imports.Contains(import)).ToList() is { Count: > 0 } missing)
                yield return $"{release}: it was made from the import {missing[0]}, which imports.jsonl does not "
                    + $"have ({missing.Count} are missing). Restore content/ as a whole from your backup.";
            if (manifest.Authors.Key.ToString() != authors)
                yield return $"{workspace.VrfKeyFile}: this is not the key that {release} was made with, so no proof "
                    + "can be made for it. Restore the key from your backup.";
            foreach (var lineage in manifest.Lineage
                .Select(file => Lineage(workspace, manifest, file)).OfType<string>())
                yield return lineage;
        }
    }

    // A release that was built again without one of them is another release.
    private const string Inputs = "the --as-of, --protect-until, --at-checkpoint and --erased-to";

    // What a release withdrew is known from the ledger's records then; whoever is given the release does not see it.
    private static IEnumerable<string> Recalls(string corpus) => KeptRecall.Lost(corpus).Select(lost =>
        $"{lost.Folder}: a recall made this release, as {lost.Recall.Where} says, and {Withdrawal.RecallFile} or "
            + $"{Withdrawal.RecallProof} is gone from it. What it withdrew stays withdrawn here. Restore both from a "
            + $"copy, or run: aval recall --corpus {Path.GetFileName(corpus)}");

    // Of a release that was dropped nothing is left but what it was, and what commits to that.
    private static IEnumerable<string> Dropped(Workspace workspace, string release, LedgerKeys keys)
    {
        if (DroppedRelease.Left(workspace, release) is { Count: > 0 } left)
            yield return $"{left[0]}: this release was dropped, and this is still there ({left.Count} folders are). "
                + $"Run aval release drop {NameOf(release)} again.";
        if (Refusal(() => RequireManifest(workspace, release, keys)) is { } fault)
            yield return $"{release}: {fault} What is kept of this dropped release is not what was committed: restore "
                + "it from a copy.";
    }

    private static void RequireManifest(Workspace workspace, string release, LedgerKeys keys)
    {
        byte[] Read(string name) => Path.Combine(release, name) is var path && File.Exists(path)
            ? File.ReadAllBytes(path)
            : throw AvalException.BadInput($"{name} is missing.");
        var signature = Read(ReleaseCommitment.SignatureFile);
        var facts = new CommittedManifest(
            Read(Manifest.FileName), signature, Read(ReleaseCommitment.ProofFile)).Verify(keys.For(signature)).Manifest;
        foreach (var file in facts.Others.Where(file => Hash.Of(Read(file.Path)) != file.Sha256))
            throw AvalException.BadInput($"{file.Path} was changed.");
        ReleaseCommitment.RequireContinued(workspace, release);
    }

    private static string NameOf(string release) =>
        $"{Path.GetFileName(Path.GetDirectoryName(release))}/{Path.GetFileName(release)}";

    private static void Require(Workspace workspace, string release, LedgerKeys keys)
    {
        var signature = Path.Combine(release, ReleaseCommitment.SignatureFile);
        ReleaseVerification.Verify(release, File.Exists(signature) ? keys.For(File.ReadAllBytes(signature))
            : keys.All[0]);
        ReleaseCommitment.RequireContinued(workspace, release);
    }

    private static string? Lineage(Workspace workspace, Manifest manifest, ManifestFile file)
    {
        var path = Path.Combine(workspace.Lineage, manifest.Corpus, manifest.Release, file.Path);
        if (!File.Exists(path))
            return $"{path}: this file of the release's lineage is gone. Restore it, or build the release again with "
                + $"{Inputs} that its manifest states.";
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == file.Sha256
            ? null
            : $"{path}: this file of the release's lineage is not the one that its manifest states. Restore it, or "
                + $"build the release again with {Inputs} that it states.";
    }

    private static string? Refusal(Action require)
    {
        try
        {
            require();
            return null;
        }
        catch (Exception refused) when (refused is AvalException or ProofException)
        {
            return refused.Message;
        }
    }

    private static IEnumerable<string> Folders(Workspace workspace) =>
        Corpora(workspace).SelectMany(Directory.GetDirectories)
            .Where(folder => !Path.GetFileName(folder).StartsWith('.')).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Corpora(Workspace workspace) => Directory.Exists(workspace.Corpus)
        ? Directory.GetDirectories(workspace.Corpus).Order(StringComparer.Ordinal)
        : [];

    private static IEnumerable<string> Releases(Workspace workspace) =>
        Corpora(workspace).SelectMany(ReleaseName.Releases).Order(StringComparer.Ordinal);
}
