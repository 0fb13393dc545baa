using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Aval.Choices;
using Aval.Policies;
using Aval.Tests.Oracles;
using ZstdSharp;

namespace Aval.Tests.Samples;

/// <summary>
/// The committed sample, read as plainly as possible, and decided once under each regime that is asked for.
/// </summary>
public sealed class SamplePlatform
{
    /// <summary>The instant that the demo builds for.</summary>
    public static readonly DateTimeOffset AsOf = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, IReadOnlyList<ExpectedDecision>> _decided = [];

    public SamplePlatform()
    {
        using var items = new StreamReader(new DecompressionStream(File.OpenRead(File_("items.jsonl.zst"))));
        for (var line = items.ReadLine(); line is not null; line = items.ReadLine())
            Lines.Add(JsonDocument.Parse(line).RootElement);
        Accounts = Csv("accounts.csv");
        Notices = Csv("notices.csv");
        Choices = Csv("choices.csv");
    }

    /// <summary>Where the committed files lie.</summary>
    public static string Folder { get; } = Path.Combine(Repository(), "samples", "platform");

    public List<JsonElement> Lines { get; } = [];

    public IReadOnlyList<IReadOnlyDictionary<string, string?>> Accounts { get; }

    public IReadOnlyList<IReadOnlyDictionary<string, string?>> Notices { get; }

    public IReadOnlyList<IReadOnlyDictionary<string, string?>> Choices { get; }

    public static string File_(string name) => Path.Combine(Folder, name);

    /// <summary>What the engine decides under a shipped policy.</summary>
    public IReadOnlyList<ExpectedDecision> DecidedBy(string policy)
    {
        if (!_decided.TryGetValue(policy, out var decided))
            _decided[policy] = decided = EngineDecider.Decide(
                World(), PolicyReader.Read(Path.Combine(Repository(), "policies", policy + ".yaml")), AsOf,
                Choices.Count);
        return decided;
    }

    /// <summary>The items of an account under a shipped policy: id and reason, null = in.</summary>
    public IEnumerable<(string Id, Reason? Reason)> Of(string account, string policy) =>
        DecidedBy(policy)
            .Where(decision => decision.Author == Account.Parse(account))
            .Select(decision => (decision.Item.Id, decision.Reason));

    private World World() => new()
    {
        Items = [.. Lines.Select(line => new ItemVersion(
            new Item(Value(line, "service")!, Value(line, "item_id")!), Account.Parse(Value(line, "author")!),
            Value(line, "kind")!, Value(line, "audience"),
            Time(Value(line, "created_at")), Time(Value(line, "public_since")), Value(line, "text"),
            line.TryGetProperty("media", out _),
            line.TryGetProperty("deleted", out var deleted) && deleted.GetBoolean(),
            Time(Value(line, "observed_at"))!.Value))],
        Accounts = [.. Accounts.Select(row => new AccountVersion(
            Account.Parse(row["account"]!), row["person"], row["country"],
            row["birth_year"] is { } year ? int.Parse(year, CultureInfo.InvariantCulture) : null,
            Time(row["observed_at"])!.Value))],
        Notices = [.. Notices.Select(row => new NoticeDelivery(
            Account.Parse(row["account"]!), row["version"]!, Time(row["sent_at"]), Time(row["delivered_at"])))],
        Choices = [.. Choices.Select(Choice)],
    };

    private static Choice Choice(IReadOnlyDictionary<string, string?> row)
    {
        Assert.True(ChoiceKinds.TryParse(row["kind"], out ChoiceKind kind));
        Assert.True(ChoiceKinds.TryParse(row["actor"], out Actor actor));
        Assert.True(Purpose.TryParse(row["purpose"], out var purpose));
        Assert.True(Scope.TryParse(row["scope"], out var scope));
        return new Choice(
            kind, Account.Parse(row["account"]!), purpose, scope, Time(row["made_at"])!.Value,
            Time(row["received_at"])!.Value, Time(row["until"]), actor, row["channel"], null, row["notice"]);
    }

    public static string? Value(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) ? value.GetString() : null;

    public static DateTimeOffset? Time(string? text)
    {
        if (text is null)
            return null;
        Assert.True(Instant.TryParse(text, out var instant), text);
        return instant;
    }

    // The sample needs no quotes (its generator sees to that), so neither does its reader.
    private static IReadOnlyDictionary<string, string?>[] Csv(string name)
    {
        var lines = File.ReadAllLines(File_(name));
        var header = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line =>
        {
            var fields = line.Split(',');
            Assert.Equal(header.Length, fields.Length);
            return header.Zip(fields)
                .ToDictionary(field => field.First, field => field.Second.Length == 0 ? null : field.Second);
        })];
    }

    private static string Repository([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(here, "../../../.."));
}
