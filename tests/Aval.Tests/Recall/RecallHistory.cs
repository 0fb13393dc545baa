using System.Globalization;
using Aval.Building;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Content;
using Aval.Ledger;
using Aval.Orders;
using Aval.Policies;
using Aval.Recall;
using Aval.Recall.Erasing;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;
using Aval.Tests.Orders;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Recalls;

/// <summary>
/// A small world in which platforms and people go on saying things while releases are made: imports, links, notices,
/// choices, builds, forgettings and erasures, in any order. Everybody was told and something was published before the
/// first release, so that releases hold rows and recalls have rows to take out.
/// </summary>
internal sealed class RecallHistory : IDisposable
{
    public static readonly CorpusName Corpus = CorpusName.Parse("test");
    public static readonly EngineLimits Small = new(1, 1_000_000_000);

    private static readonly Policy ReadingTexts = PolicyReader.Parse("""
        policy: recalled
        title: Whatever adults published, unless somebody objects
        purpose: train-generative-ai
        basis: legitimate-interest
        applies-from: 2025-05-27
        rules:
          - {id: erasure}
          - {id: restriction}
          - {id: objection}
          - {id: removal}
          - {id: audience, admit: [public]}
          - {id: age, at-least: 18, when: [written, build], unknown: exclude}
          - {id: informed, unknown: exclude}
          - {id: waiting-period, days: 30}
          - {id: combine-services, reading: same-person}
          - {id: special-categories, off: "because this is a test"}
          - {id: about-me, protect: objectors, action: mask}
          - {id: copies, action: exclude, similarity: 0.8, min-characters: 40, common-after: 1000}
          - {id: duplicates, keep: first}

        """, "test.yaml");

    // Of a release under it nothing is decided again but what something touches.
    private static readonly Policy ReadingNone = PolicyReader.Parse(
        string.Join('\n', ReadingTexts.Text.Split('\n')
                .Where(line => !line.Contains("id: copies") && !line.Contains("id: duplicates")))
            .Replace("protect: objectors, action: mask", "off: \"because this is a test\"", StringComparison.Ordinal),
        "test.yaml");

    public static readonly string[] Accounts =
    [
        .. Enumerable.Range(1, 6).Select(n => $"facebook:{n}"),
        .. Enumerable.Range(1, 3).Select(n => $"instagram:{n}"),
    ];

    private readonly Random _random;
    private readonly Policy _regime;
    private int _days, _orders;

    public RecallHistory(int seed)
    {
        (_random, _regime) = (new Random(seed), seed % 2 == 0 ? ReadingNone : ReadingTexts);
        Pass(0);
        Publish(1.0, told: -20);
        Notify(1.0, told: -20);
        Link(1.0, told: -20);
        Build();
    }

    public ContentWorld World { get; } = new(buckets: 4);

    public Workspace Workspace => World.Workspace;

    /// <summary>What was done, for whoever looks for a fault.</summary>
    public List<string> Told { get; } = [];

    public DateTimeOffset Now => World.Clock.Now;

    public void Dispose() => World.Dispose();

    /// <summary>Anything but a recall.</summary>
    public void GoOn()
    {
        Pass(_random.Next(1, 4));
        switch (_random.Next(15))
        {
            case 0 or 1: Publish(0.2, told: -_random.Next(6)); break;
            case 2: Link(0.3, told: -_random.Next(6)); break;
            case 3: Notify(0.3, told: -_random.Next(6)); break;
            case 4: Build(); break;
            case 5: Forget(); break;
            case 6: Erase(); break;
            case 7: Order(); break;
            default: Say(); break;
        }
    }

    public RecallOutcome Recall()
    {
        Told.Add($"{Now.ToText()} recall");
        return Recalling.Run(Workspace, new RecallRequest(Corpus, Now, false, Small, World.Clock), _ => { });
    }

