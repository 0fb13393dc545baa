using System.Text.Json;

namespace Aval.Content.Exports;

/// <summary>A part of a file.</summary>
/// <param name="Member">The member that holds the list it is from; "" for a list at the top.</param>
/// <param name="Value">The element.</param>
/// <param name="IsRest">Whether it is no element but what the file's object says beside its lists.</param>
internal readonly record struct Element(string Member, ExportValue Value, bool IsRest);

/// <summary>
/// Reads an export's JSON file element by element, so that memory holds one object and not the file. A list at the
/// top gives its elements; an object at the top gives the elements of each list it has, and at its end one more: what
/// else it says. (Some exports write a single entry as that entry, not as a list of one: it arrives as this last one.)
/// </summary>
internal sealed class JsonElements : IDisposable
{
    // Lists that are part of an entry and not a list of entries.
    private static readonly string[] WithinAnEntry =
        ["data", "attachments", "tags", "media", "label_values", "media_list_data", "string_list_data"];

    private readonly HeldBytes _bytes;
    private readonly string _file;
    private readonly bool _repaired;
    private readonly ExportLimits _limits;
    private long _passed;
    private long _line = 1;
    private JsonReaderState _state;

    private JsonElements(Stream stream, string file, bool repaired, ExportLimits limits)
    {
        _bytes = new HeldBytes(stream);
        _file = file;
        _repaired = repaired;
        _limits = limits;
        _state = new JsonReaderState(new JsonReaderOptions { MaxDepth = limits.Depth });
    }

    /// <summary>The elements of a file.</summary>
    /// <param name="stream">Its bytes.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="repaired">Whether its text is Meta's broken kind (<see cref="Mojibake"/>).</param>
    /// <param name="limits">The limits.</param>
    /// <exception cref="AvalException">Bad input: not JSON (with line and byte), or beyond a limit.</exception>
    public static IEnumerable<Element> Read(Stream stream, string file, bool repaired, ExportLimits limits)
    {
        using var elements = new JsonElements(stream, file, repaired, limits);
        elements.SkipByteOrderMark();
        foreach (var element in elements.File())
            yield return element;
    }

    /// <summary>
    /// How many entries a file has that is only counted: the elements of its lists, or of the one that is named; 1 when
    /// it has none. Of a file that is not JSON, how many there were until it stopped being JSON, for nothing of it is
    /// taken.
    /// </summary>
    public static long Count(Stream stream, string file, string member, ExportLimits limits)
    {
        using var elements = new JsonElements(stream, file, repaired: false, limits);
        var count = 0L;
        try
        {
            elements.SkipByteOrderMark();
            foreach (var found in elements.Lists())
                count += member.Length == 0 || found == member ? 1 : 0;
        }
        catch (AvalException broken) when (broken.InnerException is JsonException)
        {
        }

        return Math.Max(count, 1);
    }

    // The member of each element of the file's lists, the elements themselves passed over.
    private IEnumerable<string> Lists()
    {
        var isObject = Peek() == JsonTokenType.StartObject;
        if (isObject)
            Take();
        while (isObject ? Peek() == JsonTokenType.PropertyName : Peek() == JsonTokenType.StartArray)
        {
            var member = isObject ? TakeName() : "";
            if (Peek() != JsonTokenType.StartArray)
            {
                Pass();
                continue;
            }

            Take();
            for (; Peek() != JsonTokenType.EndArray; Pass())
                yield return member;
            Take();
        }
    }

    private IEnumerable<Element> File()
    {
        if (Peek() == JsonTokenType.StartArray)
        {
            foreach (var element in List(""))
                yield return element;
        }
        else if (Peek() == JsonTokenType.StartObject)
        {
            var line = _line;
            var rest = new OrderedDictionary<string, ExportValue>(StringComparer.Ordinal);
            ExportValue.Doubled? doubled = null;
            Take();
            while (Peek() == JsonTokenType.PropertyName)
            {
                var name = TakeName();
                if (Peek() == JsonTokenType.StartArray && !WithinAnEntry.Contains(name))
                {
                    foreach (var element in List(name))
                        yield return element;
                }
                else
                {
                    var value = TakeValue();
                    doubled ??= value as ExportValue.Doubled;
                    if (rest.ContainsKey(name))
                        doubled ??= new ExportValue.Doubled(name, value.Line);
                    rest[name] = value;
                }
            }

            Take();
            if (rest.Count > 0)
                yield return new Element("", doubled ?? (ExportValue)new ExportValue.Members(rest, line), IsRest: true);
        }
        else
        {
            yield return new Element("", TakeValue(), IsRest: true);
        }

        if (Peek() != JsonTokenType.None)
            throw NotJson("something follows the end of the JSON", null);
    }

