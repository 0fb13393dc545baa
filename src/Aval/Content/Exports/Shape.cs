namespace Aval.Content.Exports;

/// <summary>
/// Where an object differs from the shape it should have, what was expected there, and what was found.
/// </summary>
internal readonly record struct Fault(string At, string Expected, ExportValue Found);

/// <summary>
/// What a member of an export's object must be when it is there. Members that no shape speaks about are let through:
/// platforms add some every year, and refusing them would reject whole exports over a new ornament.
/// </summary>
internal abstract record Shape
{
    public static Shape Anything { get; } = new AnythingShape();

    public static Shape Text { get; } = new Leaf("a string", value => value is ExportValue.Text);

    public static Shape Whole { get; } = new Leaf("an integer", value => value is ExportValue.Whole);

    public static Shape Number { get; } = new Leaf(
        "an integer or a float", value => value is ExportValue.Whole or ExportValue.Fraction);

    /// <summary>The faults of a value, in the order of its members; none when it fits.</summary>
    public abstract IEnumerable<Fault> Faults(ExportValue value, string at);

    public static Shape ListOf(Shape element) => new ListShape(element);

    /// <summary>An object whose named members, when present, have these shapes.</summary>
    public static ObjectShape Of(params (string Name, Shape Shape)[] members) =>
        new(members.ToDictionary(member => member.Name, member => member.Shape, StringComparer.Ordinal), []);

    /// <summary>A shape that is part of itself.</summary>
    public static Shape Late(Func<Shape> shape) => new LateShape(shape);

    /// <summary>An object whose member names are the platform's translations.</summary>
    public static Shape MapOf(Shape member) => new MapShape(member);

    /// <summary>A string in older exports, an object in newer ones.</summary>
    public static Shape TextOr(ObjectShape newer) => new TextOrShape(newer);

    private static string Join(string at, string name) => at.Length == 0 ? name : $"{at}.{name}";

    internal sealed record ObjectShape(IReadOnlyDictionary<string, Shape> Members, IReadOnlyList<string> Needed) : Shape
    {
        public ObjectShape Needs(params string[] names) => this with { Needed = names };

        public override IEnumerable<Fault> Faults(ExportValue value, string at)
        {
            if (value is not ExportValue.Members members)
                return [new Fault(at, "an object", value)];
            return members.Named
                .Where(member => Members.ContainsKey(member.Key))
                .SelectMany(member => Members[member.Key].Faults(member.Value, Join(at, member.Key)))
                .Concat(Needed
                    .Where(name => !members.Named.ContainsKey(name))
                    .Select(name => new Fault(
                        Join(at, name), "a value, as every such object does", new ExportValue.Nothing(value.Line))));
        }
    }

    private sealed record MapShape(Shape Member) : Shape
    {
        public override IEnumerable<Fault> Faults(ExportValue value, string at) => value is ExportValue.Members members
            ? members.Named.SelectMany(member => Member.Faults(member.Value, Join(at, member.Key)))
            : [new Fault(at, "an object", value)];
    }

    private sealed record ListShape(Shape Element) : Shape
    {
        public override IEnumerable<Fault> Faults(ExportValue value, string at) => value is ExportValue.List list
            ? list.Elements.SelectMany((element, index) => Element.Faults(element, $"{at}[{index}]"))
            : [new Fault(at, "a list", value)];
    }

    private sealed record TextOrShape(ObjectShape Newer) : Shape
    {
        public override IEnumerable<Fault> Faults(ExportValue value, string at) =>
            value is ExportValue.Members ? Newer.Faults(value, at) : Text.Faults(value, at);
    }

    private sealed record Leaf(string Expected, Func<ExportValue, bool> Fits) : Shape
    {
        public override IEnumerable<Fault> Faults(ExportValue value, string at) => value switch
        {
            ExportValue.Unreadable => [new Fault(at, "valid Unicode", value)],
            ExportValue.Text { Value: var text } when text.Contains('\0') =>
                [new Fault(at, "text without NUL characters", value)],
            _ => Fits(value) ? [] : [new Fault(at, Expected, value)],
        };
    }

    private sealed record LateShape(Func<Shape> Meant) : Shape
    {
        public override IEnumerable<Fault> Faults(ExportValue value, string at) => Meant().Faults(value, at);
    }

    private sealed record AnythingShape : Shape
    {
        public override IEnumerable<Fault> Faults(ExportValue value, string at) => [];
    }
}
