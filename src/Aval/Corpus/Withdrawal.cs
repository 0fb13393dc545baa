using System.Text.Json;
using Aval.Storage;

namespace Aval.Corpus;

/// <summary>
/// That a release must not be used any more: something happened since that it does not honour, and another one does.
/// </summary>
/// <param name="Release">Its id.</param>
/// <param name="Successor">NAME/ID of the release to take instead; null = there is none.</param>
/// <param name="At">Since when.</param>
internal sealed record Withdrawal(string Release, string? Successor, DateTimeOffset At)
{
    /// <summary>
    /// The withdrawn releases of a corpus, in <c>corpus/NAME/</c>: one line each, the newest last. What was withdrawn
    /// stays so.
    /// </summary>
    public const string FileName = "withdrawn.jsonl";

    /// <summary>
    /// What a recall did, in the release that it made: it says which releases are withdrawn, from the moment on in
    /// which that one is visible.
    /// </summary>
    public const string RecallFile = "recall.json";

    /// <summary>The proof that it is in the ledger.</summary>
    public const string RecallProof = "recall.tlog-proof";

    /// <summary>Whether and how a release was withdrawn; null = it may be used. Its successor is one that may be, where
    /// there is one.</summary>
    /// <param name="corpus">The folder of the corpus's releases.</param>
    /// <param name="release">The release's id.</param>
    /// <exception cref="AvalException">Bad input: the corpus's list is damaged, so nobody can tell.</exception>
    public static Withdrawal? Of(string corpus, string release) => Of(All(corpus), release);

    /// <summary>The same, of withdrawals that were read: for whoever asks of many releases.</summary>
    /// <param name="all">Those of the release's corpus (<see cref="All"/>).</param>
    /// <param name="release">The release's id.</param>
    public static Withdrawal? Of(IReadOnlyList<Withdrawal> all, string release)
    {
        ArgumentNullException.ThrowIfNull(all);
        var own = all.LastOrDefault(one => one.Release == release);
        // Whatever takes its place may have been recalled in its turn.
        for (var (last, seen) = (own, 0); last?.Successor is { } successor && seen < all.Count; seen++)
        {
            last = all.LastOrDefault(one => successor.EndsWith($"/{one.Release}", StringComparison.Ordinal));
            if (last is not null)
                own = own! with { Successor = last.Successor };
        }

        return own;
    }

    /// <summary>NAME/ID of the releases in whose place one was made by erasures, which have no rows any more. Such a
    /// one is of the same policy, instants and checkpoint; one that a recall made is not.</summary>
    /// <param name="corpus">The folder of the corpus's releases.</param>
    /// <param name="made">The release's manifest.</param>
    /// <exception cref="AvalException">Bad input: the list is damaged.</exception>
    public static IReadOnlyList<string> ReplacedBy(string corpus, Manifest made)
    {
        ArgumentNullException.ThrowIfNull(made);
        bool IsAlike(string folder) => Directory.Exists(folder) && Manifest.Read(folder) is var old
            && old.PolicyText == made.PolicyText && old.AsOf == made.AsOf && old.ProtectUntil == made.ProtectUntil
            && old.LedgerSize == made.LedgerSize;
        var superseded = All(corpus)
            .Where(one => IsAlike(Path.Combine(corpus, ReleaseName.SupersededFolder, one.Release)))
            .ToList();
        var found = new List<string> { $"{made.Corpus}/{made.Release}" };
        for (var at = 0; at < found.Count; at++)
            found.AddRange(superseded.Where(one => one.Successor == found[at])
                .Select(one => $"{made.Corpus}/{one.Release}").Except(found).ToList());
        return found[1..];
    }

    /// <summary>All withdrawals of a corpus, in the order in which they were recorded. What a recall withdrew is read
    /// from what the ledger keeps of it too: a release that lost its <c>recall.json</c> would otherwise make those
    /// usable again that it took the place of.</summary>
    /// <param name="corpus">The folder of the corpus's releases.</param>
    /// <exception cref="AvalException">Bad input: the list is damaged.</exception>
    public static IReadOnlyList<Withdrawal> All(string corpus)
    {
        var path = Path.Combine(corpus, FileName);
        var kept = KeptRecall.Of(corpus);
        return
        [
            .. Durable.ReadLines(path).Select((line, at) => Read(path, at + 1, line)),
            .. ReleaseName.Releases(corpus).SelectMany(release => By(release, kept)).OrderBy(one => one.At),
        ];
    }