    private IEnumerable<Element> List(string member)
    {
        Take();
        while (Peek() != JsonTokenType.EndArray)
            yield return new Element(member, TakeValue(), IsRest: false);
        Take();
    }

    /// <summary>The kind of the next token; nothing is consumed.</summary>
    private JsonTokenType Peek() => Step(
        (ref Utf8JsonReader reader, ReadOnlySpan<byte> _) => reader.Read()
            ? (true, reader.TokenType)
            : (false, JsonTokenType.None),
        consume: false);

    private void Take() =>
        Step((ref Utf8JsonReader reader, ReadOnlySpan<byte> _) => (reader.Read(), reader.TokenType), consume: true);

    private string TakeName() => Step(
        (ref Utf8JsonReader reader, ReadOnlySpan<byte> json) => reader.Read()
            ? (true, Value(ref reader, json).Words)
            : (false, ""),
        consume: true);

    private ExportValue TakeValue() => Step<ExportValue>(
        (ref Utf8JsonReader reader, ReadOnlySpan<byte> json) =>
        {
            var read = reader.Read();
            var at = (int)reader.TokenStartIndex;
            var line = _line + json[..at].Count((byte)'\n');
            return read && reader.TrySkip()
                ? (true, ExportValue.Read(json[at..(int)reader.BytesConsumed], line, _repaired, _file, _limits))
                : (false, new ExportValue.Nothing(line));
        },
        consume: true);

    private void Pass() => Step(
        (ref Utf8JsonReader reader, ReadOnlySpan<byte> _) => (reader.Read() && reader.TrySkip(), 0), consume: true);

    // A name is followed by its colon, which is no JSON value: only the quoted part is read.
    private ExportValue Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var at = (int)reader.TokenStartIndex;
        return ExportValue.Read(json.Slice(at, reader.ValueSpan.Length + 2), _line, _repaired, _file, _limits);
    }

    private delegate (bool Complete, T Answer) Look<T>(ref Utf8JsonReader reader, ReadOnlySpan<byte> json);

    // Tries on what the buffer holds and fetches more until it succeeds: the reader needs a whole token (or value) in
    // one piece.
    private T Step<T>(Look<T> look, bool consume)
    {
        while (true)
        {
            var json = _bytes.Held;
            var reader = new Utf8JsonReader(json, _bytes.IsLast, _state);
            try
            {
                var (complete, answer) = look(ref reader, json);
                if (complete || _bytes.IsLast)
                {
                    if (consume)
                        Consume(in reader);
                    return answer;
                }
            }
            catch (JsonException broken)
            {
                _passed += reader.BytesConsumed;
                _line += json[..(int)Math.Min(reader.BytesConsumed, json.Length)].Count((byte)'\n');
                throw broken.Message.Contains("depth", StringComparison.Ordinal)
                    ? ExportLimits.Passed(
                        $"{_file}, line {_line}", "the JSON nests deeper than an export does",
                        $"a depth of {_limits.Depth}")
                    : NotJson(broken.Message, broken);
            }

            Fetch();
        }
    }

    private void Consume(in Utf8JsonReader reader)
    {
        var taken = (int)reader.BytesConsumed;
        _line += _bytes.Held[..taken].Count((byte)'\n');
        _bytes.Pass(taken);
        _passed += taken;
        _state = reader.CurrentState;
    }

    private void Fetch()
    {
        if (!_bytes.TryFetch(_limits.ObjectBytes))
            throw ExportLimits.Passed(
                $"{_file}, line {_line}", "one object is larger than that of any export",
                $"{_limits.ObjectBytes} bytes");
    }

    private void SkipByteOrderMark()
    {
        Fetch();
        if (!_bytes.Held.StartsWith("\uFEFF"u8))
            return;
        _bytes.Pass(3);
        _passed = 3;
    }

    private AvalException NotJson(string why, Exception? inner) => AvalException.BadInput(
        $"{_file}, line {_line}, byte {_passed}: this is not JSON, or not all of it "
            + $"({why.Split(". ")[0].TrimEnd('.')}). Nothing was imported. Download the export again, or unpack it, "
            + "remove this file and import the folder.",
        inner);

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();
}
