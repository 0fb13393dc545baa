using System.Globalization;
using System.Text;
using Aval.Policies;
using Aval.Text.AboutMe;
using Aval.Text.Copies;
using Aval.Text.Identifiers;
using Aval.Text.Languages;
using Aval.Text.SpecialCategories;
using CsCheck;

namespace Aval.Tests.Text;

/// <summary>What holds of all that is done to texts, of any UTF-16 whatever.</summary>
public sealed class HostileTextTests
{
    private const string Needles = "#facebook:7\n@facebook@kimfictive\n=Kim Fictive";

    // Nanoseconds; a shorter time says nothing.
    private const long Noticed = 12_000_000;

    private static readonly bool Long = Environment.GetEnvironmentVariable("AVAL_LONG") == "1";

    private static readonly Gen<string?> Country = Gen.OneOf<string?>(null, "DE", "FR", "PL", "US", "??");

    private static readonly string[] Codes = [.. LanguageModel.Shipped.Codes, LanguageModel.Unknown];

    /// <summary>What a line of megabytes may be made of.</summary>
    public static TheoryData<string> Units =>
    [
        "1", "1 ", "a@", "@a", "@a.", "//", "http://a/", "::1", "\u0301", "a\u0301", "\uD83D", "\uDE00@", "\u202E",
        "\u200B1", "Kim ", "Kim Fictiv", "@[7:", "facebook.com/", "<", "<PERSON>", "my ", "chemo ", "not \"", "ß. ",
        "I have been diagnosed with ", "中", "İ",
    ];

    [Fact]
    public void No_text_breaks_a_treatment() => Each((text, country) =>
    {
        Assert.Contains(LanguageModel.Shipped.Detect(text, country).Code, Codes);
        Assert.All(
            SpecialCategoryFinder.Find(text, country),
            found => Assert.InRange(found.Points, 1, SpecialCategoryFinder.Certain));
        var from = 0;
        foreach (var span in Find(text, country))
        {
            Assert.True(span.Start >= from && span.Length > 0 && span.End <= text.Length);
            from = span.End;
        }

        var sketch = new List<ulong>();
        Sketch.Write(text, Bands.For(new Ratio(8, 10)), sketch);
        Assert.True(sketch[Sketch.CharactersAt] <= (ulong)text.Length && sketch[3] <= (ulong)text.Length);
        var utf8 = System.Text.Encoding.UTF8.GetBytes(text);
        var own = new RunTable().Compare(utf8, utf8);
        Assert.Equal(own.First, own.Shared);
        Assert.Equal(own.First, Shingles.SetOf(text).Length);
    });

    [Fact]
    public void Masking_again_changes_nothing() => Each((text, country) =>
    {
        var masked = Mask(text, country);
        Assert.Equal(masked, Mask(masked, country));
    });

    [Fact]
    public void Masking_splits_no_surrogate_pair() => Each((text, country) =>
        Assert.True(HalfPairs(Mask(text, country)) <= HalfPairs(text)));

    [Fact]
    public void What_stands_free_is_gone_and_does_not_grow_back() =>
        Gen.Select(Gen.OneOf(HostileText.Secrets), HostileText.Any, HostileText.Any, Country).Sample(
            (secret, before, after, country) =>
            {
                // Further than words are looked for.
                var apart = new string('\n', 64);
                var masked = Mask($"{before}{apart}{secret}{apart}{after}", country);
                Assert.DoesNotContain($"{apart}{secret}{apart}", masked, StringComparison.Ordinal);
            },
            iter: Long ? 1_000_000 : 3_000, seed: "0N0XIzNsQ0O2");

    [Fact]
    public void A_text_without_identifiers_is_untouched_to_the_byte() => Each((text, country) =>
    {
        var bare = new string([.. text.Where(letter =>
            !char.IsAsciiDigit(letter) && letter is not ('@' or '＠' or '﹫' or '/' or ':' or 'k' or 'K' or '\u212A'))]);
        Assert.Equal(bare, Mask(bare, country));
    });

    /// <summary>
    /// One text of many pieces takes no more of the processor than its pieces do one by one, by far: what is quadratic
    /// would take a hundred times as much.
    /// </summary>
    [Theory]
    [MemberData(nameof(Units))]
    public void The_work_on_a_text_grows_as_its_length_does(string unit)
    {
        const int pieces = 128;
        var length = Long ? 80_000 : 1_000;
        var (one, all) = (Of(unit, length), Of(unit, pieces * length));
        Action<string>[] treatments =
        [
            text => Mask(text, "DE"), text => PersonMask.Mask("facebook", text, Needles),
            text => SpecialCategoryFinder.Find(text, "en"), text => LanguageModel.Shipped.Detect(text, "de"),
        ];
        foreach (var (number, treat) in treatments.Index())
        {
            var (apart, together) = (Least(() => Repeat(treat, one, pieces)), Least(() => treat(all)));
            Assert.True(
                together < 8 * Math.Max(apart, Noticed), $"treatment {number}: {apart} ns apart, {together} together");
        }
    }

    private static void Repeat(Action<string> treat, string text, int times)
    {
        for (var time = 0; time < times; time++)
            treat(text);
    }

    // Of the processor's time on this thread, the least of a few: what else runs there takes none of it away, and the
    // first is of code that is not optimised yet.
    private static long Least(Action work) => Enumerable.Range(0, Long ? 1 : 3).Min(_ => Spent(work));

    private static long Spent(Action work)
    {
        var before = Processor();
        work();
        return Processor() - before;
    }

    // Nanoseconds of this thread, by Linux, which counts them a few milliseconds at a time.
    private static long Processor() => long.Parse(
        File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);

    private static string Of(string unit, int length) =>
        new StringBuilder().Insert(0, unit, length / unit.Length).ToString();

    private static void Each(Action<string, string?> law) => Gen.Select(HostileText.Any, Country).Sample(
        law, iter: Long ? 1_000_000 : 3_000, seed: "0N0XIzNsQ0O2");

    private static List<IdentifierSpan> Find(string text, string? country)
    {
        var found = new List<IdentifierSpan>();
        IdentifierFinder.Find(text, country, IdentifierKinds.All, found);
        return found;
    }

    // As a build does it.
    private static string Mask(string text, string? country)
    {
        var masked = PersonMask.Mask("facebook", text, Needles);
        return PersonMask.Mask("facebook", IdentifierMask.Apply(masked, Find(masked, country)), Needles);
    }

    private static int HalfPairs(string text) => text.EnumerateRunes().Count(rune => rune == Rune.ReplacementChar);
}