    /// <summary>What recalls that made a release withdrew, its own file and what the ledger keeps of them; none = no
    /// recall made it.</summary>
    /// <param name="release">Its folder.</param>
    /// <exception cref="AvalException">Bad input: its <c>recall.json</c> is damaged.</exception>
    public static IReadOnlyList<Withdrawal> By(string release) =>
        By(release, KeptRecall.Of(Path.GetDirectoryName(Path.GetFullPath(release))!));

    // Each once, as its own file says, else the last of what is kept: a recall that was killed left a text too.
    private static IReadOnlyList<Withdrawal> By(string release, ILookup<string, KeptRecall> kept) =>
    [
        .. Stated(release)
            .Concat(kept[Path.GetFileName(Path.GetFullPath(release))]
                .SelectMany(recall => Read(recall.Where, recall.Text)).OrderByDescending(one => one.At))
            .DistinctBy(one => one.Release),
    ];

    /// <summary>What the <c>recall.json</c> of a release withdrew; none = it has none.</summary>
    /// <param name="release">Its folder.</param>
    /// <exception cref="AvalException">Bad input: it is damaged.</exception>
    public static IReadOnlyList<Withdrawal> Stated(string release)
    {
        var path = Path.Combine(release, RecallFile);
        return File.Exists(path) ? Read(path, File.ReadAllBytes(path)) : [];
    }

    private static IReadOnlyList<Withdrawal> Read(string path, byte[] recall)
    {
        try
        {
            using var document = JsonDocument.Parse(recall);
            var root = document.RootElement;
            var at = root.GetProperty("at").ToInstant();
            return
            [
                .. root.GetProperty("withdrawn").EnumerateArray().Select(
                    release => new Withdrawal(release.ToText(), root.GetProperty("release").GetString(), at)),
            ];
        }
        catch (Exception broken) when (MalformedJson.Threw(broken))
        {
            throw AvalException.BadInput(
                $"{path}: expected what a recall did, but {broken.Message} Nothing was done, since nobody can tell "
                    + "which releases of this corpus may be used. Restore the file from your backup.",
                broken);
        }
    }

    /// <summary>NAME/ID of the release that a recall makes; null = this is no <c>recall.json</c>.</summary>
    /// <param name="text">Its bytes.</param>
    public static string? Releasing(byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.TryGetProperty("withdrawn", out _)
                ? document.RootElement.GetProperty("release").GetString()
                : null;
        }
        catch (Exception broken) when (MalformedJson.Threw(broken))
        {
            return null;
        }
    }

    /// <summary>Records that a release is withdrawn; said twice is said once.</summary>
    /// <param name="corpus">The folder of the corpus's releases.</param>
    public void Record(string corpus)
    {
        if (!All(corpus).Contains(this))
            Durable.AppendLine(Path.Combine(corpus, FileName), System.Text.Encoding.UTF8.GetString(ToJson()));
    }

    private byte[] ToJson() => JsonText.WriteCompact(json =>
    {
        json.WriteStartObject();
        json.WriteString("release", Release);
        if (Successor is not null)
            json.WriteString("successor", Successor);
        json.WriteString("at", At.ToText());
        json.WriteEndObject();
    });

    private static Withdrawal Read(string path, int number, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return new Withdrawal(
                root.GetProperty("release").ToText(),
                root.TryGetProperty("successor", out var successor) ? successor.GetString() : null,
                root.GetProperty("at").ToInstant());
        }
        catch (Exception broken) when (MalformedJson.Threw(broken))
        {
            throw AvalException.BadInput(
                $"{path}, line {number}: expected a withdrawn release, but {broken.Message} Nothing was done, since "
                    + "nobody can tell which releases of this corpus may be used. Restore the file from your backup.",
                broken);
        }
    }
}
