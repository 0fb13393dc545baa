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
                + "a copy, or build it again with the same --as-of and --at-checkpoint.";
        foreach (var release in Releases(workspace))
        {
            // Of a release that was dropped nothing is left that could be wrong but who answers for it.
            if (DroppedRelease.Of(release) is not null)
                continue;
            if (Refusal(() => Require(workspace, release, keys)) is { } fault)
                yield return $"{release}: {fault} It is not what was committed: restore it from a copy, or build it "
                    + "again with the same --as-of and --at-checkpoint.";
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
            return $"{path}: this file of the release's lineage is gone. Restore it, or build the release again.";
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == file.Sha256
            ? null
            : $"{path}: this file of the release's lineage is not the one that its manifest states. Restore it, or "
                + "build the release again.";
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

    private static IEnumerable<string> Folders(Workspace workspace) => Directory.Exists(workspace.Corpus)
        ? Directory.GetDirectories(workspace.Corpus).SelectMany(Directory.GetDirectories)
            .Where(folder => !Path.GetFileName(folder).StartsWith('.')).Order(StringComparer.Ordinal)
        : [];

    private static IEnumerable<string> Releases(Workspace workspace) => Directory.Exists(workspace.Corpus)
        ? Directory.GetDirectories(workspace.Corpus).SelectMany(ReleaseName.Releases).Order(StringComparer.Ordinal)
        : [];
}
