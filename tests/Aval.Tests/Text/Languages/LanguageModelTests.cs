using System.Security.Cryptography;
using System.Text;
using Aval.LanguageTraining;
using Aval.Storage;
using Aval.Tests.Exports;
using Aval.Text.Languages;
using CsCheck;

namespace Aval.Tests.Languages;

/// <summary>The language of a text: told of short ones, by whole numbers, and never at the cost of a crash.</summary>
public sealed class LanguageModelTests
{
    // Another model makes every release another one: shards are ordered by language.
    private const string Pinned = "45d224c8660f43fde42aeb31bdf669d018beb171e2471a9a734afa8e1587db31";

    private static readonly LanguageModel Model = LanguageModel.Shipped;

    private static readonly string[] Pieces =
    [
        "@ana", "#tbt", "http://a.example/b", "www.a.example", "x@y.example", "<b>", "&amp;", "ok", " ", "\uD83D", "😀",
    ];

    private static readonly Gen<string> Strings = Gen.OneOf(
        Gen.String,
        Gen.Char["aábcčdeéfgħiıloößsštuxyz'’ .,\n"].Array[0, 80].Select(units => new string(units)),
        Gen.Char["абвгѓджзиійклмњоў \u0301αβγשם漢字ابت\uD83D\uDE00\u200B"].Array[0, 80]
            .Select(units => new string(units)),
        Gen.OneOf(Pieces.Select(Gen.Const).ToArray()).Array[0, 30].Select(string.Concat));

    [Fact]
    public void Each_language_is_told_from_a_short_sentence() => Assert.All(
        Sentences.All, one => Assert.Equal(one.Language, Model.Detect(one.Text).Code));

    [Fact]
    public void Every_official_language_of_the_union_is_among_them() =>
        Assert.Subset(Model.Codes.ToHashSet(), EvaluationSet.Official.ToHashSet());

    [Fact]
    public void Handles_hashtags_addresses_and_pictures_have_no_language() => Assert.All(
        Sentences.All,
        one => Assert.Equal(
            Model.Detect(one.Text) with { Margin = 0 },
            Model.Detect($"@thequickfox {one.Text} #goodmorning #love 😀🎉 https://news.example/the-best-of-all 2025")
                with
            { Margin = 0 }));

    [Theory]
    [InlineData("")]
    [InlineData("   \n\t ")]
    [InlineData("😂😂😂")]
    [InlineData("\uD83D \uDE00 \uD83D")]
    [InlineData("@somebody @else #tbt")]
    [InlineData("https://www.example.org/die-schoensten-seiten?lang=de")]
    [InlineData("12.05.2025 17:30")]
    [InlineData("今日はとても楽しかったです")]
    [InlineData("שלום לכולם מה שלומכם היום")]
    [InlineData("Mae'n ddrwg gen i, dw i ddim yn gallu dod heno achos dw i'n gweithio")]
    public void What_is_no_language_of_ours_is_undetermined(string text) =>
        Assert.Equal("und", Model.Detect(text).Code);

    [Fact]
    public void A_hint_decides_what_the_text_leaves_open_and_nothing_else()
    {
        foreach (var (language, text) in Sentences.All)
            Assert.Equal(language, Model.Detect(text, language == "fi" ? "pl-PL" : "fi_FI").Code);
        // Danish and Norwegian alike.
        const string Both = "Hva er det";
        Assert.Equal("da", Model.Detect("Det er godt", "da").Code);
        Assert.Equal("no", Model.Detect("Det er godt", "nb-NO").Code);
        Assert.Equal(Model.Detect(Both), Model.Detect(Both, "tlh"));
        Assert.Equal(Model.Detect(Both), Model.Detect(Both, "und"));
    }

    [Fact]
    public void A_letter_written_as_base_and_mark_is_the_same_letter() => Assert.All(
        Sentences.All,
        one => Assert.Equal(Model.Detect(one.Text), Model.Detect(one.Text.Normalize(NormalizationForm.FormD))));

