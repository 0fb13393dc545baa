using DuckDB.NET.Data;

namespace Aval.Storage;

/// <summary>
/// What the disk, its permissions or the stated memory refuse. It may happen at any read or write of any command, in
/// .NET or in the engine, so it is put into words once, at the process's edge, and not around each of them.
/// </summary>
internal static class FileFailure
{
    /// <summary>
    /// Whether an exception tells of the disk, and not of a mistake in Aval: full, read-only, broken, forbidden, a file
    /// gone.
    /// </summary>
    public static bool Is(Exception failure) => failure is IOException or UnauthorizedAccessException
        // DuckDB.NET's list of error types lacks this one; the engine begins every message with its type.
        || (failure is DuckDBException
            && (failure.Message.StartsWith("IO Error: ", StringComparison.Ordinal) || IsOutOfMemory(failure)
                || IsDamage(failure)));

    /// <summary>
    /// Does what follows something that is done and cannot be undone, and answers why it failed, for a sentence of the
    /// caller's that says first what was done; null = it did not fail.
    /// </summary>
    public static string? Why(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            work();
            return null;
        }
        catch (Exception failure) when (failure is AvalException || Is(failure))
        {
            return failure.Message;
        }
    }

    /// <summary>
    /// Whether the machine lacks something, room or memory: never the fault of the file that is being read.
    /// </summary>
    public static bool IsOfTheMachine(Exception failure) =>
        IsFull(failure) || (failure is DuckDBException && IsOutOfMemory(failure));

    /// <summary>
    /// Whether a write found no room; unlike other failures, it is never the fault of the file that is being read.
    /// </summary>
    public static bool IsFull(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return Is(failure) && Full.Any(words => failure.Message.Contains(words, StringComparison.OrdinalIgnoreCase));
    }

    // What cannot spill (one row an account, an engine's own buffers) does not fit into the limit that was stated.
    private static bool IsOutOfMemory(Exception failure) =>
        failure.Message.StartsWith("Out of Memory Error: ", StringComparison.Ordinal);

    // What the engine says of Parquet that ends too early, holds other bytes than it should, or is something else.
    private static bool IsDamage(Exception failure) =>
        Damage.Any(words => failure.Message.Contains(words, StringComparison.Ordinal));

    /// <summary>The failure, for people.</summary>
    public static AvalException ToException(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (IsOutOfMemory(failure))
            return AvalException.BadInput("The work does not fit into the memory that it may use: "
                + $"{failure.Message.Split('\n')[0]} What was being made is absent, not half there. "
                + "Run the command again with a larger --memory, or with fewer --threads.", failure);
        var remedy = IsFull(failure)
            ? "Make room (a build needs about twice the size of what it admits, below the workspace)"
            : "See to the disk, and to who may read and write the workspace";
        return AvalException.BadInput(
            $"A file could not be read or written: {failure.Message.TrimEnd('.')}. What was being made is absent, "
                + $"not half there; what was there before is as it was. {remedy}, and run the command again.",
            failure);
    }

    private static readonly string[] Damage = [
        "TProtocolException", "to be a Parquet file", "No magic bytes found", "Failed to read file",
        "Failed to read Parquet file",
    ];

    // The engine hands on the system's own words and no number: ENOSPC, EDQUOT, EFBIG.
    private static readonly string[] Full =
        ["No space left", "Disk quota exceeded", "Quota exceeded", "File too large", "not enough space"];
}
