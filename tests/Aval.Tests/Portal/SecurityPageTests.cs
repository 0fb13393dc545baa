using System.Text.RegularExpressions;
using Aval.Tests.House;

namespace Aval.Tests.Portal;

/// <summary>The page on security says that tests show things; they do.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public void Every_test_that_the_page_on_security_names_is_there()
    {
        var page = File.ReadAllText(Path.Combine(Sources.Root, "docs", "security.md"));
        var named = Name().Matches(page).Select(found => found.Groups["name"].Value).Distinct().ToArray();
        Assert.True(named.Length > 40, $"The page names {named.Length} tests.");
        var tests = Sources.Files("tests").Select(file => File.ReadAllText(Path.Combine(Sources.Root, file))).ToArray();
        var lost = named.Where(name =>
            !tests.Any(text => text.Contains($" {name}(", StringComparison.Ordinal))).ToArray();
        Assert.True(lost.Length == 0, $"There are no such tests:\n{string.Join('\n', lost)}");
    }

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)+)`")]
    private static partial Regex Name();
}
