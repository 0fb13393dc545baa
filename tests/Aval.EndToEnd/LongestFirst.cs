using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Aval.EndToEnd.LongestFirst))]

namespace Aval.EndToEnd;

/// <summary>
/// The classes that take the longest begin first, so that no processor waits at the end for one that began late.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = ["AccessibilityTests", "ClusterBuildTests", "DemoTests", "PapersTests"];

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
