using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Aval.Tests.House;

/// <summary>
/// A room is a folder of src/Aval, and holds one thought. Rooms stand in an order (docs/design.md, §9), and what a room
/// names lies in itself or below it.
/// </summary>
public sealed class RoomTests
{
    /// <summary>From the top down.</summary>
    private static readonly string[] Order =
    [
        "Checking", "Founding", "Cluster", "Papers", "Studies", "Cases", "Recall", "Models", "Runs", "Answers",
        "Building", "Authors", "Corpus", "Text",
        "Decisions", "Orders", "Policies", "Requests", "Recording", "Choices", "People",
        "Content", "Ledger", "Workspace", "Leases", "Terms", "Documents", "Storage", "Words",
    ];

    [Fact]
    public void Arrows_between_rooms_go_down()
    {
        var up = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (from, name, to) in Named.Value)
        {
            if (Array.IndexOf(Order, RoomOf(to)) < Array.IndexOf(Order, RoomOf(from)))
                up.TryAdd($"{RoomOf(from)} -> {RoomOf(to)}", $"{from} names {name} of {to}");
        }

        var told = string.Join('\n', up.Select(arrow => $"{arrow.Key}: {arrow.Value}"));
        Assert.True(up.Count == 0, $"These arrows go up:\n{told}");
    }

    /// <summary>It fails and it counts time as everybody does; what it holds it does not know.</summary>
    [Fact]
    public void Storage_knows_no_word_but_those_of_failure_and_time()
    {
        string[] known = ["src/Aval/Words/AvalException.cs", "src/Aval/Words/Instant.cs"];
        Assert.All(
            Named.Value.Where(named => RoomOf(named.From) == "Storage" && RoomOf(named.To) == "Words"),
            named => Assert.Contains(named.To, known));
    }

    [Fact]
    public void The_order_is_the_one_that_the_design_states()
    {
        var design = File.ReadAllText(Path.Combine(Sources.Root, "docs", "design.md"));
        var layout = design[design.IndexOf("## 9. Layout", StringComparison.Ordinal)..];
        var rooms = Regex.Matches(layout, "^  ([A-Z][a-z]+)/ ", RegexOptions.Multiline);
        Assert.Equal(Order, rooms.Select(room => room.Groups[1].Value));
    }

    [Fact]
    public void Every_file_stands_in_a_room_of_the_order() =>
        Assert.All(Sources.Files("src/Aval"), file => Assert.Contains(RoomOf(file), Order));

    /// <summary>Every name in a file that means something defined in another file; found once for all who ask, since
    /// what each name means takes longer than all else here.</summary>
    private static readonly Lazy<(string From, string Name, string To)[]> Named = new(() => [.. FindNamed()]);

    private static IEnumerable<(string From, string Name, string To)> FindNamed()
    {
        var core = Sources.Core();
        foreach (var tree in core.SyntaxTrees.Where(tree => tree.FilePath.Length > 0))
        {
            var model = core.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (DefinedIn(model.GetSymbolInfo(name).Symbol) is { } file && file != tree.FilePath)
                    yield return (tree.FilePath, name.ToString(), file);
            }
        }
    }

    private static string? DefinedIn(ISymbol? symbol) =>
        (symbol is INamespaceSymbol ? null : symbol)?.Locations.FirstOrDefault(location =>
            location.IsInSource)?.SourceTree?.FilePath
        is { Length: > 0 } file ? file : null;

    private static string RoomOf(string file) => file.Split('/') is ["src", "Aval", var room, _, ..]
        ? room
        : throw new InvalidOperationException($"{file} stands in no room of src/Aval.");
}
