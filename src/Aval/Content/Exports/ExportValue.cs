using System.Globalization;
using System.Text.Json;

namespace Aval.Content.Exports;

/// <summary>
/// A JSON value of an export with its text repaired (<see cref="Mojibake"/>), member names included, and the line on
/// which it begins. Made in one place, so that no string is repaired twice.
/// </summary>
internal abstract record ExportValue(long Line)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = ExportLimits.Default.Depth };

    /// <summary>The member of that name, or nothing when this is no object or has none.</summary>
    public ExportValue this[string name] =>
        this is Members members && members.Named.TryGetValue(name, out var value) ? value : new Nothing(Line);

    /// <summary>The values of a list; none when this is no list.</summary>
    public IReadOnlyList<ExportValue> Values => this is List list ? list.Elements : [];

    /// <summary>The text, trimmed; empty when this is no text.</summary>
    public string Words => this is Text text ? text.Value.Trim() : "";

    /// <summary>What a reject shows of it: at most 80 characters.</summary>
    public string Shown => Cut(this switch
    {
        Text text => text.Value,
        Whole whole => whole.Value.ToString(CultureInfo.InvariantCulture),
        Fraction fraction => fraction.Value.ToString(CultureInfo.InvariantCulture),
        Flag flag => flag.Value ? "true" : "false",
        List list => $"a list of {list.Elements.Count}",
        Members members => $"an object with {string.Join(", ", members.Named.Keys)}",
        Unreadable => "text that is not Unicode",
        Doubled doubled => $"\"{Aval.Shown.Of(doubled.Name)}\" twice",
        _ => "null",
    });

    /// <summary>Reads one complete value: <see cref="Doubled"/> when an object in it gives a name twice.</summary>
    /// <param name="json">Its bytes and nothing else.</param>
    /// <param name="line">The line on which it begins.</param>
    /// <param name="repaired">Whether its text is Meta's broken kind.</param>
    /// <param name="where">The file, for the refusal of a text beyond the limit.</param>
    /// <param name="limits">The limits.</param>
    public static ExportValue Read(ReadOnlySpan<byte> json, long line, bool repaired, string where, ExportLimits limits)
    {
        var reader = new Utf8JsonReader(json, Options);
        reader.Read();
        var builder = new Builder(line, repaired, where, limits);
        var value = builder.Value(ref reader, json);
        return builder.Doubled ?? value;
    }

    private static string Cut(string text) =>
        text.Length <= 80 ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[78]) ? 78 : 79), "…");

    // Counts lines as it goes: each value's line is needed for rejects, and counting from the top each time would be
    // quadratic.
    private sealed class Builder(long line, bool repaired, string where, ExportLimits limits)
    {
        private int _counted;
        private int _values;

        public Doubled? Doubled { get; private set; }

        public ExportValue Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
        {
            var at = (int)reader.TokenStartIndex;
            line += json[_counted..at].Count((byte)'\n');
            _counted = at;
            if (++_values > limits.ObjectValues)
                throw ExportLimits.Passed(
                    $"{where}, line {line}", "one object holds more values than that of any export",
                    $"{limits.ObjectValues} values");
            return reader.TokenType switch
            {
                JsonTokenType.StartObject => Object(ref reader, json),
                JsonTokenType.StartArray => Array(ref reader, json),
                JsonTokenType.String => String(ref reader) is { } text ? new Text(text, line) : new Unreadable(line),
                JsonTokenType.Number =>
                    reader.TryGetInt64(out var whole) ? new Whole(whole, line) : new Fraction(reader.GetDouble(), line),
                JsonTokenType.True => new Flag(true, line),
                JsonTokenType.False => new Flag(false, line),
                _ => new Nothing(line),
            };
        }

        private Members Object(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
        {
            var start = line;
            var named = new OrderedDictionary<string, ExportValue>(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = String(ref reader) ?? "\uFFFD";
                // Taking either of the two would be a guess, and the other may be what somebody is protected by.
                if (named.ContainsKey(name))
                    Doubled ??= new Doubled(name, line);
                reader.Read();
                named[name] = Value(ref reader, json);
            }

            return new Members(named, start);
        }

        private List Array(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
        {
            var start = line;
            var elements = new List<ExportValue>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                elements.Add(Value(ref reader, json));
            return new List(elements, start);
        }

        // Null stands for "not Unicode" only between here and the line that calls.
        private string? String(ref Utf8JsonReader reader)
        {
            if (reader.ValueSpan.Length > limits.TextBytes)
                throw ExportLimits.Passed(
                    $"{where}, line {line}", $"a text has {reader.ValueSpan.Length} bytes",
                    $"{limits.TextBytes} bytes");
            try
            {
                var text = reader.GetString()!;
                return repaired ? Mojibake.Repair(text) : text;
            }
            catch (InvalidOperationException)
            {
                // Bytes that are not UTF-8, or half a surrogate pair: the object that holds them is rejected where the
                // text is wanted.
                return null;
            }
        }
    }

    internal sealed record Text(string Value, long Line) : ExportValue(Line);

    internal sealed record Whole(long Value, long Line) : ExportValue(Line);

    internal sealed record Fraction(double Value, long Line) : ExportValue(Line);

    internal sealed record Flag(bool Value, long Line) : ExportValue(Line);

    internal sealed record Nothing(long Line) : ExportValue(Line);

    internal sealed record Unreadable(long Line) : ExportValue(Line);

    /// <summary>A value that is not used, because an object in it gives a name twice.</summary>
    internal sealed record Doubled(string Name, long Line) : ExportValue(Line);

    internal sealed record List(IReadOnlyList<ExportValue> Elements, long Line) : ExportValue(Line);

    internal sealed record Members(OrderedDictionary<string, ExportValue> Named, long Line) : ExportValue(Line);
}
