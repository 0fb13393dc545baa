using Aval.Storage;

namespace Aval.Content;

/// <summary>When an import observed what it brings: what it says again, and what its snapshot lacks.</summary>
internal sealed partial class ImportDraft
{
    /// <summary>
    /// The outcome when these files were imported before in this way, without reading them: what says when it was
    /// observed is known, and what does not is observed once more. Null = they are new, or a clock that was put back
    /// makes this the earlier observation.
    /// </summary>
    public ImportOutcome? Again()
    {
        var same = _log.Records.Where(_record.IsTheSameAs).ToArray();
        if (same.FirstOrDefault(record => !record.ObservedNow || Observations.At(record) == _now) is { } known)
            return Outcome(same.FirstOrDefault(record => record.ImportId == known.Repeats) ?? known, isKnown: true);
        _work = UnderWay.Begin(Files);
        return same.FirstOrDefault(record => record.Repeats is null && Observations.At(record) < _now) is { } first
            ? Repeat(first)
            : null;
    }

    // The export of somebody of whom everything was erased: its record would name the account again.
    private bool IsOfErased()
    {
        string[] whose = [.. _record.Names.Where(name => Account.TryParse(name, out _))];
        if (_log.Erasures.Count == 0 || whose.Length == 0)
            return false;
        ErasedTokens.Provide(Engine);
        return Engine.Scalar<bool>($"""
            SELECT EXISTS (FROM {ParquetFiles.Rows(_log.Erasures.Select(_checks.Erased))}
                WHERE kind = 'account' AND token IN (SELECT erased_author(unnest({Engine.Literal(whose)}))))
            """);
    }

    // What was erased does not come back, under whatever date. Tokens of items are made only of authors of whom one was
    // erased: of all others that would be microseconds an item.
    private long DropErased(ContentKind kind, IReadOnlyList<string> sources)
    {
        if (_log.Erasures.Count == 0)
            return 0;
        ErasedTokens.Provide(Engine);
        string[] files = [.. _log.Erasures.Select(_checks.Erased)];
        Engine.Execute(ErasedTokens.Rows(files, kind));
        var erased = Engine.Scalar<long>("SELECT count(*) FROM erased_rows");
        if (erased > 0)
            Engine.Execute(ErasedTokens.Drop);
        if (kind is ContentKind.Items)
            Restate(files, sources);
        return erased;
    }