    /// <summary>The release of the same inputs, made of a copy of the workspace in which no release ever was.</summary>
    public string Rebuilt(string copy, DateTimeOffset asOf, DateTimeOffset until, TreeSize? size, TreeSize? erasedTo)
    {
        Copy(Workspace.Root, copy, except: [Workspace.Corpus, Workspace.Lineage, Workspace.Temporary]);
        return Pipeline.Build(
            Workspace.Open(copy, copy),
            new BuildRequest(_regime, Corpus, asOf, size, Small)
            {
                ProtectUntil = until,
                ErasedTo = erasedTo,
                Clock = World.Clock,
            },
            _ => { }).Directory;
    }

    private void Pass(int days) => World.Clock.Now = Time("2025-09-01T00:00:00Z").AddDays(_days += days);

    // A restatement of an instant that a release has passed is a thing that happens too.
    private void Publish(double share, int told)
    {
        var at = Now.AddDays(told);
        var rows = Enumerable.Range(0, 24).Where(_ => _random.NextDouble() < share).Select(Row).ToArray();
        var isSnapshot = rows.Length > 0 && _random.Next(6) == 0;
        Told.Add($"{Now.ToText()} items of {at.ToText()}{(isSnapshot ? ", all there are" : "")}: "
            + string.Join("; ", rows));
        if (rows.Length > 0)
            World.Import([World.Lines(rows)], source: "left", snapshot: isSnapshot, observedAt: at.ToText());
    }

    private string Row(int number)
    {
        // Whose it is seldom changes; what it says is said by others as well, or names somebody.
        var who = _random.Next(20) == 0 ? Any(Accounts) : Accounts[number % Accounts.Length];
        var words = number % 3 == 0
            ? $"Twice said is twice heard, and nobody ever minds who was the first of all to say this {number % 4}"
            : string.Join(' ', Enumerable.Range(1, 12).Select(at => $"{(char)('a' + number)}ord{at * number * 7919}"));
        var named = Any(Accounts);
        if (_random.Next(4) == 0)
            words += $" with @[{named.Split(':')[1]}:1:Zoe]";
        return Item(
            $"i{number}", ("service", $"\"{who.Split(':')[0]}\""), ("author", $"\"{who}\""),
            ("audience", _random.Next(12) switch { 0 => "\"Friends\"", 1 => "\"friends\"", _ => "\"public\"" }),
            ("created_at", $"\"{Time("2025-08-01T00:00:00Z").AddDays(-number).ToText()}\""),
            ("text", $"\"{words}\""), ("deleted", _random.Next(16) == 0 ? "true" : "false"),
            ("persons", _random.Next(6) == 0 ? $$"""[{"account": "{{named}}", "role": "tagged"}]""" : null));
    }

    private void Link(double share, int told)
    {
        var lines = Accounts.Where(_ => _random.NextDouble() < share).Select(account => string.Create(
            CultureInfo.InvariantCulture,
            $"{account},{(_random.Next(3) == 0 ? "7" : "")},{(_random.Next(12) == 0 ? 2012 : 1980)},Zoe Example"))
            .ToArray();
        Told.Add($"{Now.ToText()} accounts of {Now.AddDays(told).ToText()}: {string.Join("; ", lines)}");
        World.Import(
            World.Write(
                $"accounts-{_days}.csv", $"account,person,birth_year,display_name\n{string.Join('\n', lines)}\n"),
            ContentKind.Accounts, observedAt: Now.AddDays(told).ToText());
    }

    private void Notify(double share, int told)
    {
        var lines = Accounts.Where(_ => _random.NextDouble() < share)
            .Select(account => $"{account},v1,{(_random.Next(12) == 0 ? "" : "2025-01-01T00:00:00Z")}").ToArray();
        Told.Add($"{Now.ToText()} notices of {Now.AddDays(told).ToText()}: {string.Join("; ", lines)}");
        World.Import(
            World.Write($"notices-{_days}.csv", $"account,version,delivered_at\n{string.Join('\n', lines)}\n"),
            ContentKind.Notices, observedAt: Now.AddDays(told).ToText());
    }

