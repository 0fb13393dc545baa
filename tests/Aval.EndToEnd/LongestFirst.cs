using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Aval.Tests.LongestFirst))]

namespace Aval.Tests;

/// <summary>
/// The classes that take the longest begin first, so that no processor waits at the end for one that began late.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        "Portal.AccessibilityTests", "ClusterBuildTests", "DemoTests", "PapersTests",
        "Oracles.EngineTests", "Choices.ForgettingTests", "AnyOrderTests", "AgreementTests",
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Place(collection.TestCollectionDisplayName))];

    private static int Place(string collection)
    {
        var place = Array.FindIndex(Longest, name => collection.Contains(name, StringComparison.Ordinal));
        return place < 0 ? Longest.Length : place;
    }
}
