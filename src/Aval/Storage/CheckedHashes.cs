using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aval.Storage;

/// <summary>
/// SHA-256 of files, each made once for as long as the file stays as it is. What was made is kept in a file of its own,
/// under a key, so that nobody without the key can vouch for a file. It is a cache: without it, all is hashed again.
/// </summary>
internal sealed class CheckedHashes
{
    // A file that was written this shortly before it was hashed may be written again without its times showing it:
    // some file systems count in whole seconds.
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly byte[] _key;
    private readonly TimeProvider _clock;
    private readonly Dictionary<FileIdentity, string> _known;
    private readonly Dictionary<FileIdentity, string> _made = [];

    private CheckedHashes(string path, byte[] key, TimeProvider clock, Dictionary<FileIdentity, string> known) =>
        (_path, _key, _clock, _known) = (path, key, clock, known);

    /// <summary>How many files were read to their end.</summary>
    public int Hashed { get; private set; }

    /// <summary>Opens what is kept in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="clock">Tells which file is young.</param>
    public static CheckedHashes Open(string path, byte[] key, TimeProvider clock) =>
        new(path, key, clock, Read(path, key));

    /// <summary>Believes nothing that was kept: every file is hashed again.</summary>
    public static CheckedHashes Afresh(string path, byte[] key, TimeProvider clock) => new(path, key, clock, []);

    /// <summary>Knows nothing yet, and is not kept.</summary>
    public static CheckedHashes OfOneCommand(TimeProvider clock) => new("", [], clock, []);

    /// <summary>A file's SHA-256, 64 hexadecimal digits; null = it cannot be read, most likely since it is
    /// gone.</summary>
    public string? Of(string path)
    {
        var before = FileIdentity.Of(path);
        if (before is { } seen && (_made.TryGetValue(seen, out var known) || _known.TryGetValue(seen, out known)))
            return known;
        var now = _clock.GetUtcNow();
        if (Hash(path) is not { } made)
            return null;
        Hashed++;
        var old = before is { } file && file == FileIdentity.Of(path)
            && (now - DateTimeOffset.UnixEpoch).Ticks * 100 - file.Changed >= Young.Ticks * 100;
        if (old)
            _made[before!.Value] = made;
        return made;
    }

    /// <summary>Keeps what was made, for the next command. That a disk is full or read-only is no reason to fail: it
    /// costs time, later.</summary>
    public void Keep()
    {
        if (_made.Count == 0)
            return;
        var temporary = $"{_path}.{Environment.ProcessId}-{Guid.NewGuid():N}";
        try
        {
            var lines = Encoding.ASCII.GetBytes(string.Concat(_made.Concat(_known
                .Where(entry => !_made.ContainsKey(entry.Key))).Select(Line)));
            using (var stream = new FileStream(temporary, Private(FileMode.CreateNew)))
            {
                stream.Write(lines);
                stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(_key,
                    lines)) + "\n"));
            }

            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
        }
    }

    private static FileStreamOptions Private(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Durable.Private;
        return options;
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // It was most likely never made.
        }
    }

    private static string? Hash(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete,
                1 << 20, FileOptions.SequentialScan);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static string Line(KeyValuePair<FileIdentity, string> entry) => string.Create(
        CultureInfo.InvariantCulture,
        $"{entry.Key.Device} {entry.Key.Inode} {entry.Key.Size} {entry.Key.Modified} {entry.Key.Changed} "
            + $"{entry.Value}\n");

    private static Dictionary<FileIdentity, string> Read(string path, byte[] key)
    {
        var known = new Dictionary<FileIdentity, string>();
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return known;
        }

        const int Mac = (2 * HMACSHA256.HashSizeInBytes) + 1;
        if (bytes.Length < Mac)
            return known;
        var lines = bytes.AsSpan(0, bytes.Length - Mac);
        var mac = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(key, lines)) + "\n");
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes.AsSpan(bytes.Length - Mac)))
            return known;
        foreach (var line in Encoding.ASCII.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            long Number(int at) => long.Parse(parts[at], CultureInfo.InvariantCulture);
            ulong Unsigned(int at) => ulong.Parse(parts[at], CultureInfo.InvariantCulture);
            known[new FileIdentity(Unsigned(0), Unsigned(1), Number(2), Number(3), Number(4))] = parts[5];
        }

        return known;
    }
}
