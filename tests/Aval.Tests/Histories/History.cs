using Aval.Choices;
using Aval.Content;
using Aval.Recording;
using Aval.Tests.ContentStore;

namespace Aval.Tests.Histories;

/// <summary>
/// Something that happened: done to a workspace with the clock at its instant, whatever was done before.
/// </summary>
internal sealed record Act(string What, Action<ContentWorld> Do)
{
    public override string ToString() => What;
}

/// <summary>
/// A small world's history: four accounts, two of them linked now and then, thirteen items, two sources.
/// </summary>
internal static class History
{
    private static readonly string[] Accounts = ["facebook:1", "facebook:2", "instagram:1", "instagram:2"];
    // So many that some are observed once only: what has one version is read another way than what has several.
    private static readonly (string Service, string Id)[] Items =
    [
        .. "abcdefgh".Select(id => ("facebook", id.ToString())),
        .. "pqrst".Select(id => ("instagram", id.ToString())),
    ];

    public static DateTimeOffset Day(int day) => ContentWorld.Time("2025-09-01T00:00:00Z").AddDays(day);

    public static IReadOnlyList<Act> Of(Random random)
    {
        // Everybody was told long ago, so that what is decided here is not decided by that.
        var acts = new List<Act> { Notices() };
        for (var at = 0; at < 5; at++)
            acts.Add(Content(random, at));
        for (var at = 0; at < 2; at++)
            acts.Add(People(random, at));
        for (var at = 0; at < 5; at++)
            acts.Add(Said(random));
        return acts;
    }

    private static Act Notices() => new("notices", world =>
    {
        var lines = Accounts.Select(account => $"{account},v1,2025-01-01T00:00:00Z");
        world.Import(
            world.Write("notices.csv", $"account,version,delivered_at\n{string.Join('\n', lines)}\n"),
            ContentKind.Notices);
    });

    private static Act Content(Random random, int at)
    {
        // No two imports at one instant: what wins then has tests of its own.
        var day = (at * 5) + random.Next(5);
        var (source, snapshot, stated) =
            (random.Next(2) == 0 ? "left" : "right", random.Next(2) == 0, random.Next(2) == 0);
        var rows = Items.Where(_ => random.Next(3) == 0).Select(item => Row(random, item.Service, item.Id)).ToArray();
        return new($"items on day {day}: {string.Join("; ", rows)}", world =>
        {
            world.Clock.Now = Day(day);
            var observedAt = stated ? Day(day).ToText() : null;
            world.Import([world.Lines(rows)], source: source, snapshot: snapshot, observedAt: observedAt);
        });
    }

    private static string Row(Random random, string service, string id)
    {
        var author = $"\"{service}:{random.Next(1, 3)}\"";
        // One in eight cannot be read: the audience is no word of ours.
        var audience = random.Next(8) switch { 0 => "\"Friends\"", 1 => "\"friends\"", _ => "\"public\"" };
        var created = $"\"{Day(random.Next(-20, 5)).ToText()}\"";
        return ContentWorld.Item(
            id, ("service", $"\"{service}\""), ("author", author), ("audience", audience), ("created_at", created),
            ("deleted", random.Next(12) == 0 ? "true" : "false"));
    }

    private static Act People(Random random, int at)
    {
        var day = (at * 10) + random.Next(10);
        var lines = Accounts.Where(_ => random.Next(4) > 0)
            .Select(account =>
                $"{account},{(random.Next(2) == 0 ? "7" : "")},{(random.Next(6) == 0 ? 2012 : 1980)}").ToArray();
        return new($"accounts on day {day}: {string.Join("; ", lines)}", world =>
        {
            world.Clock.Now = Day(day);
            world.Import(
                world.Write($"accounts-{day}.csv", $"account,person,birth_year\n{string.Join('\n', lines)}\n"),
                ContentKind.Accounts);
        });
    }

    private static Act Said(Random random)
    {
        var kinds = new[]
        {
            ChoiceKind.Objection, ChoiceKind.ObjectionLifted, ChoiceKind.Restriction, ChoiceKind.Erasure,
            ChoiceKind.Removal,
        };
        var kind = kinds[random.Next(kinds.Length)];
        var item = Items[random.Next(Items.Length)];
        var scope = kind == ChoiceKind.Removal || random.Next(4) == 0 ? $"item:{item.Service}:{item.Id}" : "everything";
        var madeAt = Day(random.Next(25));
        var choice = new Choice(
            kind, Account.Parse(Accounts[random.Next(Accounts.Length)]), Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new InvalidOperationException(scope), madeAt,
            madeAt.AddHours(random.Next(50)));
        return new($"{kind} of {choice.Account} about {scope} on {madeAt.ToText()}", world =>
            Recorder.RecordOnce(world.Workspace, Day(40), choice));
    }
}
