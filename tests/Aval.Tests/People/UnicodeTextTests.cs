using System.Globalization;
using System.Text;
using Aval.Storage;
using CsCheck;

namespace Aval.Tests.People;

/// <summary>Our table of Unicode, held against those of others.</summary>
public sealed class UnicodeTextTests : IDisposable
{
    // A vowel one place before the first trailing consonant. The engine takes it for "no trailing consonant" after a
    // syllable and drops it; Unicode's composition (section 3.12, TIndex > 0) keeps it.
    private const int SwallowedByTheEngine = 0x11A7;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("e\u0301", "é")]
    [InlineData("\u212b", "Å")]
    [InlineData("a\u0323\u0307", "ạ\u0307")]
    [InlineData("a\u0307\u0323", "ạ\u0307")]
    [InlineData("\u1112\u1161\u11ab", "한")]
    [InlineData("\ub610\u11a7", "\ub610\u11a7")]
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("кафе", "кафе")]
    [InlineData("plain", "plain")]
    public void A_text_has_one_normal_form(string text, string normal)
    {
        Assert.Equal(normal, UnicodeText.Normal(text));
        Assert.Equal(text == normal, UnicodeText.IsNormal(text));
    }

    [Fact]
    public void Every_character_alone_and_before_a_mark_is_normalised_as_the_engine_does_it()
    {
        var runes = Enumerable.Range(1, 0x2FFFF).Where(Rune.IsValid)
            .Where(code => UnicodeText.IsSeen(code) && KnownToBoth(code)).Select(code => new Rune(code).ToString());
        HoldAgainstTheEngine(
            [.. runes.SelectMany(rune => new[] { rune, rune + "\u0301", rune + "\u0327\u0301", "a\u0316" + rune })]);
    }

    [Fact]
    public void Any_text_is_normalised_as_the_engine_does_it()
    {
        var letter = Gen.OneOf(
            Gen.Int[0x20, 0x7E], Gen.Int[0xC0, 0x24F], Gen.Int[0x300, 0x36F],
            Gen.Int[0x1100, 0x11FF].Where(code => code != SwallowedByTheEngine),
            Gen.Int[0xAC00, 0xD7A3], Gen.Int[0x900, 0xDFF], Gen.Int[0x5B0, 0x65F], Gen.Int[0x1E00, 0x1FFF])
            .Where(KnownToBoth).Select(code => new Rune(code).ToString());
        HoldAgainstTheEngine(
            letter.Array[1, 8].Select(string.Concat).Array[100_000].Generate(new PCG(7, 7), null, out _));
    }

    [Fact]
    public void A_character_is_seen_unless_it_is_of_category_C_or_Z()
    {
        // Characters that the base library does not know yet, and we do, are no contradiction.
        var differing = Enumerable.Range(0, 0x110000)
            .Where(Rune.IsValid)
            .Where(code => CharUnicodeInfo.GetUnicodeCategory(code) switch
            {
                UnicodeCategory.OtherNotAssigned => false,
                UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
                    or UnicodeCategory.Surrogate
                    or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator => UnicodeText.IsSeen(code),
                _ => !UnicodeText.IsSeen(code),
            });
        Assert.Empty(differing.Select(code => code.ToString("X", CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("Zoe.Fictive", "zoe.fictive")]
    [InlineData("ÄÖÜ Straße", "äöü straße")]
    [InlineData("ΣΊΣΥΦΟΣ", "σίσυφοσ")]
    [InlineData("Ⴀ", "ⴀ")]
    [InlineData("İ", "i")]
    public void Lower_case_is_the_same_in_every_language(string text, string lower)
    {
        Assert.Equal(lower, UnicodeText.LowerCase(text));
        Assert.Equal(lower, UnicodeText.LowerCase(lower));
    }

    // The engine knows Unicode 15; what moves among the characters that came with 16 lies in these blocks.
    private static bool KnownToBoth(int code) =>
        CharUnicodeInfo.GetUnicodeCategory(code) is not UnicodeCategory.OtherNotAssigned
            && code is not (0x897 or 0x10EFC or (>= 0x10D40 and <= 0x10D8F) or (>= 0x11380 and <= 0x113FF)
                or (>= 0x16100 and <= 0x1613F) or (>= 0x16D40 and <= 0x16D7F) or (>= 0x1E5D0 and <= 0x1E5FF));

    private void HoldAgainstTheEngine(string[] texts)
    {
        using var engine = Engine.Open(_folder.Path, new EngineLimits(1, 500_000_000));
        var differing = texts.Chunk(5_000).SelectMany(some => engine.Query(
            $"SELECT t, nfc_normalize(t) FROM (SELECT unnest({Engine.Literal(some)}) AS t)",
            row => (Text: row.GetString(0), Normal: row.GetString(1))))
            .Where(row => UnicodeText.Normal(row.Text) != row.Normal
                || UnicodeText.IsNormal(row.Text) != (row.Text == row.Normal))
            .Take(10)
            .Select(row => $"{Codes(row.Text)}: {Codes(UnicodeText.Normal(row.Text))}, the engine {Codes(row.Normal)}");
        Assert.Empty(differing);
    }

    private static string Codes(string text) =>
        string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("X4", CultureInfo.InvariantCulture)));
}
