using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// The way to a content file: its path is handed out after the file was held against the hash that its import recorded.
/// A file of another workspace, or of another day, is then never read as this one's.
/// </summary>
internal sealed class ContentChecks
{
    private const string CacheName = ".checked";

    private readonly CheckedHashes _hashes;

    private ContentChecks(Workspace workspace, CheckedHashes hashes) => (Workspace, _hashes) = (workspace, hashes);

    /// <summary>Whose files these are.</summary>
    public Workspace Workspace { get; }

    /// <summary>How many files were read to their end for their hash.</summary>
    public int Hashed => _hashes.Hashed;

    /// <summary>Opens the checks of a workspace; files that have not changed since they were checked are not read
    /// again.</summary>
    public static ContentChecks Open(Workspace workspace, TimeProvider? clock = null) =>
        new(workspace,
            CheckedHashes.Open(PathOf(workspace), workspace.ReadKey().CheckedFiles, clock ?? TimeProvider.System));

    /// <summary>The same, reading every file again.</summary>
    public static ContentChecks Afresh(Workspace workspace) =>
        new(workspace, CheckedHashes.Afresh(PathOf(workspace), workspace.ReadKey().CheckedFiles, TimeProvider.System));

    /// <summary>The forms of ids, those of every import.</summary>
    public ServiceForms Services => Workspace.Settings.Services;

    /// <summary>A file with rows.</summary>
    public string Rows(RowsFile rows) => Require(rows.Writer, rows.File);

    /// <summary>Any file below content/ that an import, a fold or an erasure wrote.</summary>
    public string Written(string writer, StoredFile file) => Require(writer, file);

    /// <summary>What an import observed.</summary>
    public string Index(ImportRecord record) => Require(record, ContentFiles.Of(Workspace, record).Index);

    /// <summary>Where the items lie that an import or fold laid out, and which name an account.</summary>
    public (string Places, string Naming) Index(ItemIndex index) =>
        (Part(index, index.Places), Part(index, index.Naming));

    // What is made from the rows can be made again from them; to go by nothing in its place would be slow in silence.
    private string Part(ItemIndex index, StoredFile file) => Fault(index.Writer, file) is { } fault
        ? throw AvalException.BadInput($"{fault} Nothing was done. Run: {ItemIndex.Again}")
        : Path.Combine(Workspace.Content, file.Path);

    /// <summary>Which keys have several versions since an import.</summary>
    public string Contested(ImportRecord record) => Require(record, ContentFiles.Of(Workspace, record).Contested);

    /// <summary>Which rows of files left in place were not taken.</summary>
    public string Skipped(ImportRecord record) => Require(record, ContentFiles.Of(Workspace, record).Skipped);

    /// <summary>The links that rejected rows of an import name.</summary>
    public string Links(ImportRecord record) => Require(record, ContentFiles.Of(Workspace, record).Links);

    /// <summary>What stands for what an erasure took.</summary>
    public string Erased(ContentErasure erasure) => Require(erasure.ErasureId, erasure.Tokens);

    /// <summary>The files that an import left in place.</summary>
    /// <exception cref="AvalException">Bad input: one has changed or is gone.</exception>
    public IReadOnlyList<string> InPlace(ImportRecord record)
    {
        foreach (var file in record.Files)
        {
            if (Fault(record, file) is { } fault)
                throw AvalException.BadInput($"{fault} Nothing was done. Restore the file as it was; a newer one is "
                    + "imported as a file of its own.");
        }

        return [.. record.Files.Select(file => file.Path)];
    }

    /// <summary>What is wrong with a file that an import left in place, in a sentence; null = nothing.</summary>
    public string? Fault(ImportRecord record, SourceFile file) => PlacedFault(record.ImportId, file);

    /// <inheritdoc cref="Fault(ImportRecord, SourceFile)"/>
    public string? PlacedFault(string import, SourceFile file)
    {
        var found = _hashes.Of(file.Path);
        return found == file.Sha256
            ? null
            : $"{file.Path}: this file was left in place by the import {import} with SHA-256 {file.Sha256}, "
                + $"and it {(found is null ? "is gone" : $"has {found} now")}.";
    }

    /// <summary>What is wrong with a file that an import wrote, in a sentence; null = nothing.</summary>
    public string? Fault(ImportRecord record, StoredFile file) => Fault(record.ImportId, file);

    /// <inheritdoc cref="Fault(ImportRecord, StoredFile)"/>
    public string? Fault(string writer, StoredFile file)
    {
        var path = Path.Combine(Workspace.Content, file.Path);
        var found = _hashes.Of(path);
        return found == file.Sha256
            ? null
            : $"{path}: the import {writer} wrote this file with SHA-256 {file.Sha256}, and it "
                + $"{(found is null ? "is gone" : $"has {found} now")}.";
    }

    /// <summary>Keeps for the next command what was checked.</summary>
    public void Keep() => _hashes.Keep();

    private string Require(ImportRecord record, string path)
    {
        // An erasure may have written the file again, under a name of its own.
        var name = ContentFiles.Relative(Workspace, path);
        var folder = Path.GetDirectoryName(name);
        var file = record.Wrote.FirstOrDefault(written => written.Buckets is null
                && Path.GetDirectoryName(written.Path) == folder)
            ?? throw AvalException.BadInput($"{path}: the record of the import {record.ImportId} in imports.jsonl "
                + "does not list this file. Nothing was done. Restore content/ from your backup.");
        return Require(record.ImportId, file);
    }

    private string Require(string writer, StoredFile file) => Fault(writer, file) is { } fault
        ? throw AvalException.BadInput($"{fault} Nothing was done. Restore the file from your backup; aval check "
            + "names everything that is not as it was.")
        : Path.Combine(Workspace.Content, file.Path);

    private static string PathOf(Workspace workspace) => Path.Combine(workspace.Content, CacheName);
}
