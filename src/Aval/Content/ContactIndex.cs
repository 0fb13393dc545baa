using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// In which buckets accounts lie that carry a <c>contact</c>: one narrow file beside each file of accounts,
/// <c>contact, bucket</c>, sorted, made when somebody is first looked up after that one came, and gone with it. A
/// contact stands there as a keyed hash of 64 bits, and no account: the file says where to look and never who is there,
/// so that what is erased from the content leaves no name in it. Who asks reads one range of it and the accounts of a
/// bucket, and not all accounts that there are.
/// </summary>
internal static class ContactIndex
{
    /// <summary>Leaves in <c>accounts_now</c> the accounts of the buckets in which a contact may lie, where that is
    /// known; else all of them.</summary>
    /// <param name="engine">With the views of <see cref="ContentViews.Create"/>.</param>
    /// <param name="workspace">Whose accounts.</param>
    /// <param name="contact">As accounts carry it.</param>
    public static void KeepNear(Engine engine, Workspace workspace, string contact)
    {
        if (Buckets(engine, workspace, contact) is { } buckets)
            ContentViews.KeepNear(engine, workspace, buckets);
    }

    /// <summary>The buckets in which accounts lie that carry a contact, or did; null = accounts were left in place,
    /// where they lie by nothing.</summary>
    /// <inheritdoc cref="KeepNear"/>
    public static IReadOnlySet<int>? Buckets(Engine engine, Workspace workspace, string contact)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(workspace);
        // The views' own: one that is read now may tell of a split since, and the buckets of that are others.
        var log = engine.Left<ReadLog>()
            ?? throw new InvalidOperationException("The views of the content have not been made in this engine.");
        if (log.LeftInPlace.Any(record => record.Kind is ContentKind.Accounts))
            return null;
        var indexes = Indexes(engine, workspace, log);
        if (indexes.Count == 0)
            return new HashSet<int>();
        var asked = engine.Query(
            $"SELECT {HashOf("$contact")}", row => row.GetInt64(0), ("contact", contact)).Single();
        return engine.Query(
            string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT DISTINCT bucket FROM {ParquetFiles.Rows(indexes)} WHERE contact = {asked}"),
            row => row.GetInt32(0)).ToHashSet();
    }

    private static List<string> Indexes(Engine engine, Workspace workspace, ReadLog log)
    {
        var checks = ContentChecks.Open(workspace);
        var folder = workspace.Contacts;
        FileModes.MakePrivateFolder(folder);
        var indexes = new List<string>();
        foreach (var rows in ContentLayout.Of(log, ContentKind.Accounts).Files)
        {
            var index = Path.Combine(folder, NameOf(rows));
            if (!File.Exists(index))
                Make(engine, checks.Rows(rows), index);
            indexes.Add(index);
        }

        // Who looks beside this one may have read a newer log.
        var there = ContentLayout.Of(ImportLog.ReadAll(workspace), ContentKind.Accounts).Files
            .Select(rows => Path.Combine(folder, NameOf(rows)));
        foreach (var gone in Directory.GetFiles(folder).Except(indexes).Except(there))
            File.Delete(gone);
        return indexes;
    }

    // A file of content is never written twice under one name with other bytes; its hash says so.
    private static string NameOf(RowsFile rows) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{rows.File.Path} {rows.File.Sha256}"))) + ".parquet";

    private static void Make(Engine engine, string rows, string index)
    {
        var unfinished = $"{index}.{Guid.NewGuid():N}";
        engine.Execute($"""
            COPY (
                SELECT {HashOf("contact")} AS contact, bucket FROM {ParquetFiles.Rows(rows)}
                WHERE contact IS NOT NULL ORDER BY ALL
            ) TO {Engine.Literal(unfinished)} ({ItemIndex.Format})
            """);
        FileModes.MakePrivate(unfinished);
        Durable.ReplaceWith(index, unfinished);
    }

    private static string HashOf(string contact) => $"account_hash('contact:' || {contact})";
}