    /// <summary>The fast reading adds up what the slow one lists, across carries of its short sums too.</summary>
    [Fact]
    public void Scores_are_the_sums_of_the_rows_of_a_text() => Strings.Sample(text =>
    {
        var (scores, sums, grams) = (new int[LanguageModel.Width], new int[LanguageModel.Width], new List<ulong>());
        Model.Score(text, scores);
        Grams.All(text, grams);
        var shift = 64 - System.Numerics.BitOperations.Log2((uint)Model.Rows.Length);
        foreach (var gram in grams)
        {
            for (var at = 0; at < sums.Length; at++)
                sums[at] += Model.Numbers[Model.Rows[(int)(gram >> shift)] * LanguageModel.Width + at];
        }

        Assert.Equal(sums, scores);
    }, iter: 2_000);

    [Fact]
    public void Any_string_has_an_answer_and_the_same_one_again() => Strings.Sample(
        text => Assert.Equal(Model.Detect(text, "de"), Model.Detect(new string(text), "de")), iter: 5_000);

    [Fact]
    public void A_line_of_ten_megabytes_is_told_by_its_beginning()
    {
        foreach (var (language, text) in Sentences.All.Take(3))
        {
            var beginning = string.Concat(Enumerable.Repeat(text + " ", LanguageModel.Considered));
            var whole = string.Concat(beginning, new string('x', 10_000_000));
            Assert.Equal(language, Model.Detect(whole).Code);
            Assert.Equal(Model.Detect(whole.AsSpan(0, LanguageModel.Considered)), Model.Detect(whole));
        }

        Assert.Equal("und", Model.Detect(string.Concat(Enumerable.Repeat("@a ", 3_000_000))).Code);
        Assert.Equal("und", Model.Detect("https://" + new string('a', 10_000_000)).Code);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_text()
    {
        string[] texts = [.. Sentences.All.Select(one => one.Text), "@ana e\u0301te\u0301 #tbt https://a.example/b"];
        foreach (var text in texts)
            Model.Detect(text, "de");
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var text in texts)
            Model.Detect(text, "de");
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void The_model_is_the_one_that_was_measured() => Assert.Equal(
        Pinned, Convert.ToHexStringLower(SHA256.HashData(LanguageModelFile.ToBytes(Model))));

    [Fact]
    public void A_model_is_read_as_it_was_written()
    {
        var written = LanguageModelFile.ToBytes(Model);
        Assert.Equal(written, LanguageModelFile.ToBytes(LanguageModelFile.FromBytes(written)));
        Assert.Throws<InvalidDataException>(() => LanguageModelFile.FromBytes("AVLM\u0002, and more"u8));
    }

    [Fact]
    public void The_engine_is_told_languages_and_null_counts_as_empty()
    {
        using var folder = new TemporaryFolder();
        using var engine = Engine.Open(folder.Path, new EngineLimits(1, 1_000_000_000));
        LanguageFunctions.Provide(engine);
        LanguageFunctions.Provide(engine);
        engine.Execute("CREATE TABLE said (n INTEGER, text VARCHAR, hint VARCHAR)");
        engine.Execute("""
            INSERT INTO said VALUES (1, 'Ich komme gleich nach Hause', NULL), (2, NULL, 'de'), (3, NULL, NULL),
                (4, 'Det er godt', 'da'), (5, 'Det er godt', 'no')
            """);
        Assert.Equal(
            ["de", "und", "und", "da", "no"],
            engine.Query("SELECT language_of(text, hint) FROM said ORDER BY n", row => row.GetString(0)));
        Assert.Equal(
            3_000L, engine.Scalar<long>("SELECT count(*) FROM range(3000) AS r(n) "
                + "WHERE language_of('Zaraz przyjdę, muszę kupić mleko ' || n, NULL) = 'pl'"));
    }

    /// <summary>The goals, on news and on the Declaration of Human Rights, which the model has not seen.</summary>
    [Fact]
    public void The_goals_hold_on_texts_that_were_not_trained_on()
    {
        var sets = EvaluationSet.All(SharedData.Path(""), translations: null)
            .ToDictionary(set => set.Name, set => Outcome.Of(set, text => Model.Detect(text).Code).Macro);
        Assert.True(sets["news, sentences"] >= 0.99, $"{sets["news, sentences"]:0.000}");
        Assert.True(sets["news, 20–60 characters"] >= 0.96, $"{sets["news, 20–60 characters"]:0.000}");
        Assert.True(sets["rights, paragraphs"] >= 0.97, $"{sets["rights, paragraphs"]:0.000}");
        Assert.True(sets["rights, 20–60 characters"] >= 0.93, $"{sets["rights, 20–60 characters"]:0.000}");
    }
}
