using System.Text;
using Aval.Text.Identifiers;
using CsCheck;

namespace Aval.Tests.Identifiers;

/// <summary>What holds of every text, well-formed or not.</summary>
public sealed class IdentifierLawTests
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("AVAL_LONG") == "1";

    // Further than words are looked for.
    private static readonly string Apart = new('\n', 64);

    private static readonly string[] Secrets =
    [
        "kim@example.org", "+49 1512 3456789", "DE89 3704 0044 0532 0130 00", "4111 1111 1111 1111", "RSSMRA85T10A562S",
        "85.07.30-033.28", "DE136695976", "Kennzeichen B-AB 1234", "Hauptstraße 5, 12345 Berlin", "203.0.113.77",
        "2001:db8::ff00:42:8329", "aa:bb:cc:dd:ee:ff", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "48.85830, 2.29450",
        "https://kim:secret@example.org/x", "@kim_invented", "instagram.com/kim_invented", "(201) 555-0123",
        "NIP 8567346215", "12 rue de la Paix, 75002 Paris", "https://example.org/?email=kim@example.org",
    ];

    private static readonly string[] Pieces =
    [
        " ", ", ", ".", "-", "/", ":", "@", "#", "(", ")", "\n", "\u00A0", "\u200B", "\u202E", "\u0301\u0301\u0301",
        "\uD83D", "\uDE00", "😀", "é", "ß", "ф", "0", "1", "42", "2024", "12345678", "tel ", "IBAN", "id", "order ",
        "www.", "http://", "://", "<EMAIL>", "<PHONE>", "<", ">", "::", "%40", "x", "abc", "Berlin", "Straße", "\u0000",
        "+", "٣", "１", "＠", "ﬁ", "\uFFFF", "0x", "bc1q", "…",
    ];

    private static readonly Gen<string> Text = Gen.Frequency(
        (3, Gen.OneOf(Secrets)), (6, Gen.OneOf(Pieces)), (1, Gen.String[0, 12]))
            .Array[0, 14].Select(string.Concat);

    private static readonly Gen<string?> Country = Gen.OneOf<string?>(null, "DE", "FR", "PL", "US", "??");

    [Fact]
    public void A_masked_text_holds_nothing_more_to_mask() => Each((text, country) =>
    {
        var masked = Mask(text, country);
        Assert.Equal(masked, Mask(masked, country));
    });

    [Fact]
    public void What_stands_between_findings_stays_as_it_was_and_findings_are_in_order() => Each((text, country) =>
    {
        var found = Find(text, country);
        var masked = new StringBuilder();
        var from = 0;
        foreach (var span in found)
        {
            Assert.True(span.Start >= from && span.Length > 0 && span.End <= text.Length);
            masked.Append(text, from, span.Start - from).Append(span.Kind.ToPlaceholder());
            from = span.End;
        }

        Assert.Equal(masked.Append(text, from, text.Length - from).ToString(), Mask(text, country));
    });

    [Fact]
    public void No_surrogate_pair_is_split() => Each((text, country) =>
    {
        foreach (var span in Find(text, country))
        {
            Assert.False(Splits(text, span.Start), $"{span} begins inside a pair");
            Assert.False(Splits(text, span.End), $"{span} ends inside a pair");
        }

        static bool Splits(string text, int at) =>
            at > 0 && at < text.Length && char.IsHighSurrogate(text[at - 1]) && char.IsLowSurrogate(text[at]);
    });

    [Fact]
    public void A_secret_that_stands_free_is_gone_and_does_not_grow_back() =>
        Gen.Select(Gen.OneOf(Secrets), Text, Text, Country).Sample(
            (secret, before, after, country) =>
            {
                var masked = Mask($"{before}{Apart}{secret}{Apart}{after}", country);
                Assert.DoesNotContain($"{Apart}{secret}{Apart}", masked, StringComparison.Ordinal);
                Assert.Equal(masked, Mask(masked, country));
            },
            iter: Long ? 200_000 : 2_000, seed: "0N0XIzNsQ0O2", threads: 1);

    [Fact]
    public void A_text_without_digits_at_signs_slashes_and_colons_is_untouched() => Each((text, country) =>
    {
        var bare = new string([.. text.Where(c => !char.IsAsciiDigit(c) && c is not ('@' or '/' or ':'))]);
        Assert.Empty(Find(bare, country));
    });

    /// <summary>10 MB of one thing: what is quadratic in a line does not end.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("1 ")]
    [InlineData("12-")]
    [InlineData("a1")]
    [InlineData("a@")]
    [InlineData("@a")]
    [InlineData("a.")]
    [InlineData("a@a.")]
    [InlineData("//")]
    [InlineData("http://a/")]
    [InlineData("a.de/")]
    [InlineData("::1")]
    [InlineData("aa:")]
    [InlineData("1.1.1.1.")]
    [InlineData("10.20.30.40:")]
    [InlineData("@ab/")]
    [InlineData("@ab-")]
    [InlineData("a@b.de-")]
    [InlineData("Straße 5 ")]
    [InlineData("A-1 ")]
    [InlineData("Kennzeichen A-1 ")]
    [InlineData("tel 12345678 ")]
    [InlineData("\u0301")]
    [InlineData("@\u0301")]
    [InlineData("\uD83D1")]
    [InlineData("x@example.org ")]
    [InlineData("DE89 3704 0044 0532 0130 00 ")]
    public void A_line_of_megabytes_is_read_to_its_end(string piece)
    {
        var size = Long ? 10_000_000 : 200_000;
        var line = new StringBuilder().Insert(0, piece, size / piece.Length).ToString();
        var masked = Mask(line, "DE");
        Assert.Equal(masked, Mask(masked, "DE"));
    }

    /// <summary>A list of which each pass finds one does not end, either.</summary>
    [Theory]
    [InlineData("FR", "01 23 45 67 89 / ")]
    [InlineData(null, "01 23 45 67 89 / ")]
    [InlineData("FR", "06.12.34.56.78/")]
    [InlineData("FR", "01 23 45 67 89 – ")]
    [InlineData("FR", "01 23 45 67 89  ")]
    [InlineData("PL", "501 234 567 / ")]
    [InlineData("PL", "501 234 567/ ")]
    [InlineData("EE", "512 3456 - ")]
    public void A_list_of_telephones_is_found_to_its_end(string? country, string piece)
    {
        var times = (Long ? 10_000_000 : 1_000_000) / piece.Length;
        var line = new StringBuilder().Insert(0, piece, times).ToString();
        var masked = "<PHONE>" + piece[(piece.LastIndexOfAny([.. "0123456789"]) + 1)..];
        Assert.Equal(new StringBuilder().Insert(0, masked, times).ToString(), Mask(line, country));
    }

    private static void Each(Action<string, string?> law) => Gen.Select(Text, Country).Sample(
        law, iter: Long ? 1_000_000 : 4_000, seed: "0N0XIzNsQ0O2", threads: 1);

    private static List<IdentifierSpan> Find(string text, string? country)
    {
        var found = new List<IdentifierSpan>();
        IdentifierFinder.Find(text, country, IdentifierKinds.All, found);
        return found;
    }

    private static string Mask(string text, string? country) => IdentifierMask.Apply(text, Find(text, country));
}
