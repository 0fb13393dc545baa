using Aval.Storage;

namespace Aval.Choices.Stores.Sqlite;

/// <summary>
/// choices.db with its write-ahead log in a private folder, for a workspace that cannot be written. SQLite reads no log
/// without making a file beside it; and told that nothing changes (<c>immutable</c>), it leaves out what the log holds.
/// </summary>
internal sealed class ReadableCopy : IDisposable
{
    private const int LeastTries = 3;

    // Not the log's index (-shm): it belongs to running processes, and is made again from the log.
    private static readonly string[] Parts = ["", "-wal", "-journal"];

    // Longer than a tick of the clock from which files get their times: what is written after this pause has other
    // times than what was written before it.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aval-choices-");

    private ReadableCopy()
    {
    }

    /// <summary>The copy of choices.db; it is missing where the original is.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "choices.db");

    /// <summary>Whether choices.db, or the folder in which its log lies, cannot be written.</summary>
    public static bool IsNeeded(string choices) =>
        !FileModes.IsWritable(System.IO.Path.GetDirectoryName(choices)!)
        || Parts.Any(part => File.Exists(choices + part) && !FileModes.IsWritable(choices + part));

    /// <summary>Copies the choices as they are at one moment, also while another process records.</summary>
    /// <param name="choices">choices.db.</param>
    /// <param name="patience">For how long to try again when they change meanwhile.</param>
    /// <exception cref="AvalException">Busy: they never stay as they are for as long as it takes to copy
    /// them.</exception>
    public static ReadableCopy Of(string choices, TimeSpan patience)
    {
        var copy = new ReadableCopy();
        return Ownership.Hand(copy, () =>
        {
            copy.Take(choices, patience);
            return copy;
        });
    }

    /// <summary>Removes the copy. What has it open goes on reading it.</summary>
    public void Dispose() => _folder.Delete(recursive: true);

    private void Take(string choices, TimeSpan patience)
    {
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        using var wait = new ManualResetEventSlim();
        for (var tries = 1; ; tries++)
        {
            var before = Parts.Select(part => Stamp.Of(choices + part)).ToArray();
            wait.Wait(Pause);
            foreach (var part in Parts)
                CopyPart(choices + part, Path + part);
            if (Parts.Select(part => Stamp.Of(choices + part)).SequenceEqual(before))
                return;
            if (tries >= LeastTries && Environment.TickCount64 >= deadline)
                throw AvalException.Busy($"{choices}: the workspace is read-only here, so its choices are copied to be "
                    + "read, and each time another process recorded meanwhile. Nothing was done. Run the command "
                    + "again when less is recorded.");
        }
    }

    private static void CopyPart(string from, string to)
    {
        File.Delete(to);
        try
        {
            using var source = new FileStream(from, FileMode.Open, FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete, 1 << 20, FileOptions.SequentialScan);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = Durable.Private;
            using var copy = new FileStream(to, options);
            source.CopyTo(copy);
        }
        catch (FileNotFoundException)
        {
            // None: there need not be a log.
        }
    }

    /// <summary>Which file it was, and since when it was as it was.</summary>
    private readonly record struct Stamp(bool Exists, FileIdentity? Identity, long Size, DateTime Modified)
    {
        public static Stamp Of(string path)
        {
            var file = new FileInfo(path);
            try
            {
                return file.Exists
                    ? new Stamp(true, FileIdentity.Of(path), file.Length, file.LastWriteTimeUtc)
                    : default;
            }
            catch (FileNotFoundException)
            {
                return default;
            }
        }
    }
}
