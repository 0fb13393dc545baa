using System.Buffers;
using System.Text;

namespace Aval.Storage;

/// <summary>
/// A batch's texts as UTF-8, one after the other in the same memory. The engine asks also for entries of its
/// dictionaries that no row has, and one of these may be null: it counts as empty here, and what is answered for it
/// goes nowhere.
/// </summary>
internal sealed class Utf8Scratch : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1024);

    public ReadOnlySpan<byte> Of(string? text)
    {
        text ??= "";
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        return _bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, _bytes));
    }

    public ReadOnlySpan<byte> Join(string? first, string? second)
    {
        (first, second) = (first ?? "", second ?? "");
        Reserve(Encoding.UTF8.GetMaxByteCount(first.Length + second.Length) + 1);
        var length = Encoding.UTF8.GetBytes(first, _bytes);
        _bytes[length++] = 0;
        length += Encoding.UTF8.GetBytes(second, _bytes.AsSpan(length));
        return _bytes.AsSpan(0, length);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private void Reserve(int size)
    {
        if (_bytes.Length >= size)
            return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = ArrayPool<byte>.Shared.Rent(size);
    }
}
