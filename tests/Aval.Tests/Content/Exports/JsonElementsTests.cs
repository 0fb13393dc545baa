using System.Text;
using Aval.Content.Exports;
using CsCheck;

namespace Aval.Tests.Exports;

public class JsonElementsTests
{
    [Fact]
    public void A_file_says_the_same_in_whatever_pieces_it_arrives()
    {
        var json = """
            {"name": "x", "photos": [{"a": [1, 2.5, "é\u00e9", null, true]}, [], "s", {"b": {"c": "d"}}],
             "empty": [], "of": {"inner": [1]}, "more": [12345678901234567890, {}]}
            """;
        var whole = Read(json, int.MaxValue);

        Assert.Equal(7, whole.Count);
        Gen.Int[1, 40].Sample(size => Assert.Equal(whole, Read(json, size)));
    }

    [Fact]
    public void A_list_at_the_top_and_a_byte_order_mark_are_read()
    {
        Assert.Equal(["·1·[Whole 1]", "·2·[Whole 2]"], Read("\uFEFF[1,\n2]", 1));
        Assert.Equal(["rest·1·[Whole 7]"], Read("7", 1));
        Assert.Empty(Read("{}", 1));
    }

    [Fact]
    public void A_file_is_read_no_further_than_the_entry_that_is_asked_for()
    {
        var entry = Encoding.UTF8.GetBytes(
            "{\"timestamp\": 1, \"data\": [{\"post\": \"" + new string('x', 1000) + "\"}]}");
        using var endless = new Repeated(entry, 20_000);
        var count = 0;

        foreach (var element in JsonElements.Read(endless, "endless.json", repaired: true, ExportLimits.Default))
            // Of 20 MB, no more than one buffer ahead.
            Assert.InRange(endless.Given - (++count * (entry.Length + 1L)), 0, 1 << 16);

        Assert.Equal(20_000, count);
    }

    [Fact]
    public void A_large_object_is_looked_at_a_few_times_in_however_small_pieces_it_arrives()
    {
        using var bytes = new HeldBytes(new Pieces(new byte[5 << 20], 1000));
        var held = new List<int>();

        while (!bytes.IsLast)
        {
            Assert.True(bytes.TryFetch(ExportLimits.Default.ObjectBytes));
            held.Add(bytes.Held.Length);
        }

        Assert.Equal(
            [1 << 16, 1 << 17, 1 << 18, 1 << 19, 1 << 20, 1 << 21, 1 << 22, 5 << 20], held);
    }

    [Fact]
    public void No_more_is_held_than_may_be()
    {
        using var bytes = new HeldBytes(new Pieces(new byte[1 << 20], 1000));

        Assert.True(bytes.TryFetch(1 << 17));
        Assert.True(bytes.TryFetch(1 << 17));
        Assert.False(bytes.TryFetch(1 << 17));
        bytes.Pass(1);
        Assert.True(bytes.TryFetch(1 << 17));
        Assert.Equal(1 << 17, bytes.Held.Length);
    }

    private static List<string> Read(string json, int size) =>
    [
        .. JsonElements
            .Read(new Pieces(Encoding.UTF8.GetBytes(json), size), "test.json", repaired: false, ExportLimits.Default)
            .Select(element =>
                $"{(element.IsRest ? "rest" : element.Member)}·{element.Value.Line}·[{Shown(element.Value)}]"),
    ];

    private static string Shown(ExportValue value) => value switch
    {
        ExportValue.List list => $"List {string.Join(';', list.Elements.Select(Shown))}",
        ExportValue.Members members =>
            $"Members {string.Join(';', members.Named.Select(member => $"{member.Key}={Shown(member.Value)}"))}",
        _ => $"{value.GetType().Name} {value.Shown}",
    };

    // Gives at most so many bytes at a time.
    private sealed class Pieces(byte[] content, int size) : MemoryStream(content)
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, Math.Min(count, size));
    }

    // A list of one entry many times, made while it is read.
    private sealed class Repeated(byte[] entry, int times) : MemoryStream
    {
        private readonly IEnumerator<byte[]> _parts = Parts(entry, times).GetEnumerator();
        private ReadOnlyMemory<byte> _rest;

        public long Given { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_rest.IsEmpty && _parts.MoveNext())
                _rest = _parts.Current;
            var given = Math.Min(count, _rest.Length);
            _rest.Span[..given].CopyTo(buffer.AsSpan(offset));
            _rest = _rest[given..];
            Given += given;
            return given;
        }

        private static IEnumerable<byte[]> Parts(byte[] entry, int times)
        {
            yield return "["u8.ToArray();
            for (var i = 0; i < times; i++)
            {
                yield return entry;
                yield return i < times - 1 ? ","u8.ToArray() : "]"u8.ToArray();
            }
        }
    }
}
