using Aval.Text.SpecialCategories;
using CsCheck;

namespace Aval.Tests.SpecialCategoryTexts;

/// <summary>What reveals special categories, and what only has their words.</summary>
public sealed class FinderTests
{
    [Theory]
    [InlineData("en", "My chemo starts on Monday.", SpecialCategory.Health)]
    [InlineData("en", "i'm hiv-positive and fine with it #life", SpecialCategory.Health)]
    [InlineData("de", "Ich bin seit Jahren in der Gewerkschaft, IG Metall.", SpecialCategory.UnionMembership)]
    [InlineData("de", "ICH BIN SCHWUL UND DAS IST GUT!", SpecialCategory.Sexuality)]
    [InlineData("fr", "J’ai le sida depuis dix ans.", SpecialCategory.Health)]
    [InlineData("fr", "Je suis de gauche et j'ai voté socialiste.", SpecialCategory.Politics)]
    [InlineData("es", "Soy musulmana y ayuno en el Ramadan.", SpecialCategory.Religion)]
    [InlineData("it", "Sono stato condannato per furto, ho i miei precedenti penali.", SpecialCategory.CriminalRecord)]
    [InlineData("pl", "Jestem Romką i mieszkam we Wrocławiu.", SpecialCategory.Ethnicity)]
    [InlineData("pl", "Pobrali mi odciski palców na granicy.", SpecialCategory.Biometrics)]
    public void A_sentence_about_oneself_reveals(string language, string text, SpecialCategory category)
    {
        Assert.Contains(category, Revealed(text, language));
        Assert.Contains(category, Revealed(text, null)); // A text's own words tell its language.
    }

    [Theory]
    [InlineData("en", "Oh my god, this book is the bible of baking.")]
    [InlineData("en", "The minister announced a reform of cancer research, Reuters reports.")]
    [InlineData("en", "Mr. Gay and Mrs. Black called about my invoice.")]
    [InlineData("en", "I do not have cancer.")]
    [InlineData("de", "Herr Krebs ist mein Nachbar.")]
    [InlineData("de", "Mein Sternzeichen Krebs passt zu mir.")]
    [InlineData("fr", "Je ne suis pas gay.")]
    [InlineData("es", "No tengo cáncer.")]
    [InlineData("it", "Sono allergica ai lunedì.")]
    [InlineData("pl", "Nie mam raka.")]
    [InlineData("en", "")]
    [InlineData("nl", "Ik ben vandaag naar de markt geweest met mijn fiets.")]
    public void Words_that_are_idiom_news_names_or_denied_reveal_nothing(string language, string text) =>
        Assert.Empty(Revealed(text, language));

    [Fact]
    public void The_terms_that_spoke_are_told_with_their_place()
    {
        var found = Assert.Single(SpecialCategoryFinder.Find("So. MY CHEMO, again", "en"));

        Assert.Equal((SpecialCategory.Health, 10), (found.Category, found.Points));
        Assert.Equal(
            new FoundTerm(SpecialCategory.Health, "my chemo", "en", 4, 10), Assert.Single(found.Terms));
    }

    [Fact]
    public void A_hint_is_evidence_and_not_truth()
    {
        const string german = "Ich bin seit gestern in der Klinik, und meine Depression ist zurück.";

        Assert.Contains(SpecialCategory.Health, Revealed(german, "en-US"));
        Assert.Contains(SpecialCategory.Health, Revealed(german, "fi"));
    }

    [Fact]
    public void Quoted_words_count_half()
    {
        var said = SpecialCategoryFinder.Find("the chemotherapy", "en")[0].Points;

        Assert.Equal(said / 2, SpecialCategoryFinder.Find("the \"chemotherapy\"", "en")[0].Points);
    }

    [Fact]
    public void Every_term_that_reveals_is_found_where_it_stands_alone()
    {
        var terms = Lexicon.Shipped.Terms.Where(term => term.Role is TermRole.Reveals).ToArray();

        Assert.InRange(terms.Length, 5_000, int.MaxValue);
        var scan = new SpecialCategoryScan();
        var lost = terms.Where(term =>
        {
            scan.Run(term.Text.TrimEnd('*'), SpecialCategories.Languages[term.Language], null);
            return scan.MostPoints(-1) == 0;
        });
        Assert.Empty(lost.Select(term => $"{SpecialCategories.Languages[term.Language]}: {term.Text}"));
    }

    [Fact]
    public void Each_language_speaks_of_each_category() => Assert.All(
        from language in Enumerable.Range(0, SpecialCategories.Languages.Count)
        from category in SpecialCategories.All
        select (language, category),
        of => Assert.InRange(
            Lexicon.Shipped.Terms.Count(term => term.Language == of.language && term.Role is TermRole.Reveals
                && term.Category == of.category),
            20, int.MaxValue));

    [Theory]
    [InlineData("10 a term", "en.txt, line 1: a term before any section.")]
    [InlineData("[heath]", "en.txt, line 1: no section is called heath.")]
    [InlineData("[health]\nterm", "en.txt, line 2: a weight is missing or too many.")]
    [InlineData("[idiom]\n10 term", "en.txt, line 2: a weight is missing or too many.")]
    public void A_line_that_cannot_be_read_is_told_with_its_place(string lines, string says) => Assert.Equal(
        says, Assert.Throws<InvalidOperationException>(() => Lexicon.Read("en", lines.Split('\n')).ToList()).Message);

    /// <summary>
    /// What no author types and what a broken export holds: no crash, and the same answer whatever was asked before.
    /// </summary>
    [Fact]
    public void Broken_texts_are_gone_over_and_answered_the_same_each_time()
    {
        var pieces = Lexicon.Shipped.Terms.Select(term => term.Text)
            .Concat(["ﬀ", "ＨＩＶ", "🙂"])
            .Concat(["\ud800", "\udc00", "\u202e", "\u200d", "e\u0301", "\u0301\u0301\u0301", "\u0000"])
            .Concat([" ", ". ", "\n", "\"", "«", "’", "ẞ", "İ", "ı", "ſ", "я", "中", "Mr.", "'"]).ToArray();
        var scan = new SpecialCategoryScan();
        Gen.OneOf(pieces).Array[0, 30].Select(some => string.Concat(some)).Sample(
            text => Most(text)
                == SpecialCategoryFinder.Find(text, "en").Select(found => found.Points).DefaultIfEmpty(0).Max(),
            iter: Environment.GetEnvironmentVariable("AVAL_LONG") == "1" ? 1_000_000 : 20_000, threads: 1);

        int Most(string text)
        {
            scan.Run(text, "en", null);
            return scan.MostPoints(-1);
        }
    }

    /// <summary>The work on a text is bounded by its length: at no word is more looked at than the longest
    /// term.</summary>
    [Theory]
    [InlineData("my ")]
    [InlineData("m")]
    [InlineData("i have been diagnosed with ")]
    [InlineData("\"")]
    [InlineData("e\u0301")]
    public void A_line_of_ten_megabytes_is_gone_over(string piece)
    {
        var scan = new SpecialCategoryScan();

        scan.Run(string.Concat(Enumerable.Repeat(piece, 10_000_000 / piece.Length)), null, null);

        Assert.InRange(scan.MostPoints(-1), 0, SpecialCategoryFinder.Certain);
        Assert.InRange(Lexicon.Shipped.Terms.Max(term => term.Text.Length), 1, 80);
    }

    private static IEnumerable<SpecialCategory> Revealed(string text, string? language) =>
        SpecialCategoryFinder.Find(text, language).Where(found => found.Points >= SpecialCategoryFinder.Threshold)
            .Select(found => found.Category);
}
