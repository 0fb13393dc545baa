using System.Numerics;

namespace Aval.Text.Identifiers;

/// <summary>A set of kinds: those that are masked. The others are kept.</summary>
internal readonly record struct IdentifierKinds
{
    private readonly uint _bits;

    private IdentifierKinds(uint bits) => _bits = bits;

    /// <summary>Every kind.</summary>
    public static IdentifierKinds All { get; } = Of([.. IdentifierKindNames.All]);

    /// <summary>How many.</summary>
    public int Count => BitOperations.PopCount(_bits);

    /// <summary>These kinds.</summary>
    public static IdentifierKinds Of(params ReadOnlySpan<IdentifierKind> kinds)
    {
        var bits = 0u;
        foreach (var kind in kinds)
            bits |= 1u << (int)kind;
        return new(bits);
    }

    /// <summary>Whether a kind is one of them.</summary>
    public bool Contains(IdentifierKind kind) => (_bits & (1u << (int)kind)) != 0;

    /// <summary>Kinds by name, with commas between them; <c>all</c> is every kind.</summary>
    /// <returns>False where a word names no kind: <paramref name="unknown"/> is that word.</returns>
    public static bool TryParse(string text, out IdentifierKinds kinds, out string unknown)
    {
        ArgumentNullException.ThrowIfNull(text);
        kinds = default;
        unknown = "";
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (word == "all")
            {
                kinds = All;
                continue;
            }

            var kind = -1;
            for (var i = 0; i < IdentifierKindNames.All.Count && kind < 0; i++)
                kind = IdentifierKindNames.All[i].ToText() == word ? i : -1;
            if (kind < 0)
            {
                unknown = word;
                return false;
            }

            kinds = new(kinds._bits | (1u << kind));
        }

        return true;
    }
}
