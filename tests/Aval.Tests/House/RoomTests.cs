using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Aval.Tests.House;

/// <summary>
/// A room is a folder of src/Aval, and holds one thought. Rooms stand in an order (docs/design.md, §9), and what a room
/// names lies in itself or below it. The arrows that still go up are listed here; none joins them, and one that is gone
/// is taken off the list.
/// </summary>
public sealed class RoomTests
{
    /// <summary>From the top down.</summary>
    private static readonly string[] Order =
    [
        "Checking", "Founding", "Answers", "Building", "Authors", "Corpus", "Decisions", "Policies", "Recording", "Choices", "People",
        "Content", "Ledger", "Workspace", "Storage", "Words",
    ];

    private static readonly string[] StillGoUp =
    [
        "Authors -> Building",
    ];

    [Fact]
    public void Arrows_between_rooms_go_down()
    {
        var core = Sources.Core();
        var up = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tree in core.SyntaxTrees.Where(tree => tree.FilePath.Length > 0))
        {
            var model = core.GetSemanticModel(tree);
            var from = RoomOf(tree.FilePath);
            foreach (var name in tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (DefinedIn(model.GetSymbolInfo(name, TestContext.Current.CancellationToken).Symbol) is not { } file || RoomOf(file) is not { } to || to == from)
                    continue;
                if (Array.IndexOf(Order, to) < Array.IndexOf(Order, from))
                    up.TryAdd($"{from} -> {to}", $"{tree.FilePath} names {name} of {file}");
            }
        }

        var grown = up.Where(arrow => !StillGoUp.Contains(arrow.Key)).Select(arrow => $"{arrow.Key}: {arrow.Value}").ToArray();
        Assert.True(grown.Length == 0, $"These arrows go up:\n{string.Join('\n', grown)}");
        var gone = StillGoUp.Where(arrow => !up.ContainsKey(arrow)).ToArray();
        Assert.True(gone.Length == 0, $"These arrows are gone; take them off the list:\n{string.Join('\n', gone)}");
    }

    [Fact]
    public void Every_file_stands_in_a_room_of_the_order() =>
        Assert.All(Sources.Files("src/Aval"), file => Assert.Contains(RoomOf(file), Order));

    private static string? DefinedIn(ISymbol? symbol) =>
        (symbol is INamespaceSymbol ? null : symbol)?.Locations.FirstOrDefault(location => location.IsInSource)?.SourceTree?.FilePath
        is { Length: > 0 } file ? file : null;

    private static string RoomOf(string file) => file.Split('/') is ["src", "Aval", var room, _, ..]
        ? room
        : throw new InvalidOperationException($"{file} stands in no room of src/Aval.");
}
