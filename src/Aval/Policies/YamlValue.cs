using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Aval.Policies;

/// <summary>A place in a file; line and column from 1.</summary>
internal readonly record struct Place(long Line, long Column)
{
    public static Place Of(Mark mark) => new(mark.Line, mark.Column);
}

/// <summary>
/// What a scalar is under YAML 1.2's core schema, so that this reader, an editor's and a JSON Schema agree.
/// </summary>
internal enum ScalarType
{
    Text,
    Number,
    Flag,
    Nothing,
}

/// <summary>
/// The part of YAML that a policy is written in: maps, lists and scalars. Anchors, aliases and tags are refused (ten
/// lines of aliases stand for gigabytes; a tag makes a text of a number), and so is deep nesting: the parser's time
/// grows with its square. Read from the parser's events, since YamlDotNet's own tree stops at the first duplicate key
/// and recurses as deep as the file wants.
/// </summary>
internal abstract partial record YamlValue(Place At)
{
    // rules → rule → admit → word is four deep.
    private const int MostNested = 8;

    public sealed record Map(Place At, IReadOnlyList<(Scalar Key, YamlValue Value)> Pairs) : YamlValue(At);

    public sealed record List(Place At, IReadOnlyList<YamlValue> Items) : YamlValue(At);

    public sealed record Scalar(Place At, string Text, ScalarType Type) : YamlValue(At);

    /// <summary>
    /// The one document of a text; null when there is none or it cannot be read, and then the problems say why.
    /// </summary>
    public static YamlValue? Load(string text, PolicyProblems problems)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                problems.Add(
                    new Place(1, 1), "the file is empty; \"aval policy show opt-out\" shows what a policy says");
                return null;
            }

            parser.Consume<DocumentStart>();
            var root = Load(parser, problems, depth: 0);
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second))
                problems.Add(Place.Of(second.Start), "a second document begins here, and a policy is one");
            return root;
        }
        catch (TooDeepException deep)
        {
            problems.Add(Place.Of(deep.Start), $"nested more than {MostNested} deep; no policy is");
            return null;
        }
        catch (YamlException broken)
        {
            problems.Add(
                Place.Of(broken.Start),
                $"not YAML: {Found.Shorten(broken.Message.ReplaceLineEndings(" ").TrimEnd('.'))}");
            return null;
        }
    }

    private static YamlValue Load(Parser parser, PolicyProblems problems, int depth)
    {
        if (depth > MostNested)
            throw new TooDeepException(parser.Current!.Start, parser.Current.End);
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            problems.Add(Place.Of(alias.Start), "an alias (*), and a policy has none: write the value out");
            return new Scalar(Place.Of(alias.Start), alias.Value.Value, ScalarType.Text);
        }

        var node = parser.Consume<NodeEvent>();
        var at = Place.Of(node.Start);
        if (!node.Anchor.IsEmpty)
            problems.Add(at, "an anchor (&), and a policy has none: write the value out where it is needed");
        // "!" alone says "a text", as quotes do; it is refused with the others so that there is one way to say it.
        if (!node.Tag.IsEmpty && !(node is MappingStart or SequenceStart && node.Tag.IsNonSpecific))
            problems.Add(at, "a tag (!), and a policy has none: a text is told from a number by its quotes");
        switch (node)
        {
            case YamlDotNet.Core.Events.Scalar scalar:
                return new Scalar(
                    at, scalar.Value, scalar.Style == ScalarStyle.Plain ? TypeOf(scalar.Value) : ScalarType.Text);
            case SequenceStart:
                var items = new List<YamlValue>();
                while (!parser.TryConsume<SequenceEnd>(out _))
                    items.Add(Load(parser, problems, depth + 1));
                return new List(at, items);
            case MappingStart:
                return new Map(at, ReadPairs(parser, problems, depth));
            default:
                throw new InvalidOperationException(
                    $"A YAML node is a scalar, a list or a map, not {node.GetType().Name}.");
        }
    }

    private static List<(Scalar, YamlValue)> ReadPairs(Parser parser, PolicyProblems problems, int depth)
    {
        var pairs = new List<(Scalar, YamlValue)>();
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Load(parser, problems, depth + 1);
            var value = Load(parser, problems, depth + 1);
            if (key is not Scalar word)
                problems.Add(key.At, $"a key is a word, but {Found.Describe(key)} was found");
            else if (!lines.TryAdd(word.Text, word.At.Line))
                problems.Add(
                    word.At,
                    $"the key {Found.Quote(word.Text)} stands here a second time; it stands on line "
                        + $"{lines[word.Text]} already");
            else
                pairs.Add((word, value));
        }

        return pairs;
    }

    private static ScalarType TypeOf(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarType.Nothing,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarType.Flag,
        _ => Number().IsMatch(plain) ? ScalarType.Number : ScalarType.Text,
    };

    // YAML 1.2.2 §10.3.2.
    [GeneratedRegex(@"^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
        + @"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    private sealed class TooDeepException(Mark start, Mark end) : YamlException(start, end, "nested too deeply");
}
