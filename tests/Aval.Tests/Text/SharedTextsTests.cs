using Aval.Storage;
using Aval.Text.Copies;
using Aval.Text.Duplicates;
using CsCheck;

namespace Aval.Tests.Texts;

/// <summary>What sketches have in common, against a look at each beside each.</summary>
public sealed class SharedTextsTests : IDisposable
{
    private static readonly Bands Two = new(2, 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_texts_share_is_what_a_look_at_each_finds(int seed)
    {
        // More than a block, in two files.
        var made = Made(new Random(seed), 30_000).ToArray();
        var files = new[] { made[..20_000], made[20_000..] }.Select((some, part) => (part, Written(some, part)));
        using var sketched = new SketchedItems("(SELECT 1)", files);
        using var engine = Engine.Open(_folder.Path, new EngineLimits(2, 500_000_000));

        SharedTexts.Find(engine, sketched, Two, minCharacters: 60);

        Assert.Equal(
            BandsOf(made), Rows(engine, "SELECT band, low, high, admitted, shadow FROM match_bands ORDER BY ALL"));
        var met = Met(made);
        Assert.Equal(met, Rows(engine, "SELECT DISTINCT low, high, print, 0, 0 FROM match_met ORDER BY ALL"));
        Assert.Equal(
            Own(made, met),
            Rows(engine, "SELECT DISTINCT low, high, print, 0, 0 FROM match_own ORDER BY ALL"));
        Assert.True(met.Length > 10);
    }

    [Fact]
    public void Each_number_is_of_one_pass() => Gen.ULong.Sample(number =>
        Assert.Single(Enumerable.Range(0, 7), pass => SeenNumbers.IsOf(pass, 7, number)));

    [Fact]
    public void Runs_in_a_table_are_those_in_order() =>
        Gen.Select(Gen.Int[0, 2].Array[0, 40], Gen.Int[0, 2].Array[0, 40]).Array[1, 8].Sample(pairs =>
        {
            var table = new RunTable();
            foreach (var (one, other) in pairs)
            {
                var (first, second) = (Word(one), Word(other));
                var expected = Shingles.Compare(Shingles.SetOf(first), Shingles.SetOf(second));
                Assert.Equal(expected, table.Compare(Utf8(first), Utf8(second)));
                Assert.Equal(expected, table.Compare(Utf8(first), Utf8(second)));
            }
        });

    [Fact]
    public void A_long_text_is_compared_behind_a_short_one()
    {
        var table = new RunTable();
        var words = string.Concat(Enumerable.Range(0, 4_000).Select(at => $"{at:x} "));

        Assert.Equal(Shingles.SetOf(words).Length, table.Compare("a few letters"u8, Utf8(words)).Second);
        Assert.Equal(Shingles.SetOf(words).Length, table.Compare(Utf8(words), "a few letters"u8).First);
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string Word(int[] letters) => string.Concat(letters.Select(letter => (char)('a' + letter)));

    private static IEnumerable<Item> Made(Random random, int count) => Enumerable.Range(0, count).Select(_ =>
    {
        // A hash of letters says what the bands and the prints are; a half of it may be that of another text.
        var text = random.Next(count);
        var of = new Random(text);
        return new Item(
            [
                (ulong)text / 2, (ulong)text % 2, (ulong)random.Next(50, 70), of.Next(9) == 0 ? 0UL : 50,
                (ulong)of.Next(count * 20), (1UL << 40) + (ulong)of.Next(count * 20), (ulong)of.Next(count * 20),
                (ulong)of.Next(count * 20),
            ],
            random.Next(3));
    });

    private string Written(Item[] items, int part)
    {
        var path = Path.Combine(_folder.Path, $"{part}.sketches");
        using var writer = new SketchWriter(path, Two);
        foreach (var (numbers, casts) in items)
            writer.Add(numbers[3] == 0 ? numbers[..4] : numbers, casts);
        _ = writer.Complete();
        return path;
    }

    private static (ulong, ulong, ulong, long, long)[] BandsOf(Item[] items) =>
        [.. items.Where(item => item.Numbers[3] > 0)
            .SelectMany(item => item.Numbers[4..6].Select(band => (Band: band, Item: item)))
            .GroupBy(one => one.Band)
            .Where(band => band.Select(one => one.Item.Text).Distinct().Count() > 1)
            .SelectMany(band => band.GroupBy(one => one.Item.Text).Select(text => (
                band.Key, text.Key.Low, text.Key.High, Most(text.Select(one => one.Item), 0),
                Most(text.Select(one => one.Item), 1))))
            .Order()];

    private static (ulong, ulong, ulong, long, long)[] Met(Item[] items)
    {
        var shadows = PrintsOf(items, isShadow: true).Select(one => one.Print).ToHashSet();
        return [.. PrintsOf(items, isShadow: false).Where(one => shadows.Contains(one.Print))
            .Select(one => (one.Text.Low, one.Text.High, one.Print, 0L, 0L)).Distinct().Order()];
    }

    // Of shadows those prints that are met.
    private static (ulong, ulong, ulong, long, long)[] Own(Item[] items, (ulong, ulong, ulong, long, long)[] met)
    {
        var prints = met.Select(one => one.Item3).ToHashSet();
        return [.. PrintsOf(items, isShadow: true).Where(one => prints.Contains(one.Print))
            .Select(one => (one.Text.Low, one.Text.High, one.Print, 0L, 0L)).Distinct().Order()];
    }

    private static IEnumerable<((ulong Low, ulong High) Text, ulong Print)> PrintsOf(Item[] items, bool isShadow) =>
        items.Where(item => item.Numbers[3] > 0 && item.Numbers[2] >= 60 && item.Casts > 0 == isShadow)
            .SelectMany(item => item.Numbers[6..].Select(print => (item.Text, print)));

    private static long Most(IEnumerable<Item> items, int isShadow) =>
        items.Where(item => Math.Min(1, item.Casts) == isShadow).Select(item => (long)item.Numbers[2])
            .DefaultIfEmpty().Max();

    private static (ulong, ulong, ulong, long, long)[] Rows(Engine engine, string sql) => [.. engine.Query(
        sql, row => (row.GetFieldValue<ulong>(0), row.GetFieldValue<ulong>(1), row.GetFieldValue<ulong>(2),
            Convert.ToInt64(row.GetValue(3)), Convert.ToInt64(row.GetValue(4))))];

    private sealed record Item(ulong[] Numbers, int Casts)
    {
        public (ulong Low, ulong High) Text => (Numbers[0], Numbers[1]);
    }

    [Fact]
    public void A_set_is_known_by_its_least_number_in_whatever_order_sets_were_joined() =>
        Gen.Int[0, 19].Select(Gen.Int[0, 19]).Array[0, 30].Sample(pairs =>
        {
            var sets = new DisjointSets(20);
            var least = Enumerable.Range(0, 20).ToArray();
            foreach (var (one, other) in pairs)
            {
                sets.Join(one, other);
                var (from, to) = (Math.Max(least[one], least[other]), Math.Min(least[one], least[other]));
                for (var number = 0; number < least.Length; number++)
                    least[number] = least[number] == from ? to : least[number];
            }

            Assert.Equal(least, Enumerable.Range(0, 20).Select(sets.LeastOf));
        });
}
