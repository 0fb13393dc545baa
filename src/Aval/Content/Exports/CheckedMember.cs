using Aval.Storage;

namespace Aval.Content.Exports;

/// <summary>
/// The bytes of a zip's member, held to what the zip says of them: not one more than its size, not one fewer, and its
/// CRC-32. A bomb lies about its size, a torn archive ends early, and .NET notices neither the one nor the other.
/// </summary>
internal sealed class CheckedMember(Stream expanded, long length, uint crc, string name) : ReadOnlyStream
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(entry =>
    {
        var value = (uint)entry;
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320u : value >> 1;
        return value;
    })];

    private uint _crc = uint.MaxValue;
    private long _read;

    public override int Read(Span<byte> buffer)
    {
        var count = Expand(buffer);
        _read += count;
        if (_read > length)
            throw Torn($"it expands to more than the {length} bytes that the archive states");
        foreach (var value in buffer[..count])
            _crc = Table[(_crc ^ value) & 0xFF] ^ (_crc >> 8);
        if (count > 0 || buffer.IsEmpty)
            return count;
        if (_read < length)
            throw Torn($"it ends after {_read} of {length} bytes");
        return ~_crc == crc ? 0 : throw Torn("its checksum does not match its content");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            expanded.Dispose();
        base.Dispose(disposing);
    }

    private int Expand(Span<byte> buffer)
    {
        try
        {
            return expanded.Read(buffer);
        }
        catch (InvalidDataException broken)
        {
            throw Torn(broken.Message.TrimEnd('.'), broken);
        }
    }

    private AvalException Torn(string why, Exception? inner = null) =>
        AvalException.BadInput(
            $"{name}: this member of the archive is damaged: {why}. Nothing was imported. Download the archive again.",
            inner);
}
