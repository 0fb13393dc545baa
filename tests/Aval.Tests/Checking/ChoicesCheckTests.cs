using System.Globalization;
using Aval.Checking;
using Aval.Choices;
using Aval.Recording;
using Microsoft.Data.Sqlite;

namespace Aval.Tests.Checking;

/// <summary>Each choice with which something is wrong is named, not the first alone.</summary>
public sealed class ChoicesCheckTests(CheckedWorkspace made) : IClassFixture<CheckedWorkspace>
{
    private static readonly DateTimeOffset Now = Instant.Parse("2026-01-25T00:00:00Z", "now");

    [Fact]
    public void A_choice_in_another_spelling_than_the_doors_is_named_with_whom_it_is_taken_for_and_what_to_do()
    {
        var workspace = made.Copy();
        var first = Record(workspace, new Account("instagram", "Zoe.Fictive"), new Account("facebook", "100044 "));
        var faults = Faults(workspace);
        Assert.Equal(2, faults.Count);
        Assert.Contains($"Entry {first}: its account is spelled \"instagram:Zoe.Fictive\", and is taken for "
            + "instagram:zoe.fictive.", faults[0], StringComparison.Ordinal);
        Assert.Contains($"aval forget {first}.", faults[0], StringComparison.Ordinal);
        Assert.Contains($"aval forget {first + 1}.", faults[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_choice_that_is_not_as_it_was_committed_is_named_and_what_follows_is_read_on()
    {
        var workspace = made.Copy();
        var other = Record(workspace, new Account("instagram", "Zoe.Fictive"));
        Tamper(workspace, "DELETE FROM choices WHERE idx = 0; UPDATE choices SET account = 'facebook:9' WHERE idx = 2");
        var faults = Faults(workspace);
        foreach (var expected in new[] { "choice 0 is in the ledger, but its record is gone",
            "choice 2 does not open its entry", $"Entry {other}:" })
            Assert.Single(faults, fault => fault.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_hundred_faults_of_a_kind_are_told_and_the_number_of_the_rest()
    {
        var workspace = made.Copy();
        Record(workspace, [.. Enumerable.Range(0, 107).Select(number =>
            new Account("instagram", string.Create(CultureInfo.InvariantCulture, $"Zoe.{number}")))]);
        var faults = Faults(workspace);
        Assert.Equal(101, faults.Count);
        Assert.StartsWith("7 more", faults[^1], StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Faults(Workspace workspace) =>
        WorkspaceCheck.Of(workspace, _ => { }).Single(check => check.Name == "choices").Faults;

    // As an older version recorded them: behind the doors. Answers the first one's index.
    private static long Record(Workspace workspace, params Account[] accounts)
    {
        using var store = CommittedChoices.OpenStore(workspace);
        return store.Append(accounts.Select(account => Sealing.Seal(new Choice(ChoiceKind.Objection, account,
            Purpose.TrainGenerativeAi, Scope.Everything, Now, Now)))).First.Value;
    }

    private static void Tamper(Workspace workspace, string sql)
    {
        using var connection = new SqliteConnection($"DataSource={workspace.Choices};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.NotEqual(0, command.ExecuteNonQuery());
    }
}
