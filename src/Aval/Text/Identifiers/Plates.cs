using System.Collections.Frozen;

namespace Aval.Text.Identifiers;

/// <summary>
/// Licence plates in the forms of Europe's larger states, only where a word nearby says so: <c>AB 123 CD</c> is also an
/// article, a flight and a road.
/// </summary>
internal static class Plates
{
    private const int Longest = 12;

    // L a capital, D a digit, - one space, hyphen or point. Where states write the same, it stands once.
    private static readonly FrozenSet<string> Shapes = FrozenSet.ToFrozenSet("""
        L-L-D L-L-DD L-L-DDD L-L-DDDD L-LL-D L-LL-DD L-LL-DDD L-LL-DDDD LL-L-D LL-L-DD LL-L-DDD LL-L-DDDD LL-LL-D
        LL-LL-DD LL-LL-DDD LL-LL-DDDD LLL-L-D LLL-L-DD LLL-L-DDD LLL-L-DDDD LLL-LL-D LLL-LL-DD LLL-LL-DDD LL-DDD-LL
        LLDDDLL LL-DDDLL DDDD-LLL DDDDLLL DD-LL-DD LL-DD-LL DD-LL-LL LL-LL-DD LL-DDD-L D-LLL-DD DD-LLL-D L-DDD-LL
        LLL-DD-L LL-DDDDD LLL-DDDD LL-DDDDL LLL-DDDDD LLDDDDD LLLDDDD LLDD-LLL LLDDLLL LDDD-LLL LDDDLLL LLL-DDD LLLDDD
        LLL-DDL LLLDDL D-LLL-DDD DLLLDDD DLL-DDDD DLLDDDD LL-DDD LL-DD-LL-DD LLL-DDDDL L-DDD-LLL LL-DD-LLL L-DD-LLL
        LDDDLLL L-DDDDD-L L-DDDDDL LL-DDDDL LL-DDDD-LL LDDDDLL LLDDDDLL L-DDDD-LL LLL-DDDD LL-DDD-LLL DDD-LLL DDDLLL
        LL-LL-DDD LL-DDD-LL LL-DDDD-L DDD-L-DDDDD DD-L-DDD DD-L-DDDD DD-L-DDDDD LL-DDDD LL-DD-DDD
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        Shapes.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>A plate around a word that holds a digit.</summary>
    public static bool TryPlate(ref Passage passage, int wordStart, out Finding found)
    {
        found = default;
        Span<int> starts = stackalloc int[3];
        var count = 0;
        // Its first group may be one or two words to the left: "B-AB 1234".
        for (var start = wordStart; start >= passage.Floor && count < 3;)
        {
            starts[count++] = start;
            if (start < 2 || !IsBetween(passage.At(start - 1)) || !IsPlateChar(passage.At(start - 2)))
                break;
            start--;
            while (start > passage.Floor && IsPlateChar(passage.At(start - 1)))
                start--;
        }

        while (count-- > 0)
        {
            if (passage.OpensAt(starts[count]) && Longer(ref passage, starts[count]) is var end and > 0
                && end > wordStart && passage.Around(starts[count], end) is var around && around.Says(Topic.Plate)
                && !around.IsThing)
            {
                found = new Finding(IdentifierKind.Plate, starts[count], end);
                return true;
            }
        }

        return false;
    }

    // The end of the longest shape that begins there, or -1.
    private static int Longer(ref Passage passage, int start)
    {
        Span<char> shape = stackalloc char[Longest];
        var (at, size, end) = (start, 0, -1);
        for (; size < Longest; at++, size++)
        {
            var c = passage.At(at);
            if (char.IsAsciiDigit(c))
                shape[size] = 'D';
            else if (IsPlateChar(c))
                shape[size] = 'L';
            else if (IsBetween(c) && IsPlateChar(passage.At(at + 1)))
                shape[size] = '-';
            else
                break;
            if (passage.ClosesAt(at + 1) && BySpan.Contains(shape[..(size + 1)]))
                end = at + 1;
        }

        return end;
    }

    private static bool IsPlateChar(char c) =>
        char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c) || (c >= 128 && char.IsUpper(c));

    private static bool IsBetween(char c) => c is '-' or '·' or '.' or '•' || Chars.IsSpace(c);
}
