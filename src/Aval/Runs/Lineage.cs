using Aval.Corpus;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>
/// Whose rows a release holds: row key → item and account. Restricted, and never handed to a trainer.
/// </summary>
internal static class Lineage
{
    /// <summary>SQL of a release's lineage: <c>row_key, service, item_id, account</c>.</summary>
    /// <exception cref="AvalException">Bad input: it is gone or was changed, so nobody can tell who is in the
    /// release.</exception>
    public static string Of(Workspace workspace, Manifest manifest)
    {
        var folder = Path.Combine(workspace.Lineage, manifest.Corpus, manifest.Release);
        foreach (var file in manifest.Lineage)
        {
            var path = Path.Combine(folder, file.Path);
            if (HashedFile.Is(path, file.Sha256))
                continue;
            var found = File.Exists(path) ? "another file" : "no file";
            throw AvalException.BadInput($"{path}: expected the lineage that the manifest of {manifest.Corpus}/"
                + $"{manifest.Release} names (SHA-256 {file.Sha256}), but {found} is here. Nothing was done, since "
                + "nobody can tell who is in the release. Restore lineage/ from your backup.");
        }

        return ParquetFiles.Rows(manifest.Lineage.Select(file => Path.Combine(folder, file.Path)));
    }
}
