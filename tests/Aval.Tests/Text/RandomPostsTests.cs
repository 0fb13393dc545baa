using Aval.Building;

namespace Aval.Tests.Texts;

/// <summary>Random worlds of people who repeat each other, through whole builds, against brute force.</summary>
public sealed class RandomPostsTests
{
    private const int CommonAfter = 3;
    private const int People = 14;

    private static readonly string[] Words =
    [
        "ferry", "harbour", "gulls", "late", "again", "walked", "counted", "roof", "neighbour", "bees", "shoebox",
        "minister", "calls", "name", "rain", "bakery", "seven", "bridge", "never", "before", "window", "green",
        "kitchen", "Tuesday", "trumpet", "quietly", "uncle", "elevator", "purple", "mountain", "letter", "yesterday",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Random_worlds_are_decided_as_by_brute_force_and_no_objectors_text_occurs(int seed)
    {
        var random = new Random(seed);
        var items = Posts(random);
        HashSet<string> objectors = ["facebook:p1", "facebook:p2", "instagram:p2b"];
        using var world = new PostedWorld();
        Tell(world, items, inPlace: seed % 2 == 0);
        var oracle = new MatchOracle(
            items, objectors, new Dictionary<string, string>
            {
                ["facebook:p2"] = "two",
                ["instagram:p2b"] = "two",
                ["facebook:p3"] = "three",
                ["instagram:p3b"] = "three",
            },
            CommonAfter);

        var release = Build(world);

        var keys = items.ToDictionary(item => item, world.RowKey);
        Assert.Equal(
            oracle.Reasons(item => keys[item]).OrderBy(one => one.Key, StringComparer.Ordinal),
            world.Reasons(release).OrderBy(one => one.Key, StringComparer.Ordinal));
        var texts = world.Texts(release);
        foreach (var own in items.Where(oracle.IsProtected))
            Assert.DoesNotContain(texts, text => text.Contains(own.Text.Trim(), StringComparison.OrdinalIgnoreCase));
        Same(world, items, release, random);
    }

    // However many threads, in whatever order and in however many files it came.
    private static void Same(PostedWorld world, Posted[] items, BuildOutcome release, Random random)
    {
        using var twin = new PostedWorld(world.Content);
        random.Shuffle(items);
        Tell(twin, items, inPlace: false, files: 3);
        var other = Build(twin, threads: 1);

        Assert.Equal(
            PostedWorld.Bytes(release).Where(file => file.StartsWith("shards/", StringComparison.Ordinal)),
            PostedWorld.Bytes(other).Where(file => file.StartsWith("shards/", StringComparison.Ordinal)));
        Assert.Equal(release.Accounting.ToJson(), other.Accounting.ToJson());
    }

    private static BuildOutcome Build(PostedWorld world, int threads = 2) => world.Build(
        PostedWorld.Policy(
            $"id: copies, similarity: 0.8, min-characters: 60, common-after: {CommonAfter}",
            "id: duplicates, keep: first"),
        threads);

    private static void Tell(PostedWorld world, Posted[] items, bool inPlace, int files = 1)
    {
        world.Link("two", "facebook:p2", "instagram:p2b");
        world.Link("three", "facebook:p3", "instagram:p3b");
        foreach (var some in items.Chunk((items.Length + files - 1) / files))
        {
            if (inPlace)
                world.PostInPlace(some);
            else
                world.Post(some);
        }

        world.Say(ChoiceKind.Objection, "facebook:p1");
        world.Say(ChoiceKind.Objection, "facebook:p2");
    }

    private static Posted[] Posts(Random random)
    {
        var said = Enumerable.Range(0, 12).Select(_ => Sentence(random)).ToArray();
        return [.. Enumerable.Range(0, 110).Select(at =>
        {
            var person = random.Next(People);
            var second = person is 2 or 3 && random.Next(2) == 0;
            return new Posted($"i{at}", second ? $"p{person}b" : $"p{person}", Edited(random, said))
            {
                Service = second ? "instagram" : "facebook",
                Audience = random.Next(9) == 0 ? "friends" : "public",
                Day = random.Next(6) is > 0 and var day ? day : null,
                ReplyTo = random.Next(6) == 0 ? "i0" : null,
                Kind = random.Next(12) == 0 ? "reply" : "post",
                Tagged = random.Next(6) == 0 ? $"facebook:p{random.Next(4)}" : null,
            };
        })];
    }

    private static string Sentence(Random random) =>
        string.Join(' ', Enumerable.Range(0, random.Next(3, 16)).Select(_ => Words[random.Next(Words.Length)]));

    private static string Edited(Random random, string[] said)
    {
        var text = said[random.Next(said.Length)];
        return random.Next(8) switch
        {
            0 or 1 => text,
            2 => $"  {text.ToUpperInvariant()}!!! 😀",
            3 => text.Remove(random.Next(text.Length), 1),
            4 => $"{Sentence(random)}: \"{text}\" {Sentence(random)}",
            5 => text[..Math.Max(1, text.Length * 9 / 10)],
            6 => text.Replace(' ', '\n').Insert(random.Next(text.Length), "-x-"),
            _ => Sentence(random),
        };
    }
}
