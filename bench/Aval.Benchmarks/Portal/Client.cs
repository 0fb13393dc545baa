using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Aval.Benchmarks.Portal;

/// <summary>What a server answered.</summary>
/// <param name="Status">The status code; 0 = the connection broke before there was one.</param>
/// <param name="HasRetryAfter">Whether it said when to come again.</param>
/// <param name="Body">What it said.</param>
internal readonly record struct Answer(int Status, bool HasRetryAfter, byte[] Body)
{
    /// <summary>Where the choice stands, as a whole answer says.</summary>
    public long Index
    {
        get
        {
            var name = "\"index\":"u8;
            return Utf8Parser.TryParse(Body.AsSpan(Body.AsSpan().IndexOf(name) + name.Length), out long index, out _)
                ? index
                : throw new InvalidDataException($"No index in {Encoding.UTF8.GetString(Body)}");
        }
    }
}

/// <summary>
/// One client of the portal, with an address and a token of its own: HTTP/1.1 over one socket, and no more of it than
/// a load needs, since the generator shares its processors with the server.
/// </summary>
internal sealed class Client(IPEndPoint server, IPAddress own, string token) : IDisposable
{
    private readonly byte[] _buffer = new byte[16 << 10];
    private Socket? _socket;

    /// <summary>Brings an objection of an account.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="key">The key under which it is brought; null = none.</param>
    public async ValueTask<Answer> Post(string account, string? key)
    {
        try
        {
            var socket = _socket ??= await Connect();
            var length = Request(account, key);
            for (var sent = 0; sent < length;)
                sent += await socket.SendAsync(_buffer.AsMemory(sent, length - sent), SocketFlags.None);
            return await Read(socket);
        }
        catch (SocketException)
        {
            Dispose();
            return default;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async ValueTask<Socket> Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(own, 0));
        await socket.ConnectAsync(server);
        return socket;
    }

    private int Request(string account, string? key)
    {
        var body = $$"""{"kind":"objection","account":"{{account}}"}""";
        var named = key is null ? "" : $"Idempotency-Key: \"{key}\"\r\n";
        return Encoding.ASCII.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"POST /api/v1/choices HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n{named}"
                    + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"),
            _buffer);
    }

    private async ValueTask<Answer> Read(Socket socket)
    {
        int filled = 0, head = -1, length = 0;
        while (head < 0 || filled < head + length)
        {
            var read = await socket.ReceiveAsync(_buffer.AsMemory(filled), SocketFlags.None);
            if (read == 0)
            {
                Dispose();
                return default;
            }

            filled += read;
            if (head < 0 && _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                head = end + 4;
                length = Length(_buffer.AsSpan(0, head));
            }
        }

        var status = ((_buffer[9] - '0') * 100) + ((_buffer[10] - '0') * 10) + _buffer[11] - '0';
        return new Answer(
            status, _buffer.AsSpan(0, head).IndexOf("Retry-After:"u8) >= 0, _buffer.AsSpan(head, length).ToArray());
    }

    private static int Length(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length: "u8;
        var at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _)
            ? length
            : throw new InvalidDataException($"No length in {Encoding.ASCII.GetString(head)}");
    }
}
