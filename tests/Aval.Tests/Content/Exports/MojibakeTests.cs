using System.Text;
using Aval.Content.Exports;
using CsCheck;

namespace Aval.Tests.Exports;

public class MojibakeTests
{
    [Theory]
    [InlineData("Ã©tÃ©", "été")]
    [InlineData("\u00f0\u009f\u0098\u0080", "😀")]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    public void Broken_text_is_repaired(string broken, string repaired) =>
        Assert.Equal(repaired, Mojibake.Repair(broken));

    [Theory]
    [InlineData("été")] // Right already: its bytes are no UTF-8.
    [InlineData("Ã©tÃ© – 5 €")] // A character above U+00FF was never broken by this exporter.
    [InlineData("caf\u00c3")] // A title cut within a character.
    [InlineData("\u00c0\u0080")] // An overlong form is no UTF-8.
    [InlineData("\u00ed\u00a0\u00bd")] // Nor is a surrogate.
    public void What_was_not_broken_by_the_exporter_is_kept(string text) => Assert.Equal(text, Mojibake.Repair(text));

    [Fact]
    public void Every_text_survives_the_exporter() =>
        Gen.String.Where(text => text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar))
            .Sample(text => Mojibake.Repair(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text))) == text);

    [Fact]
    public void Text_is_repaired_once_and_not_twice()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("She typed \"Ã©\" on purpose"));

        Assert.Equal("She typed \"Ã©\" on purpose", Found.InFacebook(export.Zip()).Only.Text);
    }
}
