using System.Text.Json;
using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;
using Aval.Text;
using CsCheck;

namespace Aval.Tests.People;

/// <summary>
/// Whatever somebody writes for an id: it is refused, or it protects, as author and as objector alike.
/// </summary>
public sealed class AnyIdTests
{
    private static readonly Gen<string> Odd = Gen.OneOf(
        " ", "\u00a0", "\u200b", "\u200e", "\ufeff", "\t", "\n", "\u0085", "\u2028", "\u3000", "\u202e", "\ue000",
        "\u0301", "e\u0301", "é", "É", "İ", "ı", "ß", "ẞ", "Σ", "ς", "K", "\uff11", "٣", "中", "😀", "\ufffd",
        "@", "://", ":", ";", "%", "/", ".", ".0", "E+14", "e5", "0", "00", "-", "_", "'", "\"", "\\", "*", "[1]", "?",
        "$", "{", "}", ",", "=", "\0", "\u001f", "\u007f");

    private static readonly Gen<string> Piece = Gen.OneOf(
        Odd, Gen.Char[' ', '~'].Select(c => c.ToString()), Gen.Char['0', '9'].Select(c => c.ToString()),
        Gen.Char['a', 'z'].Select(c => c.ToString()), Gen.Char['A', 'Z'].Select(c => c.ToString()),
        Gen.Char['\u0080', '\ud7ff'].Select(c => c.ToString()));

    private static readonly Gen<string> Id = Gen.OneOf(
        Piece.Array[0, 12].Select(string.Concat),
        Gen.Select(Gen.Int[0, 99], Odd, Gen.Int[0, 2], (number, odd, place) =>
            place switch { 0 => $"{odd}{number}", 1 => $"1{odd}{number}", _ => $"{number}{odd}" }),
        Gen.Select(
            Gen.OneOf("kim", "Kim", "KIM", "zoe.fictive", "Zoe.Fictive"), Gen.OneOf("", "", " ", "\u200b", "@"),
            (name, odd) => odd + name));

    private static readonly Gen<string> AnyAccount = Gen.Select(
        Gen.OneOf("facebook", "instagram", "mastodon", "x-1"), Id, (service, id) => $"{service}:{id}");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_id_is_refused_or_protects_as_author_and_as_objector_alike(int seed)
    {
        using var world = new ContentWorld();
        var accounts = AnyAccount.Array[1_500].Generate(new PCG((uint)seed, (ulong)seed), null, out _)
            .Distinct(StringComparer.Ordinal).ToArray();
        var items = world.Import(world.Lines([.. accounts.Select((account, at) => ContentWorld.Item(
            $"i{at}", ("author", Json(account)), ("service", Json(account.Split(':')[0])),
            ("persons", $$"""[{"account": {{Json(account)}}, "role": "tagged"}]""")))]));
        var links = world.Import(world.Lines([.. accounts.Select(account => $"{{\"account\": {Json(account)}, "
            + $"\"person\": {Json(account)}}}")]), ContentKind.Accounts);
        var takenAsAuthor = world.Query("SELECT item_id || ' ' || author || ' ' || persons[1].account FROM items_now")
            .ToHashSet();
        var objections = accounts.Select(account => Objection(world, account)).ToArray();
        for (var at = 0; at < accounts.Length; at++)
        {
            if (objections[at] is { } choice)
                Assert.Contains($"i{at} {choice.Account} {choice.Account}", takenAsAuthor);
            else
                Assert.DoesNotContain(takenAsAuthor, taken => taken.StartsWith($"i{at} ", StringComparison.Ordinal));
        }

        var taken = objections.Count(choice => choice is not null);
        Assert.InRange(taken, 100, accounts.Length - 100);
        Assert.Equal(accounts.Length - taken, items.Record.Counts.Rejected);
        Assert.Equal(accounts.Length - taken, links.Record.Counts.Rejected);

        // Objections come by a file; nobody's item is left.
        var file = world.Write("objections.jsonl", string.Concat(accounts.Where((_, at) => objections[at] is not null)
            .Select(account => $"{{\"kind\":\"objection\",\"account\":{Json(account)}}}\n")));
        Assert.Equal(taken, ChoiceFile.Record(world.Workspace, file, ContentWorld.Today).Entries.Count);
        Assert.Equal(taken, Excluded(world.Workspace));
    }

    private static long Excluded(Workspace workspace)
    {
        using var engine = Engine.Open(workspace.Temporary, new EngineLimits(2, 500_000_000), workspace.ReadKey());
        var inputs = Inputs.Load(engine, workspace, ContentWorld.Today.AddDays(1), null);
        var policy = EngineWorld.Policy(new Rule.Objection(null, null));
        Stances.Resolve(engine, policy.Purpose);
        var decisions = Treatments.Prepare(engine, policy, 4);
        Assert.True(inputs.Choices > 0);
        Assert.Equal(0, engine.Scalar<long>($"SELECT count(*) FROM ({decisions.Relation}) WHERE mask = 0"));
        return engine.Scalar<long>($"SELECT count(*) FROM ({decisions.Relation}) WHERE mask <> 0");
    }

    private static Choice? Objection(ContentWorld world, string account)
    {
        var faults = new List<ChoiceFault>();
        var choice = ChoiceText.Of(("kind", "objection"), ("account", account))
            .Read(new ChoiceRules(world.Workspace.Settings), ContentWorld.Today, faults);
        Assert.Equal(choice is null, faults.Count > 0);
        return choice;
    }

    private static string Json(string text) => JsonSerializer.Serialize(text);
}
