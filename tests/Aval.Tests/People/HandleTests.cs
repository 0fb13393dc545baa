using Aval.Choices.Stores;
using Aval.Content;
using Aval.People;
using Aval.Recording;
using Aval.Tests.ContentStore;

namespace Aval.Tests.People;

/// <summary>A person who types knows a handle, not an id.</summary>
public sealed class HandleTests : IDisposable
{
    private readonly ContentWorld _world = new();

    // kim was 17's handle until it was renamed, and another account took it.
    public HandleTests() => _world.Import(
        _world.Lines(
            Row("17", "kim", "2024-01-01"), Row("17", "kim", "2024-06-01"), Row("17", "kim_old", "2025-01-01"),
            Row("18", "kim", "2025-06-01"), Row("19", "Zoé", "2025-06-01"), Row("20", "", "2025-06-01")),
        ContentKind.Accounts);

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("instagram:kim", "2024-03-01", "instagram:17")]
    [InlineData("instagram:kim", "2025-03-01", "instagram:17")] // it had been its handle
    [InlineData("instagram:@kim", "2025-03-01", "instagram:17")]
    [InlineData("instagram:kim_old", "2025-03-01", "instagram:17")]
    [InlineData("instagram:KIM_Old", "2025-03-01", "instagram:17")]
    [InlineData("instagram:ZOÉ", "2025-07-01", "instagram:19")]
    [InlineData("instagram:Zoe\u0301", "2025-07-01", "instagram:19")]
    public void A_handle_names_the_account_that_had_it_by_then(string handle, string at, string account) =>
        Assert.Equal(Account.Parse(account), Handles.Require(_world.Workspace, ContentWorld.Today, handle, Time(at)));

    [Theory]
    [InlineData("instagram:kim", "2025-07-01", "that of instagram:17 (seen from 2024-01-01T00:00:00.000000Z) and of "
        + "instagram:18 (seen from 2025-06-01T00:00:00.000000Z). State which account is meant")]
    [InlineData("instagram:kim", "2023-07-01", "it was seen later, as that of instagram:17 (seen from")]
    [InlineData("instagram:nobody", "2025-07-01", "hold a handle that an account of the content has or had")]
    [InlineData("facebook:kim", "2025-07-01", "hold a handle that an account of the content has or had")]
    [InlineData("instagram:", "2025-07-01", "hold service:handle")]
    [InlineData("kim", "2025-07-01", "hold service:handle")]
    public void A_handle_of_nobody_or_of_several_is_refused_and_names_them(string handle, string at, string says)
    {
        var refused = Assert.Throws<AvalException>(
            () => Handles.Require(_world.Workspace, ContentWorld.Today, handle, Time(at)));
        Assert.Equal(ExitCode.Usage, refused.Exit);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_names_accounts_by_handles_each_at_the_instant_of_its_choice()
    {
        var file = _world.Write("choices.csv", """
            kind,handle,account,made_at
            objection,instagram:kim,,2025-03-01T00:00:00Z
            objection,,instagram:20,2025-03-01T00:00:00Z
            objection,instagram:zoé,,2025-07-01T00:00:00Z

            """);
        ChoiceFile.Record(_world.Workspace, file, ContentWorld.Today);
        using var store = ChoiceStores.Open(_world.Workspace);
        Assert.Equal(
            ["instagram:17", "instagram:20", "instagram:19"],
            store.Read(store.Size).Select(recorded => recorded.Choice.Account.ToString()));
    }

    [Fact]
    public void A_handle_in_a_file_that_does_not_tell_who_is_meant_is_refused_by_line()
    {
        var file = _world.Write("choices.csv", """
            kind,handle,account
            objection,instagram:kim,
            objection,instagram:zoé,instagram:19
            objection,instagram:nobody,

            """);
        var refused = Assert.Throws<AvalException>(() => ChoiceFile.Record(_world.Workspace, file, ContentWorld.Today));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains(
            "line 2: column \"handle\" should hold a handle that one account had by", refused.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "line 3: column \"handle\" should be empty where an account is stated, but holds \"instagram:zoé\".",
            refused.Message, StringComparison.Ordinal);
        Assert.Contains("line 4: column \"handle\" should hold a handle that an account of the content has or had, "
            + "but holds \"instagram:nobody\".", refused.Message, StringComparison.Ordinal);
    }

    private static string Row(string id, string handle, string observedAt) =>
        $$"""{"account": "instagram:{{id}}", "handle": "{{handle}}", "observed_at": "{{observedAt}}T00:00:00Z"}""";

    private static DateTimeOffset Time(string day) => ContentWorld.Time($"{day}T00:00:00Z");
}
