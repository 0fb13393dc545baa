using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Aval.Storage;

namespace Aval.Corpus;

/// <summary>How releases get their names and are found (docs/design.md, "Spelling").</summary>
internal static partial class ReleaseName
{
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
    /// Finds a release: <c>NAME/ID</c>, a path, <c>NAME</c> = that corpus's latest, null = the workspace's latest.
    /// The latest is the last by as-of, then by id.
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
            [] => Corpora(workspace).SelectMany(Releases),
            [var name] => Releases(Path.Combine(workspace.Corpus, CorpusName.Parse(name).Text)),
            [var name, var id] => Releases(Path.Combine(workspace.Corpus, CorpusName.Parse(name).Text))
                .Where(path => Path.GetFileName(path) == id),
            _ => [],
        };
        return candidates.MaxBy(path => Path.GetFileName(path), StringComparer.Ordinal)
            ?? throw Superseded(workspace, parts) ?? AvalException.Usage(release is null
                ? $"{workspace.Corpus}: no release yet. Nothing was done. Make one with: aval build --policy opt-out"
                : $"\"{release}\" is no release of this workspace and no path to one. Nothing was done. "
                    + $"A release is written NAME/ID, NAME (its latest) or as a path; there are: {Known(workspace)}.");
    }

    // A release that was erased from is asked for by its name for as long as somebody remembers it.
    private static AvalException? Superseded(Workspace workspace, string[] parts) =>
        parts is [var name, var id]
            && Withdrawal.Of(Path.Combine(workspace.Corpus, CorpusName.Parse(name).Text), id) is { } withdrawn
            ? AvalException.Usage($"{name}/{id}: this release was superseded "
                + (withdrawn.Successor is { } successor ? $"by {successor}" : "and has no successor")
                + $" on {withdrawn.At.ToText()}, and its rows are gone. Nothing was done.")
            : null;

    /// <summary>The releases of one corpus, whole ones only.</summary>
    public static IEnumerable<string> Releases(string corpus) => Directory.Exists(corpus)
        ? Directory.EnumerateDirectories(corpus)
            .Where(path => File.Exists(Path.Combine(path, Manifest.FileName))
                && !Path.GetFileName(path).StartsWith('.'))
        : [];

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
