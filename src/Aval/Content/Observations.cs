using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// What imports of one kind of content observed, as SQL over their index files:
/// <c>key, fp, observed_at, held, stored, deleted, undated</c>.
/// </summary>
internal sealed class Observations
{
    private readonly ContentChecks _checks;
    private readonly Dictionary<string, ImportRecord> _originals;

    public Observations(IEnumerable<ImportRecord> records, ContentKind kind, ContentChecks checks)
        : this([.. records.Where(record => record.Kind == kind)], checks)
    {
    }

    private Observations(IReadOnlyList<ImportRecord> records, ContentChecks checks)
    {
        _checks = checks;
        _originals = records.Where(record => record.Repeats is null)
            .ToDictionary(record => record.ImportId, StringComparer.Ordinal);
        // What a forgotten line had observed, its repeats no longer know either.
        Records = [.. records.Where(record => record.Repeats is null || _originals.ContainsKey(record.Repeats))];
    }

    private Observations(Observations all, IEnumerable<ImportRecord> records)
    {
        (_checks, _originals) = (all._checks, all._originals);
        Records = [.. records];
    }

    /// <summary>The imports, in order.</summary>
    public IReadOnlyList<ImportRecord> Records { get; }

    /// <summary>Those of one source.</summary>
    public Observations OfSource(string source) => new(this, Records.Where(record => record.Source == source));

    /// <summary>Those that observed something at or after an instant.</summary>
    public Observations Since(DateTimeOffset instant) =>
        new(this, Records.Where(
            record => record.LastObserved is { } last && Instant.Parse(last, "last_observed") >= instant));

    /// <summary>The index of what an import observed: its own, or that of the import that it repeats.</summary>
    public string IndexOf(ImportRecord record) =>
        Path.GetFullPath(_checks.Index(record.Repeats is { } original ? _originals[original] : record));

    /// <summary>The rows of index files, as they were imported.</summary>
    public static string Index(IReadOnlyCollection<string> paths) => paths.Count == 0
        ? """
          SELECT NULL::VARCHAR AS key, NULL::UUID AS fp, NULL::TIMESTAMP AS observed_at, NULL::BOOLEAN AS held,
              NULL::BOOLEAN AS stored,
              NULL::BOOLEAN AS deleted, NULL::BOOLEAN AS undated WHERE false
          """
        : $"""
          SELECT key, fp, make_timestamp(epoch_us(observed_at)) AS observed_at, held, stored, deleted, undated
          FROM {ParquetFiles.Rows(paths)}
          """;

    /// <summary>The rows of an index file that no earlier import had brought.</summary>
    public static string New(string path) =>
        $"SELECT key, fp, make_timestamp(epoch_us(observed_at)) AS observed_at FROM {ParquetFiles.Rows(path)} "
        + "WHERE NOT known";

    /// <summary>The rows of all index files, each once: what was observed first, and by a repeat again later.</summary>
    public string Indexes() => Index([.. Records.Select(IndexOf).Distinct()]);

    /// <summary>All observations. A repeat is another instant of what the repeated import has undated.</summary>
    public string All()
    {
        var parts = new List<string> { Index([.. Records.Where(record => record.Repeats is null).Select(IndexOf)]) };
        parts.AddRange(Records.Where(record => record.Repeats is not null).GroupBy(IndexOf).Select(repeats => $"""
            SELECT key, fp,
                unnest([{string.Join(", ", repeats.Select(repeat => Engine.Literal(At(repeat))))}]) AS observed_at,
                held, false, deleted, true
            FROM {ParquetFiles.Rows(repeats.Key)} WHERE undated
            """));
        return string.Join("\nUNION ALL\n", parts);
    }

    /// <summary>The keys that imports named as contested; null = there are none.</summary>
    public string? Contested()
    {
        var files = Records.Where(record => record.Contested).Select(_checks.Contested).ToArray();
        return files.Length == 0 ? null : $"SELECT key FROM {ParquetFiles.Rows(files)}";
    }

    /// <summary>When an import ran, which is when a repeat observed.</summary>
    public static DateTimeOffset At(ImportRecord record) => Instant.Parse(record.ImportedAt, "imported_at");

    /// <summary>The instant of a snapshot.</summary>
    public static DateTimeOffset? SnapshotAt(ImportRecord record) =>
        record.SnapshotAt is { } text ? Instant.Parse(text, "snapshot_at") : null;
}
