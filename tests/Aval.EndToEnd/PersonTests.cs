using Aval.Storage;

namespace Aval.EndToEnd;

/// <summary><c>aval person add</c> as its users see it.</summary>
public sealed class PersonTests : IDisposable
{
    private readonly string _workspace = Directory.CreateTempSubdirectory("aval-person-").FullName;

    public PersonTests() => AvalProcess.Run(_workspace, "init").Done();

    public void Dispose() => Directory.Delete(_workspace, recursive: true);

    [Fact]
    public void A_choice_of_somebody_outside_is_said_to_have_no_effect_until_names_are_registered()
    {
        var items = Path.Combine(_workspace, "items.jsonl");
        Durable.Replace(items, """
            {"item_id": "1", "service": "facebook", "kind": "post", "author": "facebook:8", "audience": "public",
            """ + " " + """
            "text": "with @kim.fictive and friends, Kim Fictive too", "observed_at": "2025-02-01T00:00:00Z"}
            """ + "\n");
        Aval("import", "table", items, "--as", "items");
        Assert.Contains(
            "Nothing names outside:kim: no item tags it, and no name or handle of it is registered. The choice has no "
                + "effect until one is (aval person add outside:kim --name NAME --handle service:handle)",
            Aval("choose", "objection", "--account", "outside:kim", "--scope", "about-me"), StringComparison.Ordinal);
        Assert.Contains("outside:kim", Aval("choices", "unmatched"), StringComparison.Ordinal);

        Assert.StartsWith(
            "outside:kim: registered Kim Fictive, facebook:kim.fictive. Import ",
            Aval("person", "add", "outside:kim", "--name", " Kim  Fictive", "--handle", "facebook:@kim.fictive"),
            StringComparison.Ordinal);

        Assert.Contains("every choice names what the content knows", Aval("choices", "unmatched"), StringComparison
            .Ordinal);
        var policy = Path.Combine(_workspace, "policy.yaml");
        Durable.Replace(policy, """
            policy: masks
            title: Masks who objects
            purpose: train-generative-ai
            basis: legitimate-interest
            applies-from: 2025-01-01
            rules:
              - {id: erasure}
              - {id: restriction}
              - {id: objection}
              - {id: removal}
              - {id: informed, off: "this test is not about it"}
              - {id: combine-services, off: "this test is not about it"}
              - {id: special-categories, off: "this test is not about it"}
              - {id: about-me, protect: objectors, action: mask}
            """);
        var built = AvalProcess.Run(_workspace, "build", "--policy", policy, "--json").Done();
        using var told = System.Text.Json.JsonDocument.Parse(built.Output);
        Assert.Equal(1, told.RootElement.GetProperty("stages").EnumerateArray()
            .Sum(stage => stage.GetProperty("share").GetDouble()), 0.02);
        Assert.Contains("with <PERSON> and friends, <PERSON> too", Texts(), StringComparison.Ordinal);
        Aval("check");
    }

    [Theory]
    [InlineData("facebook:1 --name Kim", "Who has no account is written outside:ID, but \"facebook:1\" was found")]
    [InlineData("outside:anyone --name Kim", "gives no name")]
    [InlineData("outside:kim", "Say what others call outside:kim")]
    [InlineData("outside:kim --name 1", "--name should hold a name of 2 to 200 characters")]
    [InlineData("outside:kim --handle kim", "--handle should hold service:handle")]
    [InlineData("outside:kim --handle outside:kim", "--handle should hold service:handle")]
    [InlineData("outside:kim --handle instagram:kim!", "--handle should hold service:handle")]
    [InlineData("outside:kim --handle instagram:[7:1:kim]", "--handle should hold service:handle")]
    public void What_could_not_be_found_is_not_registered(string line, string says)
    {
        var answer = AvalProcess.Run(_workspace, ["person", "add", .. line.Split(' ')]);
        Assert.Equal((2, ""), (answer.Exit, answer.Output));
        Assert.Contains(says, answer.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was registered.", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_of_accounts_register_somebody_outside_too_and_a_handle_says_its_service()
    {
        var accounts = Path.Combine(_workspace, "accounts.csv");
        Durable.Replace(
            accounts, "account,display_name,handle\noutside:kim,Kim Fictive,instagram:kim\noutside:bo,,bo\n");

        var answer = Aval("import", "table", accounts, "--as", "accounts");

        Assert.Contains("2 rows: 1 new", answer, StringComparison.Ordinal);
        Assert.Contains(
            "column \"handle\" should hold service:handle, since this person has no account on a service, but holds "
                + "\"bo\"", answer, StringComparison.Ordinal);
    }

    private string Texts() => Aval("query", "SELECT text FROM shards", "--release", "masks");

    private string Aval(params string[] arguments) => AvalProcess.Run(_workspace, arguments).Done().Output;
}
