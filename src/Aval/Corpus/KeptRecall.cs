using System.Text.Json;
using Aval.Ledger;

namespace Aval.Corpus;

/// <summary>
/// What the ledger keeps of a recall: the text of the <c>recall.json</c> that lies in the release which it made. It was
/// kept before that release became visible, so of a recall that was killed there is a text and no release.
/// </summary>
/// <param name="Release">The id of the release.</param>
/// <param name="Where">The file in which the text lies.</param>
/// <param name="Text">Its bytes.</param>
internal sealed record KeptRecall(string Release, string Where, byte[] Text)
{
    /// <summary>Those of a corpus, by the release that each made.</summary>
    /// <param name="corpus">The folder of the corpus's releases.</param>
    public static ILookup<string, KeptRecall> Of(string corpus)
    {
        var folder = Path.GetFullPath(corpus);
        var name = $"{Path.GetFileName(folder)}/";
        // The folder of a corpus lies two below the workspace's.
        var root = Path.GetDirectoryName(Path.GetDirectoryName(folder));
        return (root is null ? [] : LedgerRecords.In(root))
            // Most texts are orders, and not parsed for this.
            .Where(kept => kept.Text.AsSpan().IndexOf("\"withdrawn\""u8) >= 0)
            .Select(kept => (kept.Path, kept.Text, Release: Withdrawal.Releasing(kept.Text)))
            .Where(kept => kept.Release?.StartsWith(name, StringComparison.Ordinal) is true)
            .ToLookup(
                kept => kept.Release![name.Length..],
                kept => new KeptRecall(kept.Release![name.Length..], kept.Path, kept.Text));
    }

    /// <summary>Those of which the release is there and its own files are not.</summary>
    /// <param name="corpus">The folder of the corpus's releases.</param>
    public static IReadOnlyList<(string Folder, KeptRecall Recall)> Lost(string corpus)
    {
        var kept = Of(corpus);
        return
        [
            .. ReleaseName.Releases(corpus)
                .Select(folder => (Folder: folder, Recall: LostOf(folder, kept[Path.GetFileName(folder)])))
                .Where(one => one.Recall is not null).Select(one => (one.Folder, one.Recall!)),
        ];
    }

    // As it is written: there is one spelling of an instant.
    private static string At(KeptRecall kept)
    {
        using var document = JsonDocument.Parse(kept.Text);
        return document.RootElement.TryGetProperty("at", out var at) ? at.ToString() : "";
    }

    // Of several the last one: that of the recall which was not killed.
    private static KeptRecall? LostOf(string folder, IEnumerable<KeptRecall> kept)
    {
        var own = Path.Combine(folder, Withdrawal.RecallFile);
        var hasProof = File.Exists(Path.Combine(folder, Withdrawal.RecallProof));
        if (!File.Exists(own))
            return kept.OrderBy(At, StringComparer.Ordinal).LastOrDefault();
        return hasProof ? null : kept.FirstOrDefault(one => one.Text.AsSpan().SequenceEqual(File.ReadAllBytes(own)));
    }
}
