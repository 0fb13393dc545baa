using System.Globalization;
using System.Text;
using Aval.Choices;
using Aval.Policies;
using Aval.Storage;
using Aval.Text;

namespace Aval.Benchmarks.AboutMe;

/// <summary>
/// Of a generated graph with namesakes: whether what points at somebody who objected is masked, and what points at
/// others is not, by the way in which it points (docs/text.md).
/// </summary>
internal static class AboutMeBenchmark
{
    private const int People = 6_000;
    private const int Seed = 20250527;

    // One in so many objects.
    private const int Objecting = 10;

    private static readonly DateTimeOffset AsOf = new(2025, 12, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Prints the table.</summary>
    public static int Hold()
    {
        var people = Person.Invent(People, new Random(Seed));
        var items = people.SelectMany(person => Form.All.Select((form, at) => new Written(
            string.Create(CultureInfo.InvariantCulture, $"{person.Number}-{at}"), person, form))).ToList();
        var folder = Directory.CreateTempSubdirectory("aval-about-me-");
        try
        {
            var texts = Masked(folder.FullName, people, items);
            Print(people, items, texts);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return 0;
    }

    private static Dictionary<string, string> Masked(
        string folder, IReadOnlyList<Person> people, IReadOnlyList<Written> items)
    {
        using var engine = Engine.Open(
            folder, new EngineLimits(1, 1_000_000_000), new WorkspaceKey(new byte[WorkspaceKey.Size]));
        engine.Execute($"""
            CREATE OR REPLACE MACRO as_of() AS {Engine.Literal(AsOf)};
            CREATE OR REPLACE MACRO known_at() AS {Engine.Literal(AsOf)};
            CREATE TABLE items_now (service VARCHAR, item_id VARCHAR, kind VARCHAR, author VARCHAR, audience VARCHAR,
                created_at TIMESTAMP, public_since TIMESTAMP, text VARCHAR, language_hint VARCHAR,
                media STRUCT(uri VARCHAR, sha256 VARCHAR, kind VARCHAR)[], deleted BOOLEAN DEFAULT false,
                unreadable BOOLEAN DEFAULT false, persons STRUCT(account VARCHAR, role VARCHAR)[],
                observed_at TIMESTAMP DEFAULT {Engine.Literal(AsOf)});
            CREATE VIEW item_versions AS FROM items_now;
            CREATE VIEW contested_items AS SELECT service, item_id FROM items_now WHERE false;
            CREATE TABLE account_versions (account VARCHAR, person VARCHAR, country VARCHAR, birth_year INTEGER,
                observed_at TIMESTAMP, handle VARCHAR, display_name VARCHAR);
            CREATE VIEW accounts_now AS SELECT DISTINCT ON (account) account, person, country, birth_year,
                false AS unreadable FROM account_versions;
            CREATE TABLE notices_now (account VARCHAR, version VARCHAR, delivered_at TIMESTAMP, bounced_at TIMESTAMP);
            """);
        Insert(engine, "account_versions (account, birth_year, handle, display_name)", people.SelectMany(person =>
            new[] { person.OldHandle, person.Handle }.Select(handle =>
                $"({Engine.Literal(person.Account)}, 1980, {Engine.Literal(handle)}, {Engine.Literal(person.Name)})")));
        Insert(
            engine, "items_now (service, item_id, kind, author, audience, text, language_hint, persons)",
            items.Select(item => item.Row));
        Stances.Load(
            engine,
            people.Where(person => person.Objects).Select((person, at) => new Recorded(
                new EntryIndex(at),
                new Choice(
                    ChoiceKind.Objection, Account.Parse(person.Account), Purpose.TrainGenerativeAi, Scope.Everything,
                    AsOf.AddDays(-30), AsOf.AddDays(-30)))),
            [], AsOf);
        var policy = new Policy(
            "bench", "A bench", Purpose.TrainGenerativeAi, LegalBasis.LegitimateInterest, DateTimeOffset.UnixEpoch,
            ReplayOnly: false, [], [new Rule.AboutMe(null, Protected.Objectors, MentionAction.Mask)], "",
            new string('0', 64));
        Stances.Resolve(engine, policy.Purpose);
        return engine.Query(
            $"SELECT item_id, text FROM ({Treatments.Prepare(engine, policy, 4).Relation})",
            row => (Id: row.GetString(0), Text: row.GetString(1)))
            .ToDictionary(row => row.Id, row => row.Text, StringComparer.Ordinal);
    }

    private static void Insert(Engine engine, string table, IEnumerable<string> rows)
    {
        foreach (var some in rows.Chunk(2_000))
            engine.Execute($"INSERT INTO {table} VALUES {string.Join(", ", some)}");
    }

    private static void Print(
        IReadOnlyList<Person> people, IReadOnlyList<Written> items, Dictionary<string, string> texts)
    {
        var namesakes = people.GroupBy(person => person.Name)
            .Where(same => same.Count() > 1 && same.Any(person => person.Objects)).ToList();
        var others = namesakes.Sum(same => same.Count(person => !person.Objects));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{people.Count} people, {people.Count(person => person.Objects)} object; "
                + $"{others} others bear the name of one who does\n"));
        Console.WriteLine("| what points at a person | of objectors, masked | of others, masked | precision "
            + "| sensitivity |\n| --- | --: | --: | --: | --: |");
        foreach (var form in Form.All)
        {
            var of = items.Where(item => item.Form == form).ToLookup(
                item => item.Person.Objects, item => texts[item.Id].Contains("<PERSON>", StringComparison.Ordinal));
            var (right, wrong) = (of[true].Count(masked => masked), of[false].Count(masked => masked));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {form.Means} | {right} of {of[true].Count()} | {wrong} of {of[false].Count()} | "
                    + $"{(right + wrong == 0 ? "–" : $"{(double)right / (right + wrong):F3}")} | "
                    + $"{(double)right / of[true].Count():F3} |"));
        }
    }

    /// <summary>Somebody invented, on Facebook.</summary>
    private sealed record Person(int Number, string First, string Last, bool Objects)
    {
        private static readonly string[] Firsts =
            ["Zoé", "Kim", "Łuka", "Ada", "Björn", "Inés", "Žofie", "Mát", "Élo", "Ruben", "Søren", "Anouk"];

        private static readonly string[] Begins = ["Fict", "Inv", "Verd", "Ersonn", "Gefund", "Wymy", "Smyš", "Kital"];

        private static readonly string[] Ends = ["ive", "ent", "acht", "ár", "en", "ślon", "lený", "ová", "sen", "ini"];

        public string Account => string.Create(CultureInfo.InvariantCulture, $"facebook:{100_000 + Number}");

        public string Name => $"{First} {Last}";

        public string Handle => string.Create(CultureInfo.InvariantCulture, $"person.{Number}.now");

        public string OldHandle => string.Create(CultureInfo.InvariantCulture, $"person{Number}before");

        public static IReadOnlyList<Person> Invent(int count, Random random) => [.. Enumerable.Range(0, count).Select(
            number => new Person(
                number, Firsts[random.Next(Firsts.Length)],
                Begins[random.Next(Begins.Length)] + Ends[random.Next(Ends.Length)]
                    + (random.Next(3) == 0 ? "-" + Begins[random.Next(Begins.Length)] : ""),
                random.Next(Objecting) == 0))];
    }

    /// <summary>A way to point at somebody in what one writes.</summary>
    private sealed record Form(string Means, Func<Person, string> Words, Func<Person, string?> Tag)
    {
        public static IReadOnlyList<Form> All { get; } =
        [
            new("a tag of the account, and the name", person => person.Name, person => person.Account),
            new("… the name in capitals, accents written apart", person => person.Name.ToUpperInvariant()
                .Normalize(NormalizationForm.FormD), person => person.Account),
            new("… the handle alone, without its @", person => person.Handle, person => person.Account),
            new("a tag by name, and the name", person => person.Name,
                person => "outside:" + person.Name.Replace(' ', '_')),
            new("`@handle`", person => "@" + person.Handle, _ => null),
            new("`@handle` that the person had before", person => "@" + person.OldHandle, _ => null),
            new("`@[id:…:name]`", person => $"@[{person.Account[9..]}:2048:{person.Name}]", _ => null),
            new("a link to the profile", person => $"https://www.facebook.com/{person.Handle}?x=1", _ => null),
            new("a tag of the account, and the first name alone", person => person.First, person => person.Account),
            new("a tag of the account, and the name with an ending", person => person.Name + "a",
                person => person.Account),
            new("the name, and nothing else", person => person.Name, _ => null),
        ];
    }

    /// <summary>An item by somebody else that points at a person once.</summary>
    private sealed record Written(string Id, Person Person, Form Form)
    {
        public string Row
        {
            get
            {
                var text = $"yesterday with {Form.Words(Person)}, it was cold";
                var persons = Form.Tag(Person) is { } tag
                    ? $"[{{'account': {Engine.Literal(tag)}, 'role': 'tagged'}}]"
                    : "NULL";
                return $"('facebook', {Engine.Literal(Id)}, 'post', 'facebook:1', 'public', {Engine.Literal(text)}, "
                    + $"'en', {persons})";
            }
        }
    }
}
