using System.Globalization;
using System.Text.Json;
using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.People;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Text;

/// <summary>
/// Generated worlds, imported and built: whoever objected is in no shard, neither by a handle nor by an e-mail address,
/// in whatever form others wrote them.
/// </summary>
public sealed class ObjectorsInShardsTests
{
    private const int People = 12;
    private const int Objectors = 5;
    private const int Items = 250;

    // Of handles and links nothing but about-me takes care here.
    private static readonly Policy Regime = EngineWorld.Policy(
        new Rule.Erasure(null), new Rule.Restriction(null), new Rule.Objection(null, null),
        new Rule.AboutMe(null, Protected.Objectors, MentionAction.Mask), new Rule.Identifiers(null, ["email"]));

    private static readonly string[] Noise =
    [
        " ", "\n", " and ", "…", "😀", "\uFE0F", "\u200B ", "\u0301 ", ", ", " (", ") ", "#tag ", " 12:30 ", " @ ",
        "/ ", " <PERSON> ", " e\u0301 ",
    ];

    public static TheoryData<int> Seeds =>
        Environment.GetEnvironmentVariable("AVAL_LONG") == "1" ? [.. Enumerable.Range(1, 40)] : [20250527];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_handle_and_no_address_of_an_objector_is_in_any_shard(int seed)
    {
        using var world = new ContentWorld(buckets: 4);
        var random = new Random(seed);
        Person[] people = [.. Enumerable.Range(0, People).Select(number => new Person(number, random))];
        world.Import(
            world.Lines([.. people.Where(person => !person.IsOutside).SelectMany(person => person.Rows())]),
            ContentKind.Accounts);
        foreach (var person in people.Where(person => person.IsOutside))
        {
            var registered = OutsidePerson.Parse(person.Account, [person.Name], [.. person.Handles]);
            Importing.Person(world.Workspace, registered.Rows, Time("2024-01-01T00:00:00Z"), world.Clock);
        }

        world.Import(world.Lines(
            [.. Enumerable.Range(0, Items).Select(number => Written(number, people, random))]));
        foreach (var person in people[..Objectors])
            Recorder.RecordOnce(world.Workspace, Today, Says(person, random));

        var release = Pipeline.Build(
            world.Workspace,
            new BuildRequest(
                Regime, CorpusName.Parse("test"), Today, null, new EngineLimits(2, 500_000_000)),
            _ => { }).Directory;

        var texts = Texts(world, release);
        Assert.True(texts.Count > Items / 4);
        Assert.All(people[..Objectors].SelectMany(person => person.Secrets), secret => Assert.DoesNotContain(
            texts, text => text.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        // Others' are there, or nothing would have been shown.
        Assert.All(people[Objectors..^1], person => Assert.Contains(
            texts, text => text.Contains(person.Handles[0].Split(':')[1], StringComparison.OrdinalIgnoreCase)));
        Assert.All(people, person => Assert.DoesNotContain(
            texts, text => text.Contains(person.Email, StringComparison.OrdinalIgnoreCase)));
    }

    private static Choice Says(Person person, Random random)
    {
        var scope = person.IsOutside || random.Next(2) == 0 ? Scope.Of(new ScopePart.AboutMe()) : Scope.Everything;
        var kind = person.IsOutside || random.Next(3) > 0 ? ChoiceKind.Objection : ChoiceKind.Restriction;
        return new Choice(
            kind, person.Account, Purpose.TrainGenerativeAi, scope, Time("2025-06-01T00:00:00Z"),
            Time("2025-06-01T00:00:00Z"));
    }

    // By one of those who never object, about anybody.
    private static string Written(int number, Person[] people, Random random)
    {
        var author = people[random.Next(Objectors, People - 1)];
        var (text, persons) = ("says", new List<string>());
        for (var times = random.Next(1, 6); times > 0; times--)
        {
            var person = people[random.Next(People)];
            text += Noise[random.Next(Noise.Length)] + person.Spoken(author.Account.Service, random, persons);
        }

        text += Noise[random.Next(Noise.Length)];
        return Item(
            string.Create(CultureInfo.InvariantCulture, $"i{number}"),
            ("service", JsonSerializer.Serialize(author.Account.Service)),
            ("author", JsonSerializer.Serialize(author.Account.ToString())),
            ("text", JsonSerializer.Serialize(text)), ("persons", $"[{string.Join(", ", persons)}]"),
            ("observed_at", "\"2025-01-01T00:00:00Z\""));
    }

    private static List<string> Texts(ContentWorld world, string release)
    {
        using var engine = Engine.Open(world.Workspace.Temporary, new EngineLimits(1, 500_000_000));
        var shards = Directory.GetFiles(Path.Combine(release, "shards"), "*.parquet");
        return [.. engine.Query($"SELECT text FROM {ParquetFiles.Rows(shards)}", row => row.GetString(0))];
    }

    /// <summary>Somebody with a handle on both services, or, the first and the last, without an account.</summary>
    private sealed class Person
    {
        private readonly string _letters;

        public Person(int number, Random random)
        {
            _letters = new string([.. Enumerable.Range(0, 11).Select(_ => (char)('a' + random.Next(26)))]);
            IsOutside = number is 0 or (People - 1);
            var service = IsOutside ? Account.Outside : number % 2 == 0 ? "facebook" : "instagram";
            Account = new Account(service, IsOutside ? Id("case") : Id(service + _letters[..4]));
            string Id(string before) => string.Create(CultureInfo.InvariantCulture, $"{before}{number}");
            Name = $"Q{_letters[..6]} Inventedson";
            Email = $"mail.{_letters[5..]}@example.org";
            Handles = IsOutside
                ? [$"facebook:{_letters[..4]}.{_letters[4..]}", $"instagram:{_letters}_x"]
                : [$"{service}:{_letters[..4]}.{_letters[4..]}", $"{service}:{_letters}_old"];
        }

        public bool IsOutside { get; }

        public Account Account { get; }

        public string Name { get; }

        public string Email { get; }

        public string[] Handles { get; }

        // Facebook's dots say nothing, so that the letters alone are a handle there.
        public IEnumerable<string> Secrets =>
            [Email, _letters, .. Handles.Select(handle => handle.Split(':')[1])];

        public IEnumerable<string> Rows() => Handles.Select((handle, at) => JsonSerializer.Serialize(
            new Dictionary<string, string>
            {
                ["account"] = Account.ToString(),
                ["handle"] = handle.Split(':')[1],
                ["display_name"] = Name,
                ["observed_at"] = string.Create(CultureInfo.InvariantCulture, $"202{3 + at}-01-01T00:00:00Z"),
            }));

        /// <summary>One of the ways in which others point at a person, on a service.</summary>
        public string Spoken(string on, Random random, List<string> persons)
        {
            var handle = Handles.FirstOrDefault(
                one => one.StartsWith(on, StringComparison.Ordinal)) ?? Handles[0];
            var (service, plain) = (handle.Split(':')[0], handle.Split(':')[1]);
            var shown = random.Next(2) == 0 ? plain : plain.ToUpperInvariant();
            if (service != on)
                return random.Next(2) == 0 ? $"https://{service}.com/{shown}" : $"<{Email}>";
            switch (random.Next(5))
            {
                case 0:
                    return "@" + shown;
                case 1:
                    return $"http://www.{service}.com/{shown}?x=1";
                case 2:
                    return "＠" + shown;
                case 3:
                    return "mail " + Email.ToUpperInvariant();
                default:
                    var tag = IsOutside ? $"outside:{Name.Replace(' ', '_')}" : Account.ToString();
                    persons.Add($"{{\"account\": \"{tag}\", \"role\": \"tagged\"}}");
                    return $"{Name} ({plain})";
            }
        }
    }
}
