namespace Aval.Text.Identifiers;

/// <summary>Identity and tax numbers, by their schemes; IBANs and cards.</summary>
internal static class Numbers
{
    private const int Longest = 40;

    private static readonly Scheme[] Schemes =
        [.. NationalSchemes.All, .. TaxSchemes.Prefixed, .. TaxSchemes.Bare];

    /// <summary>By the first character that they may begin with: a digit's at '0', a letter's at itself.</summary>
    private static readonly Scheme[][] ByFirst = Index();

    /// <summary>A number with a state, from where a word of letters or digits begins.</summary>
    public static bool TryScheme(ref Passage passage, int start, out Finding found)
    {
        found = default;
        var text = passage.Text;
        var first = text[start];
        var group = first < 128 ? ByFirst[char.IsAsciiDigit(first) ? '0' : char.ToUpperInvariant(first)] : [];
        if (group.Length == 0 || !passage.NumberOpensAt(start))
            return false;
        var reach = Reach(text, start);
        Span<char> number = stackalloc char[Longest];
        var best = 0;
        foreach (var scheme in group)
        {
            if (scheme.Size > reach)
                continue;
            var end = scheme.Read(text, start, number);
            if (end < 0 || !passage.NumberClosesAt(end) || (first == '0' && IsOne(number[..scheme.Size])))
                continue;
            var trust = scheme.IsValid(number[scheme.Prefix..scheme.Size])
                ? Trusted(ref passage, scheme, start, end)
                : Trust.None;
            // Among equals the author's state comes first.
            var rank = trust == Trust.None ? 0 : ((int)trust * 2) + (scheme.Country == passage.Country ? 1 : 0);
            if (rank > best)
                (best, found) = (rank, new Finding(scheme.Kind, start, end));
        }

        return best > 0;
    }

    /// <summary>How many letters and digits follow, single separators left out; up to the longest number.</summary>
    public static int Reach(ReadOnlySpan<char> text, int start)
    {
        var count = 0;
        for (var i = start; i < text.Length && count < Longest; i++)
        {
            if (char.IsAsciiLetterOrDigit(text[i]))
                count++;
            else if (!Chars.Groups(text[i]) && text[i] is not ('+' or '(' or ')' or ':'))
                break;
        }

        return count;
    }

    // A word for a tax number lets an identity number pass, too, since many states have one number for both; a scheme
    // whose own word stands there comes before.
    private static Trust Trusted(ref Passage passage, Scheme scheme, int start, int end)
    {
        var around = passage.Around(start, end);
        // "es 12345678Z" is Spanish before it is Spain's.
        if (scheme.Prefix > 0 && char.IsAsciiLetterLower(passage.Text[start + 1]) && !around.Says(Topic.Tax))
            return Trust.None;
        var own = scheme.Kind == IdentifierKind.TaxId ? Topic.Tax : Topic.Identity;
        if (around.Says(own) && !around.Prefers(own == Topic.Tax ? Topic.Identity : Topic.Tax, own))
            return Trust.Own;
        var other = around.Says(Topic.Tax) || around.Says(Topic.Identity);
        return scheme.Evidence switch
        {
            Evidence.Alone => !around.IsThing || scheme.Prefix > 0,
            Evidence.Country => other || (scheme.Country == passage.Country && !around.IsThing),
            Evidence.Word => other,
        } ? Trust.Enough : Trust.None;
    }

    private enum Trust
    {
        None,
        Enough,
        Own,
    }

    // 00000000000 passes most sums and is nobody.
    private static bool IsOne(ReadOnlySpan<char> number) => number.IndexOfAnyExcept('0') < 0;

    private static Scheme[][] Index()
    {
        var index = new Scheme[128][];
        for (var c = 0; c < 128; c++)
            index[c] = [.. Schemes.Where(scheme => Begins(scheme.Pattern[0], (char)c))];
        return index;
    }

    private static bool Begins(char symbol, char first) => symbol switch
    {
        'd' => first == '0',
        'x' => first == '0' || char.IsAsciiLetterUpper(first),
        'a' => char.IsAsciiLetterUpper(first),
        >= '0' and <= '9' => first == '0',
        _ => symbol == first,
    };
}
