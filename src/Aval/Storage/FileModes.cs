using System.Runtime.InteropServices;

namespace Aval.Storage;

/// <summary>
/// Who may read what. What names people is its owner's alone, and what is published is everybody's to read, whatever
/// the
/// process's umask is: it decides for files that nobody thought of.
/// </summary>
internal static partial class FileModes
{
    /// <summary>A folder for its owner alone.</summary>
    public const UnixFileMode PrivateFolder = Durable.Private | UnixFileMode.UserExecute;

    private const UnixFileMode ReadableFolder =
        PrivateFolder | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    private const int WriteAccess = 2; // W_OK

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>From here on, what this process makes without saying for whom is for its owner alone: the engine's
    /// files, SQLite's, spilled rows.</summary>
    public static void MakePrivateByDefault()
    {
        if (!OperatingSystem.IsWindows())
            _ = Umask(0x3F); // 077: nothing for the group and for others.
    }

    /// <summary>Makes a folder, and those above it that are missing, for its owner alone; one that is there is left as
    /// it is.</summary>
    public static void MakePrivateFolder(string path) => Make(path, PrivateFolder);

    /// <summary>Makes a folder, and those above it that are missing, for everybody to read; one that is there is left
    /// as it is.</summary>
    public static void MakeReadableFolder(string path) => Make(path, ReadableFolder);

    /// <summary>Makes a file its owner's alone.</summary>
    public static void MakePrivate(string file) => Set(file, Durable.Private);

    /// <summary>Makes a file everybody's to read.</summary>
    public static void MakeReadable(string file) => Set(file, Durable.Readable);

    /// <summary>Makes a folder and all below it its owner's alone.</summary>
    public static void MakeAllPrivate(string folder) => SetAll(folder, PrivateFolder, Durable.Private);

    /// <summary>Makes a folder and all below it everybody's to read.</summary>
    public static void MakeAllReadable(string folder) => SetAll(folder, ReadableFolder, Durable.Readable);

    /// <summary>Whether anybody but the owner may do anything with a file or folder.</summary>
    public static bool IsOpenToOthers(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0;

    /// <summary>Whether this process may write a file, or make files in a folder. A read-only mount says no to
    /// everybody.</summary>
    internal static bool IsWritable(string path) =>
        OperatingSystem.IsWindows() || Access(path, WriteAccess) == 0;

    /// <summary>Whether files can be made in a folder, or, where it is missing, the folder itself.</summary>
    internal static bool CanBeMade(string folder)
    {
        var above = Path.GetFullPath(folder);
        while (!Directory.Exists(above) && Path.GetDirectoryName(above) is { } parent)
            above = parent;
        return IsWritable(above);
    }

    /// <summary>Refuses a key that others can read, as ssh does: it is not known any more who has it.</summary>
    /// <exception cref="AvalException">Bad input.</exception>
    public static void RequirePrivateKey(string file)
    {
        if (IsOpenToOthers(file))
            throw AvalException.BadInput($"{file}: others than its owner can read or write this key "
                + $"(mode {Octal(file)}), so it may not be a secret any more. Nothing was done. Run: chmod "
                + $"600 {file}. If others had access to this machine, see \"A stolen key\" in docs/operations.md.");
    }

    private static string Octal(string file) =>
        OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(file), 8).PadLeft(4, '0');

    private static void Make(string path, UnixFileMode mode)
    {
        if (Directory.Exists(path))
            return;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } above)
            Make(above, mode);
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, mode);
    }

    private static void Set(string file, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, mode);
    }

    private static void SetAll(string folder, UnixFileMode folders, UnixFileMode files)
    {
        Set(folder, folders);
        foreach (var inner in Directory.EnumerateDirectories(folder))
            SetAll(inner, folders, files);
        foreach (var file in Directory.EnumerateFiles(folder))
            Set(file, files);
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial int Umask(int mask);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
