using System.Text.Json;
using Aval.Choices;
using Aval.Content;
using CsCheck;

namespace Aval.Tests.Oracles;

public sealed class WorldFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("aval-world-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_is_written_is_the_world() => Scenarios.Crowd(3).Sample(
        scenario =>
        {
            WorldFiles.Write(scenario.World, _directory);
            Assert.Equal(scenario.World.Items, Lines("items.jsonl", Item));
            Assert.Equal(scenario.World.Accounts, Lines("accounts.jsonl", AnAccount));
            Assert.Equal(scenario.World.Notices, Lines("notices.jsonl", Notice));
            Assert.Equal(scenario.World.Choices, Lines("choices.jsonl", AChoice));
        },
        iter: 100,
        threads: 1);

    [Fact]
    public void An_empty_world_is_four_empty_files()
    {
        WorldFiles.Write(new World(), _directory);
        Assert.Equal(
            ["accounts.jsonl", "choices.jsonl", "items.jsonl", "notices.jsonl"],
            Directory.GetFiles(_directory).Where(file => new FileInfo(file).Length == 0)
                .Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_generated_world_could_be_imported()
    {
        var rules = new ChoiceRules(Settings.Default);
        var now = new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);
        Scenarios.Crowd(3).Sample(
            scenario =>
            {
                Assert.All(scenario.World.Items, item =>
                {
                    Assert.Equal(item.Item.Service, item.Author.Service);
                    Assert.Contains(item.Kind, Vocabulary.Kinds);
                    Assert.True(item.Audience is null || Vocabulary.Audiences.Contains(item.Audience));
                    Assert.True(Aval.Item.TryParse(item.Item.ToString(), out _));
                });
                Assert.Empty(scenario.World.Choices.SelectMany(choice => rules.Faults(choice, now)));
            },
            iter: 100,
            threads: 1);
    }

    private List<T> Lines<T>(string file, Func<JsonElement, T> read) =>
        [.. File.ReadLines(Path.Combine(_directory, file)).Select(line => read(JsonDocument.Parse(line).RootElement))];

    private static ItemVersion Item(JsonElement line) => new(
        new Item(Text(line, "service")!, Text(line, "item_id")!), Account.Parse(Text(line, "author")!),
        Text(line, "kind")!, Text(line, "audience"),
        At(line, "created_at"), At(line, "public_since"), Text(line, "text"),
        line.TryGetProperty("media", out var media) && media.GetArrayLength() == 1,
        line.GetProperty("deleted").GetBoolean(), At(line, "observed_at")!.Value);

    private static AccountVersion AnAccount(JsonElement line) => new(
        Account.Parse(Text(line, "account")!), Text(line, "person"), Text(line, "country"),
        line.TryGetProperty("birth_year", out var year) ? year.GetInt32() : null, At(line, "observed_at")!.Value);

    private static NoticeDelivery Notice(JsonElement line) => new(
        Account.Parse(Text(line, "account")!), Text(line, "version")!, At(line, "sent_at"), At(line, "delivered_at"));

    private static Choice AChoice(JsonElement line)
    {
        Assert.True(ChoiceKinds.TryParse(Text(line, "kind"), out ChoiceKind kind));
        Assert.True(ChoiceKinds.TryParse(Text(line, "actor"), out Actor actor));
        Assert.True(Purpose.TryParse(Text(line, "purpose"), out var purpose));
        Assert.True(Scope.TryParse(Text(line, "scope"), out var scope));
        return new Choice(
            kind, Account.Parse(Text(line, "account")!), purpose, scope, At(line, "made_at")!.Value,
            At(line, "received_at")!.Value, At(line, "until"), actor, Text(line, "channel"),
            Text(line, "evidence"), Text(line, "notice"), Text(line, "association"));
    }

    private static string? Text(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static DateTimeOffset? At(JsonElement line, string name) =>
        Text(line, name) is { } text ? Instant.Parse(text, name) : null;
}
