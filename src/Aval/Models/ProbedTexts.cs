using Aval.Content;
using Aval.Corpus;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Models;

/// <summary>The texts of given accounts in a release: what a model that was trained on it may have kept.</summary>
internal static class ProbedTexts
{
    /// <summary>Reads them. A release that was withdrawn is read too: what is looked for is what must not be
    /// said.</summary>
    /// <param name="workspace">Whose release it is.</param>
    /// <param name="release">As on the command line.</param>
    /// <param name="accounts">Whose texts.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    public static IReadOnlyList<ProbedText> Of(
        Workspace workspace, string release, IReadOnlyList<Account> accounts, EngineLimits limits)
    {
        var folder = ReleaseName.Find(workspace, release);
        var manifest = Manifest.Read(folder);
        using var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
        ContentFunctions.Provide(engine);
        var shards = ParquetFiles.Rows(manifest.Files.Where(file => file.Rows is not null)
            .Select(file => Path.Combine(folder, file.Path)));
        return engine.Query(
            $"""
            SELECT language, text FROM {shards} JOIN {Lineage.Of(workspace, manifest)} USING (row_key)
            WHERE list_contains({Engine.Literal(accounts.Select(account => account.ToString()))}, account)
                AND text <> ''
            ORDER BY row_key
            """,
            row => new ProbedText(row.GetString(0), row.GetString(1)));
    }
}
