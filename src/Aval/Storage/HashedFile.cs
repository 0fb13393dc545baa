using System.Security.Cryptography;

namespace Aval.Storage;

/// <summary>The bytes of a file as they lie, hashed as they pass.</summary>
internal sealed class HashedFile : ReadOnlyStream
{
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public HashedFile(string path)
    {
        _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.Read,
            Share = FileShare.Read | FileShare.Delete,
            Options = FileOptions.SequentialScan,
            BufferSize = 1 << 16,
        });
        if (_file.CanSeek)
        {
            Length = _file.Length;
            return;
        }

        _file.Dispose();
        throw new IOException("It is a pipe or a device, but has to be read more than once.");
    }

    /// <summary>Whether a file is there and has a hash, 64 hexadecimal digits.</summary>
    public static bool Is(string path, string sha256)
    {
        if (!File.Exists(path))
            return false;
        using var file = new HashedFile(path);
        return file.ReadHash() == sha256;
    }

    public string ReadHash()
    {
        Span<byte> rest = stackalloc byte[8192];
        while (Read(rest) > 0)
        {
        }

        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    public override int Read(Span<byte> buffer)
    {
        var count = _file.Read(buffer);
        _hash.AppendData(buffer[..count]);
        return count;
    }

    public override long Length { get; }

    public override long Position { get => _file.Position; set => throw new NotSupportedException(); }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
