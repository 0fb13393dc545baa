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
        ["Decisions"] = Aval.Decisions.Relations.All,
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
        foreach (var relation in Listed.Values.SelectMany(room => room))
        {
            var columns = Regex.Replace(relation.Columns, @"\s+", " ");
            Assert.True(there.TryGetValue(relation.Name, out var found), $"The engine has no {relation.Name}.");
            if (columns.EndsWith(", …", StringComparison.Ordinal))
                Assert.StartsWith(
                    $"{relation.Name}({columns[..^3]}", $"{relation.Name}({found})", StringComparison.Ordinal);
            else
                Assert.Equal($"{relation.Name}({columns})", $"{relation.Name}({found})");
        }
    }

    [Fact]
    public void What_a_room_does_not_list_no_other_room_names()
    {
        using var engine = Decided(filled: true);
        var listed = Listed.Values.SelectMany(room => room).Select(relation => relation.Name);
        var own = There(engine).ExceptBy(listed, relation => relation.Key, StringComparer.Ordinal);
        var literals = Literals().ToArray();
        var crossing = new List<string>();
        foreach (var (name, columns) in own)
        {
            var makers = Rooms(literals, sql => Made(sql).IsMatch(name));
            var others = Rooms(literals, sql => Reads(sql, name));
            // Where nothing of its name stands in the text that makes it, the one room that names it is its maker.
            if (makers.Length == 0 ? others.Length > 1 : others.Except(makers).Any())
                crossing.Add($"{string.Join(", ", others)} read {name}({columns}) of {string.Join(", ", makers)}");
        }

        Assert.True(
            crossing.Count == 0,
            $"These cross between rooms and are in no Relations.cs:\n{string.Join('\n', crossing)}");
    }

    private static string[] Rooms((string Room, string Sql)[] literals, Func<string, bool> says) =>
        [.. literals.Where(literal => says(literal.Sql)).Select(literal => literal.Room).Distinct()];

    private static bool Reads(string sql, string name) => Regex.IsMatch(sql, $@"\b(FROM|JOIN|INTO|COPY)\s+{name}\b")
        && !Regex.IsMatch(sql, $@"\b{name} AS (MATERIALIZED )?\(");

    // What a text creates, as a pattern of names: contested_{name} may be contested_items.
    private static Regex Made(string sql)
    {
        var names = Regex.Matches(sql, @"\bCREATE[A-Z ]* (TABLE|VIEW) (\w[\w{}]*)").Select(made => made.Groups[2].Value)
            .Select(name => Regex.Replace(name, @"\{\w+\}", @"\w+"));
        return new($"^({string.Join('|', names.DefaultIfEmpty("(?!)"))})$");
    }

    private static Dictionary<string, string> There(Engine engine) => engine.Query(
        """
        SELECT table_name, string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_index)
        FROM duckdb_columns() WHERE NOT internal GROUP BY table_name
        """,
        row => (Name: row.GetString(0), Columns: row.GetString(1)))
        .ToDictionary(row => row.Name, row => row.Columns, StringComparer.Ordinal);

    private static IEnumerable<(string Room, string Sql)> Literals()
    {
        foreach (var file in Sources.Files("src/Aval"))
        {
            var root = Sources.Parse(file).GetRoot(TestContext.Current.CancellationToken);
            foreach (var text in root.DescendantNodes()
                .Where(node => node is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax))
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
