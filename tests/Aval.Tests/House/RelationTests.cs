using System.Text.RegularExpressions;
using Aval.Answers;
using Aval.Choices;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Aval.Tests.House;

/// <summary>What crosses between rooms inside the engine is written down: each room's Relations.cs.</summary>
public sealed class RelationTests : IDisposable
{
    private static readonly Dictionary<string, IReadOnlyList<Relation>> Listed = new()
    {
        ["Choices"] = Aval.Choices.Relations.All,
        ["Content"] = Aval.Content.Relations.All,
    };

    private readonly ContentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_room_leaves_in_the_engine_what_it_lists(bool filled)
    {
        using var engine = Decided(filled);
        var there = There(engine);
        var listed = Listed.Values.SelectMany(room => room).ToArray();
        Assert.Equal(
            listed.Select(relation => $"{relation.Name}({Regex.Replace(relation.Columns, @"\s+", " ")})"),
            listed.Select(relation => $"{relation.Name}({there.GetValueOrDefault(relation.Name)})"));
    }

    [Fact]
    public void What_a_room_does_not_list_no_other_room_names()
    {
        using var engine = Decided(filled: true);
        var listed = Listed.Values.SelectMany(room => room).Select(relation => relation.Name).ToHashSet(StringComparer.Ordinal);
        var there = There(engine);
        var own = there.Keys.Where(name => !listed.Contains(name)).ToArray();
        var named = Literals().SelectMany(literal => own
            .Where(name => Regex.IsMatch(literal.Sql, $@"\b(FROM|JOIN|INTO|TABLE|VIEW)\s+{Regex.Escape(name)}\b"))
            .Select(name => (Name: name, literal.Room))).Distinct();
        var crossing = named.GroupBy(pair => pair.Name).Where(rooms => rooms.Count() > 1)
            .Select(rooms => $"{string.Join(", ", rooms.Select(pair => pair.Room))} name {rooms.Key}({there[rooms.Key]})").ToArray();
        Assert.True(crossing.Length == 0, $"These cross between rooms and are in no Relations.cs:\n{string.Join('\n', crossing)}");
    }

    private static Dictionary<string, string> There(Engine engine) => engine.Query(
        """
        SELECT table_name, string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_index)
        FROM duckdb_columns() WHERE NOT internal GROUP BY table_name
        """,
        row => (Name: row.GetString(0), Columns: row.GetString(1))).ToDictionary(row => row.Name, row => row.Columns, StringComparer.Ordinal);

    private static IEnumerable<(string Room, string Sql)> Literals()
    {
        foreach (var file in Sources.Files("src/Aval"))
        {
            var root = Sources.Parse(file).GetRoot(TestContext.Current.CancellationToken);
            foreach (var text in root.DescendantNodes().Where(node => node is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax))
                yield return (file.Split('/')[2], text.ToString());
        }
    }

    // Versions of one item, and a choice: what has neither is made in a shorter way, with the same columns.
    private Engine Decided(bool filled)
    {
        if (filled)
        {
            _world.Import([_world.Lines(
                ContentWorld.Said("1", "first", "2025-01-01T00:00:00Z"),
                ContentWorld.Said("1", "second", "2025-02-01T00:00:00Z"),
                ContentWorld.Item("2", ("author", "\"facebook:ben\"")))]);
            Recorder.RecordOnce(_world.Workspace, ContentWorld.Today, new Choice(
                ChoiceKind.Objection, Account.Parse("facebook:ann"), Purpose.TrainGenerativeAi,
                Scope.Of([new ScopePart.OneItem(new Item("facebook", "1"))]), ContentWorld.Today, ContentWorld.Today));
        }

        return DecidedItems.Under(
            _world.Workspace, PolicyReader.Read(PolicyReader.Find("opt-out")), ContentWorld.Today, null,
            new EngineLimits(1, 1_000_000_000));
    }
}
