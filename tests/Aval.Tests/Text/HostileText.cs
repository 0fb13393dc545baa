using CsCheck;

namespace Aval.Tests.Text;

/// <summary>Texts as attackers, broken exports and other scripts make them: sentences and secrets, mutated.</summary>
internal static class HostileText
{
    /// <summary>What nobody else's identifier is.</summary>
    public static readonly string[] Secrets =
    [
        "kim@example.org", "+49 1512 3456789", "DE89 3704 0044 0532 0130 00", "4111 1111 1111 1111",
        "RSSMRA85T10A562S", "Hauptstraße 5, 12345 Berlin", "203.0.113.77", "2001:db8::ff00:42:8329",
        "aa:bb:cc:dd:ee:ff", "48.85830, 2.29450", "https://kim:secret@example.org/x", "@kim_invented",
        "instagram.com/kim_invented", "NIP 8567346215", "@kim.fictive", "@[7:1:Kim Fictive]", "Kim Fictive",
        "facebook.com/kim.fictive",
    ];

    private static readonly string[] Words =
    [
        .. Languages.Sentences.All.Select(sentence => sentence.Text), "my chemo starts on Monday. ",
        "I was diagnosed with ", "ich bin in der Gewerkschaft", "nicht ", "not ", "\"", "«", "Mr. ", "#hash", "<EMAIL>",
        "<PERSON>", "order 12345678", "1.2.3.4", "tel ", "id",
    ];

    // Half pairs, directions, nothing to see, marks without end, digits and letters that only look so.
    private static readonly string[] Odd =
    [
        "\uD83D", "\uDE00", "😀", "\u202E", "\u2066", "\u200B", "\u200D", "\u00AD", "\uFEFF", "\u0000", "\uFFFF",
        "\u0301", "\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "\u0DDF", "ﷺ", "İ", "ı", "ſ", "ﬁ", "ẞ", "１",
        "٣", "𝟙", "＠", "\u2028", "\u00A0", "\n", "\r\n", "\t", "@", "/", ":", ".", "-", "0", " ",
    ];

    private static readonly Gen<string> Piece =
        Gen.Frequency((3, Gen.OneOf(Secrets)), (3, Gen.OneOf(Words)), (3, Gen.OneOf(Odd)), (1, Gen.String[0, 8]));

    private static readonly Gen<(int Kind, int At, int Length, int Other)> Mutation =
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 400], Gen.Int[1, 6], Gen.Int[0, 1 << 16]);

    /// <summary>Pieces behind each other, a few of their UTF-16 units taken out, doubled, turned or replaced.</summary>
    public static Gen<string> Any { get; } = Gen.Select(
        Piece.Array[0, 10].Select(string.Concat), Mutation.Array[0, 6],
        (text, mutations) => mutations.Aggregate(text, Mutate));

    private static string Mutate(string text, (int Kind, int At, int Length, int Other) how)
    {
        if (text.Length == 0)
            return text;
        var at = how.At % text.Length;
        var part = text.Substring(at, Math.Min(how.Length, text.Length - at));
        return how.Kind switch
        {
            0 => text.Remove(at, part.Length),
            1 => text.Insert(at, part),
            2 => text.Insert(at, Odd[how.Other % Odd.Length]),
            3 => text.Remove(at, part.Length).Insert(at, new string([.. part.Reverse()])),
            _ => text.Remove(at, 1).Insert(at, ((char)how.Other).ToString()),
        };
    }
}
