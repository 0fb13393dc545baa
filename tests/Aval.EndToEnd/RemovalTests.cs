using System.Text.Json;
using Aval.Storage;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>Removal by anyone (GDPR Art. 9, 17): what a passer-by types, and what becomes of the item.</summary>
public sealed class RemovalTests : IDisposable
{
    private const string Policy = """
        policy: open
        title: A policy of a test
        purpose: train-generative-ai
        basis: legitimate-interest
        applies-from: 2025-05-27
        rules:
          - {id: objection}
          - {id: removal, law: "GDPR 9, 17"}
          - {id: informed, off: "because this is a test"}
          - {id: combine-services, reading: same-person}
          - {id: special-categories, off: "because this is a test"}
          - {id: about-me, off: "because this is a test"}
          - {id: erasure, off: "because this is a test"}
          - {id: restriction, off: "because this is a test"}

        """;

    private readonly TemporaryFolder _folder = new();

    private string Workspace => _folder.File("work");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whoever_asks_for_a_removal_names_the_item_and_nobody_and_the_next_build_leaves_it_out()
    {
        AvalProcess.Run(Workspace, "init", "--buckets", "1").Done();
        string[] rows = [Row("1"), Row("2")];
        Durable.Replace(_folder.File("items.jsonl"), string.Join('\n', rows) + "\n");
        Durable.Replace(_folder.File("open.yaml"), Policy);
        AvalProcess.Run(Workspace, "import", "table", _folder.File("items.jsonl"), "--as", "items").Done();
        Assert.Equal(2, Build().GetProperty("admitted").GetInt64());

        var receipt = _folder.File("removal.receipt");
        var told = AvalProcess.Run(
            Workspace, "choose", "removal", "--scope", "item:facebook:1", "--actor", "anyone", "--receipt", receipt)
            .Done().Output;
        Assert.StartsWith(
            "Entry 1: removal by anyone, scope item:facebook:1, purpose train-generative-ai.\n"
                + "It means: item:facebook:1 stays out of every release, for every purpose (GDPR Art. 9, 17).\n",
            told, StringComparison.Ordinal);

        var after = Build();
        Assert.Equal(1, after.GetProperty("admitted").GetInt64());
        Assert.Equal(1, after.GetProperty("excluded").GetProperty("removal-requested").GetInt64());
        var why = AvalProcess.Run(Workspace, "explain", "item:facebook:1", "--release", "open").Done().Output;
        Assert.Contains("removal-requested", why, StringComparison.Ordinal);
        Assert.Contains("(entry 1)", why, StringComparison.Ordinal);
        var key = AvalProcess.Run(Workspace, "ledger", "key").Done().Output.Trim();
        var verified = AvalProcess.Run(Workspace, "verify", "receipt", receipt, "--key", key).Done().Output;
        Assert.Contains("removal, said by: anyone", verified, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "--scope item:facebook:1",
        "--account should hold service:id (for example facebook:100044), or be empty where the actor is anyone, but is "
            + "empty.\nNothing was recorded.")]
    [InlineData(
        "--actor anyone",
        "--scope should name the item to remove (item:SERVICE:ID; several are joined by ;), but holds \"everything\".")]
    public void What_is_missing_of_a_removal_is_said_and_nothing_is_recorded(string options, string says)
    {
        AvalProcess.Run(Workspace, "init").Done();
        var answer = AvalProcess.Run(Workspace, ["choose", "removal", .. options.Split(' ')]);
        Assert.Equal((2, ""), (answer.Exit, answer.Output));
        Assert.StartsWith(says, answer.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Workspace, "choices.db")));
    }

    private JsonElement Build()
    {
        var told = AvalProcess.Run(Workspace, "build", "--policy", _folder.File("open.yaml"), "--json").Done().Output;
        return JsonDocument.Parse(told).RootElement.GetProperty("accounting");
    }

    private static string Row(string id) => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["item_id"] = id,
        ["service"] = "facebook",
        ["kind"] = "post",
        ["author"] = "facebook:7",
        ["audience"] = "public",
        ["created_at"] = "2024-03-04T05:06:07Z",
        ["text"] = "a text about somebody else",
        ["observed_at"] = "2026-01-01T00:00:00Z",
    });
}
