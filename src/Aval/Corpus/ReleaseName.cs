using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Aval.Storage;

namespace Aval.Corpus;

/// <summary>How releases get their names and are found (docs/design.md, "Spelling").</summary>
internal static partial class ReleaseName
{
    /// <summary>Where what is kept of a release lies in whose place an erasure made another, below its
    /// corpus.</summary>
    public const string SupersededFolder = ".superseded";

    /// <summary>Whether a name has the form of a release's id.</summary>
    internal static bool IsId(string name) => Id().IsMatch(name);

    [GeneratedRegex("^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{12}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();

    /// <summary>
    /// <c>YYYYMMDDThhmmssZ-</c> (as-of) + the first 12 hex digits of SHA-256 over the canonical JSON (RFC 8785) of
    /// <c>{"erased_to": E, "ledger_size": N, "policy": HEX, "protect_until": P, "shards": [HEX, …]}</c>, the shards
    /// in the order of their buckets.
    /// </summary>
    public static string Of(
        DateTimeOffset asOf, DateTimeOffset protectUntil, IEnumerable<string> shardHashes, string policyHash,
        TreeSize ledgerSize, TreeSize erasedTo)
    {
        var canonical = JsonText.WriteCompact(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("erased_to", erasedTo.Value);
            json.WriteNumber("ledger_size", ledgerSize.Value);
            json.WriteString("policy", policyHash);
            json.WriteString("protect_until", protectUntil.ToText());
            json.WriteStartArray("shards");
            foreach (var hash in shardHashes)
                json.WriteStringValue(hash);
            json.WriteEndArray();
            json.WriteEndObject();
        });
        return asOf.ToUniversalTime().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture) + "-"
            + Convert.ToHexStringLower(SHA256.HashData(canonical))[..12];
    }

    /// <summary>
    /// Finds a release: <c>NAME/ID</c>, a path, <c>NAME</c> = that corpus's newest which is retained and not
    /// withdrawn, null = the workspace's. The newest is the last by as-of, then by what it honours, then by id.
    /// </summary>
    /// <exception cref="AvalException">Usage: there is none.</exception>
    public static string Find(Workspace workspace, string? release)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        if (release is not null && File.Exists(Path.Combine(release, Manifest.FileName)))
            return Path.GetFullPath(release);
        var parts = release?.Split('/') ?? [];
        var candidates = parts switch
        {
            [] => Corpora(workspace).SelectMany(Usable),
            [var name] => Usable(Path.Combine(workspace.Corpus, CorpusName.Parse(name).Text)),
            [var name, var id] => Releases(Path.Combine(workspace.Corpus, CorpusName.Parse(name).Text))
                .Where(path => Path.GetFileName(path) == id),
            _ => [],
        };
        return Newest([.. candidates])
            ?? throw Superseded(workspace, parts) ?? AvalException.Usage(release is null
                ? $"{workspace.Corpus}: no release yet. Nothing was done. Make one with: aval build --policy opt-out"
                : $"\"{release}\" is no release of this workspace and no path to one. Nothing was done. "
                    + "A release is written NAME/ID, NAME (its newest that is not withdrawn) or as a path; "
                    + $"there are: {Known(workspace)}.");
    }

    // A release that was erased from is asked for by its name for as long as somebody remembers it.
    private static AvalException? Superseded(Workspace workspace, string[] parts) =>
        parts is [var name, var id]
            && Withdrawal.Of(Path.Combine(workspace.Corpus, CorpusName.Parse(name).Text), id) is { } withdrawn
            ? AvalException.Usage($"{name}/{id}: this release was superseded "
                + (withdrawn.Successor is { } successor ? $"by {successor}" : "and has no successor")
                + $" on {withdrawn.At.ToText()}, and its rows are gone. Nothing was done.")
            : null;

    /// <summary>The releases of one corpus that were not dropped.</summary>
    public static IEnumerable<string> Retained(string corpus) =>
        Releases(corpus).Where(release => DroppedRelease.Of(release) is null);

    /// <summary>The releases of one corpus that were neither dropped nor withdrawn.</summary>
    public static IEnumerable<string> Usable(string corpus)
    {
        var withdrawn = Withdrawal.All(corpus).Select(one => one.Release).ToHashSet(StringComparer.Ordinal);
        return Retained(corpus).Where(release => !withdrawn.Contains(Path.GetFileName(release)));
    }

    // Of releases of one instant, only their manifests tell which honours more.
    private static string? Newest(IReadOnlyList<string> releases)
    {
        static string AsOf(string release) => Path.GetFileName(release).Split('-')[0];
        var last = releases.Select(AsOf).Max(StringComparer.Ordinal);
        string[] of = [.. releases.Where(release => AsOf(release) == last)];
        return of.Length < 2 ? of.FirstOrDefault() : of
            .Select(release => (Path: release, Manifest: Manifest.Read(release)))
            .OrderBy(one => one.Manifest.ProtectUntil).ThenBy(one => one.Manifest.LedgerSize.Value)
            .ThenBy(one => one.Manifest.ErasedTo.Value)
            .ThenBy(one => Path.GetFileName(one.Path), StringComparer.Ordinal).Last().Path;
    }

    /// <summary>The releases of one corpus, whole ones and such as were dropped.</summary>
    public static IEnumerable<string> Releases(string corpus) => Directory.Exists(corpus)
        ? Directory.EnumerateDirectories(corpus)
            .Where(path => File.Exists(Path.Combine(path, Manifest.FileName))
                && !Path.GetFileName(path).StartsWith('.'))
        : [];

    /// <summary>What is kept of the releases of one corpus in whose place erasures made others: no rows.</summary>
    public static IEnumerable<string> Superseded(string corpus) => Releases(Path.Combine(corpus, SupersededFolder));

    private static IEnumerable<string> Corpora(Workspace workspace) =>
        Directory.Exists(workspace.Corpus) ? Directory.EnumerateDirectories(workspace.Corpus) : [];

    private static string Known(Workspace workspace)
    {
        var known = Corpora(workspace)
            .SelectMany(Releases)
            .Select(path => $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}")
            .Order(StringComparer.Ordinal).ToArray();
        return known.Length == 0 ? "none" : string.Join(", ", known.TakeLast(10));
    }
}