    private void Say()
    {
        ChoiceKind[] kinds =
        [
            ChoiceKind.Objection, ChoiceKind.Objection, ChoiceKind.ObjectionLifted, ChoiceKind.Restriction,
            ChoiceKind.RestrictionLifted, ChoiceKind.Erasure, ChoiceKind.Removal,
        ];
        var (kind, item) = (Any(kinds), $"item:{Any(Accounts).Split(':')[0]}:i{_random.Next(24)}");
        var scope = kind == ChoiceKind.Removal ? item : _random.Next(6) switch
        {
            0 => item,
            1 => "service:facebook",
            2 when kind is ChoiceKind.Objection or ChoiceKind.ObjectionLifted => "about-me",
            _ => "everything",
        };
        var madeAt = Now.AddDays(-_random.Next(8));
        var choice = new Choice(
            kind, Account.Parse(Any(Accounts)), Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new InvalidOperationException(scope), madeAt,
            madeAt.AddHours(_random.Next((int)(Now - madeAt).TotalHours + 1)),
            Actor: kind is ChoiceKind.RestrictionLifted ? Actor.Controller : Actor.Person);
        Told.Add($"{Now.ToText()} {kind} of {choice.Account} about {scope}, made {choice.MadeAt.ToText()}, received "
            + choice.ReceivedAt.ToText());
        Recorder.RecordOnce(Workspace, Now, choice);
    }

    private void Build()
    {
        var asOf = Now.AddDays(-_random.Next(5));
        Told.Add($"{Now.ToText()} build as of {asOf.ToText()}");
        Pipeline.Build(
            Workspace, new BuildRequest(_regime, Corpus, asOf, null, Small) { Clock = World.Clock }, _ => { });
    }

    private void Forget()
    {
        Told.Add($"{Now.ToText()} forget");
        using var store = ChoiceStores.Open(Workspace);
        var wanted = store.Read(store.Size).Where(_ => _random.Next(3) == 0).Select(one => one.Index).ToList();
        var plan = Forgettings.Plan(
            Workspace, store, wanted, ForgettingReason.Request, Now);
        if (plan.Choices.Count > 0)
            Recorder.PublishRecorded(
                new Integrator(Workspace, SigningKey.Read(Workspace.SigningKeyFile)), store,
                store.Forget(plan.Choices, plan.DecidedAt), null);
    }

    private void Erase()
    {
        Told.Add($"{Now.ToText()} erase");
        _ = Erasures.CarryOut(
            Workspace, new ErasureOptions(Small, IsDry: false, Corpus: null), World.Clock, (_, _) => { });
    }

    // Kept out by an order, of which the dates are in the past, in the future, or over; or one is lifted.
    private void Order()
    {
        var served = OrderBook.Read(Workspace).Where(order => order.Lifted is null).ToArray();
        if (served.Length > 1 && _random.Next(2) == 0)
        {
            var lifted = Any(served).Index;
            Told.Add($"{Now.ToText()} order {lifted} lifted");
            OrderBook.Lift(Workspace, lifted, "so", World.Clock);
            return;
        }

        var from = Now.AddDays(_random.Next(-6, 4));
        DateTimeOffset? until = _random.Next(2) == 0 ? null : from.AddDays(_random.Next(1, 12));
        var key = AuthorList.Key(Workspace.ReadKey());
        string[] named = [Any(Accounts), Any(Accounts)];
        OrderEffect effect = _random.Next(3) switch
        {
            0 => new OrderEffect.Exclude(["instagram"], [], [], null, null, []),
            1 => new OrderEffect.Exclude([], [], [], Time("2025-07-25T00:00:00Z"), null, []),
            _ => new OrderEffect.Exclude(
                [], [], [], null, null, [.. named.Select(account => AuthorList.HashOf(key, account)).Distinct()]),
        };
        Told.Add($"{Now.ToText()} order from {from.ToText()} until {until?.ToText()}: {effect}, "
            + string.Join(' ', named));
        OrderBook.Serve(
            Workspace, OrderWorld.Of($"{++_orders}", effect) with { From = from, Until = until }, World.Clock);
    }

    private T Any<T>(T[] of) => of[_random.Next(of.Length)];

    private static void Copy(string from, string to, string[] except)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from).Except(except))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)), except);
    }
}
