using System.Diagnostics.CodeAnalysis;

namespace Aval.Choices;

/// <summary>
/// What a choice is about: one or more parts, joined by <c>;</c>. It covers what any of its parts covers.
/// </summary>
public sealed class Scope : IEquatable<Scope>
{
    private Scope(IReadOnlyList<ScopePart> parts) => Parts = parts;

    /// <summary>All content of the account: the default.</summary>
    public static Scope Everything { get; } = new([new ScopePart.Everything()]);

    /// <summary>At least one part, in canonical order (by their text, ordinal), without repetition.</summary>
    public IReadOnlyList<ScopePart> Parts { get; }

    /// <summary>From its parts; at least one.</summary>
    public static Scope Of(params IEnumerable<ScopePart> parts)
    {
        var distinct = parts.Distinct().OrderBy(part => part.ToString(), StringComparer.Ordinal).ToArray();
        return distinct.Length == 0
            ? throw new ArgumentException("A scope has at least one part.", nameof(parts))
            : new Scope(distinct);
    }

    /// <summary>
    /// Reads <c>everything</c>, <c>service:NAME</c>, <c>item:SERVICE:ID</c> or <c>about-me</c>, several joined by
    /// <c>;</c> (in ids, <c>;</c> and <c>%</c> are percent-encoded).
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Scope? scope)
    {
        scope = null;
        if (string.IsNullOrEmpty(text))
            return false;
        var parts = new List<ScopePart>();
        foreach (var piece in text.Split(';'))
        {
            if (!ScopePart.TryParse(piece, out var part))
                return false;
            parts.Add(part);
        }

        scope = Of(parts);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Scope? other) => other is not null && Parts.SequenceEqual(other.Parts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Scope);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => string.Join(';', Parts);
}

/// <summary>One part of a scope.</summary>
public abstract record ScopePart
{
    private ScopePart()
    {
    }

    /// <summary>All content of the account.</summary>
    public sealed record Everything : ScopePart
    {
        /// <inheritdoc/>
        public override string ToString() => "everything";
    }

    /// <summary>All content on one service.</summary>
    public sealed record OnService(string Service) : ScopePart
    {
        /// <inheritdoc/>
        public override string ToString() => $"service:{Service}";
    }

    /// <summary>One item.</summary>
    public sealed record OneItem(Item Item) : ScopePart
    {
        /// <inheritdoc/>
        public override string ToString() =>
            Item.ToString().Replace("%", "%25", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal);
    }

    /// <summary>The person in other people's content.</summary>
    public sealed record AboutMe : ScopePart
    {
        /// <inheritdoc/>
        public override string ToString() => "about-me";
    }

    internal static bool TryParse(string text, [NotNullWhen(true)] out ScopePart? part)
    {
        const string service = "service:";
        part = text switch
        {
            "everything" => new Everything(),
            "about-me" => new AboutMe(),
            _ when text.StartsWith(service, StringComparison.Ordinal)
                && ServiceName.IsValid(text.AsSpan(service.Length)) => new OnService(text[service.Length..]),
            _ when Item.TryParse(Decode(text), out var item) => new OneItem(item),
            _ => null,
        };
        return part is not null;
    }

    // Only what ToString encodes is decoded: an id that holds "%41" keeps it.
    private static string Decode(string text) => text
        .Replace("%3B", ";", StringComparison.OrdinalIgnoreCase)
        .Replace("%25", "%", StringComparison.Ordinal);
}
