using Aval.Storage;

namespace Aval.Content.Tables;

/// <summary>
/// The files of an import as they lie when it begins, and whether they still do when all of them has been read: the
/// hashes that its record states are then those of what it took.
/// </summary>
internal sealed class IncomingFiles
{
    private readonly CheckedHashes _hashes = CheckedHashes.OfOneCommand(TimeProvider.System);

    private IncomingFiles(IReadOnlyList<string> paths) => Files = [.. paths.Select(Describe)];

    /// <summary>Their SHA-256 and sizes.</summary>
    public IReadOnlyList<SourceFile> Files { get; }

    /// <summary>Looks at files.</summary>
    /// <exception cref="AvalException">Bad input: one cannot be read.</exception>
    public static IncomingFiles Of(IReadOnlyList<string> paths) => new(paths);

    /// <summary>Requires that they are as they were. A file that nobody touched is not read again.</summary>
    /// <exception cref="AvalException">Bad input: one was written meanwhile, or is gone.</exception>
    public void RequireUnchanged()
    {
        foreach (var before in Files)
        {
            if (Describe(before.Path).Sha256 != before.Sha256)
                throw AvalException.BadInput($"{before.Path}: the file changed while it was read. Nothing was "
                    + "imported. Wait until it is written and run the import again.");
        }
    }

    private SourceFile Describe(string path)
    {
        try
        {
            var made = _hashes.Of(path) ?? throw new FileNotFoundException("There is no such file (any more).");
            return new SourceFile(path, made, new FileInfo(path).Length);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw AvalException.BadInput(
                $"{path}: the file cannot be read: {failed.Message} Nothing was imported.", failed);
        }
    }
}
