using System.Text;
using Aval.Text.AboutMe;
using CsCheck;

namespace Aval.Tests.Text.AboutMe;

/// <summary>What names a protected person in a text is replaced.</summary>
public sealed class PersonMaskTests
{
    private static readonly string[] Pieces =
    [
        "Kim", "Fictive", "Kim Fictive", "@kim.fictive", "@[7:", "]", "facebook.com/kimfictive", "e\u0301", "😀",
        "\ud83d", "\u202e", "\u200b", "<PERSON>", "<", "\n",
    ];

    private const string Kim = "#facebook:7\n@facebook@kimfictive\n=Kim Fictive";

    [Theory]
    [InlineData("@kim.fictive was there", "<PERSON> was there")]
    [InlineData("Kim Fictive was there", "<PERSON> was there")]
    [InlineData("KIM  fictive's dog", "<PERSON>'s dog")]
    [InlineData("@[7:1:Kim Fictive] @[8:1:Ada Fictive]", "<PERSON> @[8:1:Ada Fictive]")]
    [InlineData("kimfictive, facebook.com/kim.fictive", "<PERSON>, <PERSON>")]
    [InlineData("Kim Fictive@kim.fictive", "<PERSON>")]
    [InlineData("sin@kim.fictive-Kim Fictive", "sin<PERSON>-<PERSON>")]
    [InlineData("Kim Fictivesen", "Kim Fictivesen")]
    [InlineData("AKim Fictive", "AKim Fictive")]
    [InlineData("Kim alone", "Kim alone")]
    [InlineData("@kimberley", "@kimberley")]
    [InlineData("[12:03] <Kim Fictive> I come", "[12:03] <<PERSON>> I come")]
    [InlineData("<KIM FICTIVE>", "<<PERSON>>")]
    [InlineData("@kim.fictiveさん ありがとう", "<PERSON>さん ありがとう")]
    [InlineData("@kim.fictive님", "<PERSON>님")]
    [InlineData("@kim.fictive-nek", "<PERSON>-nek")]
    [InlineData("see facebook.com/kim.fictive很好", "see <PERSON>")]
    [InlineData("see facebook.com/7", "see facebook.com/7")]
    [InlineData("Kim\u200b Fict\u00adive", "<PERSON>")]
    [InlineData("@kim.fiction and Kim Fictiveさん", "@kim.fiction and <PERSON>さん")]
    public void Names_and_handles_go_and_nothing_else(string text, string masked) =>
        Assert.Equal(masked, PersonMask.Mask("facebook", text, Kim));

    [Fact]
    public void A_name_is_found_however_it_is_written()
    {
        const string needles = "=Zoé Łukasz";

        Assert.Equal("<PERSON>!", PersonMask.Mask("facebook", "Zoe\u0301 łukasz!", needles));
        Assert.Equal("<PERSON>", PersonMask.Mask("facebook", "ZOÉ\nŁUKASZ", needles));
        Assert.Equal("金子<PERSON>です", PersonMask.Mask("facebook", "金子みすゞです", "=みすゞ"));
    }

    [Theory]
    [InlineData("Anna Strauß", "ANNA STRAUSS")]
    [InlineData("Anna Strauss", "anna strauß")]
    [InlineData("Işıl Yıldız", "IŞIL YILDIZ")]
    [InlineData("Πέτρος", "ΠΕΤΡΟΣ")]
    [InlineData("Πέτρος", "ΠΈΤΡΟΣ")]
    [InlineData("Kim Fictive ✨", "Kim Fictive")]
    [InlineData("✨ Kim\u200e ✨", "kim")]
    [InlineData("Kim Fictive", "Kim Fictive\u200e")]
    public void A_name_is_found_in_capitals_and_without_its_ornaments(string shown, string written) =>
        Assert.Equal("so, <PERSON>, it is", PersonMask.Mask("facebook", $"so, {written}, it is", $"={shown}"));

    [Fact]
    public void What_nobody_sees_parts_words_where_a_script_has_it_so()
    {
        Assert.Equal("<PERSON>جان", PersonMask.Mask("facebook", "علی\u200cجان", "=علی"));
        Assert.Equal("ไป\u200b<PERSON>", PersonMask.Mask("facebook", "ไป\u200bสมชาย", "=สมชาย"));
        Assert.Equal("Kim\u00adberley", PersonMask.Mask("facebook", "Kim\u00adberley", "=Kim"));
    }

    [Theory]
    [InlineData("person>", "<PERSON> hi", "<PERSON> hi")]
    [InlineData("<person", "<PERSON> hi", "<PERSON> hi")]
    [InlineData("person> hi", "<PERSON> hi", "<PERSON> hi")]
    [InlineData("email", "<EMAIL> and email", "<EMAIL> and <PERSON>")]
    public void A_name_like_a_placeholder_is_masked_once(string shown, string text, string masked) =>
        Assert.Equal(masked, PersonMask.Mask("facebook", text, $"={shown}"));

    [Fact]
    public void A_handle_is_not_looked_for_without_its_low_lines() =>
        Assert.Equal("it is me, <PERSON>", PersonMask.Mask("facebook", "it is me, _me_", "@facebook@_me_"));

    [Fact]
    public void A_person_called_Person_does_not_mask_the_placeholder() =>
        Assert.Equal("<PERSON> and <PERSON>", PersonMask.Mask("facebook", "<PERSON> and Person", "=Person"));

    [Fact]
    public void Masking_again_changes_nothing_and_no_text_loses_its_form()
    {
        var piece = Gen.OneOf(
            Gen.Int[0, Pieces.Length - 1].Select(at => Pieces[at]), Gen.String[0, 6]);

        piece.Array[0, 12].Select(string.Concat).Sample(text =>
        {
            var masked = PersonMask.Mask("facebook", text, Kim);
            Assert.Equal(masked, PersonMask.Mask("facebook", masked, Kim));
            Assert.DoesNotContain("@kim.fictive ", masked + " ", StringComparison.OrdinalIgnoreCase);
            if (!text.Contains("im", StringComparison.OrdinalIgnoreCase) && !text.Contains('7'))
                Assert.Equal(text, masked);
            Assert.True(LoneSurrogates(masked) <= LoneSurrogates(text));
        }, iter: 20_000);
    }

    [Fact]
    public void A_storm_of_marks_takes_no_longer_than_its_length()
    {
        var storm = "Kim " + new string('\u0301', 2_000_000) + "Fictive " + new string('@', 2_000_000);

        Assert.Equal(storm, PersonMask.Mask("facebook", storm, Kim));
    }

    private static int LoneSurrogates(string text)
    {
        var lone = 0;
        foreach (var rune in text.EnumerateRunes())
            lone += rune == Rune.ReplacementChar ? 1 : 0;
        return lone;
    }
}
