namespace Aval.Tests.House;

/// <summary>
/// A count that only goes down. What is worse than it was fails; so does what is better and has not been written down,
/// or the next change could make it as bad again unseen.
/// </summary>
internal static class Ratchet
{
    public static void Hold(string what, int allowed, IReadOnlyCollection<string> found)
    {
        if (found.Count > allowed)
            Assert.Fail($"{found.Count} {what}, and {allowed} were there. The last ones:\n"
                + $"{string.Join('\n', found.TakeLast(20))}");
        Assert.True(
            found.Count == allowed,
            $"{found.Count} {what} are left of {allowed}: write the lower number into the test.");
    }
}