    // Who was taken out of what others wrote does not come back with the very rows in which they stood: these say what
    // the content says in their place. What is left in place is not ours to write, so there it is refused.
    private void Restate(string[] erasures, IReadOnlyList<string> sources)
    {
        Engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE restating AS
            WITH RECURSIVE told AS (
                SELECT DISTINCT place, fp, again FROM {ParquetFiles.Rows(erasures)} WHERE kind = 'restated'
            ), chain AS (
                FROM told
                UNION
                SELECT chain.place, chain.fp, told.again
                FROM chain JOIN told ON told.place = chain.place AND told.fp = chain.again
            )
            SELECT rid, service, item_id, again
            FROM (
                SELECT *, rowid AS rid, item_hash(service || ':' || item_id) AS place,
                    fingerprint({CanonicalColumns.Said(ContentKind.Items)}) AS fp
                FROM incoming WHERE reject IS NULL)
            JOIN chain USING (place, fp)
            """);
        if (!Engine.Scalar<bool>("SELECT EXISTS (FROM restating)"))
            return;
        if (_options.InPlace)
            RefuseNaming(
                "restating", sources,
                "nobody but its owner may write this file, and the row names somebody of whom everything was erased",
                "Write the file again with <PERSON> in that place and without the person in persons, or leave "
                    + "--in-place out: then the row comes in masked");
        Engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE restated AS
            SELECT DISTINCT ON (rid) rid, text, persons, in_reply_to
            FROM (
                SELECT *, fingerprint({CanonicalColumns.Said(ContentKind.Items)}) AS again
                FROM ({string.Join("\nUNION ALL\n", Said())}) SEMI JOIN restating USING (service, item_id))
            JOIN restating USING (service, item_id, again);

            UPDATE incoming SET text = restated.text, persons = restated.persons, in_reply_to = restated.in_reply_to
            FROM restated WHERE incoming.rowid = rid
            """);
        RefuseNaming(
            "(FROM restating ANTI JOIN restated USING (rid))", sources,
            "the row names somebody of whom everything was erased, and what it says without them is in no content here",
            "Bring that back first, or leave the row out");
    }

    // All items as they are here: also in files that their owner wrote again, which have it masked.
    private IEnumerable<string> Said()
    {
        var rows = ContentLayout.Of(_log, ContentKind.Items).Files.Select(_checks.Rows).ToArray();
        if (rows.Length > 0)
            yield return $"SELECT {CanonicalColumns.FromFile(ContentKind.Items)} FROM {ParquetFiles.Rows(rows)}";
        foreach (var (at, record) in _log.LeftInPlace.Where(record => record.Kind is ContentKind.Items).Index())
        {
            yield return $"SELECT {CanonicalColumns.FromFile(ContentKind.Items)} "
                + $"FROM ({ContentViews.InPlace(Engine, _checks, record, at)})";
        }
    }

    private void RefuseNaming(string rows, IReadOnlyList<string> sources, string what, string instead)
    {
        foreach (var (file, line, item) in Engine.Query(
            $"""
            SELECT aval_file, aval_line, 'item:' || service || ':' || item_id
            FROM (SELECT rid FROM {rows}) JOIN (SELECT rowid AS rid, * FROM incoming) USING (rid)
            ORDER BY aval_file, aval_line LIMIT 1
            """,
            row => (row.GetInt64(0), row.GetInt64(1), row.GetString(2))))
        {
            throw AvalException.BadInput($"{sources[(int)file]}, row {line} ({Shown.Of(item)}): {what}. Nothing was "
                + $"imported. {instead}.");
        }
    }

    private static ImportOutcome Outcome(ImportRecord record, bool isKnown) =>
        new(record, isKnown, [], null, []) { AllRejected = IsAllRejected(record) };

    private static bool IsAllRejected(ImportRecord record) =>
        record.Counts.Read > 0 && record.Counts.Read == record.Counts.Rejected;

    // The files say again what they said: one line in the log, and not a row an item.
    private ImportOutcome Repeat(ImportRecord first)
    {
        var index = _earlier.IndexOf(first);
        var met = _earlier.Since(_now);
        Engine.Execute(ImportSql.Repeated(index, _now, met.All()));
        DateTimeOffset? snapshot = first.Snapshot ? _now : null;
        var deleted = Lacking(snapshot, Observations.Index([index]));
        Engine.Execute(ImportSql.ContestedByRepeat(_earlier.Contested()));
        _checks.Keep();
        var record = _record with
        {
            Repeats = first.ImportId,
            ObservedNow = true,
            SnapshotAt = snapshot?.ToText(),
            Contested = WriteContested(),
            FirstObserved = _now.ToText(),
            LastObserved = _now.ToText(),
            ObservationSum = ObservationSum.Of(Engine, "observed WHERE NOT known").ToString(),
            Counts = _record.Counts with { Deleted = deleted },
            Wrote = _wrote,
        };
        Commit(record);
        return Outcome(record, isKnown: false) with { AllRejected = IsAllRejected(first) };
    }

    // Nothing in it says when, neither here nor on the command line. Of an empty snapshot nothing can.
    private bool IsObservedNow() => _options.ObservedAt is null
        && (Engine.Scalar<bool>("SELECT count(*) > 0 FROM observed WHERE undated")
            || (_options.Snapshot && Engine.Scalar<bool>("SELECT count(*) = 0 FROM observed")));

    // A snapshot is of the instant that is stated; else of now, or, when each of its rows says when, of the latest.
    private DateTimeOffset? Observe()
    {
        Engine.Execute(ImportSql.Observed(_record.Kind));
        if (!_options.Snapshot)
            return null;
        var rows = Engine.Query(
            "SELECT epoch_us(min(observed_at)), epoch_us(max(observed_at)), bool_or(undated), bool_and(undated) "
                + "FROM rows_observed",
            row => row.IsDBNull(0) ? null : new Observed(
                Instant.FromMicroseconds(row.GetInt64(0)), Instant.FromMicroseconds(row.GetInt64(1)), row.GetBoolean(2),
                row.GetBoolean(3)))[0];
        var now = _options.ObservedAt is null && rows is null or { Undated: true };
        var at = _options.ObservedAt ?? (now ? _now : rows!.Last);
        if (rows is not null && (rows.First < at || (now && !rows.AllUndated)))
            Engine.Execute(ImportSql.Listed(at, now));
        return at;
    }

    /// <summary>
    /// Finds what a snapshot of this source lacks, both ways: what this one lacks of all that is there, and what comes
    /// in here and is lacking in a later one. Whether it is deleted as of T is told by the observations' instants
    /// alone, when content is read; here it is only found, so that nothing else need be looked at then.
    /// </summary>
    /// <returns>How many are deleted by this snapshot.</returns>
    private long Lacking(DateTimeOffset? snapshot, string listed)
    {
        var own = _earlier.OfSource(_record.Source);
        var parts = new List<string>();
        long deleted = 0;
        if (snapshot is { } at && own.Records.Count > 0)
        {
            // What the snapshot before this one lacked was found then: only what was observed since is to be asked for.
            var before = own.Records.Select(Observations.SnapshotAt).Where(instant => instant <= at).Max();
            Engine.Execute(ImportSql.Missing((before is { } since ? own.Since(since) : own).Indexes(), listed, at));
            deleted = Engine.Scalar<long>(ImportSql.Gone(_earlier.All(), at, before));
            parts.Add("SELECT key FROM missing");
        }

        var later = own.Records.Where(record => record.SnapshotAt is not null).GroupBy(own.IndexOf)
            .Select(snapshots => (Index: snapshots.Key, At: snapshots.Max(Observations.SnapshotAt)!.Value)).ToArray();
        if (later.Length > 0)
        {
            var first = Engine.Scalar<long>("SELECT coalesce(epoch_us(min(observed_at)), 0) FROM observed");
            parts.AddRange(later.Where(one => one.At.ToMicroseconds() >= first)
                .Select(one => ImportSql.Overdue(one.Index, one.At)));
        }

        Engine.Execute(ImportSql.Lacking(parts));
        return deleted;
    }

    private bool WriteContested()
    {
        var contested = Engine.Scalar<long>("SELECT count(*) FROM contested") > 0;
        if (contested)
            Write(Files.Contested, "SELECT key FROM contested ORDER BY key");
        return contested;
    }

    private void Commit(ImportRecord record)
    {
        PlacedFiles.RequireUnchanged(Engine, _workspace);
        _work!.Place();
        ImportLog.Append(_workspace, _log, record);
        _work.Complete();
    }

    private sealed record Observed(DateTimeOffset First, DateTimeOffset Last, bool Undated, bool AllUndated);
}
