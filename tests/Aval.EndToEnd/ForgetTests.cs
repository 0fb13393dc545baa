using System.Text.Json;

namespace Aval.EndToEnd;

/// <summary><c>aval forget</c> as its users and scripts see it.</summary>
public sealed class ForgetTests : IDisposable
{
    private readonly string _workspace = Directory.CreateTempSubdirectory("aval-forget-").FullName;

    public ForgetTests() => AvalProcess.Run(_workspace, "init").Done();

    public void Dispose() => Directory.Delete(_workspace, recursive: true);

    [Fact]
    public void A_forgotten_objection_still_protects_and_the_ledger_still_checks()
    {
        Aval("choose", "objection", "--account", "facebook:1", "--made-at", "2025-05-27T00:00:00Z");
        Aval("receipt", "0", "--out", Path.Combine(_workspace, "receipts"));
        Assert.StartsWith(
            "Choice 0 was forgotten (entry 1): it still protects, by a token that names nobody.\n", Aval("forget", "0"),
            StringComparison.Ordinal);
        Assert.Contains(
            "- objected: decided by the objection, a forgotten choice, of 2025-05-27T00:00:00.000000Z (entry 0)",
            Aval("stance", "facebook:1"), StringComparison.Ordinal);
        Assert.Contains("no objection", Aval("stance", "facebook:2"), StringComparison.Ordinal);
        using var stance = JsonDocument.Parse(Aval("stance", "facebook:1", "--json"));
        Assert.True(stance.RootElement.GetProperty("choices")[0].GetProperty("forgotten").GetBoolean());
        Aval("ledger", "check");
        Aval("verify", "receipt", Path.Combine(_workspace, "receipts", "0.receipt"), "--key", Aval("ledger", "key")
            .Trim());

        var again = AvalProcess.Run(_workspace, "forget", "0");
        Assert.Equal(2, again.Exit);
        Assert.Contains(
            "Entry 0 is not a choice, or it was forgotten before. Nothing was forgotten.", again.Error,
            StringComparison.Ordinal);
        Assert.Equal(2, AvalProcess.Run(_workspace, "receipt", "0").Exit);
    }

    [Fact]
    public void A_consent_that_decides_is_not_forgotten()
    {
        Aval("choose", "consent", "--account", "facebook:1", "--notice", "v1");
        var refused = AvalProcess.Run(_workspace, "forget", "0");
        Assert.Equal(4, refused.Exit);
        Assert.Contains(
            "Entry 0 is the consent of facebook:1, which still decides", refused.Error, StringComparison.Ordinal);
        Assert.Contains("aval choose withdrawal --account facebook:1", refused.Error, StringComparison.Ordinal);
        Aval("choose", "withdrawal", "--account", "facebook:1");
        Assert.Contains("another statement decides as it did", Aval("forget", "0"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_nobody_has_answered_is_not_forgotten_with_its_clock()
    {
        File.AppendAllText(Path.Combine(_workspace, "aval.yaml"), "retention: {restriction: 1 year}\n");
        Aval("choose", "restriction", "--account", "facebook:1", "--received-at", "2025-05-27T00:00:00Z");
        var refused = AvalProcess.Run(_workspace, "forget", "0");
        Assert.Equal(4, refused.Exit);
        Assert.Contains("Entry 0 is a request that is open", refused.Error, StringComparison.Ordinal);
        Assert.Contains(
            "Kept: entry 0 is a request that is open", Aval("forget", "--expired"), StringComparison.Ordinal);
        Assert.Contains("received 2025-05-27", Aval("requests", "show", "0"), StringComparison.Ordinal);

        Aval("requests", "ask", "0", "--text", "which posts?");
        Aval("requests", "accept", "0", "--text", "it is restricted meanwhile");
        Aval("requests", "answered", "0", "--text", "all of them");
        Aval("requests", "answer", "0", "--text", "it is restricted");

        Assert.Contains("Choice 0 was forgotten", Aval("forget", "--expired"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_kept_for_as_long_as_the_workspace_says_is_forgotten()
    {
        File.AppendAllText(
            Path.Combine(_workspace, "aval.yaml"), "retention: {objection: 3 years, consent: 30 days}\n");
        var file = Path.Combine(_workspace, "choices.csv");
        File.WriteAllLines(file,
        [
            "kind,account,received_at,notice", "objection,facebook:1,2020-01-01T00:00:00Z,",
            "withdrawal,facebook:2,2020-01-01T00:00:00Z,",
            "consent,facebook:3,2020-01-01T00:00:00Z,v1", "objection,facebook:4,,",
        ]);
        Aval("choose", "--from", file);
        using var first = JsonDocument.Parse(Aval("forget", "--expired", "--json"));
        Assert.Equal([0], first.RootElement.GetProperty("forgotten")
            .EnumerateArray()
            .Select(one => one.GetProperty("choice").GetInt32()));
        Assert.Equal(
            [2],
            first.RootElement.GetProperty("kept").EnumerateArray().Select(one => one.GetProperty("choice").GetInt32()));
        using var second = JsonDocument.Parse(Aval("forget", "--expired", "--json"));
        Assert.Empty(second.RootElement.GetProperty("forgotten").EnumerateArray());
    }

    [Theory]
    [InlineData("retention: {objection: 3}", "column 24: objection is kept for a number of days or years")]
    [InlineData("retention: {objection: 0 days}", "a number of days or years")]
    [InlineData("retention: {complaint: 3 years}", "a kind of choice is one of objection,")]
    [InlineData("retention: 3 years", "retention")]
    public void A_period_that_is_none_is_refused(string line, string says)
    {
        File.AppendAllText(Path.Combine(_workspace, "aval.yaml"), line + "\n");
        var refused = AvalProcess.Run(_workspace, "forget", "--expired");
        Assert.Equal(3, refused.Exit);
        Assert.Contains(says, refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("forget", "Say which choices")]
    [InlineData("forget 1 --expired", "Say which choices")]
    [InlineData("forget first", "\"first\" was found")]
    [InlineData("forget 7", "Entry 7 is not a choice")]
    public void A_command_line_that_names_no_choice_forgets_nothing(string line, string says)
    {
        var answer = AvalProcess.Run(_workspace, line.Split(' '));
        Assert.Equal((2, ""), (answer.Exit, answer.Output));
        Assert.Contains(says, answer.Error, StringComparison.Ordinal);
    }

    private string Aval(params string[] arguments) => AvalProcess.Run(_workspace, arguments).Done().Output;
}
